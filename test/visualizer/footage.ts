/** A film written by hand: an election of three servers with everything that can befall a message, in 20 ms. */

import type { KvMessage } from "../../src/kv/index.ts";
import type { Film, Flight, Frame, Moment } from "../../visualizer/cluster/film.ts";

const vote = (preVote: boolean): KvMessage => ({
  kind: "requestVote",
  preVote,
  term: 2,
  candidateId: "n1",
  lastLogIndex: 1,
  lastLogTerm: 1,
});
const granted: KvMessage = { kind: "requestVoteReply", preVote: false, term: 2, voteGranted: true };
const heartbeat: KvMessage = {
  kind: "appendEntries",
  term: 2,
  leaderId: "n1",
  prevLogIndex: 1,
  prevLogTerm: 1,
  entries: [],
  leaderCommit: 1,
};
const noop = { term: 2, command: { kind: "noop" } };
const append: KvMessage = { ...heartbeat, entries: [noop] };
const ask: KvMessage = {
  kind: "clerkRequest",
  session: 7,
  request: 3,
  operation: { kind: "put", key: "x", value: "1" },
};

const TIMES = [0, 1_000, 3_000, 4_000, 5_000, 6_500, 8_000, 9_000, 12_000, 15_000];

const moments: readonly Moment[] = TIMES.map((time, i) => {
  const kind = i === 0 ? "start" : i === 1 ? "wake" : i === 8 ? "crash" : "deliver";
  const payload = { 3: granted, 5: append, 6: append, 7: ask }[i] ?? null;
  const way = { 3: ["n2", "n1"], 5: ["n1", "n2"], 6: ["n1", "n2"], 7: ["c1", "n1"] }[i] ?? ["n1", "n1"];
  return { time, kind, from: i === 8 ? "n3" : way[0]!, to: way[1]!, payload, event: 1 + 2 * i };
});

const first = { term: 1, command: { kind: "noop" } };
const entries = [first, noop];
/** The same object for the same log, as in a real film. */
const logs = [1, 2].map((last) => ({ first: 1, last, origin: 1, entries }));

function frame(moment: number, parts: Partial<Frame>, last = 1): Frame {
  const log = logs[last - 1]!;
  const rest = { votedFor: null, leaderId: null, commitIndex: 1, lastApplied: 1, snapshot: null };
  return { moment, condition: "up", role: "follower", term: 1, ...rest, log, ...parts };
}

function flight(
  [from, to]: readonly [string, string],
  payload: KvMessage,
  [sent, ended]: readonly [number, number],
  parts: Partial<Flight> = {},
): Flight {
  return {
    from,
    to,
    payload,
    reply: false,
    heartbeat: false,
    copy: false,
    sent,
    sentAt: TIMES[sent]!,
    ended,
    endedAt: TIMES[ended]!,
    fate: "arrived",
    ...parts,
  };
}

export const footage: Film = {
  servers: ["n1", "n2", "n3"],
  clients: ["c1"],
  digest: "0123456789abcdef",
  events: 20,
  moments,
  frames: new Map([
    [
      "n1",
      [
        frame(0, {}),
        frame(1, { role: "candidate", term: 2, votedFor: "n1" }),
        frame(3, { role: "leader", term: 2, votedFor: "n1", leaderId: "n1" }, 2),
      ],
    ],
    ["n2", [frame(0, {}), frame(2, { term: 2, votedFor: "n1" }), frame(5, { term: 2, votedFor: "n1" }, 2)]],
    ["n3", [frame(0, {}), frame(8, { condition: "down", role: null })]],
  ]),
  flights: [
    flight(["n1", "n2"], vote(false), [1, 2]),
    flight(["n1", "n3"], vote(false), [1, 1], { fate: "lost" }),
    flight(["n2", "n1"], granted, [2, 3], { reply: true }),
    flight(["n1", "n2"], append, [3, 5]),
    flight(["n1", "n3"], append, [3, 3], { fate: "blocked" }),
    flight(["n1", "n2"], append, [3, 6], { copy: true }),
    flight(["n1", "n2"], heartbeat, [4, 9], { heartbeat: true }),
    flight(["c1", "n1"], ask, [4, 7]),
    flight(["n1", "n3"], append, [7, 8], { fate: "missed" }),
  ],
  cuts: [
    { moment: 3, from: "n1", to: "n3", depth: 1 },
    { moment: 3, from: "n3", to: "n1", depth: 1 },
    { moment: 3, from: "n3", to: "n2", depth: 2 },
    { moment: 4, from: "n3", to: "n2", depth: 1 },
    { moment: 6, from: "n3", to: "n2", depth: 0 },
  ],
};
