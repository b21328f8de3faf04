/** The scrubber: a slider over all moments with the landmarks above it, and buttons for what keys do. */

import { type Film, momentAt } from "../../cluster/film.ts";
import { LANDMARK_KINDS, type Landmark, type LandmarkKind } from "../../cluster/landmark.ts";
import { visible } from "../../text.ts";
import { button, element } from "../dom.ts";

export interface ControlActions {
  go(index: number): void;
  step(steps: number): void;
  play(): void;
  speed(momentsPerSecond: number): void;
  jump(kind: LandmarkKind, direction: 1 | -1): void;
  /** Shows the messages around here. */
  messages(): void;
}

const SPEEDS = [2, 10, 50, 250];
const KEYS: Readonly<Record<LandmarkKind, string>> = { election: "E", crash: "C", violation: "V" };
const MEANINGS: Readonly<Record<LandmarkKind, string>> = {
  election: "election: somebody stands, or wins",
  crash: "a server crashes",
  violation: "what went wrong",
};
/** More marks than this are a bar. */
const MOST_MARKS = 160;
const SECONDS_SHOWN = 8;

export class Controls {
  readonly element = element("div", "controls");
  private readonly slider = element("input", "slider");
  private readonly playButton: HTMLButtonElement;
  private readonly place = element("span", "instant");
  private readonly here = element("span", "here");
  private readonly film: Film;
  private readonly actions: ControlActions;

  constructor(film: Film, landmarks: readonly Landmark[], actions: ControlActions) {
    this.film = film;
    this.actions = actions;
    this.playButton = button("Play", () => actions.play());
    this.here.setAttribute("role", "status");
    const kinds = LANDMARK_KINDS.filter((kind) => landmarks.some((each) => each.kind === kind));
    this.element.append(
      this.buttons(kinds),
      this.scrubber(landmarks),
      element("p", "place", this.place, " ", this.here),
    );
  }

  /** `here`: the landmarks at this very moment. */
  show(index: number, place: string, here: readonly Landmark[]): void {
    this.here.textContent = visible(here.map(({ label }) => label).join(", "));
    this.here.classList.toggle(
      "wrong",
      here.some(({ kind }) => kind === "violation"),
    );
    this.slider.value = String(index);
    this.slider.setAttribute("aria-valuetext", place);
    this.place.textContent = place;
  }

  playing(playing: boolean): void {
    this.playButton.replaceChildren(playing ? "Pause" : "Play", " ", element("kbd", "", "space"));
  }

  private buttons(kinds: readonly LandmarkKind[]): HTMLElement {
    const { actions } = this;
    this.playing(false);
    const back = withKey(
      button("Step back ", () => actions.step(-1)),
      "←",
    );
    const on = withKey(
      button("Step ", () => actions.step(1)),
      "→",
    );
    const jumps = kinds.map((kind) =>
      withKey(
        button(`Next ${kind} `, () => actions.jump(kind, 1)),
        KEYS[kind],
      ),
    );
    const messages = button("Messages around here", () => actions.messages());
    const row = element("div", "buttons", back, this.playButton, on, this.speeds(), ...jumps, messages);
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "Through the run");
    return row;
  }

  private speeds(): HTMLElement {
    const select = element("select", "");
    for (const speed of SPEEDS) {
      const option = element("option", "", `${speed} events a second`);
      option.value = String(speed);
      option.selected = speed === 10;
      select.append(option);
    }
    select.setAttribute("aria-label", "Speed");
    select.addEventListener("change", () => this.actions.speed(Number(select.value)));
    return select;
  }

  private scrubber(landmarks: readonly Landmark[]): HTMLElement {
    const { slider, film } = this;
    const last = film.moments.length - 1;
    slider.type = "range";
    slider.min = "0";
    slider.max = String(last);
    slider.setAttribute("aria-label", "Moment of the run");
    slider.addEventListener("input", () => this.actions.go(Number(slider.value)));
    const track = element("div", "track", ...marks(landmarks, last), ...this.seconds(last));
    track.setAttribute("aria-hidden", "true");
    const there = LANDMARK_KINDS.filter((kind) => landmarks.some((each) => each.kind === kind));
    const meanings = there.map((kind) => element("span", "", mark(kind), ` ${MEANINGS[kind]}`));
    const legend = element("p", "scrub-legend", ...meanings);
    return element("div", "scrub", track, slider, legend);
  }

  /** Virtual time under the events: where it runs slow, much happens. */
  private seconds(last: number): HTMLElement[] {
    const { moments } = this.film;
    const end = moments[last]!.time;
    const each =
      [0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 60, 600].find((s) => end / (s * 1e6) <= SECONDS_SHOWN) ?? 3600;
    const made: HTMLElement[] = [];
    for (let nth = 0; nth * each * 1e6 <= end; nth++) {
      const at = momentAt(this.film, nth * each * 1e6);
      // At the right end there is no room for it.
      if (at > last * 0.96) continue;
      const text = element("span", "second", `${Number((nth * each).toFixed(3))} s`);
      text.style.left = percent(at, last);
      made.push(text);
    }
    return made;
  }
}

function withKey(made: HTMLButtonElement, key: string): HTMLButtonElement {
  made.append(element("kbd", "", key));
  return made;
}

function marks(landmarks: readonly Landmark[], last: number): HTMLElement[] {
  // What went wrong is never left out.
  const every = Math.ceil(landmarks.length / MOST_MARKS);
  return landmarks
    .filter(({ kind }, i) => kind === "violation" || i % every === 0)
    .map(({ kind, moment }) => {
      const made = mark(kind);
      made.style.left = percent(moment, last);
      return made;
    });
}

function mark(kind: LandmarkKind): HTMLElement {
  return element("span", `mark ${kind}`, { election: "", crash: "×", violation: "!" }[kind]);
}

function percent(index: number, last: number): string {
  return `${last === 0 ? 0 : (100 * index) / last}%`;
}
