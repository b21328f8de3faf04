/**
 * The run, executed again at most once, when the first view asks for it. The lab is in the page but asleep until then:
 * whoever only reads the verdict does not wait for it.
 */

import type { Film } from "../../cluster/film.ts";
import type { Likeness } from "../../cluster/reexecution.ts";
import { type Rerun, rerunOf } from "../../cluster/rerun.ts";
import type { Drawn } from "../../drawn.ts";

export type Footage =
  | { readonly kind: "film"; readonly film: Film; readonly likeness: Likeness }
  | { readonly kind: "nothing"; readonly why: string };

export class Studio {
  private readonly rerun: Rerun;
  private footage: Promise<Footage> | null = null;

  constructor(drawn: Drawn) {
    this.rerun = rerunOf(drawn);
  }

  /** The same film for everybody. */
  develop(): Promise<Footage> {
    this.footage ??= this.execute();
    return this.footage;
  }

  private async execute(): Promise<Footage> {
    const { rerun } = this;
    if (rerun.kind === "nothing") return rerun;
    // First the page says that it is at work.
    await new Promise((done) => setTimeout(done, 0));
    try {
      const { film, likeness } = await import("../../cluster/reexecution.ts");
      const made = film(rerun);
      return { kind: "film", film: made, likeness: likeness(rerun, made) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { kind: "nothing", why: `The run could not be executed again: ${message}` };
    }
  }
}
