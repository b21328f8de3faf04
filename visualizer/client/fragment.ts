/** What the address says after its #: which view, and where in it. A link to the page is thereby a link into it. */

/** Browsers refuse to rewrite the address more often, and complain. */
const SETTLED = 300;

/** Null takes a name away. */
const waiting = new Map<string, string | null>();
let timer: ReturnType<typeof setTimeout> | null = null;

// Somebody has pasted a link: it counts, and not what the page was about to write. Loaded first, this hears of it first.
window.addEventListener("hashchange", () => waiting.clear());

/** Null if it does not say. */
export function fragment(name: string): string | null {
  const next = waiting.get(name);
  return next === undefined ? new URLSearchParams(location.hash.slice(1)).get(name) : next;
}

/** The number that it says; null if it says none. */
export function fragmentNumber(name: string): number | null {
  const text = fragment(name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Says this too from now on, or null for no longer, without a step in the browser's history. */
export function setFragment(name: string, value: string | null): void {
  waiting.set(name, value);
  if (timer !== null) clearTimeout(timer);
  timer = setTimeout(write, SETTLED);
}

function write(): void {
  const now = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of waiting) {
    if (value === null) now.delete(name);
    else now.set(name, value);
  }
  waiting.clear();
  history.replaceState(null, "", `#${now}`);
}
