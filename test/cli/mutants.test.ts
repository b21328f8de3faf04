import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseMutantsFlags } from "../../lab/cli/mutants/flags.ts";
import { matrixPage } from "../../lab/cli/mutants/page.ts";
import { CLASSES, type MatrixRow } from "../../lab/mutation/index.ts";
import { findMutant, mutants } from "../../lab/run/mutants/index.ts";
import { InputError } from "../../src/base/index.ts";
import { linlab } from "./command.ts";

describe("linlab mutants", () => {
  test("tells for each how soon the oracle that must notice it did", async () => {
    const { code, stdout } = await linlab([
      "mutants",
      "voteTwice",
      "--json",
      "--workers",
      "1",
      "--starts",
      "2",
    ]);
    const { mutants: rows, score } = JSON.parse(stdout);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      ...{ name: "voteTwice", killed: true, equivalent: null, oracle: "one vote per term" },
      columns: { nemeses: expect.anything(), history: expect.anything(), suites: expect.anything() },
    });
    for (const figure of ["seedsMean", "seedsWorst", "cpuSeconds"])
      expect(rows[0][figure]).toBeGreaterThan(0);
    expect(score).toMatchObject({ counted: 1, killed: 1, survivors: [] });
    expect(code).toBe(0);
  });

  test("ends with 1 if one survives", async () => {
    const { code, stdout } = await linlab(["mutants", "commitOldTerm", "--seeds", "1", "--workers", "1"]);
    expect(stdout).toMatch(/commitOldTerm .* survived/);
    expect(stdout).toContain("Killed by the oracle that must: 0 of 1 (0 %).");
    expect(code).toBe(1);
  });

  test("a name that it does not know is an error that lists near ones", async () => {
    const { code, stderr, stdout } = await linlab(["mutants", "noSesions"]);
    expect(stderr).toBe(
      'linlab: no mutant is called "noSesions": these come close: noSessions, noSessionsInSnapshot, commitNoMin\n',
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test.each([
    [["--seeds", "0"], "--seeds 0: expected a whole number from 1 to 1000000000"],
    [["--seeds", "1..9"], "--seeds 1..9: expected a whole number from 1 to 1000000000"],
    [["--workers", "65"], "--workers 65: expected a whole number from 1 to 64"],
    [["--html", "x.html"], "--html goes with --matrix"],
    [["--matrix", "--html", ""], "--html: expected a file, found an empty value"],
    [["--sedes", "3"], "Unknown option '--sedes'; see linlab mutants --help"],
  ])("%j: %s", (args, message) => {
    expect(() => parseMutantsFlags(args)).toThrow(new InputError(message));
  });

  test("measures all of them where none is named, and one once that is named twice", () => {
    expect(parseMutantsFlags([]).mutants).toBe(mutants);
    expect(parseMutantsFlags(["voteTwice", "noSessions", "voteTwice"]).mutants).toHaveLength(2);
  });
});

describe("the kill matrix", () => {
  test("tells which class of faults alone finds a mutant, in text and as a page", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "linlab-matrix-")), "deep", "matrix.html");
    const args = ["mutants", "ackBeforeFsync", "--matrix", "--html", file, "--workers", "1"];
    const { code, stdout } = await linlab(args);
    expect(stdout).toMatch(/^ackBeforeFsync( +1\.0){7}$/m);
    expect(readFileSync(file, "utf8")).toContain(
      '<th scope="row">ackBeforeFsync</th><td class="k1">1.0</td>',
    );
    expect(code).toBe(0);
  });

  test("the page runs nothing, loads nothing, and shows what is in it as text", () => {
    const cells = Object.fromEntries(CLASSES.map((name) => [name, null])) as MatrixRow["cells"];
    const mutant = { ...findMutant("voteTwice")!, breaks: '<img src=x onerror="alert(1)">' };
    const page = matrixPage([{ mutant, cells }]);
    expect(page).toMatch(/content="default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'/);
    expect(page).not.toMatch(/<script|<img|<link|https?:/);
    expect(page).toContain("&#60;img src=x");
  });
});
