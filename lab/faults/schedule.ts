/** A schedule: timed faults, healing included, as a file that people can read and edit. */

import { InputError, type NodeId } from "../../src/base/index.ts";
import type { ClockChange } from "../sim/index.ts";
import { CUES, type Cut, type Fault, type Target, type TimedFault } from "./fault.ts";
import type { MessageFault } from "./message.ts";

const SCHEDULE_FORMAT = "linlab-schedule";
const SCHEDULE_VERSION = 1;
const FAULT_KINDS =
  "partition, crash, pause, clock, fsync, rot, loss, delay, duplication, reordering, transfer or membership";

export interface Schedule {
  readonly format: typeof SCHEDULE_FORMAT;
  readonly version: typeof SCHEDULE_VERSION;
  /** In order of `at`. */
  readonly faults: readonly TimedFault[];
  /**
   * What befalls single messages. Where it is there, be it empty, the schedule was recorded: each fault strikes and ends
   * before everything else of its instant, as it did then.
   */
  readonly messages?: readonly MessageFault[];
}

export function makeSchedule(faults: readonly TimedFault[], messages?: readonly MessageFault[]): Schedule {
  const inOrder = [...faults].sort((a, b) => a.at - b.at);
  const schedule = { format: SCHEDULE_FORMAT, version: SCHEDULE_VERSION, faults: inOrder } as const;
  return messages === undefined ? schedule : { ...schedule, messages };
}

/** One fault a line, so that a difference between two schedules reads as one. */
export function writeSchedule({ format, version, faults, messages }: Schedule): string {
  const more = messages === undefined ? "" : `,\n  "messages": ${listOf(messages)}`;
  return `{\n  "format": ${JSON.stringify(format)},\n  "version": ${version},\n  "faults": ${listOf(faults)}${more}\n}\n`;
}

function listOf(items: readonly unknown[]): string {
  const lines = items.map((item) => `    ${JSON.stringify(item)}`);
  return lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`;
}

/** Throws InputError, naming the file and the place in it. */
export function readSchedule(text: string, file: string): Schedule {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: not JSON (${(error as Error).message}); expected a schedule`);
  }
  record(data, `${file}: the file`);
  return scheduleFrom(data, file);
}

/** The schedule that stands at this place of a file. Throws InputError, naming the place. */
export function scheduleFrom(data: unknown, where: string): Schedule {
  const top = record(data, where);
  if (top.format !== SCHEDULE_FORMAT) {
    throw new InputError(
      `${where}: "format" is ${JSON.stringify(top.format)}, expected "${SCHEDULE_FORMAT}"`,
    );
  }
  if (top.version !== SCHEDULE_VERSION) {
    throw new InputError(`${where}: version ${JSON.stringify(top.version)} is not ${SCHEDULE_VERSION}`);
  }
  const faults = array(top.faults, `${where}: "faults"`);
  const read = faults.map((fault, i) => readTimedFault(fault, `${where}: faults[${i}]`));
  if (top.messages === undefined) return makeSchedule(read);
  const messages = array(top.messages, `${where}: "messages"`);
  return makeSchedule(
    read,
    messages.map((message, i) => readMessageFault(message, `${where}: messages[${i}]`)),
  );
}

/** Throws InputError for a node that the cluster does not have. A file need not be in order: it names the fault's time. */
export function assertNodesExist(schedule: Schedule, nodes: readonly NodeId[], file: string): void {
  const check = (what: string, ids: readonly NodeId[]) => {
    const unknown = ids.find((id) => !nodes.includes(id));
    if (unknown === undefined) return;
    throw new InputError(`${file}: ${what} names ${unknown}, but the nodes are ${nodes.join(", ")}`);
  };
  for (const { at, fault } of schedule.faults) check(`the fault at ${at} µs`, namedIn(fault));
  for (const [i, { from, to }] of (schedule.messages ?? []).entries()) check(`messages[${i}]`, [from, to]);
}

function namedIn(fault: Fault): readonly NodeId[] {
  const of = (target: Target) => (target.kind === "node" ? [target.id] : []);
  if ("target" in fault) return of(fault.target);
  if (fault.kind === "transfer") return [fault.to];
  if (fault.kind === "membership") return [...fault.add, ...fault.remove.flatMap(of)];
  if (fault.kind !== "partition") return [];
  const { cut } = fault;
  if (cut.kind === "groups") return cut.groups.flat();
  return cut.kind === "isolate" ? [...of(cut.target), ...cut.companions] : of(cut.target);
}

function readTimedFault(data: unknown, where: string): TimedFault {
  const timed = record(data, where);
  const at = whole(timed.at, `${where}.at`);
  const until = whole(timed.until, `${where}.until`);
  if (until < at) throw new InputError(`${where}: heals at ${until} µs, before it strikes at ${at} µs`);
  const fault = readFault(timed.fault, `${where}.fault`);
  if (timed.on === undefined) return { at, until, fault };
  const on = CUES.find((cue) => cue === timed.on);
  if (on !== undefined) return { at, until, fault, on };
  throw new InputError(
    `${where}.on: expected "answer", "election" or nothing, found ${JSON.stringify(timed.on)}`,
  );
}

function readMessageFault(data: unknown, where: string): MessageFault {
  const fault = record(data, where);
  const link = { from: name(fault.from, `${where}.from`), to: name(fault.to, `${where}.to`) };
  const nth = whole(fault.nth, `${where}.nth`, "whole number");
  const { kind } = fault;
  switch (kind) {
    case "lost":
      return { ...link, nth, kind };
    case "held":
    case "copied":
      return { ...link, nth, kind, arrives: whole(fault.arrives, `${where}.arrives`) };
    default:
      throw unknownKind(kind, where, "lost, held or copied");
  }
}

function readFault(data: unknown, where: string): Fault {
  const fault = record(data, where);
  const kind = fault.kind;
  switch (kind) {
    case "partition":
      return { kind, cut: readCut(fault.cut, `${where}.cut`) };
    case "crash": {
      const target = readTarget(fault.target, `${where}.target`);
      if (fault.kept === undefined) return { kind, target };
      return { kind, target, kept: whole(fault.kept, `${where}.kept`, "whole number of writes") };
    }
    case "pause":
      return { kind, target: readTarget(fault.target, `${where}.target`) };
    case "clock": {
      const target = readTarget(fault.target, `${where}.target`);
      return { kind, target, change: readChange(fault.change, `${where}.change`) };
    }
    case "fsync":
      return { kind, target: readTarget(fault.target, `${where}.target`) };
    case "rot": {
      const fromEnd = whole(fault.fromEnd, `${where}.fromEnd`, "whole number of entries");
      return { kind, target: readTarget(fault.target, `${where}.target`), fromEnd };
    }
    case "loss":
    case "duplication":
    case "reordering":
      return { kind, permille: permille(fault.permille, `${where}.permille`) };
    case "delay":
      return { kind, upTo: whole(fault.upTo, `${where}.upTo`) };
    case "transfer":
      return { kind, to: name(fault.to, `${where}.to`) };
    case "membership":
      return {
        kind,
        add: names(fault.add, `${where}.add`),
        remove: array(fault.remove, `${where}.remove`).map((each, i) =>
          readMember(each, `${where}.remove[${i}]`),
        ),
      };
    default:
      throw unknownKind(kind, where, FAULT_KINDS);
  }
}

function readCut(data: unknown, where: string): Cut {
  const cut = record(data, where);
  const kind = cut.kind;
  switch (kind) {
    case "groups": {
      const groups = array(cut.groups, `${where}.groups`);
      return { kind, groups: groups.map((group, i) => names(group, `${where}.groups[${i}]`)) };
    }
    case "isolate":
      return {
        kind,
        target: readTarget(cut.target, `${where}.target`),
        companions: names(cut.companions, `${where}.companions`),
      };
    case "oneWay": {
      const direction = cut.direction;
      if (direction !== "in" && direction !== "out") {
        throw new InputError(
          `${where}.direction: expected "in" or "out", found ${JSON.stringify(direction)}`,
        );
      }
      return { kind, target: readTarget(cut.target, `${where}.target`), direction };
    }
    default:
      throw unknownKind(kind, where, "groups, isolate or oneWay");
  }
}

function readChange(data: unknown, where: string): ClockChange {
  const change = record(data, where);
  const kind = change.kind;
  if (kind === "rate") return { kind, ppm: between(change.ppm, `${where}.ppm`, 1_000_000) };
  if (kind === "step") return { kind, by: between(change.by, `${where}.by`, Number.MAX_SAFE_INTEGER) };
  throw unknownKind(kind, where, "rate or step");
}

function readTarget(data: unknown, where: string): Target {
  const target = record(data, where);
  const kind = target.kind;
  if (kind === "leader" || kind === "all") return { kind };
  if (kind !== "node") throw unknownKind(kind, where, "node, leader or all");
  return { kind, id: name(target.id, `${where}.id`) };
}

function readMember(data: unknown, where: string): Target {
  const target = readTarget(data, where);
  if (target.kind !== "all") return target;
  throw new InputError(`${where}: "all" would leave nobody; expected a node or the leader`);
}

// --- Shapes ---

function record(data: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof data === "object" && data !== null && !Array.isArray(data))
    return data as Record<string, unknown>;
  throw new InputError(`${where}: expected an object, found ${JSON.stringify(data)}`);
}

function array(data: unknown, where: string): readonly unknown[] {
  if (Array.isArray(data)) return data;
  throw new InputError(`${where}: expected a list, found ${JSON.stringify(data)}`);
}

function name(data: unknown, where: string): string {
  if (typeof data === "string" && data !== "") return data;
  throw new InputError(`${where}: expected a node's name such as "n1", found ${JSON.stringify(data)}`);
}

function names(data: unknown, where: string): readonly string[] {
  return array(data, where).map((item, i) => name(item, `${where}[${i}]`));
}

function whole(data: unknown, where: string, what = "whole number of microseconds"): number {
  if (typeof data === "number" && Number.isSafeInteger(data) && data >= 0) return data;
  throw new InputError(`${where}: expected a ${what}, found ${JSON.stringify(data)}`);
}

function between(data: unknown, where: string, most: number): number {
  if (typeof data === "number" && Number.isSafeInteger(data) && Math.abs(data) <= most) return data;
  throw new InputError(
    `${where}: expected a whole number from -${most} to ${most}, found ${JSON.stringify(data)}`,
  );
}

function permille(data: unknown, where: string): number {
  if (typeof data === "number" && Number.isInteger(data) && data >= 0 && data <= 1000) return data;
  throw new InputError(`${where}: expected a whole number from 0 to 1000, found ${JSON.stringify(data)}`);
}

function unknownKind(kind: unknown, where: string, known: string): InputError {
  return new InputError(`${where}.kind: ${JSON.stringify(kind)} is not ${known}`);
}
