/** Executes a run again and films it: the same code with the same seed, wherever it runs. */

import { guarded } from "../../lab/run/guard.ts";
import { type PlayExtras, play } from "../../lab/run/play.ts";
import { LINLAB_VERSION } from "../../lab/run/version.ts";
import { Camera } from "./camera.ts";
import type { Film } from "./film.ts";
import type { Rerun } from "./rerun.ts";

/** Throws what the run throws: of another version of linlab, options may name what this one does not have. */
export function film({ seed, options, given }: Extract<Rerun, { kind: "run" }>): Film {
  return guarded(() => {
    let camera: Camera | null = null;
    const extras: PlayExtras = {
      given,
      listener: (event) => camera!.hear(event),
      attend: (cluster) => {
        camera = new Camera(cluster);
      },
    };
    play(seed, options, extras);
    return camera!.film();
  });
}

/** Whether this is the run of the report, in words. */
export function likeness({ digest, linlab }: Extract<Rerun, { kind: "run" }>, again: Film): Likeness {
  if (again.digest === digest) {
    return { equal: true, words: `digest ${digest}: equal to the one in the report` };
  }
  const versions =
    linlab === LINLAB_VERSION ? "" : ` The report is of linlab ${linlab}, this page runs ${LINLAB_VERSION}.`;
  const words = `digest ${again.digest}: it differs from the report's ${digest}. What you see here is another run.${versions}`;
  return { equal: false, words };
}

export interface Likeness {
  readonly equal: boolean;
  readonly words: string;
}
