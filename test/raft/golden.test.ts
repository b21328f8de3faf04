/**
 * Golden interaction scripts: golden/*.txt tells what servers do to one another, word for word, and the paper's figures
 * with it. After a change that is meant, record them again and read the difference:
 *
 *     GOLDEN=record npx vitest run test/raft/golden
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { perform } from "./golden/commands.ts";
import { play } from "./golden/script.ts";
import { Stage } from "./golden/stage.ts";

const FOLDER = join(import.meta.dirname, "golden");
const RECORD = "GOLDEN=record npx vitest run test/raft/golden";

function played(file: string, script: string): string {
  const stage = new Stage();
  return play(file, script, (command) => perform(stage, command));
}

describe("golden script:", () => {
  for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".txt"))) {
    test(name.replace(".txt", "").replaceAll("-", " "), () => {
      const path = join(FOLDER, name);
      const file = relative(process.cwd(), path);
      const script = readFileSync(path, "utf8");
      const now = played(file, script);
      if (process.env.GOLDEN === "record") writeFileSync(path, now);
      else expect(now, `${file} tells another story now. If that is meant: ${RECORD}`).toBe(script);
    });
  }
});

describe("a script that makes no sense says where, and what was expected:", () => {
  const begun = "servers a b\n\na times out\n";

  test.each([
    ["a command that there is not", "servers a b\na flies", 'x.txt:2: "a flies": expected\n  servers NAMES'],
    [
      "a command with a word missing",
      `${begun}a proposes`,
      '"a proposes": expected\n  NAME proposes COMMAND',
    ],
    ["output without a command", "# why\n    a times out", "x.txt:2: expected a command first"],
    [
      "a command that is half indented",
      `${begun}  settle`,
      "x.txt:4: expected a command at the line's beginning",
    ],
    ["no servers", "a times out", 'x.txt:1: expected "servers NAMES" first'],
    ["nobody to settle", "settle", 'x.txt:1: expected "servers NAMES" first'],
    ["two servers of a name", "servers a a", "x.txt:1: there are two servers a"],
    [
      "a server that there is not",
      "servers a b\nc times out",
      "x.txt:2: expected one of the servers a b, not c",
    ],
    [
      "a setting that comes too late",
      `${begun}with preVote`,
      "x.txt:4: expected this before anything happens",
    ],
    [
      "a log that is none",
      "servers a in term 2\na holds 2 1",
      "x.txt:2: terms in a log rise from 1 to 2, not so 2 1",
    ],
    [
      "a log of terms to come",
      "servers a in term 2\na holds 3",
      "x.txt:2: terms in a log rise from 1 to 2, not so 3",
    ],
    [
      "a message that there is not",
      `${begun}drop b -> a`,
      "x.txt:4: nothing is under way b -> a, but:\n  a -> b: Req",
    ],
    ["a link to nowhere", `${begun}drop a -> c`, "x.txt:4: expected one of the servers a b, not c"],
    ["a follower that beats", `${begun}b beats`, "x.txt:4: b does not lead, it is a follower"],
    ["a follower that reads", `${begun}b reads as 1`, "x.txt:4: b does not lead, it is a follower"],
    ["a leader that times out", `${begun}settle\na times out`, "x.txt:5: a leads, so it does not time out"],
    ["the dead that act", `${begun}a crashes\na times out`, "x.txt:5: a is down"],
    ["the living that restart", `${begun}a restarts`, "x.txt:4: a is up already"],
    [
      "writes that there are not",
      `${begun}a crashes after 1 writes`,
      "x.txt:4: a has 0 writes under way, not 1",
    ],
    ["a disk that never stalled", `${begun}a's disk goes on`, "x.txt:4: the disk of a is not stalled"],
    [
      "a cut that leaves somebody out",
      "servers a b c\ncut a | b",
      "x.txt:2: expected each of a b c on one side",
    ],
    [
      "a cut with somebody on both sides",
      "servers a b\ncut a b | a",
      "x.txt:2: expected each of a b on one side",
    ],
  ])("%s", (_, script, message) => {
    expect(() => played("x.txt", script)).toThrow(message);
  });

  test("and so does one that breaks the system under test", () => {
    const script = `${begun}settle\na compacts\n`;
    expect(() =>
      play("x.txt", script, () => {
        throw new Error("it broke");
      }),
    ).toThrow('x.txt:1: "servers a b" threw: it broke');
  });
});

test("what is recorded is no part of a script's meaning: the same is recorded in its place", () => {
  const script = "# An election.\nservers a b\n\na times out\nsettle\n    something else\n\nshow\n";
  const first = played("x.txt", script);
  expect(first).not.toContain("something else");
  expect(first).toContain("\na times out\n    a is a candidate in term 1\n");
  expect(played("x.txt", first)).toBe(first);
});
