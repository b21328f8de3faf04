/** The keys of the cluster view: they work while it is shown, wherever the focus is. */

import type { LandmarkKind } from "../../cluster/landmark.ts";

export interface ClusterKeys {
  step(steps: number): void;
  first(): void;
  last(): void;
  play(): void;
  jump(kind: LandmarkKind, direction: 1 | -1): void;
}

/** With Shift. */
const STRIDE = 25;

const JUMPS: Readonly<Record<string, LandmarkKind>> = { e: "election", c: "crash", v: "violation" };

export function listenToClusterKeys(panel: HTMLElement, keys: ClusterKeys): void {
  document.addEventListener("keydown", (event) => {
    if (panel.hidden || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const action = actionFor(event, keys);
    if (action === null) return;
    event.preventDefault();
    action();
  });
}

function actionFor(event: KeyboardEvent, keys: ClusterKeys): (() => void) | null {
  const { target, shiftKey } = event;
  const within = (selector: string) => target instanceof Element && target.matches(selector);
  if (within("select, textarea, input:not([type=range]), [contenteditable]")) return null;
  const stride = shiftKey ? STRIDE : 1;
  // Tabs and what scrolls sideways have arrow keys of their own.
  const taken = within("[role=tab], .scroll");
  switch (event.key) {
    case "ArrowLeft":
      return taken ? null : () => keys.step(-stride);
    case "ArrowRight":
      return taken ? null : () => keys.step(stride);
    case "Home":
      return taken ? null : () => keys.first();
    case "End":
      return taken ? null : () => keys.last();
    case " ":
      // On a button it presses that.
      return within("button") ? null : () => keys.play();
    default: {
      const kind = JUMPS[event.key.toLowerCase()];
      return kind === undefined ? null : () => keys.jump(kind, shiftKey ? -1 : 1);
    }
  }
}
