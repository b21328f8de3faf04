/** The cluster at any moment of the run: a scrubber over all events, the servers in a ring, their logs side by side. */

import { happeningAt } from "../../cluster/event.ts";
import { type Film, momentAt } from "../../cluster/film.ts";
import {
  type Landmark,
  type LandmarkKind,
  landmarksOf,
  nextLandmark,
  wrongOf,
} from "../../cluster/landmark.ts";
import { sceneAt } from "../../cluster/scene.ts";
import type { Problem } from "../../problem.ts";
import { grouped, milliseconds, visible } from "../../text.ts";
import { element } from "../dom.ts";
import type { Screen } from "../film-view.ts";
import { fragmentNumber, setFragment } from "../fragment.ts";
import { Aside } from "./aside.ts";
import { Controls } from "./controls.ts";
import { listenToClusterKeys } from "./keyboard.ts";
import { LogTable } from "./logs.ts";
import { Player } from "./player.ts";
import { RingView } from "./ring.ts";

export class Theatre implements Screen {
  private readonly panel: HTMLElement;
  private readonly film: Film;
  private readonly landmarks: readonly Landmark[];
  private readonly player: Player;
  private readonly controls: Controls;
  private readonly cause = element("p", "cause");
  private readonly effects = element("ul", "effects");
  private readonly ring: RingView;
  private readonly aside: Aside;
  private readonly logs: LogTable;
  private index = -1;

  constructor(
    panel: HTMLElement,
    film: Film,
    problems: readonly Problem[],
    showMessages: (instant: number) => void,
  ) {
    this.panel = panel;
    this.film = film;
    const wrong = wrongOf(problems);
    this.landmarks = landmarksOf(film, wrong);
    this.player = new Player(
      (steps) => this.step(steps),
      (playing) => this.played(playing),
    );
    this.controls = new Controls(film, this.landmarks, {
      go: (index) => this.go(index),
      step: (steps) => this.stepByHand(steps),
      play: () => this.player.toggle(),
      speed: (speed) => this.player.setSpeed(speed),
      jump: (kind, direction) => this.jump(kind, direction),
      messages: () => showMessages(film.moments[this.index]!.time),
    });
    this.ring = new RingView(film.clients);
    this.aside = new Aside();
    this.logs = new LogTable((server) => this.pick(server));
    this.build();
  }

  /** At an instant; at the one that the address names, or where something went wrong, if it is null. */
  begin(instant: number | null): void {
    if (instant !== null) this.go(momentAt(this.film, instant));
    else if (this.index < 0) this.go(this.first());
    else this.draw();
  }

  private first(): number {
    const { moments } = this.film;
    const time = fragmentNumber("t");
    const event = fragmentNumber("e");
    const named = event === null ? -1 : moments.findLastIndex((moment) => moment.event <= event);
    // The event tells which of the moments at one instant it is; the instant is what other views know too.
    if (named >= 0 && (time === null || moments[named]!.time === time)) return named;
    if (time !== null) return momentAt(this.film, time);
    const wrong = nextLandmark(this.landmarks, "violation", -1, 1);
    return (wrong ?? nextLandmark(this.landmarks, "election", -1, 1))?.moment ?? 0;
  }

  private build(): void {
    const happening = element("div", "happening", this.cause, this.effects);
    const stage = element("div", "arena", this.ring.element, this.aside.element);
    this.panel.append(this.controls.element, happening, stage, this.logs.element);
    listenToClusterKeys(this.panel, {
      step: (steps) => this.stepByHand(steps),
      first: () => this.go(0),
      last: () => this.go(this.film.moments.length - 1),
      play: () => this.player.toggle(),
      jump: (kind, direction) => this.jump(kind, direction),
    });
    new ResizeObserver(() => this.logs.resize(this.panel.clientWidth)).observe(this.panel);
  }

  private go(index: number): void {
    const { film } = this;
    const next = Math.max(0, Math.min(film.moments.length - 1, index));
    if (next === this.index) return;
    this.index = next;
    this.draw();
    const { time, event } = film.moments[next]!;
    setFragment("t", String(time));
    setFragment("e", String(event));
  }

  /** False at the end. */
  private step(steps: number): boolean {
    const before = this.index;
    if (this.panel.hidden) return false;
    this.go(this.index + steps);
    return this.index !== before;
  }

  private stepByHand(steps: number): void {
    this.player.pause();
    this.step(steps);
  }

  private jump(kind: LandmarkKind, direction: 1 | -1): void {
    this.player.pause();
    const landmark = nextLandmark(this.landmarks, kind, this.index, direction);
    if (landmark !== null) this.go(landmark.moment);
  }

  private pick(server: string): void {
    this.aside.pick(server);
    this.draw();
  }

  private played(playing: boolean): void {
    this.controls.playing(playing);
    // What changes many times a second is not to be read out.
    this.cause.setAttribute("aria-live", playing ? "off" : "polite");
  }

  private draw(): void {
    const { film, index } = this;
    const scene = sceneAt(film, index);
    const { time, event } = scene.moment;
    this.panel.dataset.index = String(index);
    const place = `${milliseconds(time)}, event ${grouped(event)} of ${grouped(film.events)}`;
    const here = this.landmarks.filter(({ moment }) => moment === index);
    this.controls.show(index, place, here);
    const { cause, effects } = happeningAt(film, index);
    this.cause.textContent = visible(cause);
    this.effects.replaceChildren(...effects.map((effect) => element("li", "", visible(effect))));
    this.ring.draw(scene);
    this.aside.draw(scene);
    this.logs.draw(scene.servers, this.aside.picked);
  }
}
