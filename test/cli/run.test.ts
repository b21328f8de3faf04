import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, kv, readHistory } from "porcupine-ts";
import { beforeAll, describe, expect, test } from "vitest";
import { linlab } from "./command.ts";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "linlab-cli-"));
});

describe("linlab run", () => {
  test("prints a line per phase, the verdict, what struck, four files and the replay command", async () => {
    const out = join(directory, "plain");
    const { code, stdout, stderr } = await linlab(["run", "--out", out]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout.match(/^ {2}\.\.\. Passed -- +\d+\.\d 5 +\d+ +\d+$/gm)).toHaveLength(3);
    expect(stdout).toContain("Linearizable.\nAll ");
    expect(stdout).toMatch(/^Faults: +partition \d+, crash \d+, pause \d+, loss \d+/m);
    expect(stdout).toMatch(/^Replay: +npx linlab run --seed 1$/m);
    expect(readdirSync(out).sort()).toEqual([
      "seed-1.history.ndjson",
      "seed-1.html",
      "seed-1.report.json",
      "seed-1.schedule.json",
    ]);
    expect(stdout).not.toContain("\u001b");
  });

  test("prints one JSON object whose files hold what it says", async () => {
    const out = join(directory, "json");
    const { code, stdout } = await linlab(["run", "--seed", "7", "--json", "--out", out]);
    const object = JSON.parse(stdout);
    expect(code).toBe(object.exitCode);
    for (const field of [
      "seed",
      "verdict",
      "digest",
      "operations",
      "rpcs",
      "bytes",
      "virtualSeconds",
      "wallSeconds",
    ]) {
      expect(object).toHaveProperty(field);
    }
    expect(object.seed).toBe(7);
    expect(Object.keys(object.faults).sort()).toEqual([
      "crash",
      "delay",
      "duplication",
      "loss",
      "partition",
      "pause",
      "reordering",
    ]);
    const { history } = readHistory(readFileSync(object.history, "utf8"), object.history);
    expect(history.filter((event) => event.kind === "invoke")).toHaveLength(object.operations);
    expect(check(kv, history as never).verdict).toBe(object.verdict);
    expect(JSON.parse(readFileSync(object.report, "utf8")).digest).toBe(object.digest);
    expect(readFileSync(object.page, "utf8")).toContain("<!doctype html>");
  });

  test("the replay command of a failure fails in the same way, and so does its schedule", async () => {
    const seeds = ["--seeds", "1..20", "--mutant", "noSessions", "--out", join(directory, "mutant")];
    const first = await linlab(["run", ...seeds, "--json"]);
    expect(first.code).toBe(1);
    const found = JSON.parse(first.stdout);
    expect(found.verdict).not.toBe("ok");
    const again = await linlab([
      ...found.replay.split(" ").slice(2),
      "--json",
      "--out",
      join(directory, "again"),
    ]);
    expect(again.code).toBe(1);
    const replayed = JSON.parse(again.stdout);
    expect(replayed.digest).toBe(found.runs.find((run: { seed: number }) => run.seed === found.seed).digest);

    const scheduled = await linlab([
      ...found.replay.split(" ").slice(2),
      ...["--schedule", found.schedule, "--json", "--out", join(directory, "scheduled")],
    ]);
    expect(JSON.parse(scheduled.stdout).digest).toBe(replayed.digest);
    expect(JSON.parse(scheduled.stdout).replay).toContain(`--schedule=${found.schedule}`);
  });

  test("a fault that was asked for and never struck is not green", async () => {
    const { code, stdout } = await linlab(["run", "--duration", "5ms", "--out", join(directory, "short")]);
    expect(stdout).toContain("was enabled but never struck");
    expect(code).toBe(3);
  });

  test("an exhausted checker is undecided, not green", async () => {
    const { code, stdout } = await linlab(["run", "--budget", "1", "--out", join(directory, "budget")]);
    expect(stdout).toContain("Undecided.");
    expect(code).toBe(3);
  });
});

describe("linlab check", () => {
  test("judges a recorded history and names the objects that are wrong", async () => {
    const out = join(directory, "check");
    const { stdout } = await linlab([
      "run",
      "--seed",
      "2",
      "--mutant",
      "anyReplicaReads",
      "--json",
      "--out",
      out,
    ]);
    const { history } = JSON.parse(stdout);
    const judged = await linlab(["check", history]);
    expect(judged.code).toBe(1);
    expect(judged.stdout).toMatch(/: illegal on k\d/);
  });

  test("refuses what is no operation of the model, with file and line, instead of judging it", async () => {
    const file = (...events: object[]): string => {
      const path = join(mkdtempSync(join(tmpdir(), "linlab-shape-")), "history.ndjson");
      const header = { format: "porcupine-ts-history", version: 1, model: "kv" };
      writeFileSync(path, [header, ...events].map((line) => JSON.stringify(line)).join("\n"));
      return path;
    };
    const invoke = (input: unknown) => ({ kind: "invoke", operation: 0, client: "c1", input, time: 0 });
    const response = (output: unknown) => ({ kind: "response", operation: 0, output, time: 1 });
    const get = { kind: "get", key: "x" };
    const value = { kind: "value", value: null };
    const cases: [string[], string][] = [
      [
        [file(invoke({ kind: "gte", key: "x" }))],
        "history.ndjson:2: the model kv expects an input of kind get, put",
      ],
      [[file(invoke(null))], "history.ndjson:2: the model kv expects an input of kind"],
      [[file(invoke({ kind: "put", key: "x" }))], ':2: the model kv expects put with "value": text'],
      [
        [file(invoke(get), response({ kind: "done" }))],
        ":3: the model kv expects get to be answered by value",
      ],
      [
        [file(invoke(get), response({ kind: "value" }))],
        ':3: the model kv expects value with "value": text or null',
      ],
      [
        ["--model", "register", file(invoke(get), response(value))],
        ":2: the model register expects an input",
      ],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await linlab(["check", ...args]);
      expect(stderr).toContain(message);
      expect(code).toBe(2);
    }
    // Nobody was told anything: there is nothing to judge.
    expect((await linlab(["check", file()])).code).toBe(3);
    expect((await linlab(["check", file(invoke(get), response(value))])).code).toBe(0);
  }, 120_000);

  test("with --json prints one object", async () => {
    const out = join(directory, "check-json");
    const { stdout } = await linlab(["run", "--json", "--out", out]);
    const judged = await linlab(["check", "--json", JSON.parse(stdout).history]);
    expect(judged.code).toBe(0);
    expect(JSON.parse(judged.stdout).files[0].verdict).toBe("ok");
  });
});

describe("bad input is one line on stderr and exit code 2", () => {
  const file = (name: string, content: string): string => {
    const path = join(mkdtempSync(join(tmpdir(), "linlab-bad-")), name);
    writeFileSync(path, content);
    return path;
  };
  const occupied = file("occupied", "a file where a directory should be");
  const torn = file(
    "torn.ndjson",
    '{"format":"porcupine-ts-history","version":1,"model":"kv"}\n{"kind":"inv',
  );
  const unscheduled = file("schedule.json", '{"format":"linlab-schedule","version":1,"faults":[{"at":-1}]}');
  const stranger = file(
    "stranger.json",
    '{"format":"linlab-schedule","version":1,"faults":[{"at":1,"until":2,"fault":{"kind":"crash","target":{"kind":"node","id":"n9"}}}]}',
  );

  test.concurrent.each<[string, string[], string]>([
    ["an unknown command", ["fly"], 'unknown command "fly"'],
    ["an unknown flag", ["run", "--fast"], "Unknown option '--fast'"],
    ["no servers", ["run", "--servers", "0"], "--servers 0: expected a whole number from 1 to 99"],
    ["a seed that is no number", ["run", "--seed", "abc"], "--seed abc: expected a whole number such as 42"],
    ["a backward range", ["run", "--seeds", "9..1"], "--seeds 9..1: the first seed is after the last"],
    [
      "two kinds of seeds",
      ["run", "--seed", "1", "--seeds", "1..2"],
      "--seed and --seeds exclude each other",
    ],
    ["no time at all", ["run", "--duration", "0s"], "--duration 0s: expected a time up to an hour"],
    ["an unknown mutant", ["run", "--mutant", "nobody"], "--mutant nobody: expected one of noUpToDateCheck"],
    ["an unknown workload", ["run", "--workload", "x"], "--workload x: expected one of mixed, appends"],
    ["an unknown way to read", ["run", "--reads", "x"], "--reads x: expected one of log, index"],
    ["a missing value", ["run", "--servers"], "--servers"],
    ["a directory that cannot be", ["run", "--out", join(occupied, "x")], "cannot write there"],
    ["a missing schedule", ["run", "--schedule", "/nowhere.json"], "cannot read /nowhere.json: no such file"],
    ["a malformed schedule", ["run", "--schedule", unscheduled], "faults[0].at: expected a whole number"],
    ["a schedule for another cluster", ["run", "--schedule", stranger], "the fault at 1 µs names n9"],
    ["no history", ["check"], "no history given"],
    ["a missing history", ["check", "/nowhere.ndjson"], "cannot read /nowhere.ndjson: no such file"],
    ["a torn history", ["check", torn], "torn.ndjson"],
  ])("%s", async (_name, args, message) => {
    const cwd = mkdtempSync(join(tmpdir(), "linlab-cwd-"));
    const { code, stdout, stderr } = await linlab(args, { cwd });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(/^linlab: /);
    expect(stdout).toBe("");
    expect(code).toBe(2);
    // Nothing half-written: at most the directory that was asked for, and nothing in it.
    const left = existsSync(join(cwd, "linlab-out")) ? readdirSync(join(cwd, "linlab-out")) : [];
    expect(left).toEqual([]);
  });
});
