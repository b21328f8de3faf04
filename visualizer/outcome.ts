/** How each outcome is said and drawn: words first, then an icon of its own shape; colour only repeats them. */

import type { Outcome, ReportedObject } from "../lab/run/report.ts";
import type { Drawn } from "./drawn.ts";
import { counted, grouped } from "./text.ts";

/** Icons are paths in a 24 by 24 box: a font may lack any glyph, and an emoji more than any. */
const ICONS: Readonly<Record<Outcome, string>> = {
  ok: "M4.5 12.5l5 5L19.5 7",
  illegal: "M6 6l12 12M18 6L6 18",
  unknown: "M8.6 9.2a3.5 3.5 0 1 1 5.2 3.1c-1.2.7-1.8 1.4-1.8 2.7M12 18.6v.1",
  invariant: "M12 3.5l9 16.2H3zM12 10v4.4M12 17v.1",
  liveness: "M12 3.2a8.8 8.8 0 1 0 .01 0zM12 7.5V12l3.4 2.2",
};

const TITLES: Readonly<Record<Outcome, string>> = {
  ok: "Linearizable",
  illegal: "Not linearizable",
  unknown: "Undecided",
  invariant: "Invariant broken",
  liveness: "Liveness missed",
};

export function iconOf(outcome: Outcome): string {
  return ICONS[outcome];
}

export function titleOf(outcome: Outcome): string {
  return TITLES[outcome];
}

/** What follows the title: how much of the run it concerns. */
export function scopeOf(report: Drawn): string {
  const objects = report.objects;
  const of = (verdict: ReportedObject["verdict"]): string =>
    objects.length === 1
      ? "the only key"
      : `${grouped(objects.filter((each) => each.verdict === verdict).length)} of ${counted(objects.length, "key")}`;
  if (objects.length === 0 && report.violation === null) return "";
  switch (report.outcome) {
    case "ok":
      return `${counted(objects.length, "key")}, ${counted(report.operations.length, "operation")}`;
    case "illegal":
      return of("illegal");
    case "unknown":
      return of("unknown");
    case "invariant":
    case "liveness":
      return report.violation?.name ?? "";
  }
}

/** An object's verdict as a person would say it. */
export function verdictWords(verdict: ReportedObject["verdict"]): string {
  if (verdict === "ok") return "linearizable";
  return verdict === "illegal" ? "not linearizable" : "undecided";
}
