/** `--trace`: what is told, in whose column, within the width of the terminal. */

import { describe, expect, test } from "vitest";
import { tracePrinter } from "../../lab/cli/trace.ts";
import { defaultOptions, type Line, run, TOPICS } from "../../lab/run/index.ts";

/** The story of a run. */
function told(seed: number, servers = 5): readonly Line[] {
  const lines: Line[] = [];
  run(seed, { ...defaultOptions, servers, duration: 3_000_000 }, { narrate: (line) => lines.push(line) });
  return lines;
}

function printed(lines: readonly Line[], servers: number, terminal: number): readonly string[] {
  let text = "";
  const print = tracePrinter(servers, terminal, (part) => {
    text += part;
  });
  for (const line of lines) print(line);
  return text.trimEnd().split("\n");
}

describe("the story of a run", () => {
  test("has something to tell on every topic", () => {
    const topics = new Set([1, 2, 3, 4].flatMap((seed) => told(seed).map(({ topic }) => topic)));
    expect([...topics].sort()).toEqual([...TOPICS].sort());
  });

  test("says of snapshots who cuts, sends, gets, installs and begins with one", () => {
    const snap = Array.from({ length: 12 }, (_, i) => told(i + 1)).flatMap((lines) =>
      lines.flatMap(({ topic, text }) => (topic === "SNAP" ? [text] : [])),
    );
    for (const words of [
      /^cuts snapshot \d+$/,
      /^sends n\d snapshot \d+, from byte \d+: \d+/,
      /^installs snapshot \d+$/,
      /^has snapshot \d+$/,
      /^begins with snapshot \d+$/,
    ])
      expect(
        snap.some((text) => words.test(text)),
        String(words),
      ).toBe(true);
  });

  test("tells pre-votes from votes, and a dropped message by its kind", () => {
    const lines = told(1);
    expect(lines.some(({ text }) => /^asks n\d for a pre-vote, term/.test(text))).toBe(true);
    expect(lines.some(({ text }) => /^asks n\d for a vote, term/.test(text))).toBe(true);
    expect(lines.some(({ topic, text }) => topic === "DROP" && /^append entries/.test(text))).toBe(true);
  });
});

describe("the printed trace", () => {
  test.each([
    [5, 80],
    [5, 120],
    [3, 80],
    [9, 80],
    [1, 80],
  ])("of %i servers keeps within %i columns", (servers, terminal) => {
    const lines = printed(told(2, servers), servers, terminal);
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter((line) => line.length > terminal)).toEqual([]);
  });

  test("has a column for each server, and names servers where there is no room for columns", () => {
    const line: Line = { time: 1_234_567, topic: "LEAD", node: "n3", text: "becomes leader, term 2" };
    expect(printed([line], 5, 80)).toEqual([
      "        ms topic   n1          n2          n3          n4          n5",
      "  1234.567 LEAD                            becomes",
      "                                           leader,",
      "                                           term 2",
    ]);
    expect(printed([line], 9, 80)).toEqual([
      "        ms topic",
      "  1234.567 LEAD    n3 becomes leader, term 2",
    ]);
  });
});
