import { describe, expect, test } from "vitest";
import { linlab } from "./command.ts";

describe("linlab explore", () => {
  test("says what it has exhausted, and exits with 0", async () => {
    const { code, stdout } = await linlab(["explore", "--terms", "2", "--commands", "1", "--incidents", "0"]);
    expect(stdout).toContain("exhausted: 3 servers, 1 command, terms <= 2:\n271 states, 916 steps, depth 8");
    expect(code).toBe(0);
  });

  test("tells a violation as a script, and exits with 1", async () => {
    const args = ["explore", "--mutant", "noUpToDateCheck", "--incidents", "0", "--json"];
    const { code, stdout } = await linlab(args);
    expect(JSON.parse(stdout)).toMatchObject({
      format: "linlab-explore",
      version: 1,
      mutant: "noUpToDateCheck",
      outcome: "violation",
      violation: {
        name: "leader completeness",
        script: [
          "n1 is elected in term 1 by n1 n2",
          "n1 takes x",
          "n1 sends x to n3; n1 applies x",
          "n2 is elected in term 2 by n2 n1",
        ],
      },
      bounds: { servers: 3, commands: 2, terms: 3, incidents: 0 },
      exitCode: 1,
    });
    expect(code).toBe(1);
  });

  test("claims nothing when the budget ends, and exits with 3", async () => {
    const { code, stdout } = await linlab(["explore", "--budget", "100", "--pre-vote"]);
    expect(stdout).toMatch(/^not exhausted: .*PreVote:\nthe budget ended at 100 states/);
    expect(code).toBe(3);
  });

  test.each([
    [["--terms", "0"], "--terms 0: expected a whole number from 1 to 99"],
    [["--servers", "6"], "--servers 6: expected a whole number from 1 to 5"],
    [["--mutant", "noSessions"], "mutant noSessions is not in Raft"],
    [["--mutant", ""], "mutant : expected one of"],
    [["--seeds", "1..2"], "Unknown option '--seeds'"],
  ])("refuses %j with 2", async (args, message) => {
    const { code, stderr } = await linlab(["explore", ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
