/** Explaining values that are read and written: kv, and the registers in its terms. */
import type { KvInput, KvOutput, KvState } from "../models/kv.ts";
import { alternativesTo } from "./alternatives.ts";
import { attemptsAt } from "./attempts.ts";
import { classify } from "./classes.ts";
import { Code } from "./code.ts";
import { Core } from "./core.ts";
import type { Explanation } from "./explanation.ts";
import { firstImpossible } from "./first.ts";
import { nomineeOf } from "./nominee.ts";
import { Oracle } from "./oracle.ts";
import { precedences, sights } from "./relations.ts";
import { restored } from "./restore.ts";
import { sentenceOf, tellerOf } from "./sentence.ts";
import { culpritOf, shrinkKv } from "./shrink.ts";
import { stalenessOf } from "./staleness.ts";
import { cutAfter } from "./steps/cut.ts";
import { type Left, type Subject, shown } from "./subject.ts";
import type { KvCall, Translated } from "./translation.ts";
import { undecided } from "./undecided.ts";
import { Zones } from "./zones.ts";

type KvOracle = Oracle<KvState, KvInput, KvOutput>;

/** Null if some order explains the calls. */
export function explainKv<State, Input, Output>(
  subject: Subject<State, Input, Output>,
  translated: Translated,
  budget: number,
): Explanation | null {
  const { model, object, calls } = subject;
  const all = translated.calls;
  const { initial } = translated.model;
  const oracle: KvOracle = new Oracle(translated.model, budget);
  const zones = Zones.of(all, initial);
  const found = locate(oracle, all, zones);
  if (found === null) return null;
  if ("longest" in found) return undecided(model, object, calls, { ...found, budget });
  const { impossible, isFirst, start } = found;
  const code = new Code(all);
  const prefix = cutAfter(all, impossible.return);
  const nominee =
    zones === null ? nomineeOf(oracle, new Core(prefix, impossible.id, initial, code), code) : null;
  const { calls: shrunk, isSmallest } = shrinkKv(oracle, nominee ?? start, code);
  const culprit = culpritOf(shrunk).id;
  const { core, finding } = classified(new Core(shrunk, culprit, initial, code), all, oracle);
  const teller = tellerOf(model, calls);
  const whole = new Core(prefix, culprit, initial, code);
  const staleness = stalenessOf(whole, whole.sightOf(whole.impossible));
  const scene = { oracle, translated, prefix, core, whole, zones, teller };
  return {
    kind: "violation",
    object,
    operations: calls.length,
    sentence: sentenceOf(finding, core, isSmallest, staleness, teller),
    class: finding.class,
    impossible: { operation: impossible.id, isFirst },
    core: shown(subject, leftOf(core, all) as readonly Left<Output>[], culprit),
    isSmallest,
    relations: [...precedences(oracle, core.calls), ...sights(core)],
    alternatives: alternativesTo(scene),
    staleness,
    attempts: attemptsAt(core, translated),
  };
}

/** A first impossible reply, and calls that are illegal because of it. */
interface Located {
  readonly impossible: KvCall;
  readonly isFirst: boolean;
  readonly start: readonly KvCall[];
}

/** By zones where they tell, else by search; null if the calls are legal, how far the search came if it is unknown. */
function locate(
  oracle: KvOracle,
  calls: readonly KvCall[],
  zones: Zones | null,
): Located | { readonly steps: number; readonly longest: readonly number[] } | null {
  const reader = zones?.firstImpossible() ?? null;
  if (zones !== null && reader === null && !zones.isPartial) return null;
  if (zones !== null && reader !== null) {
    const before = zones.isPartial ? oracle.verdict(cutAfter(calls, reader.return - 1)) : "ok";
    const start = cutAfter(zones.contradictionOf(reader), reader.return);
    if (before !== "illegal") return { impossible: reader, isFirst: before === "ok", start };
  }
  // A value that was written more than once may be contradicted before the reply that the zones found.
  const suspects = reader === null ? calls : cutAfter(calls, reader.return - 1);
  const whole = oracle.attempt(suspects);
  if (whole.verdict === "ok") return null;
  if (whole.verdict === "unknown") return whole;
  const { place, isFirst } = firstImpossible(oracle, suspects, whole.longest);
  const impossible = calls.find((call) => call.return === place)!;
  return { impossible, isFirst, start: cutAfter(calls, place) };
}

/** The core with its class, and with one operation given back if that makes the class certain. */
function classified(core: Core, all: readonly KvCall[], oracle: KvOracle) {
  const finding = findingOf(core, oracle);
  const fuller = restored(core, finding, all);
  if (fuller === null || !oracle.isIllegal(fuller.calls)) return { core, finding };
  return { core: fuller, finding: findingOf(fuller, oracle) };
}

function findingOf(core: Core, oracle: KvOracle) {
  return classify(core, (output) => {
    const instead = core.calls.map((call) => (call === core.impossible ? { ...call, output } : call));
    return oracle.verdict(instead) === "ok";
  });
}

function leftOf(core: Core, all: readonly KvCall[]): readonly Left<KvOutput>[] {
  return core.calls.map((call) => {
    const { id, output, return: end } = call;
    const isChanged =
      JSON.stringify(output) !== JSON.stringify(all.find((original) => original.id === id)!.output);
    return isChanged ? { id, return: end, changed: output } : { id, return: end };
  });
}
