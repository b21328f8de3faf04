import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, buildSync } from "esbuild";
import { beforeAll, describe, expect, inject, test } from "vitest";
import {
  type Failure,
  failureOf,
  isSame,
  readFailure,
  replay,
  writeFailure,
} from "../../lab/replay/index.ts";
import { defaultOptions } from "../../lab/run/index.ts";
import { remainingOf, shrink, storyOf } from "../../lab/shrink/index.ts";
import { launch } from "../browser.ts";
import { ROOT } from "../source.ts";

/** Enough for these, in events: a test's code runs a few times slower than the lab's own. */
const BUDGET = 500_000;

/** One for each kind of oracle: history, invariants early and late, and liveness. */
const SEEDS: readonly (readonly [mutant: string, seed: number])[] = [
  ["noSessions", 4],
  ["noUpToDateCheck", 30],
  ["noPrevTermCheck", 1],
  ["leaderNeverForgotten", 1],
];

interface Pair {
  readonly mutant: string;
  readonly original: Failure;
  readonly small: Failure;
}

let pairs: readonly Pair[];

beforeAll(() => {
  pairs = SEEDS.map(([mutant, seed]) => {
    const original = failureOf(seed, { ...defaultOptions, mutant })!;
    return { mutant, original, small: shrink(original, BUDGET).failure };
  });
}, 240_000);

describe("a shrunk failure", () => {
  test("is the same violation: the same oracle, and of a history the same class", () => {
    for (const { original, small } of pairs) {
      expect(isSame(original, small), `${original.sentence} ${small.sentence}`).toBe(true);
    }
  });

  test("has few faults and messages left, and few events", () => {
    const shares = pairs.map(({ original, small }) => small.events / original.events).sort((a, b) => a - b);
    // Over all mutants it is less than 5 % (test/bench/shrink.ts); these four are on both sides of it.
    expect(shares[1]).toBeLessThanOrEqual(0.05);
    for (const { mutant, original, small } of pairs) {
      const { faults, messages } = remainingOf(small);
      expect(faults + messages, mutant).toBeLessThanOrEqual(15);
      // Of a run that failed early there is little to take away.
      expect(small.events / original.events, mutant).toBeLessThanOrEqual(0.1);
      expect(small.rest, mutant).toBe("nothing");
    }
  });

  test("has no fault, message or command in it that could be left out by itself", () => {
    for (const { mutant, small } of pairs) {
      const { schedule, decisions } = small;
      const stillShows = (script: Failure): boolean => {
        const { finding } = replay(script);
        return finding !== null && finding.events <= small.events && isSame(finding, small);
      };
      const needless = [
        ...schedule.faults.filter((gone) => {
          const faults = schedule.faults.filter((each) => each !== gone);
          return stillShows({ ...small, schedule: { ...schedule, faults } });
        }),
        ...decisions
          .filter(({ kind }) => kind === "message" || kind === "command")
          .filter((gone) => stillShows({ ...small, decisions: decisions.filter((each) => each !== gone) })),
      ];
      expect(needless, mutant).toEqual([]);
    }
  });

  test("does not show without the bug", () => {
    for (const { mutant, small } of pairs) {
      const mended = { ...small, options: { ...small.options, mutant: null } };
      expect(replay(mended).finding, mutant).toBeNull();
    }
  });

  test("is the same when it is shrunk again from the same failure", () => {
    const [{ original, small }] = pairs as [Pair];
    expect(shrink(original, BUDGET).failure).toEqual(small);
  });

  test("replays event by event, all decisions in their order", () => {
    for (const { small } of pairs) {
      const again = replay(readFailure(writeFailure(small), "f.json"));
      expect(again).toMatchObject({ isSameRun: true, isSameViolation: true, divergence: null });
    }
  });

  test("replays with the same digest in a fresh process", () => {
    const folder = mkdtempSync(join(tmpdir(), "linlab-shrunk-"));
    try {
      const files = pairs.map(({ mutant, small }) => {
        writeFileSync(join(folder, `${mutant}.json`), writeFailure(small));
        return join(folder, `${mutant}.json`);
      });
      const script = join(folder, "again.mjs");
      buildSync({
        ...{ entryPoints: [join(ROOT, "test/bench/shrink-again.ts")], outfile: script },
        ...{ bundle: true, platform: "node", format: "esm", logLevel: "error" },
      });
      const same = execFileSync(process.execPath, [script, ...files], { encoding: "utf8" });
      expect(Number(same)).toBe(pairs.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.skipIf(inject("browser") === null)("replays with the same digest in Chromium", async () => {
    const contents = 'export { readFailure, replay } from "./lab/replay/index.ts";';
    const bundle = await build({
      ...{ stdin: { contents, resolveDir: ROOT }, bundle: true, write: false },
      ...{ format: "iife", globalName: "linlab" },
    });
    const browser = await launch(inject("browser")!);
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: bundle.outputFiles[0]!.text });
      // A recorded run too: it is replayed by other means than a script.
      for (const failure of [...pairs.map(({ small }) => small), pairs[0]!.original]) {
        const text = JSON.stringify(writeFailure(failure));
        const call = `linlab.replay(linlab.readFailure(${text}, "page")).finding.digest`;
        expect(await page.evaluate(call)).toBe(failure.digest);
      }
    } finally {
      await browser.close();
    }
  });
});

describe("the story of a shrunk failure", () => {
  test("says in what world, what was told in the order of time, and what is wrong", () => {
    for (const { mutant, small } of pairs) {
      const story = storyOf(small);
      expect(story[0]).toMatch(new RegExp(`^\\d servers?, \\d clients?, with the deliberate bug ${mutant}`));
      expect(story.at(-1)).toBe(small.sentence);
      const times = story
        .slice(1, -1)
        .map((sentence) => Number(/^At (\d+\.\d{3}) s .*\.$/.exec(sentence)![1]));
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  test("tells of commands and answers, and of every decision that is left", () => {
    const [sessions] = pairs.map(({ small }) => storyOf(small).join("\n"));
    expect(sessions).toMatch(/^At .* s c\d appends "c\d\.\d;" to k1\.$/m);
    expect(sessions).toMatch(/^At .* s c\d hears that k1 is ".*"\.$/m);
    for (const { small } of pairs) {
      const story = storyOf(small);
      const { faults, messages } = remainingOf(small);
      const told = (pattern: RegExp) => story.filter((sentence) => pattern.test(sentence)).length;
      expect(told(/: the message |will hear after|the disk of/), story.join("\n")).toBe(messages);
      expect(told(/, until \d+\.\d+ s\.$| hands over to /), story.join("\n")).toBe(faults);
    }
  });
});
