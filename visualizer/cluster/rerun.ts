/** Whether a page can execute its run again, and if not, why: said to whoever opens a view that needs it. */

import type { RunOptions } from "../../lab/run/options.ts";
import type { GivenSchedule } from "../../lab/run/play.ts";
import { replayCommand } from "../../lab/run/replay.ts";
import type { Report } from "../../lab/run/report.ts";
import type { Drawn } from "../drawn.ts";

export type Rerun =
  | {
      readonly kind: "run";
      readonly seed: number;
      readonly options: RunOptions;
      readonly given: GivenSchedule | null;
      /** What it should come to. */
      readonly digest: string;
      /** The version of linlab that made the report. */
      readonly linlab: string;
    }
  | { readonly kind: "nothing"; readonly why: string };

/** A page draws reports and mere histories; only what `linlab run` made is a function of seed, options and schedule. */
export function rerunOf(drawn: Drawn | Report): Rerun {
  if (!("seed" in drawn)) {
    return nothing(
      "This page shows a history that was recorded elsewhere: what its clients saw, and nothing of the servers that answered them. There is no run to execute again.",
    );
  }
  const { seed, options, scheduleFile, replay, digest, linlab } = drawn;
  if (replay !== replayCommand(seed, options, scheduleFile)) {
    return nothing(
      "A script made this run, not a seed alone, and the page does not carry the script. Run it again in a terminal:",
    );
  }
  if (scheduleFile === null) return { kind: "run", seed, options, given: null, digest, linlab };
  // Reports of before had none.
  const schedule = drawn.schedule ?? null;
  if (schedule === null)
    return nothing("The schedule of this run was in a file that the report does not hold.");
  return { kind: "run", seed, options, given: { file: scheduleFile, schedule }, digest, linlab };
}

function nothing(why: string): Rerun {
  return { kind: "nothing", why };
}
