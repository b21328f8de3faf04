/** Which of some names somebody may have meant. */

/** The names that come closest to having `wanted` as a part, closest first, and of equally close ones the shortest. */
export function closest(wanted: string, names: readonly string[], count: number): readonly string[] {
  return names
    .map((name) => ({ name, mistakes: mistakesIn(wanted.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.mistakes - b.mistakes || a.name.length - b.name.length)
    .slice(0, count)
    .map(({ name }) => name);
}

/** How many letters of `part` must be changed, added or dropped until it is a part of `whole` (Sellers, 1980). */
function mistakesIn(part: string, whole: string): number {
  let row = Array.from({ length: whole.length + 1 }, () => 0);
  for (const [i, letter] of [...part].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...whole].entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return Math.min(...row);
}
