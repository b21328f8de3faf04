/** Walks through the attempt to order the core: one operation at a time, marked in the list and in the picture. */

import { button, element } from "../dom.ts";

/** Adds the buttons; does nothing on a page without an attempt. */
export function stepThroughOrder(): void {
  const list = document.getElementById("why-steps");
  if (list === null) return;
  const steps = [...list.querySelectorAll<HTMLElement>("li")];
  const told = element("span", "at");
  told.setAttribute("role", "status");
  let current = -1;
  const show = (next: number): void => {
    current = Math.min(steps.length - 1, Math.max(0, next));
    steps.forEach((step, i) => {
      step.classList.toggle("ahead", i > current);
      if (i === current) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    });
    const operation = steps[current]?.dataset.operation;
    for (const box of document.querySelectorAll<SVGElement>(".picture .operation"))
      box.classList.toggle("current", box.dataset.operation === operation);
    told.textContent = `${current + 1} of ${steps.length}`;
  };
  const buttons = element(
    "div",
    "why-buttons",
    button("Step back", () => show(current - 1)),
    // The first press begins; pressed at the end it begins again.
    button("Step", () => show(current === steps.length - 1 ? 0 : current + 1)),
    told,
  );
  list.before(buttons);
}
