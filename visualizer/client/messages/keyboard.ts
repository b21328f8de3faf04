/** The keys of the messages view: letters wherever the focus is while it is shown, arrows on the diagram. */

export interface MessageKeys {
  move(by: number): void;
  zoom(factor: number): void;
  walk(by: 1 | -1): void;
  letGo(): void;
}

export function listenToMessageKeys(panel: HTMLElement, stage: HTMLElement, keys: MessageKeys): void {
  const anywhere: Readonly<Record<string, () => void>> = {
    a: () => keys.move(-0.25),
    d: () => keys.move(0.25),
    w: () => keys.zoom(0.625),
    s: () => keys.zoom(1.6),
    escape: () => keys.letGo(),
  };
  const here: Readonly<Record<string, () => void>> = {
    arrowleft: () => keys.walk(-1),
    arrowright: () => keys.walk(1),
  };
  document.addEventListener("keydown", (event) => {
    if (panel.hidden || event.defaultPrevented) return;
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
