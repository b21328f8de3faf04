/**
 * The laws of what a model says its states are made of: one value (`cell`), a value with a version (`versions`), parts
 * that operations touch apart (`footprint`). Whole histories are decided by these promises, without taking a step.
 */
import { keyText } from "./key.ts";
import { type CellAccess, type CellValue, ILLEGAL, type VersionAccess } from "./model.ts";
import { shownState, type Trial, type Trials } from "./trials.ts";

/** The first such promise that the samples break, in words; null if they break none. */
export function falseMakeup<State, Input, Output>(trials: Trials<State, Input, Output>): string | null {
  return falseCell(trials) ?? falseVersions(trials) ?? falseFootprint(trials);
}

function falseCell<State, Input, Output>(trials: Trials<State, Input, Output>): string | null {
  const { model, states, operations, after } = trials;
  if (model.traits?.cell === undefined) return null;
  for (const [at, state] of states.entries()) {
    if (state !== null && typeof state !== "string" && typeof state !== "number") {
      return `traits.cell is there, but a state is no text, number or null: ${shownState(model, state)}`;
    }
    for (const [i, { input, output }] of operations.entries()) {
      const access = model.traits.cell(input, output);
      const expected = afterCell(access, state as CellValue);
      if (expected === after[at]![i]) continue;
      return words(
        trials,
        `traits.cell says "${access.kind}", but it does something else`,
        at,
        operations[i]!,
      );
    }
  }
  return null;
}

function afterCell(access: CellAccess, held: CellValue): CellValue | typeof ILLEGAL {
  switch (access.kind) {
    case "nothing":
      return held;
    case "never":
      return ILLEGAL;
    case "reads":
      return held === access.value ? held : ILLEGAL;
    case "differs":
      return held === access.value ? ILLEGAL : held;
    case "writes":
      return access.value;
    case "swaps":
      return held === access.from ? access.to : ILLEGAL;
    case "tries":
      return held === access.from ? access.to : held;
    case "appends":
      return `${held ?? ""}${access.text}`;
  }
}

/** What a state is by its model's word. */
interface Versioned {
  readonly version: number;
  /** Undefined for the first one, which no access can name. */
  readonly value: CellValue | undefined;
}

function falseVersions<State, Input, Output>(trials: Trials<State, Input, Output>): string | null {
  const { model, states, operations, after } = trials;
  if (model.traits?.versions === undefined) return null;
  const known = new Map<string, Versioned>([
    [keyText(model, model.initial), { version: 0, value: undefined }],
  ]);
  // States stand behind those that led to them.
  for (const [at, state] of states.entries()) {
    const before = known.get(keyText(model, state));
    if (before === undefined) continue;
    for (const [i, { input, output }] of operations.entries()) {
      const access = model.traits.versions(input, output);
      const expected = afterVersion(access, before);
      const result = after[at]![i]!;
      const flaw = `traits.versions says "${access.kind}", but it does something else`;
      if ((expected === ILLEGAL) !== (result === ILLEGAL)) return words(trials, flaw, at, operations[i]!);
      if (expected === ILLEGAL) continue;
      const key = keyText(model, result as State);
      const there = known.get(key) ?? expected;
      known.set(key, there);
      if (there.version === expected.version && there.value === expected.value) continue;
      return words(trials, flaw, at, operations[i]!);
    }
  }
  return null;
}

function afterVersion(access: VersionAccess, held: Versioned): Versioned | typeof ILLEGAL {
  switch (access.kind) {
    case "nothing":
      return held;
    case "never":
      return ILLEGAL;
    case "reads": {
      const agrees = access.value === undefined || access.value === held.value;
      return access.version === held.version && agrees ? held : ILLEGAL;
    }
    case "differs":
      return access.versions.includes(held.version) ? ILLEGAL : held;
    case "replaces":
    case "tries": {
      const { kind, version, value } = access;
      if (version === held.version) return { version: version + 1, value };
      return kind === "tries" ? held : ILLEGAL;
    }
  }
}

/** Pairs of operations are many: the first states suffer for all. */
const MOST_STATES = 20;

/** Operations without a part in common must commute, and neither may decide what the other can answer. */
function falseFootprint<State, Input, Output>(trials: Trials<State, Input, Output>): string | null {
  const { model, states, operations, after } = trials;
  if (model.traits?.footprint === undefined) return null;
  const footprints = operations.map(({ input }) => model.traits!.footprint!(input));
  const isApart = (a: readonly string[] | null, b: readonly string[] | null): boolean =>
    a !== null && b !== null && !a.some((part) => b.includes(part));
  for (let at = 0; at < Math.min(states.length, MOST_STATES); at++) {
    for (const [i, first] of operations.entries()) {
      const between = after[at]![i]!;
      if (between === ILLEGAL) continue;
      for (const [j, second] of operations.entries()) {
        if (!isApart(footprints[i]!, footprints[j]!)) continue;
        const alone = after[at]![j]!;
        const behind = model.step(between as State, second.input, second.output);
        const call = model.describe(second.input, second.output);
        const flaw = `traits.footprint sets it apart from ${call}, but`;
        if ((alone === ILLEGAL) !== (behind === ILLEGAL)) {
          return words(trials, `${flaw} decides whether that is possible`, at, first);
        }
        if (alone === ILLEGAL) continue;
        const swapped = model.step(alone as State, first.input, first.output);
        if (swapped !== ILLEGAL && keyText(model, swapped) === keyText(model, behind as State)) continue;
        return words(trials, `${flaw} their order makes a difference`, at, first);
      }
    }
  }
  return null;
}

function words<State, Input, Output>(
  { model, states }: Trials<State, Input, Output>,
  flaw: string,
  state: number,
  { input, output }: Trial<Input, Output>,
): string {
  return `${flaw}: ${model.describe(input, output)} in the state ${shownState(model, states[state]!)}`;
}
