/**
 * The configurations in which one object may be now.
 *
 * A configuration is a state together with what is open about the operations in flight. Of one that changes things:
 * whether it was linearized, and which state it met, because its answer, when it comes, must be right there. Of one
 * that only reads: the states since its call, because its answer must be right in one of them; so reads never branch.
 */

import { identityOf } from "../model/identity.ts";
import { keyText } from "../model/key.ts";
import { ILLEGAL, type Model } from "../model/model.ts";
import type { Verdict } from "../verdict.ts";

/** A state that some configuration refers to, numbered for comparing. */
interface Place<State> {
  readonly number: number;
  readonly state: State;
  readonly key: string;
}

interface Configuration<State> {
  readonly now: Place<State>;
  /** By linearized operation whose answer may still come: the state that it met. */
  readonly met: ReadonlyMap<number, Place<State>>;
  /** Linearized operations whose answers will not come. */
  readonly used: ReadonlySet<number>;
  /** By reading operation: the states since its call. */
  readonly seen: ReadonlyMap<number, ReadonlySet<Place<State>>>;
}

interface InFlight<Input> {
  readonly operation: number;
  readonly input: Input;
  /** With its answer unknown it leaves every state as it is. */
  readonly reads: boolean;
  /** Nobody waits for its answer any more. */
  abandoned: boolean;
}

/** Places that nothing refers to any more are thrown out when there are so many. */
const FIRST_SWEEP = 1024;

export class LiveObject<State, Input, Output> {
  private readonly model: Model<State, Input, Output>;
  private readonly budget: number;
  private readonly inFlight = new Map<number, InFlight<Input>>();
  private readonly places = new Map<string, Place<State>>();
  private configurations: readonly Configuration<State>[];
  private numbers = 0;
  private sweepAt = FIRST_SWEEP;
  private verdict: Verdict = "ok";

  constructor(model: Model<State, Input, Output>, budget: number) {
    this.model = model;
    this.budget = budget;
    this.configurations = [
      { now: this.placeOf(model.initial), met: new Map(), used: new Set(), seen: new Map() },
    ];
  }

  get live(): number {
    return this.configurations.length;
  }

  invoke(operation: number, input: Input): void {
    if (this.verdict !== "ok") return;
    const reads = this.model.traits?.effect(input, null) === "reads";
    this.inFlight.set(operation, { operation, input, reads, abandoned: false });
    if (!reads) return;
    this.configurations = this.configurations.map((it) => ({
      ...it,
      seen: new Map(it.seen).set(operation, new Set([it.now])),
    }));
  }

  /** Its answer will not come: of a read nothing remains to be asked, anything else may still take effect. */
  abandon(operation: number): void {
    if (this.verdict !== "ok") return;
    const call = this.inFlight.get(operation)!;
    call.abandoned = true;
    if (call.reads) this.inFlight.delete(operation);
    const next = new Pool<State>();
    for (const it of this.configurations) {
      next.add(call.reads ? { ...it, seen: without(it.seen, operation) } : silenced(it, operation));
    }
    this.keep(next);
  }

  /** Keeps the configurations that the answer allows, and those that allow it once others are linearized before. */
  respond(operation: number, output: Output): Verdict {
    if (this.verdict !== "ok") return this.verdict;
    const call = this.inFlight.get(operation)!;
    const survivors = new Pool<State>();
    const explored = new Pool<State>();
    const open: Configuration<State>[] = [];
    const visit = (it: Configuration<State>): void => {
      if (explored.add(it)) open.push(it);
    };
    for (const it of this.configurations) {
      const wasRead = call.reads && this.sawAnswer(it, call, output);
      const asked = call.reads ? { ...it, seen: without(it.seen, operation) } : it;
      if (wasRead) survivors.add(asked);
      else visit(asked);
    }
    for (let it = open.pop(); it !== undefined; it = open.pop()) {
      const settled = this.answer(it, call, output);
      if (settled !== null) survivors.add(settled);
      // Whatever else might be linearized first can be so later as well.
      if (it.met.has(operation) || (call.reads && settled !== null)) continue;
      for (const next of this.extensions(it, operation)) visit(next);
      if (explored.size + survivors.size > this.budget) return this.end("unknown");
    }
    this.inFlight.delete(operation);
    if (survivors.size === 0) return this.end("illegal");
    this.keep(survivors);
    return "ok";
  }

  /** Whether a read met a state that answers so before this reply came. */
  private sawAnswer(
    it: Configuration<State>,
    { operation, input }: InFlight<Input>,
    output: Output,
  ): boolean {
    for (const { state } of it.seen.get(operation)!) {
      if (this.model.step(state, input, output) !== ILLEGAL) return true;
    }
    return false;
  }

  private answer(
    it: Configuration<State>,
    { operation, input }: InFlight<Input>,
    output: Output,
  ): Configuration<State> | null {
    const met = it.met.get(operation);
    if (met === undefined) {
      const after = this.model.step(it.now.state, input, output);
      return after === ILLEGAL ? null : moved(it, this.placeOf(after as State));
    }
    const after = this.model.step(met.state, input, output);
    if (after === ILLEGAL) return null;
    this.expectSameEffect(met.state, input, output, after as State);
    return { ...it, met: without(it.met, operation) };
  }

  /** It was linearized with its answer unknown, and others after it. */
  private expectSameEffect(state: State, input: Input, output: Output, after: State): void {
    const unknown = this.model.step(state, input, null);
    if (unknown !== ILLEGAL && keyText(this.model, unknown as State) === keyText(this.model, after)) return;
    const call = this.model.describe(input, output);
    throw new Error(
      `the model ${this.model.name} cannot be checked incrementally: the answer of ${call} decides about its effect`,
    );
  }

  /** One more operation linearized, other than the one whose answer came. */
  private *extensions(it: Configuration<State>, answered: number): Generator<Configuration<State>> {
    const twins = new Set<string>();
    for (const { operation, input, reads, abandoned } of this.inFlight.values()) {
      if (reads || operation === answered || it.met.has(operation) || it.used.has(operation)) continue;
      if (abandoned) {
        // Of several whose answers will not come and that do the same, one stands for all.
        const identity = identityOf(input);
        if (identity !== null && twins.has(identity)) continue;
        if (identity !== null) twins.add(identity);
      }
      const after = this.model.step(it.now.state, input, null);
      if (after === ILLEGAL) continue;
      const place = this.placeOf(after as State);
      if (abandoned && place === it.now) continue;
      const linearized = { ...it, met: new Map(it.met).set(operation, it.now) };
      yield moved(abandoned ? silenced(linearized, operation) : linearized, place);
    }
  }

  private keep(pool: Pool<State>): void {
    let kept = pool.all();
    for (const { operation } of this.inFlight.values()) {
      // What everybody agrees to have happened, and nobody waits for, is past.
      if (!kept.every(({ used }) => used.has(operation))) continue;
      this.inFlight.delete(operation);
      kept = kept.map((it) => ({
        ...it,
        used: new Set([...it.used].filter((other) => other !== operation)),
      }));
    }
    this.configurations = kept;
    if (this.places.size > this.sweepAt) this.sweep();
  }

  private end(verdict: Verdict): Verdict {
    this.verdict = verdict;
    this.configurations = [];
    this.inFlight.clear();
    this.places.clear();
    return verdict;
  }

  private placeOf(state: State): Place<State> {
    const key = keyText(this.model, state);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const place = { number: this.numbers++, state, key };
    this.places.set(key, place);
    return place;
  }

  private sweep(): void {
    this.places.clear();
    for (const { now, met, seen } of this.configurations) {
      for (const place of [now, ...met.values(), ...[...seen.values()].flatMap((states) => [...states])]) {
        this.places.set(place.key, place);
      }
    }
    this.sweepAt = Math.max(FIRST_SWEEP, this.places.size * 2);
  }
}

/**
 * Configurations, each once, and none that is worse than another: one that used fewer of the operations whose answers
 * will not come, and is the same otherwise, can do whatever the other can.
 */
class Pool<State> {
  private readonly byKey = new Map<string, Configuration<State>[]>();
  size = 0;

  /** False if it, or a better one, is there already. */
  add(it: Configuration<State>): boolean {
    const key = keyOf(it);
    const rivals = this.byKey.get(key) ?? [];
    if (rivals.some(({ used }) => isPart(used, it.used))) return false;
    const rest = rivals.filter(({ used }) => !isPart(it.used, used));
    this.size += 1 + rest.length - rivals.length;
    this.byKey.set(key, [...rest, it]);
    return true;
  }

  all(): readonly Configuration<State>[] {
    return [...this.byKey.values()].flat();
  }
}

function isPart(part: ReadonlySet<number>, whole: ReadonlySet<number>): boolean {
  if (part.size > whole.size) return false;
  for (const operation of part) if (!whole.has(operation)) return false;
  return true;
}

/** All but what was used. Operations in flight are few; their order must not make a difference. */
function keyOf<State>({ now, met, seen }: Configuration<State>): string {
  const parts: string[] = [];
  for (const [operation, place] of met) parts.push(`${operation}:${place.number}`);
  for (const [operation, places] of seen) {
    const numbers = [...places].map(({ number }) => number).sort((a, b) => a - b);
    parts.push(`${operation}=${numbers.join()}`);
  }
  return `${now.number} ${parts.sort().join(" ")}`;
}

function moved<State>(it: Configuration<State>, now: Place<State>): Configuration<State> {
  if (now === it.now) return it;
  const seen = new Map([...it.seen].map(([operation, places]) => [operation, new Set(places).add(now)]));
  return { ...it, now, seen };
}

function without<Value>(map: ReadonlyMap<number, Value>, operation: number): ReadonlyMap<number, Value> {
  if (!map.has(operation)) return map;
  const copy = new Map(map);
  copy.delete(operation);
  return copy;
}

/** If it was linearized, its answer will not come. */
function silenced<State>(it: Configuration<State>, operation: number): Configuration<State> {
  if (!it.met.has(operation)) return it;
  return { ...it, met: without(it.met, operation), used: new Set(it.used).add(operation) };
}
