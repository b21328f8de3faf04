/** Labels that do not cover one another: each looks for a free place near what it names, and stays away if there is none. */

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Of the font that the style gives them; a little too wide is better than too narrow. */
const CHARACTER = 6.3;
const HEIGHT = 13;
/** Where along an arrow: as near to its middle as is free. */
const PARTS = [0.5, 0.38, 0.62, 0.26, 0.74];

export class Labels {
  private readonly taken: Box[] = [];

  /** A place, where the text begins on its baseline, beside a line; null if all are taken. */
  along(
    { x1, y1, x2, y2 }: { x1: number; y1: number; x2: number; y2: number },
    text: string,
    { right }: { readonly right: number },
  ): Point | null {
    for (const part of PARTS) {
      const place = { x: x1 + (x2 - x1) * part + 4, y: y1 + (y2 - y1) * part + 4 };
      if (this.take(place, text, right)) return place;
    }
    return null;
  }

  /** Takes a place around this point, whoever has it: for what must be there. */
  centre({ x, y }: Point, text: string): void {
    const half = (text.length * CHARACTER) / 2;
    this.taken.push({ left: x - half, right: x + half, top: y - HEIGHT + 3, bottom: y + 3 });
  }

  /** Takes this very place; returns false if it is not free. */
  take({ x, y }: Point, text: string, right: number): boolean {
    const box = { left: x - 2, right: x + text.length * CHARACTER + 2, top: y - HEIGHT + 3, bottom: y + 3 };
    if (box.right > right + 12) return false;
    if (this.taken.some((other) => overlap(box, other))) return false;
    this.taken.push(box);
    return true;
  }
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
