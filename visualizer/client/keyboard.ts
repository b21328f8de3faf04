/** Keys. Letters work anywhere on the page; arrows only on the timeline, since elsewhere they scroll. */

import type { Direction } from "../walk.ts";

export interface KeyActions {
  zoom(factor: number): void;
  move(fraction: number): void;
  fit(): void;
  nextProblem(): void;
  walk(direction: Direction): void;
  pin(): void;
  letGo(): void;
  /** Along the linearization order of the highlighted key. */
  step(step: 1 | -1): void;
  find(): void;
  changeAxis(): void;
}

const ZOOM = 1.6;
const MOVE = 0.18;

export function listenToKeys(stage: HTMLElement, actions: KeyActions): void {
  const anywhere: Readonly<Record<string, () => void>> = {
    w: () => actions.zoom(ZOOM),
    s: () => actions.zoom(1 / ZOOM),
    "+": () => actions.zoom(ZOOM),
    "=": () => actions.zoom(ZOOM),
    "-": () => actions.zoom(1 / ZOOM),
    a: () => actions.move(-MOVE),
    d: () => actions.move(MOVE),
    "0": () => actions.fit(),
    n: () => actions.nextProblem(),
    ",": () => actions.step(-1),
    ".": () => actions.step(1),
    "/": () => actions.find(),
    t: () => actions.changeAxis(),
    escape: () => actions.letGo(),
  };
  const here: Readonly<Record<string, () => void>> = {
    arrowleft: () => actions.walk("left"),
    arrowright: () => actions.walk("right"),
    arrowup: () => actions.walk("up"),
    arrowdown: () => actions.walk("down"),
    enter: () => actions.pin(),
    " ": () => actions.pin(),
  };
  document.addEventListener("keydown", (event) => {
    // Another view is shown, which has keys of its own.
    if (stage.closest("[hidden]") !== null) return;
    // Shortcuts of the browser and of whatever takes text come first.
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { target } = event;
    if (target instanceof Element && target.matches("input, textarea, select, [contenteditable]")) return;
    const key = event.key.toLowerCase();
    const action = (target === stage ? here[key] : undefined) ?? anywhere[key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
