import { spawn } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { progressText } from "../../lab/cli/progress.ts";
import { parseSweepFlags } from "../../lab/cli/sweep/flags.ts";
import { mergeCommand } from "../../lab/cli/sweep/merge.ts";
import { run } from "../../lab/run/index.ts";
import { swarmOptions, WHOLE } from "../../lab/sweep/index.ts";
import { InputError } from "../../src/base/index.ts";
import { ROOT } from "../source.ts";
import { linlab } from "./command.ts";

const fresh = () => mkdtempSync(join(tmpdir(), "linlab-sweep-"));

/** For tests that ask what is run, not what it comes to: in so short a run, now and then nothing is acknowledged. */
const QUICK = ["--duration", "600ms"];

const linesIn = (file: string) => readFileSync(file, "utf8").split("\n").slice(0, -1);
const seedsIn = (file: string): number[] =>
  linesIn(file)
    .slice(1)
    .map((line) => JSON.parse(line).seed);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const numerically = (a: number, b: number) => a - b;

describe("linlab sweep", () => {
  test("runs every seed once, says what it came to, and keeps a line for each", async () => {
    const out = fresh();
    const { code, stdout, stderr } = await linlab([
      "sweep",
      "--seeds",
      "11..40",
      "--recheck",
      "10",
      "--out",
      out,
    ]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Sweep: seeds 11\.\.40 \.\.\.\n {2}\.\.\. Passed -- 30 runs, 30 ok\n/);
    expect(stdout).toMatch(
      /^30 runs in \d+\.\d s: \d+\.\d seeds\/s on \d+ workers?, \d+\.\d per CPU-second$/m,
    );
    expect(stdout).toMatch(/^Faults: +partition \d+, crash \d+/m);
    expect(stdout).toMatch(/^Rechecked: 3 seeds ran twice, and came out the same$/m);
    expect(stdout).not.toContain("\u001b");
    expect(readdirSync(out)).toEqual(["sweep.ndjson"]);

    const [first, ...rest] = linesIn(join(out, "sweep.ndjson")).map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      format: "linlab-sweep-results",
      version: 1,
      seeds: [11, 40],
      recheck: 10,
      given: {},
    });
    expect(rest.map(({ seed }) => seed).sort(numerically)).toEqual(range(11, 40));
    const { report } = run(23, swarmOptions(23));
    const line = rest.find(({ seed }) => seed === 23);
    expect(line).toMatchObject({
      outcome: "ok",
      digest: report.digest,
      faults: report.faults,
      replay: report.replay,
    });
    const reached = Object.entries(report.marks).filter(([, count]) => count > 0);
    expect(line.marks.map((number: number) => first.marks[number])).toEqual(reached.map(([mark]) => mark));
  });

  test("prints one JSON object, the same on one thread as on three but for the time it took", async () => {
    const args = ["sweep", "--seeds", "1..40", "--json", ...QUICK, "--out"];
    const [alone, spread] = [fresh(), fresh()];
    const one = JSON.parse((await linlab([...args, alone, "--workers", "1"])).stdout);
    const three = JSON.parse((await linlab([...args, spread, "--workers", "3"])).stdout);
    expect(one.process).toMatchObject({ runs: 40, workers: 1 });
    expect(one).toMatchObject({ format: "linlab-sweep", done: 40, size: 40, goOn: null });
    expect({ ...three, process: null, results: null }).toEqual({ ...one, process: null, results: null });
    expect(linesIn(join(spread, "sweep.ndjson")).sort()).toEqual(linesIn(join(alone, "sweep.ndjson")).sort());
  });

  test("of a mutant exits 1, and every failure ends with the command that shows it again", async () => {
    const args = ["--seeds", "1..30", "--mutant", "noSessions", "--json", "--out"];
    const { code, stdout } = await linlab(["sweep", ...args, fresh()]);
    expect(code).toBe(1);
    const { failures, failureFiles, exitCode, outcomes } = JSON.parse(stdout);
    expect(exitCode).toBe(1);
    expect(Object.keys(failureFiles).map(Number)).toEqual(
      failures.slice(0, 20).map((each: { seed: number }) => each.seed),
    );
    expect(failures.length).toBe(30 - outcomes.ok);
    const [{ seed, outcome, oracle, replay }] = failures;
    expect(oracle).not.toBe("");
    expect(replay).toMatch(new RegExp(`^npx linlab run --seed ${seed} .*--mutant noSessions$`));
    const again = await linlab([...replay.split(" ").slice(2), "--json", "--out", fresh()]);
    expect(again.code).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({ seed, verdict: outcome });
    const replayed = await linlab(["replay", failureFiles[seed], "--json"]);
    expect(replayed.code).toBe(1);
    expect(JSON.parse(replayed.stdout).digest).toBe(JSON.parse(again.stdout).digest);
  });

  test("names the failing seed to people, too", async () => {
    const { code, stdout } = await linlab([
      "sweep",
      "--seeds",
      "1..10",
      "--mutant",
      "voteTwice",
      "--out",
      fresh(),
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}\.\.\. Not passed -- 10 runs, (\d ok, )?\d+ invariant/m);
    const [, seed] = /^Seed (\d+): invariant \(one vote per term\)$/m.exec(stdout)!;
    expect(stdout).toMatch(new RegExp(`^Replay: +npx linlab run --seed ${seed} .*--mutant voteTwice$`, "m"));
    expect(stdout).toMatch(new RegExp(`^Shrink: +npx linlab shrink .*seed-${seed}.failure.json$`, "m"));
  });

  test("stops at the first violation if it is asked to, and knows it when it is asked again", async () => {
    const out = fresh();
    const args = [
      "sweep",
      "--seeds",
      "1..5000",
      "--mutant",
      "voteTwice",
      "--until-failure",
      "--json",
      "--out",
      out,
    ];
    const { code, stdout } = await linlab([...args, "--workers", "2"]);
    expect(code).toBe(1);
    const first = JSON.parse(stdout);
    expect(first.failures.length).toBeGreaterThan(0);
    // Two workers were at it, each with one task.
    expect(first.done).toBeLessThanOrEqual(50);
    expect(first.goOn).toContain("npx linlab sweep --seeds 1..5000 ");
    const second = JSON.parse((await linlab(args)).stdout);
    expect(second).toEqual({ ...first, process: { ...second.process, runs: 0 } });
  });

  test("stops when its time is over, and the same command goes on", async () => {
    const out = fresh();
    const args = ["sweep", "--seeds", "1..100000", "--time", "1s", "--json", "--out", out];
    const done: number[] = [];
    for (let i = 0; i < 2; i++) {
      const { code, stdout } = await linlab(args);
      expect(code).toBe(0);
      done.push(JSON.parse(stdout).done);
    }
    expect(done[0]).toBeGreaterThan(0);
    expect(done[1]).toBeGreaterThan(done[0]!);
    expect(done[1]).toBeLessThan(100_000);
    expect(seedsIn(join(out, "sweep.ndjson")).sort(numerically)).toEqual(
      [...new Set(seedsIn(join(out, "sweep.ndjson")))].sort(numerically),
    );
  });

  test("in which an enabled class cannot strike, or the checker gives up, is undecided", async () => {
    const short = await linlab(["sweep", "--seeds", "1..20", "--duration", "2ms", "--out", fresh()]);
    expect(short.code).toBe(3);
    expect(short.stdout).toMatch(/^Undecided: .*was enabled but never struck/m);
    const budget = await linlab(["sweep", "--seeds", "1..9", "--budget", "1", ...QUICK, "--out", fresh()]);
    expect(budget.code).toBe(3);
    expect(budget.stdout).toMatch(/^Replay: +npx linlab run .*--budget 1$/m);
  });
});

describe("a sweep that is killed", () => {
  const SEEDS = ["--seeds", "1..400", "--recheck", "20", ...QUICK];

  /** Starts a sweep, kills it with no warning once its file has so many lines, and waits for its end. */
  function killed(out: string, lines: number): Promise<void> {
    const file = join(out, "sweep.ndjson");
    const command = [join(ROOT, "lab/cli/linlab.mjs"), "sweep", ...SEEDS, "--workers", "2", "--out", out];
    const child = spawn(process.execPath, command, { stdio: "ignore" });
    const watch = setInterval(() => {
      if (existsSync(file) && linesIn(file).length >= lines) child.kill("SIGKILL");
    }, 5);
    return new Promise((resolve, reject) => {
      child.on("exit", (code, signal) => {
        clearInterval(watch);
        if (signal === "SIGKILL") resolve();
        else reject(new Error(`it ended with ${code} before it could be killed`));
      });
    });
  }

  test("loses nothing and runs nothing twice, however often that happens", async () => {
    const [out, whole] = [fresh(), fresh()];
    const file = join(out, "sweep.ndjson");
    await killed(out, 1);
    await killed(out, 60);
    const before = seedsIn(file);
    expect(before.length).toBeGreaterThanOrEqual(59);
    await killed(out, before.length + 100);
    expect(seedsIn(file).slice(0, before.length)).toEqual(before);

    const { stdout } = await linlab(["sweep", ...SEEDS, "--json", "--out", out]);
    expect(JSON.parse(stdout).process.runs).toBeLessThan(400 - 159);
    expect(seedsIn(file).sort(numerically)).toEqual(range(1, 400));
    const uninterrupted = await linlab(["sweep", ...SEEDS, "--json", "--out", whole]);
    expect(linesIn(file).sort()).toEqual(linesIn(join(whole, "sweep.ndjson")).sort());
    expect(JSON.parse(stdout).digest).toBe(JSON.parse(uninterrupted.stdout).digest);
  }, 120_000);
});

describe("a results file that is there already", () => {
  test("of another sweep is refused, stays as it is, and is dropped with --fresh", async () => {
    const out = fresh();
    const file = join(out, "sweep.ndjson");
    await linlab(["sweep", "--seeds", "1..12", ...QUICK, "--out", out]);
    const before = readFileSync(file, "utf8");
    const other = ["sweep", "--seeds", "1..13", ...QUICK, "--out", out];
    const { code, stdout, stderr } = await linlab(other);
    expect(stderr).toBe(
      `linlab: ${file}:1: the results of another sweep, with seeds 1..12, not 1..13: give --out another directory, or --fresh to begin anew\n`,
    );
    expect(stdout).toBe("");
    expect(code).toBe(2);
    expect(readFileSync(file, "utf8")).toBe(before);
    const { process } = JSON.parse((await linlab([...other, "--fresh", "--json"])).stdout);
    expect(process.runs).toBe(13);
    expect(seedsIn(file).sort(numerically)).toEqual(range(1, 13));
  });

  test("has one writer: a sweep that finds another's lines in it stops", async () => {
    const out = fresh();
    const file = join(out, "sweep.ndjson");
    const ended = linlab(["sweep", "--seeds", "1..100000", "--workers", "2", "--out", out, "--time", "50s"]);
    while (!existsSync(file) || linesIn(file).length < 10)
      await new Promise((resolve) => setTimeout(resolve, 5));
    appendFileSync(file, "me too\n");
    const { code, stderr } = await ended;
    expect(stderr).toContain("sweep.ndjson: another process writes to it");
    expect(code).toBe(2);
  });
});

describe("linlab merge", () => {
  const ARGS = ["sweep", "--seeds", "101..140", "--servers", "3"];
  let shards: string;

  beforeAll(async () => {
    shards = fresh();
    // As a cluster, CI and a person would say it.
    await linlab([...ARGS, "--shard", "3", "--out", shards], { env: { JOB_COMPLETION_INDEX: "0" } });
    await linlab([...ARGS, "--out", shards], { env: { CI_NODE_INDEX: "2", CI_NODE_TOTAL: "3" } });
    await linlab([...ARGS, "--shard", "3/3", "--out", shards]);
  }, 60_000);

  /** Copies of the shards' files, each in a directory of its own. */
  function copies(): string[] {
    return [1, 2, 3].map((index) => {
      const out = fresh();
      copyFileSync(join(shards, `sweep-${index}of3.ndjson`), join(out, `sweep-${index}of3.ndjson`));
      return out;
    });
  }

  test("proves that the shards ran every seed exactly once, and comes to what one sweep comes to", async () => {
    const { code, stdout } = await linlab(["merge", shards]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Merge: seeds 101\.\.140 in 3 shards, from 3 files \.\.\.\n {2}\.\.\. Passed -- 40 runs, 40 ok\nEvery seed was run exactly once\.\n/,
    );
    const merged = JSON.parse((await linlab(["merge", "--json", ...copies()])).stdout);
    const whole = JSON.parse((await linlab([...ARGS, "--json", "--out", fresh()])).stdout);
    for (const field of ["outcomes", "digest", "events", "faults", "marks", "rechecked", "exitCode"]) {
      expect(merged[field], field).toEqual(whole[field]);
    }
    expect(merged).toMatchObject({ format: "linlab-merge", missing: [], doubles: [], goOn: [] });
  });

  test("names what is missing, and the commands that run it", async () => {
    const [one, two, three] = copies();
    truncateSync(join(two!, "sweep-2of3.ndjson"), readFileSync(join(two!, "sweep-2of3.ndjson")).length - 9);
    const { code, stdout } = await linlab(["merge", one!, two!]);
    expect(code).toBe(3);
    const last = seedsIn(join(three!, "sweep-3of3.ndjson"));
    const torn = range(115, 127).find((seed) => !seedsIn(join(two!, "sweep-2of3.ndjson")).includes(seed))!;
    expect(stdout).toContain(`14 seeds missing: ${torn === 127 ? "127..140" : `${torn}, 128..140`}`);
    expect(last).toHaveLength(13);
    expect(stdout).toContain(`npx linlab sweep --seeds 101..140 --shard 2/3 --out ${two} --servers 3\n`);
    const [goOn] = /npx linlab sweep .* --shard 2\/3 .*/.exec(stdout)!;
    expect((await linlab(goOn.split(" ").slice(2))).code).toBe(0);
    expect((await linlab(["merge", one!, two!, three!])).code).toBe(0);
  });

  test("names what was run twice, and tells results that differ from those that do not", async () => {
    const [one, two, three] = copies();
    const again = fresh();
    const file = join(again, "sweep-2of3.ndjson");
    const lines = linesIn(join(two!, "sweep-2of3.ndjson"));
    writeFileSync(file, `${lines[0]}\n${lines[5]}\n`);
    const seed = JSON.parse(lines[5]!).seed;
    const same = await linlab(["merge", one!, two!, three!, again]);
    expect(same.code).toBe(3);
    expect(same.stdout).toContain(
      `1 seed more than once:\n  ${seed}: ${join(two!, "sweep-2of3.ndjson")}:6, ${file}:2\n`,
    );
    writeFileSync(file, `${lines[0]}\n${lines[5]!.replace(/"digest":"[0-9a-f]{4}/, '"digest":"0000')}\n`);
    const differing = await linlab(["merge", one!, two!, three!, again]);
    expect(differing.code).toBe(1);
    expect(differing.stdout).toContain(`${file}:2, and the results differ`);
    expect((await linlab(["merge", shards, shards])).code).toBe(0);
  });

  test("tells the violations of every shard", async () => {
    const out = fresh();
    for (const shard of ["1/2", "2/2"]) {
      await linlab(["sweep", "--seeds", "1..20", "--shard", shard, "--mutant", "voteTwice", "--out", out]);
    }
    const { code, stdout } = await linlab(["merge", "--json", out]);
    expect(code).toBe(1);
    const { failures, outcomes } = JSON.parse(stdout);
    expect(failures).toHaveLength(20 - outcomes.ok);
    const seeds = failures.map(({ seed }: { seed: number }) => seed);
    expect(seeds).toEqual([...seeds].sort(numerically));
    expect(seeds.at(-1)).toBeGreaterThan(10);
  });

  test("refuses what is no campaign", async () => {
    const other = fresh();
    await linlab([
      "sweep",
      "--seeds",
      "101..140",
      "--shard",
      "3/3",
      ...QUICK,
      "--servers",
      "3",
      "--out",
      other,
    ]);
    const [one, two] = copies();
    const empty = fresh();
    const stranger = join(empty, "notes.txt");
    writeFileSync(stranger, "Dear diary,\n");
    const hollow = join(fresh(), "sweep.ndjson");
    writeFileSync(hollow, "");
    const cases: [string[], string][] = [
      [
        [one!, two!, other],
        `${join(other, "sweep-3of3.ndjson")}:1: of another campaign than ${join(one!, "sweep-1of3.ndjson")}, with options --servers 3 --duration 600ms, not --servers 3`,
      ],
      [[], "no results given: linlab merge DIR..."],
      [["/nowhere"], "cannot read /nowhere: no such file or directory"],
      [[empty], `${empty}: no results of linlab sweep in it`],
      [[stranger], `${stranger}:1: expected a JSON object: these are not the results of linlab sweep`],
      [[hollow], `${hollow} is empty`],
      [["--fast"], "Unknown option '--fast'"],
    ];
    for (const [args, message] of cases) {
      await expect(mergeCommand(args)).rejects.toThrow(message);
      await expect(mergeCommand(args)).rejects.toThrow(InputError);
    }
  });
});

describe("the flags of a sweep", () => {
  test.each<[string, string[], string]>([
    ["an unknown flag", ["--seed", "1"], "Unknown option '--seed'"],
    ["seeds that are none", ["--seeds", "100"], "--seeds 100: expected a range such as 1..500"],
    ["a backward range", ["--seeds", "9..1"], "--seeds 9..1: the first seed is after the last"],
    ["no workers", ["--workers", "0"], "--workers 0: expected a whole number from 1 to 64"],
    ["no time", ["--time", "0s"], "--time 0s: expected a time up to 24 hours such as 6s or 1500ms"],
    ["a recheck of nothing", ["--recheck", "some"], "--recheck some: expected a whole number from 0"],
    ["an empty value", ["--out", ""], "--out: expected a value, found an empty one"],
    ["more shards than seeds", ["--seeds", "1..3", "--shard", "1/4"], "4 shards cannot share 3 seeds"],
    ["no such shard", ["--shard", "5/4"], "there is no shard 5 of 4"],
    ["a run's option", ["--servers", "0"], "--servers 0: expected a whole number from 1 to 99"],
    ["an unknown mutant", ["--mutant", "nobody"], "--mutant nobody: expected one of noUpToDateCheck"],
    ["a schedule", ["--schedule", "x.json"], "Unknown option '--schedule'"],
  ])("are refused: %s", (_name, args, message) => {
    expect(() => parseSweepFlags(args, {})).toThrow(message);
    expect(() => parseSweepFlags(args, {})).toThrow(InputError);
  });

  test("give what is the same for every seed, and nothing else", () => {
    expect(parseSweepFlags([], {}).plan).toEqual({ seeds: [1, 1000], shard: WHOLE, given: {}, recheck: 50 });
    const flags = ["--servers", "5", "--no-crashes", "--pre-vote", "--reads", "log", "--duration", "2s"];
    const { given } = parseSweepFlags(flags, {}).plan;
    // That five servers are the default of linlab run makes them no less given.
    expect(given).toEqual({ servers: 5, crashes: false, preVote: true, reads: "log", duration: 2_000_000 });
  });

  test("that are bad are one line on stderr and exit code 2, and nothing is written", async () => {
    const cwd = fresh();
    const { code, stdout, stderr } = await linlab(["sweep", "--shard", "9"], { cwd });
    expect(stderr).toBe(
      "linlab: --shard 9: which one of them? Give --shard 1/9, or set JOB_COMPLETION_INDEX\n",
    );
    expect(stdout).toBe("");
    expect(code).toBe(2);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe("the progress line", () => {
  test.each<[[number, number, number, number], string]>([
    [[0, 1000, 0, 3], "0 of 1000 runs, 0 failed"],
    [[250, 1000, 2, 10], "250 of 1000 runs, 2 failed, 25.0/s, 30 s left"],
    [[10, 10_000, 0, 10], "10 of 10000 runs, 0 failed, 1.0/s, 2 h 47 min left"],
    [[500, 1000, 0, 600], "500 of 1000 runs, 0 failed, 0.8/s, 10 min left"],
  ])("%j says %j", (figures, text) => {
    expect(progressText(...figures)).toBe(text);
  });
});
