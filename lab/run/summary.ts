/** From the state that a run ended in to its report. */

import { type CheckResult, type History, kv } from "porcupine-ts";
import { counted, type Instant, SECOND } from "../../src/base/index.ts";
import type { Operation, Result } from "../../src/kv/index.ts";
import type { Cluster } from "../cluster/index.ts";
import type { CountedClass } from "../faults/index.ts";
import type { Marks } from "../marks/index.ts";
import type { Violation } from "../oracles/index.ts";
import type { Recorder } from "../workload/index.ts";
import { orderOf, type StatesAlong, statesAlong } from "./along.ts";
import type { Injector } from "./injector.ts";
import type { RunOptions } from "./options.ts";
import type { GivenSchedule } from "./play.ts";
import { replayCommand } from "./replay.ts";
import {
  type Counts,
  type Outcome,
  type Phase,
  REPORT_FORMAT,
  REPORT_VERSION,
  type Report,
  type ReportedObject,
  type ReportedOperation,
} from "./report.ts";
import type { Timeline } from "./timeline.ts";
import { LINLAB_VERSION } from "./version.ts";

/** What a run has produced when its world stands still. */
export interface Ended {
  readonly cluster: Cluster;
  readonly recorder: Recorder;
  readonly timeline: Timeline;
  readonly marks: Marks;
  readonly injector: Pick<Injector, "counts" | "struck">;
  readonly violation: Violation | null;
  readonly checked: CheckResult;
  readonly phases: readonly Phase[];
}

export function summarise(
  seed: number,
  options: RunOptions,
  classes: readonly CountedClass[],
  given: GivenSchedule | null,
  ended: Ended,
): Report {
  const { cluster, timeline, marks, injector, violation, checked, recorder } = ended;
  const { world } = cluster;
  const operations = reportOperations(recorder.history);
  const verdict = checked.verdict;
  const scheduleFile = given?.file ?? null;
  const outcome = outcomeOf(ended);
  const statesOf = statesAlong(kv, recorder.history);
  const faults = injector.counts(classes);
  const vacuous = Object.keys(faults).filter((kind) => faults[kind] === 0);
  return {
    format: REPORT_FORMAT,
    version: REPORT_VERSION,
    linlab: LINLAB_VERSION,
    seed,
    options,
    replay: replayCommand(seed, options, scheduleFile),
    scheduleFile,
    schedule: given?.schedule ?? null,
    outcome,
    sentence: sentenceOf(outcome, options, vacuous, ended),
    verdict,
    violation,
    digest: world.trace.digest.hex(),
    phases: ended.phases,
    counts: countsOf(ended, operations),
    faults,
    vacuous,
    marks: marks.counts(),
    bands: injector.struck(world.now),
    servers: timeline.servers(),
    clients: cluster.clientIds,
    operations,
    objects: checked.objects.map((object) => reportedObject(object, statesOf)),
    recorded: {
      header: { model: kv.name, linlab: LINLAB_VERSION, seed, options },
      history: recorder.history,
    },
  };
}

/** Orders, attempts and reasons are worked out when somebody draws or saves the report: a sweep does neither. */
function reportedObject(result: CheckResult["objects"][number], statesOf: StatesAlong): ReportedObject {
  const { object, verdict } = result;
  return {
    object,
    verdict,
    get linearization() {
      return result.linearization;
    },
    get partials() {
      return result.partials;
    },
    get states() {
      return statesOf(orderOf(result));
    },
    get explanation() {
      return result.explanation;
    },
  };
}

/** What judging needs to know of a run that has ended. */
export interface Judged extends Pick<Ended, "violation" | "checked"> {
  readonly recorder: Pick<Recorder, "acknowledged" | "operations">;
}

/** A broken invariant first: the history that it spoilt may still look fine. */
export function outcomeOf({ violation, checked, recorder }: Judged): Outcome {
  if (violation?.kind === "invariant") return "invariant";
  if (checked.verdict === "illegal") return "illegal";
  if (violation !== null) return violation.kind;
  // A history in which nobody was told anything can be explained, and means nothing.
  return recorder.acknowledged === 0 ? "unknown" : checked.verdict;
}

/** The outcome in one sentence. */
export function sentenceOf(
  outcome: Outcome,
  { checkBudget }: Pick<RunOptions, "checkBudget">,
  vacuous: readonly string[],
  { violation, checked, recorder }: Judged,
): string {
  const judged = (verdict: string) =>
    checked.objects
      .filter((object) => object.verdict === verdict)
      .map(({ object }) => object)
      .sort()
      .join(", ");
  switch (outcome) {
    case "ok": {
      const scope = `All ${counted(recorder.operations, "operation")} on ${counted(checked.objects.length, "key")}`;
      const but =
        vacuous.length === 0 ? "" : ` But it was asked for and never struck: ${vacuous.join(", ")}.`;
      return `${scope} can be explained by one order.${but}`;
    }
    case "illegal":
      return illegalSentence(checked);
    case "unknown":
      if (recorder.acknowledged === 0) return "Nothing was acknowledged, so there is nothing to judge.";
      return `The budget of ${checkBudget} configurations ended before ${judged("unknown")} could be decided.`;
    case "invariant":
    case "liveness":
      return `${capitalised(violation!.name)} broke at ${(violation!.at / SECOND).toFixed(3)} s: ${violation!.message}.`;
  }
}

/** What went wrong on the first key that is illegal, and how many more there are. */
function illegalSentence({ objects }: CheckResult): string {
  const [first, ...others] = objects.filter(({ verdict }) => verdict === "illegal");
  const more =
    others.length === 0 ? "" : ` It is not linearizable on ${counted(others.length, "more key")} either.`;
  return `${first!.explanation!.sentence}${more}`;
}

function countsOf({ cluster, recorder }: Ended, operations: readonly ReportedOperation[]): Counts {
  const { world } = cluster;
  const count = (outcome: ReportedOperation["outcome"]) =>
    operations.filter((operation) => operation.outcome === outcome).length;
  return {
    operations: operations.length,
    acknowledged: recorder.acknowledged,
    indeterminate: count("indeterminate"),
    pending: count("pending"),
    rpcs: world.network.counters.rpcs,
    bytes: world.network.counters.bytes,
    events: world.trace.count,
    virtualMicroseconds: world.now,
  };
}

interface Ending {
  readonly time: Instant;
  readonly output: Result | null;
}

function reportOperations(history: History<Operation, Result>): readonly ReportedOperation[] {
  const endings = new Map<number, Ending>();
  for (const event of history) {
    if (event.kind === "response") endings.set(event.operation, { time: event.time, output: event.output });
    else if (event.kind === "indeterminate") endings.set(event.operation, { time: event.time, output: null });
  }
  const reported: ReportedOperation[] = [];
  for (const event of history) {
    if (event.kind !== "invoke") continue;
    const ending = endings.get(event.operation);
    const output = ending?.output ?? null;
    reported.push({
      id: event.operation,
      client: event.client,
      object: kv.objectOf(event.input),
      kind: event.input.kind,
      words: kv.describe(event.input, output),
      call: event.time,
      return: output === null ? null : ending!.time,
      outcome: ending === undefined ? "pending" : output === null ? "indeterminate" : "acknowledged",
    });
  }
  return reported;
}

function capitalised(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
