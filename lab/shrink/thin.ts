/**
 * Takes out of a list whatever can go: all of it, halves, quarters, down to single items (Zeller and Hildebrandt's
 * ddmin, IEEE TSE 2002, without the complements that reduce to the same). The last come first: they have the fewest
 * consequences.
 */

/**
 * `isEnough` tells of a shorter list whether it will do, and keeps it if so. Pieces smaller than one `grain`th of the
 * list are not looked at. Returns the shortest list that did.
 */
export function thin<T>(
  items: readonly T[],
  isEnough: (items: readonly T[]) => boolean,
  grain: number = Number.POSITIVE_INFINITY,
): readonly T[] {
  const least = Math.max(1, Math.floor(items.length / grain));
  if (items.length === 0 || isEnough([])) return [];
  let left = items;
  for (let size = Math.ceil(left.length / 2); ; size = Math.ceil(size / 2)) {
    for (let end = left.length; end > 0; end -= size) {
      const shorter = [...left.slice(0, Math.max(0, end - size)), ...left.slice(end)];
      if (shorter.length > 0 && isEnough(shorter)) left = shorter;
    }
    if (size <= least) return left;
  }
}
