/** Figure 3 of the paper, of the specification itself. */

import { describe, expect, test } from "vitest";
import type { ServerState } from "../../lab/spec/state.ts";
import { Random } from "../../src/base/index.ts";
import { Walk } from "./walk.ts";

const WALKS = 100;
const STEPS = 15000;

describe(`in ${WALKS} random walks through the specification`, () => {
  let elections = 0;
  let committed = 0;
  let inherited = 0;

  test("there is one leader in a term, who has all that was committed, and nobody commits anything else", () => {
    for (let seed = 1; seed <= WALKS; seed++) {
      const walk = new Walk(new Random(seed).fork("walk"));
      const leaders = new Map<number, string>();
      /** By index: the term of the server that committed it first. */
      const committedIn: number[] = [];
      for (let i = 0; i < STEPS; i++) {
        const s = walk.step();
        if (s.role === "leader" && leaders.get(s.currentTerm) !== s.id) {
          expect(leaders.has(s.currentTerm), `walk ${seed}: two leaders in term ${s.currentTerm}`).toBe(
            false,
          );
          leaders.set(s.currentTerm, s.id);
          expectComplete(s, committedIn, `walk ${seed}, step ${i}`);
        }
        expectAgreed(s, `walk ${seed}, step ${i}`);
        for (let index = committedIn.length; index < s.history.committed.length; index++) {
          committedIn.push(s.currentTerm);
          if (s.history.committed[index]!.term < s.currentTerm) inherited++;
        }
      }
      elections += leaders.size;
      committed += committedIn.length;
    }
  });

  test("servers were elected and entries committed, also those of earlier terms", () => {
    expect(elections / WALKS).toBeGreaterThan(5);
    expect(committed / WALKS).toBeGreaterThan(5);
    expect(inherited).toBeGreaterThan(100);
  });
});

function expectComplete(s: ServerState, committedIn: readonly number[], where: string): void {
  const lacking = s.history.committed.findIndex(
    (entry, i) => committedIn[i]! < s.currentTerm && s.log[i] !== entry,
  );
  expect(lacking, `${where}: a leader lacks a committed entry`).toBe(-1);
}

function expectAgreed(s: ServerState, where: string): void {
  for (let i = 0; i < s.commitIndex; i++) {
    if (s.log[i] !== s.history.committed[i])
      throw new Error(`${where}: ${s.id} commits another entry ${i + 1}`);
  }
}
