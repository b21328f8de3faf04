/** A report that `linlab run --out` saved, read back: as strict as what draws it needs, since anybody may have edited it. */

import { closeSync, openSync, readSync } from "node:fs";
import { InputError } from "../../src/base/index.ts";
import { shape } from "../replay/index.ts";
import { REPORT_FORMAT, REPORT_VERSION, type Report } from "../run/index.ts";

const { list, nullable, oneOf, record, text, whole } = shape;

type Check = (data: unknown, where: string) => unknown;

/** How far into a file its format is looked for. */
const HEAD = 4096;

/** Whether the file is a report and not a history, by how it begins. A file that cannot be read is none. */
export function isReport(file: string): boolean {
  try {
    const from = openSync(file, "r");
    const head = Buffer.alloc(HEAD);
    const length = readSync(from, head, 0, HEAD, 0);
    closeSync(from);
    return new RegExp(`^\\uFEFF?\\s*\\{[^]*"format"\\s*:\\s*"${REPORT_FORMAT}"`).test(
      head.toString("utf8", 0, length),
    );
  } catch {
    return false;
  }
}

/** Throws InputError, naming the file and the place in it. */
export function readReport(content: string, file: string): Report {
  const data = record(parse(content, file), `${file}: the file`);
  if (data.version !== REPORT_VERSION) {
    throw new InputError(
      `${file}: version ${JSON.stringify(data.version)} of a report is not ${REPORT_VERSION}: run its replay command again`,
    );
  }
  for (const [name, check] of Object.entries(REPORT)) check(data[name], `${file}: ${name}`);
  assertAnswered(data as unknown as Report, file);
  return data as unknown as Report;
}

function parse(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new InputError(`${file}: not JSON (${(error as Error).message}); expected a saved report`);
  }
}

/** These fields as the readers want them, whatever else there is. */
function having(fields: Readonly<Record<string, Check>>): Check {
  return (data, where) => {
    const given = record(data, where);
    for (const [name, check] of Object.entries(fields)) check(given[name], `${where}.${name}`);
  };
}

/** A field that need not be there. */
function absent(check: Check): Check {
  return (data, where) => (data === undefined ? undefined : check(data, where));
}

/** An object of numbers by name. */
const figures: Check = (data, where) => {
  for (const [name, value] of Object.entries(record(data, where))) whole(0)(value, `${where}.${name}`);
};

const instant = whole(0);
const verdict = oneOf(["ok", "illegal", "unknown"]);
const stretch = { at: instant, until: instant };

const OPERATION = having({
  id: whole(0),
  client: text,
  object: text,
  kind: text,
  words: text,
  call: instant,
  return: nullable(instant),
  outcome: oneOf(["acknowledged", "indeterminate", "pending"]),
});

const CORE = having({
  operation: whole(0),
  client: text,
  words: text,
  call: instant,
  return: nullable(instant),
});

const EXPLANATION: Check = (data, where) => {
  const { kind } = record(data, where);
  oneOf(["violation", "undecided"])(kind, `${where}.kind`);
  const violation = { core: list(CORE), relations: list(record), alternatives: list(record) };
  having({ sentence: text, ...(kind === "violation" ? violation : {}) })(data, where);
};

const OBJECT = having({
  object: text,
  verdict,
  linearization: nullable(list(whole(0))),
  partials: list(list(whole(0))),
  states: (data, where) => (data === undefined ? null : nullable(list(text))(data, where)),
  explanation: (data, where) => (data === null ? null : EXPLANATION(data, where)),
});

const SPAN = having({
  from: instant,
  until: instant,
  status: oneOf(["follower", "candidate", "leader", "crashed", "paused"]),
  term: whole(0),
});

const VIOLATION = having({
  kind: oneOf(["invariant", "liveness"]),
  name: text,
  message: text,
  at: instant,
  nodes: list(text),
});

const REPORT: Readonly<Record<string, Check>> = {
  linlab: text,
  seed: whole(0),
  options: having({
    servers: whole(1),
    clients: whole(1),
    mutant: nullable(text),
    nemesis: nullable(text),
  }),
  replay: text,
  scheduleFile: nullable(text),
  outcome: oneOf(["ok", "illegal", "unknown", "invariant", "liveness"]),
  sentence: text,
  verdict,
  violation: (data, where) => (data === null ? null : VIOLATION(data, where)),
  digest: text,
  phases: list(having({ name: text, virtualMicroseconds: whole(0), rpcs: whole(0), operations: whole(0) })),
  counts: having(
    Object.fromEntries(
      ["acknowledged", "indeterminate", "pending", "rpcs", "bytes", "events", "virtualMicroseconds"].map(
        (name) => [name, whole(0)],
      ),
    ),
  ),
  faults: figures,
  bands: list(
    having({ kind: text, label: text, nodes: list(text), groups: absent(list(list(text))), ...stretch }),
  ),
  servers: list(having({ id: text, spans: list(SPAN) })),
  clients: list(text),
  operations: list(OPERATION),
  objects: list(OBJECT),
  // Reports of before had none.
  recorded: absent((data, where) => RECORDED(data, where)),
};

const EVENT: Check = (data, where) => {
  const { kind } = record(data, where);
  oneOf(["invoke", "response", "indeterminate"])(kind, `${where}.kind`);
  having({ operation: whole(0), time: whole(0) })(data, where);
};

const RECORDED = having({ header: having({ model: text }), history: list(EVENT) });

/** What the readers of single fields cannot see: fields that contradict one another. */
function assertAnswered(report: Report, file: string): void {
  const { operations, outcome, violation } = report;
  const ids = new Map<number, number>();
  operations.forEach(({ id, call, return: back, outcome: end }, index) => {
    const where = `${file}: operations[${index}]`;
    const first = ids.get(id);
    if (first !== undefined) throw new InputError(`${where}.id: ${id} is also that of operations[${first}]`);
    ids.set(id, index);
    if (back !== null && back < call)
      throw new InputError(`${where}: it returned at ${back}, before its call at ${call}`);
    if ((end === "acknowledged") !== (back !== null))
      throw new InputError(
        `${where}: it is ${end}, and ${back === null ? "never returned" : `returned at ${back}`}`,
      );
  });
  assertRecorded(report, file);
  if ((outcome === "invariant" || outcome === "liveness") && violation === null)
    throw new InputError(`${file}: violation: expected an object, since the outcome is ${outcome}`);
}

/** The history as it was recorded, and the operations that the page draws, are one. */
function assertRecorded({ operations, recorded }: Report, file: string): void {
  if (recorded === undefined) return;
  const indexes = new Map(operations.map(({ id }, index) => [id, index]));
  const ends = new Map<number, string>();
  let called = 0;
  recorded.history.forEach(({ kind, operation }, at) => {
    const where = `${file}: recorded.history[${at}]`;
    const index = indexes.get(operation) ?? -1;
    if (kind === "invoke" ? index !== called++ : index < 0 || index >= called)
      throw new InputError(`${where}: operation ${operation} is not the one that operations lists there`);
    if (kind === "invoke") return;
    if (ends.has(operation)) throw new InputError(`${where}: operation ${operation} ends a second time`);
    ends.set(operation, kind === "response" ? "acknowledged" : "indeterminate");
  });
  for (const { id, outcome } of operations) {
    const found = indexes.get(id)! < called ? (ends.get(id) ?? "pending") : "not called";
    if (found !== outcome)
      throw new InputError(
        `${file}: recorded.history: operation ${id} is ${found}, and ${outcome} elsewhere`,
      );
  }
}
