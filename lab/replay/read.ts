/** Reads a failure file, and refuses what is none with the place in it. */

import { InputError, type NodeId } from "../../src/base/index.ts";
import type { Operation } from "../../src/kv/index.ts";
import { CLOCKS, DISKS, type Settings } from "../cluster/index.ts";
import { assertNodesExist, scheduleFrom } from "../faults/index.ts";
import { findNemesis } from "../faults/nemeses/index.ts";
import { defaultOptions, READS, type RunOptions, SPARES, WORKLOADS } from "../run/index.ts";
import { findMutant } from "../run/mutants/index.ts";
import type { Conditions } from "../sim/index.ts";
import type { Decision } from "./decision.ts";
import { FAILURE_FORMAT, FAILURE_VERSION, type Failure, makeFailure, RESTS } from "./failure.ts";
import {
  absent,
  list,
  node,
  nullable,
  oneOf,
  type Reader,
  record,
  struct,
  text,
  truth,
  union,
  whole,
} from "./shape.ts";

/** Throws InputError, naming the file and the place in it. */
export function readFailure(content: string, file: string): Failure {
  const top = record(parse(content, file), `${file}: the file`);
  if (top.format !== FAILURE_FORMAT) {
    throw new InputError(`${file}: "format" is ${JSON.stringify(top.format)}, expected "${FAILURE_FORMAT}"`);
  }
  if (top.version !== FAILURE_VERSION) {
    throw new InputError(`${file}: version ${JSON.stringify(top.version)} is not ${FAILURE_VERSION}`);
  }
  const { format, version, schedule, ...rest } = top;
  const at = (name: string) => `${file}: ${name}`;
  const read = <T>(name: string, reader: Reader<T>): T => reader(rest[name], at(name));
  const failure = {
    ...makeFailure(
      {
        seed: read("seed", whole(0)),
        options: read("options", options),
        rest: read("rest", oneOf(RESTS)),
        schedule: scheduleFrom(schedule, at("schedule")),
        decisions: read("decisions", list(decision)),
      },
      {
        outcome: read("outcome", oneOf(["ok", "illegal", "unknown", "invariant", "liveness", "crash"])),
        oracle: read("oracle", text),
        class: read("class", nullable(text)),
        sentence: read("sentence", text),
        digest: read("digest", digest),
        events: read("events", whole(0)),
      },
    ),
    linlab: read("linlab", text),
  };
  assertFits(failure, file);
  return failure;
}

function parse(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new InputError(`${file}: not JSON (${(error as Error).message}); expected a failure`);
  }
}

/** Nobody is spoken of who is not there. */
function assertFits({ options, schedule, decisions }: Failure, file: string): void {
  const { servers, clients, membership } = options;
  const nodes = [...names("n", servers + (membership ? SPARES : 0)), ...names("c", clients)];
  assertNodesExist(schedule, nodes, file);
  for (const [i, each] of decisions.entries()) {
    for (const id of nodesOf(each)) {
      if (nodes.includes(id)) continue;
      throw new InputError(`${file}: decisions[${i}] names ${id}, but the nodes are ${nodes.join(", ")}`);
    }
  }
}

function names(prefix: string, count: number): readonly NodeId[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);
}

/** Whom a decision is about. */
function nodesOf(each: Decision): readonly NodeId[] {
  switch (each.kind) {
    case "message":
    case "unanswered":
      return [each.from, each.to];
    case "manners":
    case "command":
      return [each.client];
    case "rest":
      return each.nodes;
    case "draw":
    case "disk":
      return [each.node];
    case "leader":
      return each.node === null ? [] : [each.node];
    default:
      return [];
  }
}

const time = whole(0);
const count = whole(1);
const permille = whole(0, 1000);

const digest: Reader<string> = (data, where) => {
  const word = text(data, where);
  if (/^[0-9a-f]{16}$/.test(word)) return word;
  throw new InputError(`${where}: expected 16 hexadecimal digits, found ${JSON.stringify(data)}`);
};

const mutant: Reader<string> = (data, where) => {
  const name = text(data, where);
  if (findMutant(name) !== null) return name;
  throw new InputError(`${where}: this linlab has no mutant ${JSON.stringify(name)}`);
};

const nemesis: Reader<string> = (data, where) => {
  const name = text(data, where);
  if (findNemesis(name) !== null) return name;
  throw new InputError(`${where}: this linlab has no nemesis ${JSON.stringify(name)}`);
};

const options = struct<RunOptions>({
  servers: whole(1, 99),
  clients: whole(1, 999),
  keys: whole(1, 9999),
  workload: oneOf(WORKLOADS),
  duration: count,
  unreliable: truth,
  partitions: truth,
  crashes: truth,
  pauses: truth,
  reorder: truth,
  membership: absent(truth, false),
  clocks: absent(oneOf(CLOCKS), defaultOptions.clocks),
  disks: absent(oneOf(DISKS), defaultOptions.disks),
  driftBound: absent(whole(0), defaultOptions.driftBound),
  reads: nullable(oneOf(READS)),
  preVote: nullable(truth),
  checkQuorum: nullable(truth),
  nemesis: nullable(nemesis),
  encode: truth,
  refinement: truth,
  mutant: nullable(mutant),
  checkBudget: count,
});

const settings = struct<Settings>({
  timing: struct({ electionTimeout: count, heartbeatInterval: count }),
  features: struct({
    preVote: truth,
    checkQuorum: truth,
    singleServerChange: absent<boolean | undefined>(truth, undefined),
  }),
  limits: struct({ maxBatch: count, window: count, chunk: count }),
  maxRaftState: nullable(count),
  reads: oneOf(READS),
  maxSessions: count,
  slowDisks: oneOf(["none", "few", "all"]),
});

const conditions = struct<Conditions>({
  reliable: truth,
  longDelays: truth,
  longReordering: truth,
  detectsLoss: truth,
  loss: permille,
  duplication: permille,
  reordering: permille,
  extraDelay: time,
});

const operation = union<Operation>({
  get: struct({ kind: oneOf(["get"]), key: text }),
  put: struct({ kind: oneOf(["put"]), key: text, value: text }),
  append: struct({ kind: oneOf(["append"]), key: text, value: text }),
  delete: struct({ kind: oneOf(["delete"]), key: text }),
  cas: struct({ kind: oneOf(["cas"]), key: text, expected: nullable(text), value: text }),
});

const decision = union<Decision>({
  settings: struct({ kind: oneOf(["settings"]), settings }),
  conditions: struct({ kind: oneOf(["conditions"]), conditions }),
  manners: struct({
    kind: oneOf(["manners"]),
    ...{ client: node, life: time, attemptTimeout: count, patience: nullable(count) },
  }),
  draw: struct({ kind: oneOf(["draw"]), node, life: time, nth: count, at: time, value: whole(0) }),
  command: struct({ kind: oneOf(["command"]), client: node, nth: count, at: time, operation, roam: truth }),
  message: struct({
    kind: oneOf(["message"]),
    ...{ from: node, to: node, nth: count, at: time, what: text },
    ...{ lost: truth, delay: time, copyDelay: nullable(time) },
  }),
  unanswered: struct({
    kind: oneOf(["unanswered"]),
    ...{ from: node, to: node, nth: count, at: time, delay: time },
  }),
  leader: struct({ kind: oneOf(["leader"]), nth: count, at: time, node: nullable(node) }),
  disk: struct({ kind: oneOf(["disk"]), node, nth: count, at: time, kept: whole(0) }),
  rest: struct({ kind: oneOf(["rest"]), at: time, nodes: list(node) }),
});
