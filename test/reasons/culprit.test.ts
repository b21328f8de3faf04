import { describe, expect, test } from "vitest";
import { defaultOptions, investigated, type Report, run } from "../../lab/run/index.ts";

/** Runs of which readers once took another server for the culprit. */
function reportOf(mutant: string, seed: number): Report {
  return investigated(run(seed, { ...defaultOptions, mutant })).report;
}

describe("the culprit", () => {
  test("is who gave the answer that the client took, not who gave one that was lost", () => {
    const { reason, consequences, answers } = reportOf("readWithoutQuorum", 20).why!;
    expect(reason).toMatchObject({ rule: "read-without-quorum", node: "n4", operation: 71, at: 4947974 });
    expect(reason!.words).toContain("n4, leader of term 6, answered get k1");
    expect(reason!.words).toContain("n1 led term 7, so n4 was deposed");
    expect(consequences.filter(({ operation }) => operation === 71)).toEqual([]);
    const taken = answers.filter(({ operation, isTaken }) => operation === 71 && isTaken);
    expect(taken.map(({ server, at }) => ({ server, at }))).toEqual([{ server: "n4", at: 4947974 }]);
  });

  test("is who read from before an acknowledged write, though another read is the impossible one", () => {
    const { reason, consequences } = reportOf("anyReplicaReads", 5).why!;
    expect(reason).toMatchObject({ rule: "read-by-follower", node: "n1", operation: 36 });
    expect(reason!.words).toBe(
      `n1, a follower in term 2, answered get k1 from entry 27; entry 28, c5's append k1 "c5.3;", acknowledged 27.9 ms before c2 asked, was not in it`,
    );
    expect(consequences[0]).toMatchObject({ rule: "read-without-quorum", node: "n4", operation: 37 });
  });

  test("of what was applied twice, both times and both requests are known", () => {
    const { reason, messages, answers } = reportOf("noSessions", 4).why!;
    expect(reason).toMatchObject({ rule: "applied-twice", node: "n1", entries: [5, 30] });
    expect(reason!.earlier).toEqual({ node: "n1", at: 392375 });
    const requests = messages.filter(({ kind, operation }) => kind === "request" && operation === 2);
    expect(requests.flatMap(({ entry, to }) => (entry === undefined ? [] : [{ entry, to }]))).toEqual([
      { entry: 5, to: "n1" },
      { entry: 30, to: "n1" },
    ]);
    const taken = answers.filter(({ isTaken }) => isTaken);
    expect(taken.map(({ operation, at }) => [operation, at])).toEqual([
      [2, 2186132],
      [25, 3197962],
    ]);
  });

  test("of a broken durability law is the server whose disk ends too early", () => {
    const { reason, ending } = reportOf("ackBeforeFsync", 2).why!;
    expect(reason).toMatchObject({ rule: "acknowledged-before-disk", node: "n3", entries: [1] });
    expect(ending.find(({ id }) => id === "n3")).toMatchObject({ lastIndex: 1, onDisk: 0 });
  });
});
