/** What a node says to lines that come in: answers, error codes, and complaints about what nobody can answer. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Body, type Json, Node } from "../../src/node/index.ts";
import { linlab } from "../cli/command.ts";
import { temporaryDirectory } from "./process.ts";

let node: Node;
let complaints: string[];
let asked: number;
let waiting: Map<Json | undefined, (body: Body) => void>;

beforeEach(() => {
  complaints = [];
  asked = 0;
  waiting = new Map();
  node = new Node({
    data: temporaryDirectory(),
    write(line) {
      const { in_reply_to, ...body } = JSON.parse(line).body as Body;
      waiting.get(in_reply_to)?.(body);
    },
    complain: (text) => complaints.push(text),
  });
});

afterEach(() => node.stop());

function tell(body: Record<string, Json>, dest = "n1"): void {
  node.receive(JSON.stringify({ src: "c1", dest, body }));
}

/** The answer, without what every answer has. */
function ask(body: Record<string, Json>): Promise<Body> {
  const msg_id = ++asked;
  return new Promise((resolve) => {
    waiting.set(msg_id, resolve);
    tell({ ...body, msg_id });
  });
}

function init(members: readonly Json[] = ["n1"], id = "n1"): Promise<Body> {
  return ask({ type: "init", node_id: id, node_ids: members });
}

describe("lin-kv", () => {
  test("reads what was written, whatever JSON it is", async () => {
    await init();
    for (const value of [0, "", null, false, [1, [2]], { b: 1, a: { "": null } }, 1.5, "\u{1f600}\ud800"]) {
      expect(await ask({ type: "write", key: "k", value })).toEqual({ type: "write_ok" });
      expect(await ask({ type: "read", key: "k" })).toEqual({ type: "read_ok", value });
    }
  });

  test("tells keys apart by what they are, not by how they are spelled", async () => {
    await init();
    await ask({ type: "write", key: 1, value: "number" });
    await ask({ type: "write", key: "1", value: "string" });
    await ask({ type: "write", key: { a: 1, b: 2 }, value: "object" });
    expect((await ask({ type: "read", key: 1 })).value).toBe("number");
    expect((await ask({ type: "read", key: "1" })).value).toBe("string");
    expect((await ask({ type: "read", key: { b: 2, a: 1 } })).value).toBe("object");
  });

  test("swaps what is there, and says why not: 20 for no key, 22 for another value", async () => {
    await init();
    expect(await ask({ type: "read", key: "k" })).toMatchObject({ type: "error", code: 20 });
    expect(await ask({ type: "cas", key: "k", from: 1, to: 2 })).toMatchObject({ type: "error", code: 20 });
    await ask({ type: "write", key: "k", value: { a: 1, b: 2 } });
    expect(await ask({ type: "cas", key: "k", from: 1, to: 2 })).toMatchObject({ type: "error", code: 22 });
    expect(await ask({ type: "cas", key: "k", from: { b: 2, a: 1 }, to: 2 })).toEqual({ type: "cas_ok" });
    expect(await ask({ type: "read", key: "k" })).toEqual({ type: "read_ok", value: 2 });
  });

  test("serves as many clients at a time as there are", async () => {
    await init();
    const values = Array.from({ length: 20 }, (_, i) => i);
    await Promise.all(values.map((value) => ask({ type: "write", key: value, value })));
    const reads = await Promise.all(values.map((key) => ask({ type: "read", key })));
    expect(reads.map(({ value }) => value)).toEqual(values);
  });
});

describe("errors", () => {
  test("11 before the init, 10 for an unknown type, 12 for what is missing or would not come back", async () => {
    expect(await ask({ type: "read", key: "k" })).toMatchObject({ code: 11, text: "no init yet" });
    await init();
    expect(await ask({ type: "txn" })).toMatchObject({
      code: 10,
      text: "expected read, write or cas, found txn",
    });
    expect(await ask({ type: "write", key: "k" })).toMatchObject({
      code: 12,
      text: 'a write needs "value"',
    });
    expect(await ask({ type: "write", key: "k", value: 2 ** 53 })).toMatchObject({ code: 12 });
  });

  test("11 without a majority: nobody was asked for the write, so it has not happened", async () => {
    await init(["n1", "n2", "n3"]);
    const answers = await Promise.all([
      ask({ type: "read", key: "k" }),
      ask({ type: "write", key: "k", value: 1 }),
    ]);
    expect(answers).toMatchObject([{ code: 11 }, { code: 11 }]);
  });

  test("12 for an init that names no node, or another one than before", async () => {
    expect(await init(["n1"], "n9")).toMatchObject({ code: 12 });
    expect(await init(["n1", "../n2"])).toMatchObject({ code: 12 });
    expect(await init()).toEqual({ type: "init_ok" });
    expect(await init()).toEqual({ type: "init_ok" });
    expect(await init(["n1", "n2"])).toMatchObject({ code: 12, text: "this node is n1 already" });
  });

  test("lines that nobody can answer are complained of by number, and left out", async () => {
    await init();
    node.receive("hello");
    node.receive("[1]");
    node.receive('{"src": "c1", "dest": "n1"}');
    node.receive('{"src": "c1", "dest": "n1", "body": {}}');
    tell({ type: "read", key: "k", msg_id: 2 }, "n2");
    tell({ type: "linlab", kind: "request" });
    tell({ type: "linlab", says: "x", kind: "request", from: "n2", to: "n1", call: 1, bytes: "/w==" });
    node.receive("");
    expect(
      complaints.map((text) => text.replace(/ is left out: .*?(?=expected|it is|a node's)/, ": ")),
    ).toEqual([
      expect.stringMatching(/^line 2: expected a line of JSON, found "hello"/),
      'line 3: expected a JSON object, found "[1]"',
      expect.stringMatching(/^line 4: expected "src" and "dest" as strings and "body" as an object/),
      expect.stringMatching(/^line 5: expected a "type" in the body/),
      "line 6: it is for n2, and this is n1",
      expect.stringMatching(
        /^line 7: a node's message needs "kind" \(request or reply\), "from", "to" and "bytes"/,
      ),
      expect.stringMatching(/^line 8: a node's message that says x has bytes that are none/),
    ]);
  });
});

describe("linlab node", () => {
  test("refuses bad flags with exit code 2 and one line", async () => {
    const ended = await Promise.all([
      linlab(["node"]),
      linlab(["node", "--maelstrom", "--dta", "x"]),
      linlab(["node", "--maelstrom", "--data", ""]),
    ]);
    expect(ended).toEqual([
      { code: 2, stdout: "", stderr: "linlab: linlab node speaks one protocol so far: add --maelstrom\n" },
      { code: 2, stdout: "", stderr: "linlab: Unknown option '--dta'; see linlab node --help\n" },
      { code: 2, stdout: "", stderr: "linlab: --data: expected a directory, found nothing\n" },
    ]);
  });
});
