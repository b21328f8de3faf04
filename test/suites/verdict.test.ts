/** What somebody sees whose suite fails. */

import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kvSuites, raftSuites, type Suite, suites } from "../../lab/suites/index.ts";
import { expectToPass } from "./verdict.ts";

/** The same suite, never content. */
function failing({ name, run }: Suite): Suite {
  return { name, run: (seed) => ({ ...run(seed), problems: ["it is Monday"] }) };
}

function failureOf(suite: Suite, directory: string): Promise<string> {
  return expectToPass(failing(suite), directory).then(
    () => "it passed",
    (error: Error) => error.message,
  );
}

test("names the one command that runs it again, and what the seed has drawn", async () => {
  const message = await failureOf(raftSuites[0]!, tmpdir());
  expect(message).toContain("it is Monday");
  expect(message).toContain(
    "InitialElection3A, seed 1 (PreVote on, CheckQuorum on): again: npx linlab suite InitialElection3A --seed 1",
  );
});

test("has left the history and the page of a KV suite, and names them", async () => {
  const directory = mkdtempSync(join(tmpdir(), "linlab-verdict-"));
  const message = await failureOf(kvSuites.find(({ name }) => name === "OnePartition4A")!, directory);
  for (const file of ["OnePartition4A-seed-1.html", "OnePartition4A-seed-1.history.ndjson"]) {
    expect(message).toContain(join(directory, file));
    expect(existsSync(join(directory, file))).toBe(true);
  }
});

test("sees nothing but the Go labs' line if it passes", async () => {
  await expectToPass(suites.find(({ name }) => name === "Counts")!);
});
