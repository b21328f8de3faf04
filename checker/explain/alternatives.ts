/** What the impossible reply could have been: each answer in question, whether it was possible, and why. */

import { ILLEGAL } from "../model/model.ts";
import type { KvOutput, KvState } from "../models/kv.ts";
import { kv } from "../models/kv.ts";
import { finishedBefore } from "./call.ts";
import { appended, type Core, isWrite, wrote } from "./core.ts";
import type { Alternative } from "./explanation.ts";
import type { Oracle } from "./oracle.ts";
import type { Teller } from "./sentence.ts";
import { since, stalenessOf } from "./staleness.ts";
import type { KvCall, Translated } from "./translation.ts";
import { durationWords } from "./words.ts";
import type { Zones } from "./zones.ts";

/** More of them would hide the one that explains. */
const MOST_ALTERNATIVES = 6;

/** How many of the last calls are asked for values. */
const RECENT = 64;

/** How many of the operations before the reply its possible order names. */
const LONGEST_ORDER = 8;

/** All that alternatives are judged by. */
export interface Scene {
  readonly oracle: Oracle<KvState, NonNullable<KvCall["input"]>, KvOutput>;
  readonly translated: Translated;
  /** What had happened by the impossible reply. */
  readonly prefix: readonly KvCall[];
  readonly core: Core;
  /** The prefix, as far as the same can be asked of it as of the core. */
  readonly whole: Core;
  /** Null unless they decide about the prefix. */
  readonly zones: Zones | null;
  readonly teller: Teller;
}

/** The given answer first; then the others, the possible ones before the impossible ones. */
export function alternativesTo(scene: Scene): readonly Alternative[] {
  const reader = scene.whole.impossible;
  const { input, output } = reader;
  if (input.kind === "cas" && output?.kind === "swapped") return ofCas(scene, reader, output.swapped);
  if (input.kind !== "get" || output?.kind !== "value") return [];
  const given = judged(scene, reader, output.value, true);
  const others = valuesNear(scene, reader)
    .filter((value) => value !== output.value)
    .slice(0, MOST_ALTERNATIVES - 1)
    .map((value) => judged(scene, reader, value, false));
  const rank = { possible: 0, undecided: 1, impossible: 2 } as const;
  return [given, ...others.sort((a, b) => rank[a.verdict] - rank[b.verdict])];
}

function ofCas(scene: Scene, cas: KvCall, swapped: boolean): readonly Alternative[] {
  const expected = scene.translated.valueWords(cas.input.kind === "cas" ? cas.input.expected : null);
  const answer = (did: boolean) => (did ? "swapped" : "refused");
  const found = answered(scene, cas, { kind: "swapped", swapped: !swapped });
  const verdict = found.verdict;
  const [no, yes] = [`in no order was ${expected} there`, `in some order ${expected} was there`];
  const [never, sometimes] = swapped
    ? [no, `in some order ${expected} was not there`]
    : [`in every order ${expected} was there`, yes];
  const reason = {
    possible: sometimes,
    impossible: "no order explains this either",
    undecided: "the budget ended",
  };
  return [
    { answer: answer(swapped), isGiven: true, verdict: "impossible", reason: never, order: null },
    { answer: answer(!swapped), isGiven: false, verdict, reason: reason[verdict], order: found.order },
  ];
}

function judged(scene: Scene, reader: KvCall, value: KvState, isGiven: boolean): Alternative {
  const answer = scene.translated.valueWords(value);
  const { verdict, order } = isGiven
    ? ({ verdict: "impossible", order: null } as const)
    : possibility(scene, reader, value);
  const reason =
    verdict === "undecided"
      ? "the budget ended first"
      : verdict === "possible"
        ? whyPossible(scene, reader, value)
        : whyImpossible(scene, reader, value);
  return { answer, isGiven, verdict, reason, order };
}

type Possibility = Pick<Alternative, "verdict" | "order">;

function possibility(scene: Scene, reader: KvCall, value: KvState): Possibility {
  const output: KvOutput = { kind: "value", value };
  const admitted = scene.zones?.admits(reader, value) ?? null;
  if (admitted === null) return answered(scene, reader, output);
  if (!admitted) return { verdict: "impossible", order: null };
  // The order of a few is enough to see it.
  const few = scene.prefix.filter(
    (call) => scene.core.calls.some(({ id }) => id === call.id) || wrote(call, value),
  );
  return { verdict: "possible", order: scene.oracle.order(instead(few, reader, output)) };
}

/** Asks the search about the whole prefix. */
function answered({ oracle, prefix }: Scene, reader: KvCall, output: KvOutput): Possibility {
  const calls = instead(prefix, reader, output);
  const attempt = oracle.attempt(calls);
  if (attempt.verdict !== "ok") {
    return { verdict: attempt.verdict === "illegal" ? "impossible" : "undecided", order: null };
  }
  const { longest } = attempt;
  const end = longest.indexOf(reader.id) + 1;
  return { verdict: "possible", order: longest.slice(Math.max(0, end - LONGEST_ORDER), end) };
}

/** The values that were about: of the writes around the read, or, where values grow, those that the reads saw. */
function valuesNear(scene: Scene, reader: KvCall): readonly KvState[] {
  const { prefix, core } = scene;
  const values: KvState[] = [];
  const recent = prefix[Math.max(0, prefix.length - RECENT)]!.call;
  const near = prefix
    .filter((call) => call !== reader && (call.call >= recent || !finishedBefore(call, reader)))
    .sort((a, b) => Math.min(b.return, reader.call) - Math.min(a.return, reader.call) || b.call - a.call);
  if (prefix.some(({ input }) => input.kind === "append")) {
    const value = reachable(scene, reader);
    if (value !== undefined) values.push(value);
    for (const { output } of near) if (output?.kind === "value") values.push(output.value);
  } else {
    for (const call of near) {
      if (call.input.kind === "delete") values.push(null);
      else if (isWrite(call) && call.input.kind !== "get") values.push(call.input.value);
    }
    if (!near.some((call) => isWrite(call) && finishedBefore(call, reader))) values.unshift(core.initial);
  }
  return [...new Set(values)].slice(0, MOST_ALTERNATIVES);
}

/** The value that the read would have found in some order; undefined if none was found. */
function reachable({ oracle, prefix }: Scene, reader: KvCall): KvState | undefined {
  const order = oracle.order(instead(prefix, reader, null));
  if (order === null) return undefined;
  const calls = new Map(prefix.map((call) => [call.id, call]));
  let state = oracle.model.initial;
  for (const id of order.slice(0, order.indexOf(reader.id))) {
    const { input, output } = calls.get(id)!;
    const next = kv.step(state, input, output);
    if (next === ILLEGAL) return undefined;
    state = next;
  }
  return state;
}

function instead(calls: readonly KvCall[], reader: KvCall, output: KvOutput | null): readonly KvCall[] {
  return calls.map((call) => (call.id === reader.id ? { ...call, output } : call));
}

function whyPossible({ prefix, core, teller }: Scene, reader: KvCall, value: KvState): string {
  const sources = prefix.filter((call) => wrote(call, value));
  const running = sources.find((call) => !finishedBefore(call, reader));
  if (running !== undefined) return `if ${teller.who(running)} took effect before it`;
  const last = sources.at(-1);
  if (last !== undefined) return `written by ${teller.who(last)}, and not certainly overwritten`;
  return value === core.initial ? "the initial value, not certainly overwritten" : "some order leads to it";
}

function whyImpossible(scene: Scene, reader: KvCall, value: KvState): string {
  const { core, teller, prefix, translated } = scene;
  const stale = stalenessOf(
    scene.whole,
    scene.whole.sightOf(instead([reader], reader, { kind: "value", value })[0]!),
  );
  if (stale !== null) {
    const newer = prefix.find((call) => call.id === stale.since)!;
    const verb = appended(newer) === null ? "overwritten by" : "lacks";
    const ago = since(newer, reader) > 0 ? `${durationWords(since(newer, reader))} ` : "";
    return `${verb} ${teller.who(newer)}, which had finished ${ago}before the read began`;
  }
  if (prefix.some(({ input }) => input.kind === "append")) return "contradicts the other answers";
  const sources = translated.calls.filter((call) => wrote(call, value));
  if (sources.length === 0 && value !== core.initial) return "nobody wrote it";
  const early = sources.some((call) => call.call < reader.return);
  if (!early && value !== core.initial) return `not written yet: ${teller.who(sources[0]!)} began later`;
  return "contradicts the other answers";
}
