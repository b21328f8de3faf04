import { expect, test } from "vitest";
import { States } from "../../lab/oracles/states.ts";
import type { Raft } from "../../src/raft/index.ts";

function seen(...snapshots: readonly [id: string, index: number, bytes: readonly number[]][]): string[] {
  const told: string[] = [];
  const states = new States((name, message, nodes) => told.push(`${name}: ${message} (${nodes.join(" ")})`));
  for (const [id, index, bytes] of snapshots) {
    const snapshot = { index, term: 1, data: Uint8Array.from(bytes) };
    states.snapshotTaken(id, { snapshot } as Raft);
  }
  return told;
}

test("snapshots up to one index hold the same bytes", () => {
  expect(seen(["n1", 7, [1, 2]], ["n2", 7, [1, 2]], ["n2", 9, [5]])).toEqual([]);
});

test.each([[[1, 3]], [[1]], [[1, 2, 0]]])(
  "and where one holds %j instead, both servers are named",
  (bytes) => {
    expect(seen(["n1", 7, [1, 2]], ["n3", 7, bytes])).toEqual([
      "state agreement: n1 and n3 have different states after entry 7 (n1 n3)",
    ]);
  },
);
