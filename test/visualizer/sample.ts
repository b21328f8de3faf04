/** Reports for tests: plausible ones of each outcome, the same every time, made without running anything. */

import type { History, HistoryEvent } from "porcupine-ts";
import { defaultOptions } from "../../lab/run/options.ts";
import type {
  FaultBand,
  Outcome,
  Report,
  ReportedObject,
  ReportedOperation,
  ServerRow,
  ServerSpan,
} from "../../lab/run/report.ts";

export interface SampleOptions {
  readonly outcome: Outcome;
  readonly operations: number;
  readonly seed: number;
}

type Draw = (below: number) => number;
type Draft = {
  client: string;
  key: string;
  kind: string;
  value: string;
  call: number;
  back: number | null;
  point: number;
};

const SERVERS = ["n1", "n2", "n3", "n4", "n5"];
const CLIENTS = ["c1", "c2", "c3", "c4", "c5"];
const KEYS = ["x", "y", "z", "u", "v"];
const KINDS = ["get", "get", "get", "put", "put", "append", "append", "cas", "delete"];

export function sampleReport(wish: Partial<SampleOptions> = {}): Report {
  const { outcome, operations, seed } = { outcome: "ok" as const, operations: 400, seed: 7, ...wish };
  const draw = lcg(seed);
  const end = Math.max(6_000_000, operations * 15_000);
  const drafts = draftOperations(draw, operations, end);
  const answered = answers(drafts);
  const broken = outcome === "illegal" ? makeStale(drafts, answered, end) : null;
  const reported = drafts.map((draft, id) => reportedOperation(draft, answered.get(draft)!, id));
  const objects = KEYS.map((key) => reportedObject(key, drafts, broken, outcome));
  const servers = draftServers(draw, end);
  const count = (kind: ReportedOperation["outcome"]): number =>
    reported.filter((each) => each.outcome === kind).length;
  return {
    format: "linlab-report",
    version: 1,
    linlab: "0.1.0",
    seed,
    options: { ...defaultOptions, mutant: outcome === "illegal" ? "read-any-replica" : null },
    replay: `npx linlab run --seed ${seed}${outcome === "illegal" ? " --mutant read-any-replica" : ""}`,
    scheduleFile: null,
    schedule: null,
    phases: [
      { name: "faults", passed: true, virtualMicroseconds: end, rpcs: operations * 21, operations },
      {
        name: "healing",
        passed: outcome !== "liveness",
        virtualMicroseconds: 1_000_000,
        rpcs: 300,
        operations: 20,
      },
      { name: "check", passed: outcome === "ok", virtualMicroseconds: 0, rpcs: 0, operations },
    ],
    outcome,
    sentence: sentence(outcome, reported, broken === null ? null : reported[drafts.indexOf(broken)]!),
    verdict: outcome === "illegal" ? "illegal" : outcome === "unknown" ? "unknown" : "ok",
    violation: violationOf(outcome, end),
    digest: "9f3c01d27ab84e55",
    counts: {
      operations: reported.length,
      acknowledged: count("acknowledged"),
      indeterminate: count("indeterminate"),
      pending: count("pending"),
      rpcs: operations * 21,
      bytes: operations * 3127,
      events: operations * 190,
      virtualMicroseconds: end,
    },
    faults: { partition: 3, crash: 2, pause: 1, loss: 1, delay: 1 },
    vacuous: [],
    marks: {},
    bands: bandsOf(end),
    servers,
    clients: CLIENTS,
    operations: reported,
    objects,
    recorded: { header: { model: "kv", seed }, history: historyOf(drafts, reported) },
  };
}

/** What a kind of operation is given, beside its key. */
const VALUES: Readonly<Record<string, (value: string) => Readonly<Record<string, string>>>> = {
  get: () => ({}),
  delete: () => ({}),
  put: (value) => ({ value }),
  append: (value) => ({ value: `+${value}` }),
  cas: (value) => ({ expected: "c1.0", value }),
};

/** The same as events. */
function historyOf(
  drafts: readonly Draft[],
  reported: readonly ReportedOperation[],
): History<unknown, unknown> {
  const events = reported.flatMap(
    (operation, index): [time: number, event: HistoryEvent<unknown, unknown>][] => {
      const { id, client, call, return: back, words, outcome } = operation;
      const { kind, key, value } = drafts[index]!;
      const input = { kind, key, ...VALUES[kind]!(value) };
      const answer = words.slice(words.lastIndexOf("-> ") + 3);
      const output =
        kind === "get" && back !== null ? { kind: "value", value: JSON.parse(answer) } : { kind: "done" };
      const began: HistoryEvent<unknown, unknown> = {
        kind: "invoke",
        operation: id,
        client,
        input,
        time: call,
      };
      if (back !== null)
        return [
          [call, began],
          [back, { kind: "response", operation: id, output, time: back }],
        ];
      const lost: HistoryEvent<unknown, unknown> = { kind: "indeterminate", operation: id, time: call + 1 };
      return outcome === "pending"
        ? [[call, began]]
        : [
            [call, began],
            [call + 1, lost],
          ];
    },
  );
  return events.sort((a, b) => a[0] - b[0]).map(([, event]) => event);
}

/** Numerical Recipes' generator: enough for a picture. */
function lcg(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

function draftOperations(draw: Draw, count: number, end: number): Draft[] {
  const drafts: Draft[] = [];
  const each = Math.floor((2 * end * 0.94 * CLIENTS.length) / count);
  CLIENTS.forEach((client, index) => {
    let now = 4_000 + draw(30_000);
    const share = Math.floor(count / CLIENTS.length) + (index < count % CLIENTS.length ? 1 : 0);
    for (let number = 0; number < share; number++) {
      const slow = draw(25) === 0 ? 6 : 1;
      const took = Math.min(each * 0.9, 1_500 + draw(14_000)) * slow;
      const lost = draw(70) === 0 || (number === share - 1 && index < 2);
      const point = Math.floor(now + draw(Math.max(1, Math.floor(took * 0.9))));
      drafts.push({
        client,
        key: KEYS[draw(KEYS.length)]!,
        kind: KINDS[draw(KINDS.length)]!,
        value: `${client}.${number}`,
        call: Math.floor(now),
        back: lost ? null : Math.floor(now + took),
        point,
      });
      now += took + draw(Math.max(1, Math.floor(each - took > 0 ? each - took : 1_000)));
    }
  });
  return drafts.sort((a, b) => a.call - b.call);
}

/** Applies every operation at its point, so that the answers are those of a correct store. */
function answers(drafts: readonly Draft[]): Map<Draft, string | null> {
  const store = new Map<string, string>();
  const answered = new Map<Draft, string | null>();
  for (const draft of [...drafts].sort((a, b) => a.point - b.point)) {
    const before = store.get(draft.key) ?? "";
    const answer = draft.kind === "get" ? JSON.stringify(before) : "ok";
    if (draft.kind === "put" || draft.kind === "cas") store.set(draft.key, draft.value);
    if (draft.kind === "append") store.set(draft.key, `${before.slice(-24)}+${draft.value}`);
    if (draft.kind === "delete") store.delete(draft.key);
    answered.set(draft, draft.back === null ? null : answer);
  }
  return answered;
}

/** A read in the middle of the run that gets what it should no longer have got. */
function makeStale(drafts: readonly Draft[], answered: Map<Draft, string | null>, end: number): Draft {
  const reads = drafts.filter((each) => each.kind === "get" && each.back !== null && each.call > end * 0.55);
  const stale = reads[0] ?? drafts[drafts.length - 1]!;
  answered.set(stale, JSON.stringify("c3.2"));
  return stale;
}

function reportedOperation(draft: Draft, answer: string | null, id: number): ReportedOperation {
  const { kind, key, value } = draft;
  const request = {
    get: `get ${key}`,
    put: `put ${key} "${value}"`,
    append: `append ${key} "+${value}"`,
    delete: `delete ${key}`,
    cas: `cas ${key} "c1.0" "${value}"`,
  }[kind];
  const unanswered = id % 2 === 0 ? "indeterminate" : "pending";
  return {
    id,
    client: draft.client,
    object: key,
    kind,
    words: `${request} -> ${answer ?? "?"}`,
    call: draft.call,
    return: draft.back,
    outcome: draft.back === null ? unanswered : "acknowledged",
  };
}

function reportedObject(
  key: string,
  drafts: readonly Draft[],
  broken: Draft | null,
  outcome: Outcome,
): ReportedObject {
  const mine = drafts.map((draft, id) => ({ draft, id })).filter(({ draft }) => draft.key === key);
  mine.sort((a, b) => a.draft.point - b.draft.point);
  if (outcome === "unknown" && key === "y") {
    const known = mine.slice(0, Math.floor(mine.length / 2)).map(({ id }) => id);
    return { object: key, verdict: "unknown", linearization: null, partials: [known], explanation: null };
  }
  if (broken?.key === key) {
    const before = mine
      .filter(({ draft }) => draft !== broken && draft.point < broken.back!)
      .map(({ id }) => id);
    return {
      object: key,
      verdict: "illegal",
      linearization: null,
      partials: [before.slice(0, 3), before],
      explanation: null,
    };
  }
  return {
    object: key,
    verdict: "ok",
    linearization: mine.map(({ id }) => id),
    partials: [],
    explanation: null,
  };
}

function draftServers(draw: Draw, end: number): ServerRow[] {
  return SERVERS.map((id, index) => {
    const cuts: [number, ServerSpan["status"], number][] = [[0, "follower", 0]];
    const reigns = [0.03, 0.28, 0.52, 0.75];
    reigns.forEach((start, reign) => {
      const leads = (reign * 2 + 1) % SERVERS.length === index;
      if (leads) cuts.push([start - 0.012 - draw(5) / 1000, "candidate", reign + 1]);
      // It lies crashed while that leader comes to power.
      if (index === 2 && reign === 1) return;
      cuts.push([start + (leads ? 0 : 0.002), leads ? "leader" : "follower", reign + 1]);
    });
    if (index === 2) cuts.push([0.26, "crashed", 1], [0.4, "follower", 2]);
    if (index === 4) cuts.push([0.6, "paused", 3], [0.66, "follower", 3]);
    cuts.sort((a, b) => a[0] - b[0]);
    const spans = cuts.map(([from, status, term], each) => ({
      from: Math.round(from * end),
      until: Math.round((cuts[each + 1]?.[0] ?? 1) * end),
      status,
      term,
    }));
    return { id, spans };
  });
}

function bandsOf(end: number): FaultBand[] {
  const band = (kind: string, label: string, from: number, until: number, nodes: string[]): FaultBand => ({
    kind,
    label,
    at: Math.round(from * end),
    until: Math.round(until * end),
    nodes,
  });
  return [
    band("loss", "lose 10 % of all messages", 0.02, 0.55, []),
    band("partition", "isolate the leader (n2)", 0.22, 0.31, ["n2"]),
    band("partition", "halves: n1 n2 against n3 n4 n5", 0.45, 0.58, ["n1", "n2"]),
    band("partition", "cut n4 to n5 one way", 0.5, 0.53, ["n4", "n5"]),
    band("crash", "crash n3", 0.26, 0.4, ["n3"]),
    band("crash", "crash the leader (n5)", 0.745, 0.748, ["n5"]),
    band("pause", "pause n5", 0.6, 0.66, ["n5"]),
    band("delay", "delay all messages by 5 to 20 ms", 0.6, 0.85, []),
  ];
}

function violationOf(outcome: Outcome, end: number): Report["violation"] {
  if (outcome === "invariant") {
    const message = "n2 and n4 both became leader in term 3";
    return {
      kind: "invariant",
      name: "election safety",
      message,
      at: Math.round(end * 0.524),
      nodes: ["n2", "n4"],
    };
  }
  if (outcome !== "liveness") return null;
  const message = "no operation was acknowledged within 2 s after all faults were healed";
  return { kind: "liveness", name: "progress after healing", message, at: end, nodes: [] };
}

function sentence(
  outcome: Outcome,
  all: readonly ReportedOperation[],
  stale: ReportedOperation | null,
): string {
  switch (outcome) {
    case "ok":
      return `Every answer that a client got is explained by one order of operations on each of ${KEYS.length} keys.`;
    case "illegal":
      return `No order of the operations on ${stale?.object} explains why ${stale?.client} got ${stale?.words}.`;
    case "unknown":
      return "The search used up its 2,000,000 steps on key y before it could say either way.";
    case "invariant":
      return "Election safety was broken: n2 and n4 both became leader in term 3.";
    case "liveness":
      return `After all faults were healed, none of the ${all.length} operations was acknowledged for 2 s.`;
  }
}
