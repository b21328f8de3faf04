/** A reply to an earlier life is for nobody: its call has a number that the new life gives again. */

import { afterEach, beforeEach, expect, test } from "vitest";
import type { KvMessage } from "../../src/kv/index.ts";
import { Node } from "../../src/node/index.ts";
import { pack, unpack } from "../../src/node/wire.ts";
import { type Letter, temporaryDirectory } from "./process.ts";

let data: string;
let node: Node;
let said: Letter[];

beforeEach(() => {
  data = temporaryDirectory();
  begin();
});

afterEach(() => node.stop());

/** A new life of n1. The test is n2. */
function begin(): void {
  said = [];
  node = new Node({ data, write: (line) => said.push(JSON.parse(line) as Letter), complain: () => {} });
  const body = { type: "init", msg_id: 1, node_id: "n1", node_ids: ["n1", "n2", "n3"] };
  node.receive(JSON.stringify({ src: "c0", dest: "n1", body }));
}

/** The first message to n2 that says this. */
async function heard(kind: KvMessage["kind"]): Promise<Letter> {
  for (;;) {
    const found = said.find(({ dest, body }) => dest === "n2" && body.says === kind);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function reply({ body }: Letter, payload: KvMessage): void {
  const { input } = unpack(body);
  const answer = pack("n2", { kind: "reply", to: input.from, call: input.call, payload });
  node.receive(JSON.stringify({ src: "n2", dest: "n1", body: answer }));
}

async function currentTerm(): Promise<number> {
  const nobody = { term: 0, leaderId: "n2", prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 };
  const question = pack("n2", {
    kind: "request",
    to: "n1",
    call: 1,
    payload: { kind: "appendEntries", ...nobody },
  });
  node.receive(JSON.stringify({ src: "n2", dest: "n1", body: question }));
  const { payload } = unpack((await heard("appendEntriesReply")).body).input;
  return payload.kind === "appendEntriesReply" ? payload.term : Number.NaN;
}

const willing: KvMessage = { kind: "requestVoteReply", preVote: true, term: 0, voteGranted: true };

test("a vote for an earlier life is not counted", async () => {
  const earlier = await heard("requestVote");
  node.stop();
  begin();
  const later = await heard("requestVote");
  expect(unpack(later.body).input.call).toBe(unpack(earlier.body).input.call);
  reply(earlier, willing);
  expect(await currentTerm()).toBe(0);
});

test("a vote for this life is", async () => {
  reply(await heard("requestVote"), willing);
  expect(await currentTerm()).toBe(1);
});
