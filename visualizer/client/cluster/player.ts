/** Plays a film: so many moments a second, until its end or until somebody stops it. */

/** A tab in the background comes back after a long while: nobody wants to have missed all that. */
const LONGEST_GAP = 100;

export class Player {
  private readonly step: (steps: number) => boolean;
  private readonly changed: (playing: boolean) => void;
  private speed = 10;
  private playing = false;
  private last = 0;
  /** Of a moment that is yet to come. */
  private part = 0;

  /** `step` goes on by so many moments, and returns false where there are no more. */
  constructor(step: (steps: number) => boolean, changed: (playing: boolean) => void) {
    this.step = step;
    this.changed = changed;
  }

  /** Moments a second. */
  setSpeed(speed: number): void {
    this.speed = speed;
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  pause(): void {
    if (!this.playing) return;
    this.playing = false;
    this.changed(false);
  }

  private play(): void {
    this.playing = true;
    this.last = performance.now();
    this.part = 0;
    this.changed(true);
    requestAnimationFrame(() => this.tick());
  }

  private tick(): void {
    if (!this.playing) return;
    const now = performance.now();
    this.part += (Math.min(LONGEST_GAP, now - this.last) * this.speed) / 1000;
    this.last = now;
    const steps = Math.floor(this.part);
    this.part -= steps;
    if (steps > 0 && !this.step(steps)) this.pause();
    else requestAnimationFrame(() => this.tick());
  }
}
