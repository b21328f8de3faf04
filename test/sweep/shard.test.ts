import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shardFrom } from "../../lab/cli/sweep/shard.ts";
import { seedsOfShard, WHOLE } from "../../lab/sweep/index.ts";

describe("shards", () => {
  test("are stretches in order that together are all seeds, and differ by one seed at most", () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 5000 }), fc.nat(200), (from, size, more) => {
        const count = 1 + (more % size);
        const to = from + size - 1;
        const parts = Array.from({ length: count }, (_, i) =>
          seedsOfShard([from, to], { index: i + 1, count }),
        );
        expect(parts[0]![0]).toBe(from);
        expect(parts.at(-1)![1]).toBe(to);
        for (let i = 1; i < count; i++) expect(parts[i]![0]).toBe(parts[i - 1]![1] + 1);
        const sizes = parts.map(([first, last]) => last - first + 1);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
      }),
    );
  });

  test.each<[string, string | undefined, Record<string, string>, [number, number]]>([
    ["nothing said", undefined, {}, [1, 1]],
    ["the flag", "2/4", {}, [2, 4]],
    [
      "the flag before the environment",
      "2/4",
      { JOB_COMPLETION_INDEX: "0", CI_NODE_INDEX: "3", CI_NODE_TOTAL: "3" },
      [2, 4],
    ],
    ["Kubernetes, which counts from 0, and a flag for the count", "4", { JOB_COMPLETION_INDEX: "0" }, [1, 4]],
    ["Kubernetes and LINLAB_SHARDS", undefined, { JOB_COMPLETION_INDEX: "3", LINLAB_SHARDS: "4" }, [4, 4]],
    ["GitLab, which counts from 1", undefined, { CI_NODE_INDEX: "1", CI_NODE_TOTAL: "3" }, [1, 3]],
    ["GitLab without parallel jobs", undefined, { CI_NODE_TOTAL: "1" }, [1, 1]],
    ["a flag for the count before GitLab's", "2", { CI_NODE_INDEX: "1", CI_NODE_TOTAL: "3" }, [1, 2]],
  ])("are read from the flag and the environment: %s", (_name, flag, environment, [index, count]) => {
    expect(shardFrom(flag, environment)).toEqual({ index, count });
    expect(WHOLE).toEqual({ index: 1, count: 1 });
  });

  test.each<[string, string | undefined, Record<string, string>, string]>([
    ["no shard at all", "x", {}, "--shard x: expected one of so many such as 2/4"],
    ["counting from 0", "0/4", {}, "--shard 0/4: there is no shard 0 of 4: they are 1/4 ... 4/4"],
    ["one too far", "5/4", {}, "there is no shard 5 of 4"],
    ["a count and nobody to say which", "4", {}, "--shard 4: which one of them? Give --shard 1/4"],
    [
      "an environment's count alone",
      undefined,
      { LINLAB_SHARDS: "4" },
      "LINLAB_SHARDS=4: which one of them?",
    ],
    [
      "which, and not of how many",
      undefined,
      { JOB_COMPLETION_INDEX: "2" },
      "JOB_COMPLETION_INDEX=2: of how many shards?",
    ],
    [
      "which, beyond how many",
      "2",
      { JOB_COMPLETION_INDEX: "2" },
      "JOB_COMPLETION_INDEX=2: there is no shard 3 of 2",
    ],
    [
      "a CI that counts from 0",
      undefined,
      { CI_NODE_INDEX: "0", CI_NODE_TOTAL: "2" },
      "CI_NODE_INDEX=0: there is no shard 0 of 2",
    ],
    [
      "words",
      undefined,
      { CI_NODE_INDEX: "one", CI_NODE_TOTAL: "2" },
      "CI_NODE_INDEX=one: expected a whole number",
    ],
  ])("are refused: %s", (_name, flag, environment, message) => {
    expect(() => shardFrom(flag, environment)).toThrow(message);
  });
});
