/** What `linlab run` says to people, in lines of at most 80 columns where names and paths allow it. */

import { timelineText } from "porcupine-ts";
import { counted } from "../../src/base/index.ts";
import { FAULT_SWITCHES, type Outcome, quoted, type Report } from "../run/index.ts";
import type { Campaign, RunSummary } from "./campaign.ts";
import { COLUMNS, field, wrapped } from "./layout.ts";
import { styled } from "./style.ts";

type Phase = Report["phases"][number];

const MOST_FAILURES_NAMED = 20;

/** A line per phase, in the style of the Go labs: virtual seconds, servers, RPCs, operations. */
export function runText(report: Report): string {
  const { seed, options } = report;
  const nemesis = options.nemesis === null ? "" : `, nemesis ${options.nemesis}`;
  const mutant = options.mutant === null ? "" : `, mutant ${options.mutant}`;
  const [servers, clients, keys] = (["server", "client", "key"] as const).map((noun) =>
    counted(options[`${noun}s`], noun),
  );
  const head = `Seed ${seed}: ${servers}, ${clients}, ${keys}${nemesis}${mutant}`;
  const lines = report.phases.map((phase) => phaseLine(phase, report));
  return `${styled("bold", head)}\n${lines.join("")}`;
}

function phaseLine(phase: Phase, { options, verdict, objects, counts }: Report): string {
  const faults = [...FAULT_SWITCHES, "membership" as const].filter((name) => options[name]);
  const titles: Readonly<Record<Phase["name"], string>> = {
    faults: `run under faults (${faults.length === 0 ? "none" : faults.join(", ")})`,
    healing: "heal and answer every client",
    check: `check linearizability (kv, ${counted(objects.length, "object")})`,
  };
  const undecided = phase.name === "check" && verdict === "unknown";
  const word = phase.passed
    ? styled("green", "Passed")
    : undecided
      ? styled("yellow", "Undecided")
      : styled("red", "FAILED");
  // The check judges the whole run, so its line has the whole run's figures.
  const { virtualMicroseconds, rpcs, operations } = phase.name === "check" ? counts : phase;
  const figures = passedFigures(virtualMicroseconds / 1e6, options.servers, rpcs, operations);
  return `Test: ${titles[phase.name]} ...\n  ... ${word} -- ${figures}\n`;
}

function passedFigures(virtualSeconds: number, servers: number, rpcs: number, operations: number): string {
  const seconds = virtualSeconds.toFixed(1).padStart(5);
  return `${seconds} ${servers} ${String(rpcs).padStart(6)} ${String(operations).padStart(5)}`;
}

/** The verdict, what struck, where the files are, and how to see it again. */
export function campaignText(campaign: Campaign): string {
  const { runs, failures, vacuous, shown } = campaign;
  const lines = runs.length === 1 ? [] : [setLine(campaign)];
  if (runs.length === 1 || failures.length > 0) {
    lines.push("", verdictWord(shown.outcome), ...sentenceLines(shown));
  }
  lines.push("", field("Faults", faultsLine(campaign)));
  if (runs.length > 1) lines.push(field("Marks", marksLine(campaign)));
  if (vacuous.length > 0) lines.push(field("Undecided", vacuous.join(", ")));
  if (shown.files !== null) lines.push(...fileLines(shown.files));
  lines.push(field("Digest", campaign.digest));
  if (failures.length > 1) lines.push("", ...failures.slice(0, MOST_FAILURES_NAMED).map(failureLine));
  const more = failures.length - MOST_FAILURES_NAMED;
  if (more > 0) lines.push(`  and ${more} more; --json names them all`);
  lines.push(field("Replay", campaign.replay));
  const failure = shown.files?.failure ?? null;
  if (failure !== null) lines.push(field("Shrink", `npx linlab shrink ${quoted(failure)}`));
  return `${lines.join("\n")}\n`;
}

/** What the run came to; of a history that is illegal with the operations that prove it. */
function sentenceLines({ outcome, sentence, explanation }: RunSummary): readonly string[] {
  const lines = wrapped(sentence.split(" "), " ", COLUMNS);
  if (outcome !== "illegal" || explanation?.kind !== "violation") return lines;
  return [...lines, "", ...timelineText(explanation).trimEnd().split("\n")];
}

function setLine(campaign: Campaign): string {
  const { runs, failures } = campaign;
  const count = (outcome: Outcome) => runs.filter((run) => run.outcome === outcome).length;
  const kinds = (["ok", "illegal", "invariant", "liveness", "unknown"] as const)
    .filter((outcome) => count(outcome) > 0)
    .map((outcome) => `${count(outcome)} ${outcome}`);
  const virtual = campaign.total("virtualSeconds");
  const wall = campaign.total("wallSeconds");
  const passed = failures.length === 0 && campaign.vacuous.length === 0;
  const word = passed ? styled("green", "Passed") : styled("red", "Not passed");
  const name = `Test: seeds ${runs[0]!.seed}..${runs.at(-1)!.seed} ...`;
  const figures = passedFigures(
    virtual,
    campaign.options.servers,
    campaign.total("rpcs"),
    campaign.total("operations"),
  );
  const speed = `${runs.length} runs: ${kinds.join(", ")}; ${wall.toFixed(1)} s of wall time, ratio ${Math.round(virtual / wall)}, ${Math.round(campaign.total("events") / wall)} events/s`;
  return `${name}\n  ... ${word} -- ${figures}\n${speed}`;
}

function verdictWord(outcome: Outcome): string {
  switch (outcome) {
    case "ok":
      return styled("green", "Linearizable.");
    case "unknown":
      return styled("yellow", "Undecided.");
    case "illegal":
      return styled("red", "Not linearizable.");
    case "invariant":
      return styled("red", "Invariant broken.");
    case "liveness":
      return styled("red", "Stuck.");
  }
}

function faultsLine(campaign: Campaign): string {
  const counts = Object.entries(campaign.faults).map(([kind, count]) => `${kind} ${count}`);
  return counts.length === 0 ? "none" : counts.join(", ");
}

function fileLines({
  page,
  history,
  report,
  schedule,
  failure,
}: NonNullable<RunSummary["files"]>): readonly string[] {
  return [
    field("Page", page),
    field("History", history),
    field("Report", report),
    field("Schedule", schedule),
    ...(failure === null ? [] : [field("Failure", failure)]),
  ];
}

function failureLine(run: RunSummary): string {
  return `  ${run.outcome.padEnd(9)} ${run.replay}`;
}

/** How many of the situations that should come up did, and which did not. */
function marksLine(campaign: Campaign): string {
  const marks = Object.entries(campaign.marks);
  const never = marks.filter(([, count]) => count === 0).map(([mark]) => mark);
  const reached = `${marks.length - never.length} of ${marks.length} situations reached`;
  return never.length === 0 ? reached : `${reached}; never, ${never.join(", ")}`;
}
