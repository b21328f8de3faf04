import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { shrinkCommand } from "../../lab/cli/shrink.ts";
import { ROOT } from "../source.ts";
import { linlab } from "./command.ts";

describe("linlab shrink", () => {
  const out = mkdtempSync(join(tmpdir(), "linlab-shrink-"));
  const regression = join(out, "regression.test.ts");
  const shrunk = join(out, "seed-4.shrunk.json");
  let told: string;

  beforeAll(async () => {
    symlinkSync(join(ROOT, "node_modules"), join(out, "node_modules"));
    const run = await linlab(["run", "--seed", "4", "--mutant", "noSessions", "--json", "--out", out]);
    const { failure } = JSON.parse(run.stdout);
    const { code, stdout, stderr } = await linlab(["shrink", failure, "--test", regression]);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    told = stdout;
  }, 120_000);

  test("tells the story, and leaves a script beside the failure", async () => {
    expect(told).toMatch(
      /^history \(duplicated-write\): \d+ events became \d+, after \d+ runs: \d+ faults?, /,
    );
    expect(told).toMatch(/^At 0\.\d{3} s c\d appends "c\d\.\d;" to k1\.$/m);
    expect(told).toContain(`Failure:   ${shrunk}\n`);
    const { code, stdout } = await linlab(["replay", shrunk]);
    expect(stdout).toMatch(/^Same digest \w{16}: all \d+ events are as they were recorded\.\n/);
    expect(code).toBe(1);
  });

  test("writes a test that is red while the bug is there, and green when it is mended", async () => {
    const red = await vitest(regression);
    expect(red.output).toMatch(/1 failed/);
    expect(red.output).toContain("more than once: it was applied again");
    expect(red.code).toBe(1);

    const text = readFileSync(regression, "utf8");
    expect(text).toContain('"mutant":"noSessions"');
    writeFileSync(regression, text.replace('"mutant":"noSessions"', '"mutant":null'));
    const green = await vitest(regression);
    expect(green.output).toMatch(/1 passed/);
    expect(green.code).toBe(0);
  });

  test("prints one JSON object", async () => {
    const again = join(out, "again.json");
    const { code, stdout } = await linlab(["shrink", "1", "--mutant", "voteTwice", "--json", "--out", again]);
    expect(code).toBe(1);
    const object = JSON.parse(stdout);
    expect(object).toMatchObject({
      format: "linlab-shrink",
      violation: { oracle: "one vote per term", class: null },
      failure: again,
      test: null,
      exitCode: 1,
    });
    expect(object.events).toBeLessThan(object.originalEvents);
    expect(existsSync(again)).toBe(true);
  });

  test("has nothing to do where nothing is wrong", async () => {
    const { code, stdout } = await linlab(["shrink", "1", "--out", join(out, "none.json")]);
    expect(stdout).toBe("Nothing is wrong: there is nothing to shrink.\n");
    expect(code).toBe(0);
    expect(existsSync(join(out, "none.json"))).toBe(false);
  });

  test("refuses what it cannot read or write", async () => {
    await expect(shrinkCommand(["no.json", "--out", join(out, "x.json")])).rejects.toThrow(
      "cannot read no.json",
    );
    await expect(shrinkCommand(["1", "--test", "/proc/x/y.test.ts"])).rejects.toThrow(
      "--test /proc/x: cannot write",
    );
  });
});

/** Runs one test file in a vitest of its own. */
function vitest(file: string): Promise<{ readonly code: number; readonly output: string }> {
  const command = [
    join(ROOT, "node_modules/vitest/vitest.mjs"),
    "run",
    "--root",
    dirname(file),
    "--no-color",
  ];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: ROOT }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr });
    });
  });
}
