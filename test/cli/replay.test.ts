import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { replayCommand } from "../../lab/cli/replay.ts";
import { linlab } from "./command.ts";

describe("linlab replay", () => {
  const out = mkdtempSync(join(tmpdir(), "linlab-replay-"));
  let file: string;
  let digest: string;

  beforeAll(async () => {
    const { code, stdout } = await linlab(["run", "--mutant", "voteTwice", "--json", "--out", out]);
    expect(code).toBe(1);
    ({ failure: file, digest } = JSON.parse(stdout));
    expect(file).toBe(join(out, "seed-1.failure.json"));
  });

  test("a failing run leaves a file that another process replays bit for bit", async () => {
    const { code, stdout, stderr } = await linlab(["replay", file]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(
      new RegExp(`^Same digest ${digest}: all \\d+ events are as they were recorded\\.\n`),
    );
    expect(stdout).toContain("The same violation: one vote per term.\nOne vote per term broke at ");
    expect(code).toBe(1);
  });

  test("a run that does not fail leaves none", async () => {
    const { stdout } = await linlab(["run", "--json", "--out", out]);
    expect(JSON.parse(stdout).failure).toBeNull();
  });

  test("a seed is recorded and replayed at once, and kept if it is asked for", async () => {
    const kept = join(out, "kept.json");
    const { code, stdout } = await linlab(["replay", "1", "--mutant", "voteTwice", "--json", "--out", kept]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      digest,
      sameDigest: true,
      sameViolation: true,
      divergence: null,
      exitCode: 1,
    });
    expect(readFileSync(kept, "utf8")).toBe(readFileSync(file, "utf8"));
    const fine = await linlab(["replay", "1"]);
    expect(fine).toMatchObject({ code: 0, stdout: "Nothing is wrong with seed 1.\n" });
  });

  test("after the code has changed it says how far it came, and that the violation is gone", async () => {
    const mended = join(out, "mended.json");
    writeFileSync(mended, readFileSync(file, "utf8").replace('"mutant":"voteTwice"', '"mutant":null'));
    const { code, stdout } = await linlab(["replay", mended]);
    const told = stdout.replaceAll("\n", " ");
    expect(told).toMatch(
      /^The code has changed since linlab 0\.1\.0 recorded this: digest \w{16}, not \w{16}\./,
    );
    expect(told).toMatch(/It followed \d+ of \d+ decisions, then at \d\.\d{3} s /);
    expect(told).toContain("The violation no longer shows.");
    expect(code).toBe(0);
  });

  test.each([
    [["replay"], "replay: expected a failure file or a seed"],
    [["replay", "no.json"], "cannot read no.json: no such file or directory"],
    [["replay", "1", "2"], "replay: expected one failure file or seed, found 1 and 2"],
    [
      ["replay", "no.json", "--servers", "3"],
      "no.json: a failure file says itself what was run: servers goes with a seed only",
    ],
    [["replay", "1", "--servers", "none"], "--servers none: expected a whole number"],
    [["replay", "1", "--fast"], "Unknown option '--fast'"],
  ])("%j is refused", async (args, message) => {
    await expect(replayCommand(args.slice(1))).rejects.toThrow(message);
  });

  test("what is refused is one line on stderr, and exit code 2", async () => {
    const { code, stderr } = await linlab(["replay", "no.json"]);
    expect(stderr).toBe("linlab: cannot read no.json: no such file or directory\n");
    expect(code).toBe(2);
  });
});
