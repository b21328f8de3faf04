/** The lens on any model: states are numbered by the model's key, operation classes by what inputs and outputs hold. */
import type { Calls } from "../intake/calls.ts";
import { emptied } from "../intake/pool.ts";
import { identityOf } from "../model/identity.ts";
import { type Effect, ILLEGAL, type Model } from "../model/model.ts";
import { Keys } from "./keys.ts";
import {
  BLANK,
  DEMANDS,
  DEPENDS,
  IMPOSSIBLE,
  INITIAL_STATE,
  type Lens,
  OBSERVES,
  OVERWRITES,
  READ_ONLY,
  REFUSES,
  REVIVES,
  UPDATES,
} from "./lens.ts";
import { StepMemo } from "./memo.ts";

const FLAGS: Readonly<Record<Effect, number>> = {
  reads: READ_ONLY | OBSERVES | DEMANDS,
  refuses: READ_ONLY | OBSERVES | DEMANDS | REFUSES,
  updates: UPDATES,
  overwrites: OVERWRITES | REVIVES,
  depends: OBSERVES | DEMANDS | DEPENDS | REVIVES,
};

export class ModelLens implements Lens {
  readonly flags: number[] = [];
  hasPromises = false;
  hasParts = false;
  readonly isExact = false;
  readonly wanted: Int32Array = new Int32Array(0);
  readonly made: Int32Array = new Int32Array(0);
  private model: Model<unknown, unknown, unknown> | null = null;
  private calls: Calls<unknown, unknown> | null = null;
  private readonly inputs: unknown[] = [];
  private readonly outputs: unknown[] = [];
  private readonly parts: (readonly number[] | null)[] = [];
  private readonly partIds = new Map<string, number>();
  private readonly classIds = new Map<string, number>();
  private readonly values: unknown[] = [];
  private readonly keys = new Keys();
  private readonly ids = new Map<string, number>();
  private readonly memo = new StepMemo();

  load(calls: Calls<unknown, unknown>, model: Model<unknown, unknown, unknown>): void {
    this.clear();
    this.calls = calls;
    this.model = model;
    this.hasPromises = model.traits !== undefined;
    this.hasParts = model.traits?.footprint !== undefined;
    // An overwrite makes the same state of any, so BLANK may have any value.
    this.values.push(model.initial, model.initial);
    this.ids.set(this.keys.shortened(model.stateKey(model.initial)), INITIAL_STATE);
  }

  clear(): void {
    if (this.calls === null) return;
    this.calls = null;
    this.model = null;
    this.flags.length = 0;
    this.inputs.length = 0;
    this.outputs.length = 0;
    this.parts.length = 0;
    this.values.length = 0;
    emptied(this.classIds);
    emptied(this.partIds);
    this.keys.clear();
    emptied(this.ids);
    this.memo.clear();
  }

  classOf(operation: number): number {
    const input = this.calls!.inputOf(operation);
    const output = this.calls!.outputOf(operation);
    const inputKey = identityOf(input);
    const outputKey = output === null ? "" : identityOf(output);
    const key = inputKey === null || outputKey === null ? null : inputKey + outputKey;
    const known = key === null ? undefined : this.classIds.get(key);
    if (known !== undefined) return known;
    const classId = this.inputs.length;
    if (key !== null) this.classIds.set(key, classId);
    this.inputs.push(input);
    this.outputs.push(output);
    if (this.hasParts) this.parts.push(this.numbered(this.model!.traits!.footprint!(input)));
    const flags = FLAGS[this.model!.traits?.effect(input, output) ?? "depends"];
    this.flags.push(output === null ? flags & ~DEMANDS : flags);
    return classId;
  }

  step(state: number, classId: number): number {
    const known = this.memo.get(state, classId);
    if (known !== StepMemo.MISSING) return known;
    const result = this.ask(state, classId);
    this.memo.set(state, classId, result);
    return result;
  }

  sees(state: number, classId: number): boolean {
    const { traits } = this.model!;
    if (traits === undefined) return true;
    return traits.sees(this.values[state], this.inputs[classId], this.outputs[classId]);
  }

  revives(writerClass: number, classId: number): boolean {
    const { traits } = this.model!;
    if (traits === undefined) return true;
    return traits.revives(this.inputs[writerClass], this.inputs[classId], this.outputs[classId]);
  }

  get classes(): number {
    return this.inputs.length;
  }

  get states(): number {
    return this.values.length;
  }

  partsOf(classId: number): readonly number[] | null {
    return this.parts[classId]!;
  }

  private numbered(parts: readonly string[] | null): readonly number[] | null {
    if (parts === null) return null;
    return parts.map((part) => {
      const id = this.partIds.get(part) ?? this.partIds.size;
      this.partIds.set(part, id);
      return id;
    });
  }

  private ask(state: number, classId: number): number {
    const flags = this.flags[classId]!;
    const output = this.outputs[classId];
    if (state === BLANK && (flags & OVERWRITES) === 0) {
      return (flags & (UPDATES | REFUSES)) !== 0 || output === null ? BLANK : IMPOSSIBLE;
    }
    const before = this.values[state];
    const after = this.model!.step(before, this.inputs[classId], output);
    if (after === ILLEGAL) return IMPOSSIBLE;
    // Most often a read: the key of a long value is worth saving.
    if (Object.is(after, before)) return state === BLANK ? INITIAL_STATE : state;
    const key = this.keys.shortened(this.model!.stateKey(after));
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.values.length;
    this.values.push(after);
    this.ids.set(key, id);
    return id;
  }
}
