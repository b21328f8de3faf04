/** The suite of drivers: what a server answers depends on what it was asked, and not on what runs it. */

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { KvMessage, Operation } from "../../src/kv/index.ts";
import { bundleMortalNode } from "./process.ts";
import { real } from "./real.ts";
import type { Rig, RigKind } from "./rig.ts";
import { simulated } from "./simulated.ts";

let mortal: Awaited<ReturnType<typeof bundleMortalNode>>;
let rig: Rig;

beforeAll(async () => {
  mortal = await bundleMortalNode();
});

afterEach(() => rig.stop());

const THREE = ["n1", "n2", "n3"];

async function start(kind: RigKind, members: readonly string[], last: string | null = null): Promise<void> {
  rig = await kind.start({ members, diesAfterWriting: last });
}

describe.each([simulated, real(() => mortal)])("$name", (kind) => {
  test("a vote that was given is given to nobody else after kill -9", async () => {
    await start(kind, THREE);
    expect(await voteFor("n2", 5)).toBe(true);
    await rig.restart();
    expect(await voteFor("n3", 5)).toBe(false);
    expect(await voteFor("n2", 5)).toBe(true);
    expect(await voteFor("n3", 6)).toBe(true);
  });

  test("a vote that was written counts, though kill -9 came before it was sent", async () => {
    await start(kind, THREE, '"votedFor":"n2"');
    expect(await voteFor("n2", 5)).toBeNull();
    await rig.restart();
    expect(await voteFor("n3", 5)).toBe(false);
    expect(await voteFor("n2", 5)).toBe(true);
  });

  test("an old term is refused after kill -9, though nobody got a vote in the new one", async () => {
    await start(kind, THREE);
    expect(await append(7, [0, 0], [])).toEqual([7, true, 0]);
    await rig.restart();
    expect(await voteFor("n2", 6)).toBe(false);
    expect(await append(6, [0, 0], [])).toEqual([7, false, 0]);
  });

  test("entries that were acknowledged are there after kill -9", async () => {
    await start(kind, THREE);
    expect(await append(3, [0, 0], ["a", "b"])).toEqual([3, true, 2]);
    await rig.restart();
    expect(await append(3, [2, 3], ["c"])).toEqual([3, true, 3]);
  });

  test("entries that were written are there, though kill -9 came before they were acknowledged", async () => {
    await start(kind, THREE, '"clerk":"b"');
    expect(await append(3, [0, 0], ["a"])).toEqual([3, true, 1]);
    expect(await append(3, [1, 3], ["b"])).toBeNull();
    await rig.restart();
    expect(await append(3, [2, 3], [])).toEqual([3, true, 2]);
  });

  test("entries that another leader has replaced stay replaced", async () => {
    await start(kind, THREE);
    await append(3, [0, 0], ["a", "b", "c"]);
    expect(await append(4, [1, 3], ["x"])).toEqual([4, true, 2]);
    await rig.restart();
    expect(await append(4, [3, 3], [])).toEqual([4, false, 0]);
    expect(await append(4, [2, 4], [])).toEqual([4, true, 2]);
  });

  test("a retry is answered and not applied, before and after kill -9", async () => {
    await start(kind, ["n1"]);
    const session = await open();
    expect(await ask(session, 1, put("x", "a"))).toEqual(done(1));
    expect(await ask(session, 2, more("x", "b"))).toEqual(done(2));
    expect(await ask(session, 2, more("x", "b"))).toEqual(done(2));
    await rig.restart();
    expect(await ask(session, 2, more("x", "b"))).toEqual(done(2));
    expect(await ask(session, 3, get("x"))).toEqual(value(3, "ab"));
  });

  test("an operation that was written is applied once, though kill -9 came before its answer", async () => {
    await start(kind, ["n1"], '"value":"last"');
    const session = await open();
    expect(await ask(session, 1, put("x", "first"))).toEqual(done(1));
    expect(await ask(session, 2, more("x", "last"))).toBeNull();
    await rig.restart();
    expect(await ask(session, 2, more("x", "last"))).toEqual(done(2));
    expect(await ask(session, 3, get("x"))).toEqual(value(3, "firstlast"));
  });

  test("a snapshot keeps values and sessions through kill -9", async () => {
    await start(kind, ["n1"]);
    const session = await open();
    const long = "l".repeat(70_000);
    await ask(session, 1, put("x", long));
    await ask(session, 2, put("y", long));
    expect(await ask(session, 3, more("y", "!"))).toEqual(done(3));
    expect(rig.disk().snapshot).not.toBeNull();
    await rig.restart();
    expect(await ask(session, 3, more("y", "!"))).toEqual(done(3));
    expect(await ask(session, 4, get("x"))).toEqual(value(4, long));
    expect(await ask(session, 5, get("y"))).toEqual(value(5, `${long}!`));
  });
});

describe("the suite notices", () => {
  test.each(["forgetful", "hasty"])("a %s journal: n1 votes twice, and forgets entries", async (journal) => {
    await start(
      real(() => mortal, journal),
      THREE,
    );
    expect(await voteFor("n2", 5)).toBe(true);
    expect(await append(5, [0, 0], ["a"])).toEqual([5, true, 1]);
    await rig.restart();
    expect(await voteFor("n3", 5)).toBe(true);
    expect(await append(5, [1, 5], [])).toEqual([5, false, 0]);
  });
});

/** Null if n1 died. */
async function voteFor(candidate: string, term: number): Promise<boolean | null> {
  const payload: KvMessage = {
    kind: "requestVote",
    preVote: false,
    term,
    candidateId: candidate,
    lastLogIndex: 9,
    lastLogTerm: 9,
  };
  const reply = await rig.ask(candidate, payload);
  return reply?.kind === "requestVoteReply" ? reply.voteGranted : null;
}

/** n2 leads and sends entries, told apart by a name; the term, whether they fit, and up to where the logs match. */
async function append(
  term: number,
  [prevLogIndex, prevLogTerm]: readonly [index: number, term: number],
  names: readonly string[],
): Promise<readonly [term: number, success: boolean, matchIndex: number] | null> {
  const entries = names.map((clerk) => ({ term, command: { kind: "open", clerk } }));
  const leader = { term, leaderId: "n2", leaderCommit: 0 };
  const reply = await rig.ask("n2", {
    kind: "appendEntries",
    ...leader,
    prevLogIndex,
    prevLogTerm,
    entries,
  });
  return reply?.kind === "appendEntriesReply" ? [reply.term, reply.success, reply.matchIndex] : null;
}

/** Asks again until n1 leads. */
async function askLeader(payload: KvMessage): Promise<KvMessage | null> {
  for (;;) {
    const reply = await rig.ask("n2/1", payload);
    if (reply?.kind !== "notLeader") return reply;
    await rig.rest();
  }
}

async function open(): Promise<number> {
  const reply = await askLeader({ kind: "openSession", clerk: "c" });
  if (reply?.kind !== "sessionOpened") throw new Error(`no session, but ${reply?.kind}`);
  return reply.session;
}

function ask(session: number, request: number, operation: Operation): Promise<KvMessage | null> {
  return askLeader({ kind: "clerkRequest", session, request, operation });
}

function put(key: string, value: string): Operation {
  return { kind: "put", key, value };
}

function more(key: string, value: string): Operation {
  return { kind: "append", key, value };
}

function get(key: string): Operation {
  return { kind: "get", key };
}

function done(request: number): KvMessage {
  return { kind: "result", request, result: { kind: "done" } };
}

function value(request: number, value: string | null): KvMessage {
  return { kind: "result", request, result: { kind: "value", value } };
}
