/** Small reports for the Why view: made by hand, so that a picture changes only if somebody changes how it is drawn. */

import { check, kv } from "porcupine-ts";
import type { Report, ReportedOperation } from "../../lab/run/report.ts";
import type { SeenServer, Why } from "../../lab/run/why.ts";
import { sampleReport } from "./sample.ts";

type Ask = Parameters<typeof kv.describe>[0];
type Told = NonNullable<Parameters<typeof kv.describe>[1]>;

interface Call {
  readonly client: string;
  readonly input: Ask;
  readonly output: Told | null;
  readonly from: number;
  readonly until: number | null;
}

const DONE: Told = { kind: "done" };

/** A write, two seconds of nothing, a newer write, and a read that a deposed leader answers with the older one. */
export const STALE: readonly Call[] = [
  {
    client: "c5",
    input: { kind: "put", key: "k8", value: "v1" },
    output: DONE,
    from: 1_000_000,
    until: 1_004_000,
  },
  {
    client: "c1",
    input: { kind: "put", key: "k8", value: "v2" },
    output: DONE,
    from: 3_010_000,
    until: 3_016_000,
  },
  {
    client: "c5",
    input: { kind: "get", key: "k8" },
    output: { kind: "value", value: "v1" },
    from: 3_017_300,
    until: 3_021_000,
  },
];

export function reportOf(calls: readonly Call[], why: Why | undefined): Report {
  const base = sampleReport({ outcome: "illegal" });
  const ends = calls.flatMap((call, operation) => {
    const { client, input, output } = call;
    const begin = {
      at: call.from,
      event: { kind: "invoke" as const, operation, client, input, time: call.from },
    };
    if (call.until === null) return [begin];
    const event = { kind: "response" as const, operation, output: output!, time: call.until };
    return [begin, { at: call.until, event }];
  });
  const history = ends.sort((a, b) => a.at - b.at).map(({ event }) => event);
  const { objects, verdict } = check(kv, history);
  const operations = calls.map(
    ({ client, input, output, from, until }, id): ReportedOperation => ({
      id,
      client,
      object: kv.objectOf(input),
      kind: input.kind,
      words: kv.describe(input, output),
      call: from,
      return: until,
      outcome: until === null ? "pending" : "acknowledged",
    }),
  );
  const reported = objects.map(({ object, verdict: each, linearization, partials, explanation }) => ({
    object,
    verdict: each,
    linearization,
    partials,
    explanation,
  }));
  return {
    ...base,
    outcome: verdict === "ok" ? "ok" : "illegal",
    verdict,
    sentence: reported.find(({ explanation }) => explanation !== null)?.explanation?.sentence ?? "",
    clients: [...new Set(calls.map(({ client }) => client))],
    operations,
    objects: reported,
    recorded: { header: { model: "kv" }, history },
    bands: [
      { kind: "partition", label: "isolate the leader (n1)", at: 2_990_000, until: 3_200_000, nodes: ["n1"] },
    ],
    servers: [
      { id: "n1", spans: [{ from: 0, until: 3_500_000, status: "leader", term: 4 }] },
      {
        id: "n2",
        spans: [
          { from: 0, until: 3_000_000, status: "follower", term: 4 },
          { from: 3_000_000, until: 3_004_000, status: "candidate", term: 5 },
          { from: 3_004_000, until: 3_500_000, status: "leader", term: 5 },
        ],
      },
      {
        id: "n3",
        spans: [
          { from: 0, until: 3_003_000, status: "follower", term: 4 },
          { from: 3_003_000, until: 3_018_000, status: "follower", term: 5 },
          { from: 3_018_000, until: 3_019_500, status: "paused", term: 5 },
          { from: 3_019_500, until: 3_500_000, status: "crashed", term: 5 },
        ],
      },
    ],
    ...(why === undefined ? {} : { why }),
  };
}

function server(id: string, change: Partial<SeenServer>): SeenServer {
  const usual = {
    status: "follower",
    term: 5,
    commitIndex: 30,
    lastApplied: 30,
    lastIndex: 30,
    lastTerm: 5,
  } as const;
  return { id, ...usual, votedFor: "n2", value: "v2", ...change };
}

export const SEEN: Why = {
  reason: {
    rule: "read-without-quorum",
    certainty: "exact",
    words:
      "n1, leader of term 4, answered get k8 from its own state without a quorum: nobody had confirmed that it still leads; by then n2 led term 5, so n1 was deposed",
    at: 3_019_000,
    node: "n1",
    operation: 2,
  },
  consequences: [
    {
      rule: "voted-twice",
      certainty: "exact",
      words: "n3 voted for n1 and for n2 in term 5",
      at: 3_011_000,
      node: "n3",
      operation: null,
    },
  ],
  answers: [
    {
      operation: 2,
      server: "n1",
      at: 3_019_000,
      servers: [
        server("n1", {
          status: "leader",
          term: 4,
          commitIndex: 12,
          lastApplied: 12,
          lastIndex: 14,
          lastTerm: 4,
          value: "v1",
        }),
        server("n2", { status: "leader" }),
        server("n3", { commitIndex: 29, lastApplied: 29 }),
      ],
    },
  ],
  messages: [
    { kind: "request", operation: 1, from: "c1", to: "n3", sent: 3_010_000, received: 3_010_400 },
    { kind: "request", operation: 1, from: "c1", to: "n2", sent: 3_011_000, received: 3_011_600 },
    { kind: "append", operation: 1, from: "n2", to: "n3", sent: 3_011_600, received: 3_012_400 },
    { kind: "append", operation: 1, from: "n2", to: "n1", sent: 3_011_600, received: null },
    { kind: "acknowledge", operation: 1, from: "n3", to: "n2", sent: 3_013_200, received: 3_014_000 },
    { kind: "answer", operation: 1, from: "n2", to: "c1", sent: 3_015_000, received: 3_016_000 },
    { kind: "request", operation: 2, from: "c5", to: "n1", sent: 3_017_300, received: 3_019_000 },
    { kind: "answer", operation: 2, from: "n1", to: "c5", sent: 3_019_000, received: 3_021_000 },
  ],
  ending: [],
};

/** An invariant that broke: two leaders, because somebody voted twice. */
export function brokenReport(): Report {
  const base = reportOf(STALE, undefined);
  return {
    ...base,
    outcome: "invariant",
    sentence: "Election safety broke at 3.012 s: n1 and n2 both became leader of term 5.",
    violation: {
      kind: "invariant",
      name: "election safety",
      message: "n1 and n2 both became leader of term 5",
      at: 3_012_000,
      nodes: ["n1", "n2"],
    },
    why: {
      reason: { ...SEEN.consequences[0]!, at: 3_002_000 },
      consequences: [
        {
          rule: "two-leaders-in-one-term",
          certainty: "exact",
          words: "n1 and n2 both lead term 5",
          at: 3_012_000,
          node: "n2",
          operation: null,
        },
      ],
      answers: [],
      messages: [],
      ending: [
        server("n1", { status: "leader", value: null }),
        server("n2", { status: "leader", value: null }),
        server("n3", { status: "crashed", value: null }),
      ],
    },
  };
}
