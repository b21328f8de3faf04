import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { closest } from "../../lab/cli/closeness.ts";
import { exitOfTrial } from "../../lab/cli/trial.ts";
import { kvSuites, suites } from "../../lab/suites/index.ts";
import { linlab } from "./command.ts";

interface Test {
  readonly name: string;
  readonly runs: number;
  readonly failures: readonly number[];
  readonly virtualSeconds: number;
  readonly wallSeconds: number;
}

async function testsOf(args: readonly string[]): Promise<readonly Test[]> {
  const { stdout, stderr } = await linlab(["suite", "--json", ...args]);
  expect(stderr).toBe("");
  return JSON.parse(stdout).tests;
}

describe("linlab suite", () => {
  test.each([
    ["ok", [], false, 0],
    ["a violation", ["two leaders"], false, 1],
    ["undecided, if no more is wrong than that the check came to no end", ["unknown"], true, 3],
  ])("exits as every command does: %s", (_, problems, undecided, code) => {
    expect(exitOfTrial({ problems, undecided })).toBe(code);
  });

  test("prints a line for each test, and what it comes to", async () => {
    const { code, stdout, stderr } = await linlab(["suite", "OnePartition4A", "Counts", "--seeds", "3"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^test +runs +failed +virtual s +wall ms$/);
    expect(lines[1]).toMatch(/^Counts +3 +0 +\d+\.\d +\d+$/);
    expect(lines[2]).toMatch(/^OnePartition4A +3 +0 +\d+\.\d +\d+$/);
    expect(stdout).toContain("\n6 runs, 0 failed\n");
    expect(stdout).not.toContain("\u001b");
  });

  test("a whole name means that test, a part of one all that have it, and nothing means all", async () => {
    expect((await testsOf(["onepartition4a"])).map(({ name }) => name)).toEqual(["OnePartition4A"]);
    expect((await testsOf(["SnapshotRPC", "SnapshotSize4B"])).map(({ name }) => name)).toEqual([
      "SnapshotRPC4B",
      "SnapshotSize4B",
      "SnapshotRPC4B (wild network)",
    ]);
    const all = await testsOf(["--workers", "2"]);
    expect(all.map(({ name }) => name)).toEqual(suites.map(({ name }) => name));
    expect(all.filter(({ failures }) => failures.length > 0)).toEqual([]);
    for (const { runs, virtualSeconds, wallSeconds } of all) {
      expect(runs).toBe(1);
      expect(Math.min(virtualSeconds, wallSeconds)).toBeGreaterThan(0);
    }
  });

  test("says the same over worker threads as without them, wherever it is started", async () => {
    const args = ["UnreliableOneKey4A", "--seeds", "2..5", "--mutant", "noSessions"];
    const cwd = mkdtempSync(join(tmpdir(), "linlab-suite-"));
    const alone = await linlab(["suite", ...args, "--workers", "1"], { cwd });
    const spread = await linlab(["suite", ...args, "--workers", "3"], { cwd });
    // What must differ is the wall time.
    const told = ({ code, stdout }: typeof alone) => [code, stdout.replace(/(\d+\.\d) +\d+/g, "$1")];
    expect(told(spread)).toEqual(told(alone));
    expect(alone.code).toBe(1);
  });

  test("a failure ends with the command that replays it", async () => {
    const name = "UnreliableOneKey4A (wild network)";
    const args = ["suite", name, "--seeds", "3", "--mutant", "noSessions"];
    const cwd = mkdtempSync(join(tmpdir(), "linlab-suite-"));
    const { code, stdout } = await linlab([...args, "--json"], { cwd });
    expect(code).toBe(1);
    const { tests, failures } = JSON.parse(stdout);
    expect(tests).toHaveLength(1);
    expect(tests[0]).toMatchObject({ name, runs: 3, failures: [1, 2, 3] });
    const { seed, variant, problems, files, replay } = failures[0];
    expect(replay).toBe(`npx linlab suite "${name}" --seed ${seed} --mutant noSessions`);

    const again = await linlab(["suite", name, "--seed", String(seed), "--mutant", "noSessions"], { cwd });
    expect(again.code).toBe(1);
    expect(again.stdout).toContain(
      `${name}, seed ${seed} (${variant}): ${problems.join("; ")}
  page: ${files.page}
  history: ${files.history}
  again: ${replay}
`,
    );
  });

  test("a KV test that fails leaves its history and its page", async () => {
    const out = mkdtempSync(join(tmpdir(), "linlab-suite-"));
    const args = ["suite", "UnreliableOneKey4A", "--mutant", "noSessions", "--out", out];
    const { code, stdout } = await linlab([...args, "--json"]);
    expect(code).toBe(1);
    const [{ files, unwritten }] = JSON.parse(stdout).failures;
    expect(unwritten).toBeNull();
    expect(files).toEqual({
      history: join(out, "UnreliableOneKey4A-seed-1.history.ndjson"),
      page: join(out, "UnreliableOneKey4A-seed-1.html"),
    });
    // The file is judged as the test judged its own history.
    const judged = await linlab(["check", files.history]);
    expect(judged.code).toBe(1);
    expect(judged.stdout).toContain("illegal on k");
    const page = readFileSync(files.page, "utf8");
    expect(page).toContain("Not linearizable");
    expect(page).toContain("npx linlab suite UnreliableOneKey4A --seed 1 --mutant noSessions");
  });

  test("a directory that cannot be written to does not take the failure away", async () => {
    const out = join(mkdtempSync(join(tmpdir(), "linlab-suite-")), "file");
    writeFileSync(out, "");
    const args = ["suite", "OnePartition4A", "--mutant", "anyReplicaReads", "--out", out];
    const { code, stdout } = await linlab(args);
    expect(code).toBe(1);
    expect(stdout).toContain(`  no files: --out ${out}: cannot write there: it is a file, not a directory\n`);
  });

  test("a test without a history leaves none, and says under which features of Raft it failed", async () => {
    const args = ["suite", "Rejoin3B", "--seeds", "30", "--mutant", "noUpToDateCheck", "--json"];
    const { code, stdout } = await linlab(args);
    expect(code).toBe(1);
    const { failures, tests } = JSON.parse(stdout);
    for (const { seed, variant, files } of failures) {
      expect(variant).toBe(seed % 2 === 1 ? "PreVote on, CheckQuorum on" : "PreVote off, CheckQuorum off");
      expect(files).toBeNull();
    }
    expect(tests[0]).toMatchObject({ servers: 3 });
    for (const figure of ["rpcs", "bytes", "commands"]) expect(tests[0][figure]).toBeGreaterThan(0);
  });

  test("the table names the seeds that failed", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "linlab-suite-"));
    const args = ["suite", "OnePartition4A", "--seeds", "12", "--mutant", "anyReplicaReads"];
    const { stdout } = await linlab(args, { cwd });
    expect(stdout).toMatch(/^OnePartition4A +12 +12 .* seed 1 2 3 4 5 6 7 8 9 10 and 2 more$/m);
  });

  test.each([
    ["a test that there is not", ["suite", "OnePartitoin4A"], "these come close: OnePartition4A"],
    ["an empty name", ["suite", ""], "no test is called"],
    ["no workers", ["suite", "--workers", "0"], "--workers 0: expected a whole number from 1 to 64"],
    ["no seeds", ["suite", "--seeds", "0"], "--seeds 0: expected a range such as 1..500"],
    ["no directory", ["suite", "--out", ""], "--out: expected a directory, found an empty value"],
    ["seeds and a seed", ["suite", "--seeds", "3", "--seed", "1"], "--seed and --seeds exclude each other"],
    ["a seed that is no number", ["suite", "--seed", "x"], "--seed x: expected a whole number"],
    [
      "a mutant that there is not",
      ["suite", "--mutant", "noBody"],
      "--mutant noBody: expected one of noUpToDateCheck",
    ],
    [
      "a mutant in a test without servers",
      ["suite", "Counts", "--mutant", "noSessions"],
      'no test is called "Counts"',
    ],
    ["an unknown flag", ["suite", "--fast"], "Unknown option '--fast'"],
  ])("refuses %s", async (_name, args, message) => {
    const { code, stdout, stderr } = await linlab(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});

describe("the close names of a mistake", () => {
  const names = kvSuites.map(({ name }) => name);

  test.each([
    ["Sped4A", "Speed4A"],
    ["snapshot rpc", "SnapshotRPC4B"],
    ["PersistentConcurrent4A", "PersistConcurrent4A"],
    ["OneParttion", "OnePartition4A"],
  ])("%s may mean %s", (wanted, expected) => {
    expect(closest(wanted, names, 2)).toContain(expected);
  });
});
