/** One run: a seed goes in; a history, a verdict and a report come out. The same seed gives the same run, always. */

import { check, kv } from "porcupine-ts";
import type { Cluster } from "../cluster/index.ts";
import type { Schedule } from "../faults/index.ts";
import type { KvHistory } from "../workload/index.ts";
import { guarded } from "./guard.ts";
import { type Line, Narrator } from "./narrator.ts";
import type { RunOptions } from "./options.ts";
import { type PlayExtras, play } from "./play.ts";
import type { Report } from "./report.ts";
import { askedFor, COUNTED_CLASSES, classesOf } from "./setup.ts";
import { summarise } from "./summary.ts";

export interface Run {
  readonly report: Report;
  readonly history: KvHistory;
  /** What the nemesis had planned, and the report tells what really struck; of a named one, what it did. */
  readonly schedule: Schedule;
}

export interface RunExtras extends Omit<PlayExtras, "attend"> {
  /** The command that runs this again; `linlab run` with the same seed and options, if not said. */
  readonly replay?: string | null;
  /** Gets the run as a story, line by line. */
  readonly narrate?: (line: Line) => void;
}

/** Throws InputError if a given schedule names a node that the cluster does not have. */
export function run(
  seed: number,
  options: RunOptions,
  { replay = null, narrate, ...extras }: RunExtras = {},
): Run {
  return guarded(() => {
    const narrated = narrate === undefined ? {} : { attend: narration(narrate) };
    const { planned, recorded, ...played } = play(seed, options, { ...extras, ...narrated });
    const { recorder, phases } = played;
    const checked = check(kv, recorder.history, { budget: options.checkBudget });
    phases.end("check", checked.verdict === "ok");
    const given = extras.given ?? null;
    const classes = judgedClasses(planned, options, extras);
    const ended = { ...played, checked, phases: phases.ended };
    const summary = summarise(seed, options, classes, given, ended);
    const report = replay === null ? summary : { ...summary, replay };
    return { report, history: recorder.history, schedule: recorded ?? planned };
  });
}

/** Of a given schedule those that it holds; but a replay must look like the run that it replays. */
function judgedClasses(planned: Schedule, options: RunOptions, { given, decider }: PlayExtras) {
  const enabled = askedFor(options);
  if ((given ?? null) === null) return enabled;
  const held = classesOf(planned, options);
  if ((decider ?? null) === null) return held;
  return COUNTED_CLASSES.filter((kind) => held.includes(kind) || enabled.includes(kind));
}

function narration(narrate: (line: Line) => void): (cluster: Cluster) => void {
  return (cluster) => {
    const { world } = cluster;
    const narrator = new Narrator(cluster, narrate);
    const { listener } = world.trace;
    world.observe(narrator);
    world.trace.listener = (event) => {
      listener?.(event);
      narrator.hear(event);
    };
  };
}
