/** What the views of a run that is executed again have in common: they say how that went, and wait for the film. */

import type { Film } from "../cluster/film.ts";
import { visible } from "../text.ts";
import type { Studio } from "./cluster/studio.ts";
import { element } from "./dom.ts";
import type { View } from "./tabs.ts";

/** What shows a film, once it is there. */
export interface Screen {
  /** At this instant of the run; null: wherever the address says, or where it last was. */
  begin(instant: number | null): void;
}

export class FilmView implements View {
  readonly id: string;
  readonly name: string;
  readonly panel: HTMLElement;
  private readonly studio: Studio;
  private readonly screenFor: (panel: HTMLElement, film: Film) => Screen;
  private readonly state = element("p", "digest", "Executing the run again ...");
  private screen: Screen | null = null;
  private opened = false;
  /** Where to be when the film is there. */
  private wanted: number | null = null;

  /** `id` is its class in the style, too. */
  constructor(
    id: string,
    name: string,
    studio: Studio,
    screenFor: (panel: HTMLElement, film: Film) => Screen,
  ) {
    this.id = id;
    this.name = name;
    this.panel = element("section", `view ${id}`);
    this.studio = studio;
    this.screenFor = screenFor;
    this.state.setAttribute("role", "status");
    this.panel.append(this.state);
  }

  open(): void {
    if (this.screen !== null) this.take();
    if (this.opened) return;
    this.opened = true;
    void this.load();
  }

  /** Shows this instant, from the next opening on. */
  look(instant: number): void {
    this.wanted = instant;
  }

  private async load(): Promise<void> {
    const footage = await this.studio.develop();
    if (footage.kind === "nothing") {
      this.state.classList.add("nothing");
      this.state.textContent = visible(footage.why);
      return;
    }
    this.state.textContent = `Executed again in this page: ${footage.likeness.words}`;
    this.state.classList.toggle("differs", !footage.likeness.equal);
    this.screen = this.screenFor(this.panel, footage.film);
    this.take();
  }

  private take(): void {
    this.screen?.begin(this.wanted);
    this.wanted = null;
  }
}
