/** Where a page's content comes from, in words and numbers: a run of the lab, or a file with a history. */

import type { Report } from "../lab/run/report.ts";
import type { Drawn, Fact, Origin } from "./drawn.ts";
import { byteCount, counted, grouped, shorten } from "./text.ts";

/** Longer values are cut: a schedule's path may have any length. */
const VALUE_LENGTH = 200;

export function runOrigin(report: Report): Origin {
  const { counts, options } = report;
  const mutant: readonly Fact[] = options.mutant === null ? [] : [["mutant", options.mutant]];
  return {
    name: `seed ${report.seed}`,
    facts: [
      ["seed", String(report.seed)],
      ...mutant,
      ["cluster", `${counted(options.servers, "server")}, ${counted(options.clients, "client")}`],
      operationsFact(report),
      ["virtual time", `${(counts.virtualMicroseconds / 1_000_000).toFixed(2)} s`],
      ["traffic", `${counted(counts.rpcs, "RPC")}, ${byteCount(counts.bytes)}`],
    ],
    again: { name: "replay", command: report.replay },
    details: { heading: "The run", facts: runDetails(report) },
  };
}

/** A file that holds a history, and how it was judged. */
export interface HistoryFile {
  readonly file: string;
  readonly format: string;
  readonly model: string;
  /** What judges it again. */
  readonly command: string;
}

export function fileOrigin(drawn: Drawn, { file, format, model, command }: HistoryFile): Origin {
  return {
    name: shorten(file, VALUE_LENGTH),
    facts: [
      ["file", shorten(file, VALUE_LENGTH)],
      ["model", model],
      ["clients", grouped(drawn.clients.length)],
      operationsFact(drawn),
    ],
    again: { name: "again", command },
    details: {
      heading: "The history",
      facts: [...outcomeDetails(drawn), ["format", format], ["written by", `linlab ${drawn.linlab}`]],
    },
  };
}

function operationsFact({ operations, counts }: Drawn): Fact {
  const loose = counts.indeterminate + counts.pending;
  return [
    "operations",
    `${grouped(operations.length)}${loose === 0 ? "" : `, ${grouped(loose)} without an answer`}`,
  ];
}

function outcomeDetails({ counts }: Drawn): readonly Fact[] {
  return [
    ["acknowledged", grouped(counts.acknowledged)],
    ["indeterminate: the client gave up waiting", grouped(counts.indeterminate)],
    ["pending: still waiting at the end", grouped(counts.pending)],
  ];
}

function runDetails(report: Report): readonly Fact[] {
  const fired = Object.entries(report.faults).map(([kind, count]) => `${kind} ${count}`);
  return [
    ...outcomeDetails(report),
    ["events", grouped(report.counts.events)],
    ["faults that fired", fired.length === 0 ? "none" : fired.join(", ")],
    ["nemesis", report.options.nemesis ?? "random"],
    ["mutant", report.options.mutant ?? "none"],
    ...report.phases
      .filter(({ name }) => name !== "check")
      .map((phase): Fact => [`phase: ${phase.name}`, phaseWords(phase)]),
    [
      "faults scheduled by",
      report.scheduleFile === null ? "the seed" : shorten(report.scheduleFile, VALUE_LENGTH),
    ],
    ["digest of the run", report.digest],
    ["written by", `linlab ${report.linlab}`],
  ];
}

function phaseWords(phase: Report["phases"][number]): string {
  const seconds = `${(phase.virtualMicroseconds / 1_000_000).toFixed(2)} s`;
  const parts = [seconds, counted(phase.rpcs, "RPC"), counted(phase.operations, "operation")];
  return `${phase.passed ? "passed" : "did not pass"}, ${parts.join(", ")}`;
}
