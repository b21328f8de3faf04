import { describe, expect, test } from "vitest";
import type { Film, Flight } from "../../visualizer/cluster/film.ts";
import { kindOf, MESSAGE_KINDS, type MessageKind } from "../../visualizer/cluster/kind.ts";
import { arrowAt, layOutMessages } from "../../visualizer/messages/diagram.ts";
import { moved, stretchAround, zoomed } from "../../visualizer/messages/stretch.ts";
import { svgText } from "../../visualizer/shape.ts";
import { footage } from "./footage.ts";

const ALL: ReadonlySet<MessageKind> = new Set(MESSAGE_KINDS);
const wrong = [
  { at: 6_500, label: "get x fits nowhere" },
  { at: 14_900, label: "election safety broken" },
];
const WHOLE = { from: 0, until: 16_000 };

function diagram(kinds: ReadonlySet<MessageKind> = ALL, stretch = WHOLE, film: Film = footage) {
  return layOutMessages(film, { stretch, width: 900, kinds, wrong });
}

function without(kind: MessageKind): ReadonlySet<MessageKind> {
  return new Set(MESSAGE_KINDS.filter((each) => each !== kind));
}

describe("a Lamport diagram", () => {
  test("of an election with everything that can befall a message", async () => {
    await expect(svgText(diagram(), "Messages of an election")).toMatchFileSnapshot(
      "golden/messages-election.svg",
    );
  });

  test("of a stretch in the middle: what crosses its edges ends at them, without a tip outside", async () => {
    const stretch = { from: 3_500, until: 7_000 };
    await expect(svgText(diagram(ALL, stretch), "Part of an election")).toMatchFileSnapshot(
      "golden/messages-clipped.svg",
    );
  });

  test("draws nothing outside of its width", () => {
    for (const from of [0, 1_500, 3_900, 8_500]) {
      const { shapes, width } = diagram(ALL, { from, until: from + 2_000 });
      for (const { tag, name, place } of shapes) {
        if (tag === "path") {
          for (const [, x] of String(place.d).matchAll(/[ML](-?[\d.]+) /g)) {
            expect(Number(x), `${name} ${place.d}`).toBeGreaterThanOrEqual(36);
            expect(Number(x), `${name} ${place.d}`).toBeLessThanOrEqual(width);
          }
        }
      }
    }
  });

  test.each(MESSAGE_KINDS)("without %s has no arrow of them, and all others", (kind) => {
    const arrows = diagram(without(kind)).arrows.map(({ flight }) => flight);
    expect(arrows).toEqual(footage.flights.filter((flight) => kindOf(flight) !== kind));
  });

  test("has rows for clients only where their messages are shown", () => {
    const names = (kinds: ReadonlySet<MessageKind>) =>
      diagram(kinds).shapes.flatMap(({ name, text }) => (name === "name" ? [text] : []));
    expect(names(ALL)).toEqual(["n1", "n2", "n3", "c1"]);
    expect(names(without("clients"))).toEqual(["n1", "n2", "n3"]);
  });

  test("ends in a cross where a message did not arrive, and short of its receiver", () => {
    const { arrows, shapes } = diagram();
    const stopped = shapes.filter(({ name }) => name.startsWith("arrow") && name.includes("stopped"));
    expect(stopped.map(({ item }) => arrows[item!]!.flight.fate)).toEqual(["lost", "blocked", "missed"]);
    const [n1, n3] = [arrows[0]!.y1, arrows[0]!.y1 + 2 * (arrows[0]!.y2 - arrows[0]!.y1)];
    for (const { item, place } of stopped) {
      expect(String(place.d).match(/M/g)).toHaveLength(3);
      expect(arrows[item!]!.y2).toBeGreaterThan(n1);
      expect(arrows[item!]!.y2).toBeLessThan(n3);
    }
  });

  test("of thousands of messages has at most 600 elements and says how many are left out", () => {
    const many: Flight[] = Array.from({ length: 3_000 }, (_, i) => ({
      ...footage.flights[i % 3]!,
      sentAt: i * 5,
      endedAt: i * 5 + 900,
    }));
    const { shapes, arrows, left } = diagram(ALL, WHOLE, { ...footage, flights: many });
    expect(shapes.length).toBeLessThanOrEqual(600);
    expect(arrows.length + left).toBe(3_000);
    expect(arrows.length).toBeGreaterThan(100);
    // The middle of the stretch is what it is about.
    expect(arrows[0]!.flight.sentAt).toBeGreaterThan(4_000);
    expect(arrows.at(-1)!.flight.sentAt).toBeLessThan(12_000);
  });

  test("has labels that do not cover one another", () => {
    const boxes = diagram()
      .shapes.filter(({ name }) => name.startsWith("word") || name.startsWith("state"))
      .map(({ place, text }) => ({ x: Number(place.x), y: Number(place.y), width: text!.length * 6 }));
    expect(boxes.length).toBeGreaterThan(6);
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || Math.abs(a.y - b.y) >= 12;
        expect(apart, JSON.stringify([a, b])).toBe(true);
      }
    });
  });

  test("finds the arrow under the pointer, and none where none is near", () => {
    const made = diagram();
    made.arrows.forEach(({ x1, y1, x2, y2, flight }, i) => {
      const found = arrowAt(made, x1 + (x2 - x1) * 0.9, y1 + (y2 - y1) * 0.9, 5);
      // Copies and originals begin alike; near their ends they are told apart.
      expect(made.arrows[found!]!.flight, `arrow ${i}`).toBe(flight);
    });
    expect(arrowAt(made, 890, 5, 9)).toBeNull();
  });
});

describe("a stretch of time", () => {
  test("around an instant holds that instant, and more of what was before it than after", () => {
    const { from, until } = stretchAround(footage, 7_000, ALL, 4);
    expect(from).toBeLessThan(5_000);
    expect(until).toBeGreaterThan(7_000);
    expect(7_000 - from).toBeGreaterThan(until - 7_000);
  });

  test("is never empty, even in a run without a message", () => {
    const { from, until } = stretchAround({ flights: [] }, 7_000, ALL, 40);
    expect(from).toBeLessThan(7_000);
    expect(until).toBeGreaterThan(7_000);
  });

  test("moves by its own length and zooms around its middle, within limits", () => {
    expect(moved({ from: 1_000, until: 3_000 }, 0.5)).toEqual({ from: 2_000, until: 4_000 });
    expect(zoomed({ from: 1_000, until: 3_000 }, 0.5)).toEqual({ from: 1_500, until: 2_500 });
    expect(zoomed({ from: 1_000, until: 1_400 }, 0.1)).toEqual({ from: 1_000, until: 1_400 });
  });
});
