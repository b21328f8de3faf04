/** What `linlab run` says to people, in lines of at most 80 columns where names and paths allow it. */

import type { Outcome, Report } from "../run/index.ts";
import type { Campaign, RunSummary } from "./campaign.ts";
import { styled } from "./style.ts";

type Phase = Report["phases"][number];

const COLUMNS = 80;
/** Where a field's value begins. */
const FIELD = 11;

/** A line per phase, in the style of the Go labs: virtual seconds, servers, RPCs, operations. */
export function runText(report: Report): string {
  const { seed, options } = report;
  const mutant = options.mutant === null ? "" : `, mutant ${options.mutant}`;
  const head = `Seed ${seed}: ${options.servers} servers, ${options.clients} clients, ${options.keys} keys${mutant}`;
  const lines = report.phases.map((phase) => phaseLine(phase, report));
  return `${styled("bold", head)}\n${lines.join("")}`;
}

function phaseLine(phase: Phase, { options, verdict, objects, counts }: Report): string {
  const faults = (["unreliable", "partitions", "crashes", "pauses", "reorder"] as const).filter(
    (name) => options[name],
  );
  const titles: Readonly<Record<Phase["name"], string>> = {
    faults: `run under faults (${faults.length === 0 ? "none" : faults.join(", ")})`,
    healing: "heal and answer every client",
    check: `check linearizability (kv, ${objects.length} objects)`,
  };
  const undecided = phase.name === "check" && verdict === "unknown";
  const word = phase.passed
    ? styled("green", "Passed")
    : undecided
      ? styled("yellow", "Undecided")
      : styled("red", "FAILED");
  // The check judges the whole run, so its line has the whole run's figures.
  const { virtualMicroseconds, rpcs, operations } = phase.name === "check" ? counts : phase;
  const seconds = (virtualMicroseconds / 1e6).toFixed(1).padStart(5);
  const figures = [seconds, options.servers, String(rpcs).padStart(6), String(operations).padStart(5)];
  return `Test: ${titles[phase.name]} ...\n  ... ${word} -- ${figures.join(" ")}\n`;
}

/** The verdict, what struck, where the files are, and how to see it again. */
export function campaignText(campaign: Campaign): string {
  const { runs, failures, vacuous } = campaign;
  const lines = runs.length === 1 ? [] : [setLine(campaign)];
  const shown = failures[0] ?? runs[0]!;
  if (runs.length === 1 || failures.length > 0)
    lines.push("", `${verdictWord(shown.outcome)} ${shown.sentence}`);
  lines.push("", field("Faults", faultsLine(campaign)));
  if (vacuous.length > 0) lines.push(field("Undecided", styled("yellow", vacuous.join("; "))));
  if (shown.files !== null) lines.push(...fileLines(shown.files));
  if (runs.length === 1) lines.push(field("Digest", shown.digest));
  if (failures.length > 1) lines.push("", ...failures.map(failureLine));
  lines.push(field("Replay", shown.replay));
  return `${lines.join("\n")}\n`;
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
  const figures = `${virtual.toFixed(1)} ${campaign.options.servers} ${campaign.total("rpcs")} ${campaign.total("operations")}`;
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

function fileLines({ page, history, report, schedule }: NonNullable<RunSummary["files"]>): readonly string[] {
  return [
    field("Page", page),
    field("History", history),
    field("Report", report),
    field("Schedule", schedule),
  ];
}

function failureLine(run: RunSummary): string {
  return `  ${run.outcome.padEnd(9)} ${run.replay}`;
}

/** Long values go on under their beginning. A path or a command is one word and is never broken. */
function field(name: string, value: string): string {
  const lines: string[] = [""];
  for (const word of value.split(", ").map((part, i, all) => (i + 1 < all.length ? `${part}, ` : part))) {
    if (lines.at(-1) !== "" && lines.at(-1)!.length + word.length > COLUMNS - FIELD) lines.push("");
    lines[lines.length - 1] += word;
  }
  const indented = lines.map((line) => line.trimEnd()).join(`\n${" ".repeat(FIELD)}`);
  return `${styled("dim", `${name}:`.padEnd(FIELD))}${indented}`;
}
