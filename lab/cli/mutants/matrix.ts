/** The kill matrix in text and as JSON. */

import { aloneFinds, CLASSES, type ClassName, type MatrixRow } from "../../mutation/index.ts";
import { styled } from "../style.ts";

/** What a class is called where there is little room. */
export const HEADINGS: Readonly<Record<ClassName, string>> = {
  none: "none",
  unreliable: "unreliable",
  partitions: "partition",
  crashes: "crash",
  pauses: "pause",
  reorder: "reorder",
  all: "all",
};

/** Seeds to a kill in the mean, as people read them. */
export function cellText(mean: number | null): string {
  return mean === null ? "-" : mean < 10 ? mean.toFixed(1) : String(Math.round(mean));
}

export function matrixText(rows: readonly MatrixRow[]): string {
  const head = CLASSES.map((name) => HEADINGS[name].padStart(11)).join("");
  const lines = rows.map(
    ({ mutant, cells }) =>
      `${mutant.name.padEnd(23)}${CLASSES.map((name) => cellText(cells[name]).padStart(11)).join("")}`,
  );
  return `${[styled("bold", `${"mutant".padEnd(23)}${head}`), ...lines, "", ...summary(rows)].join("\n")}\n`;
}

/** What the matrix shows, in sentences. */
export function summary(rows: readonly MatrixRow[]): readonly string[] {
  const kills = CLASSES.map((name) => {
    const count = rows.filter(({ cells }) => cells[name] !== null).length;
    return `${HEADINGS[name]} ${count}`;
  });
  const combined = rows.filter((row) => aloneFinds(row).length === 0 && row.cells.all !== null);
  const rare = rows.filter((row) => aloneFinds(row).length === 0 && row.cells.all === null);
  const names = (some: readonly MatrixRow[]) => some.map(({ mutant }) => mutant.name).join(", ");
  return [
    `Seeds to a kill in the mean, with one class of faults on. Of ${rows.length} mutants die under: ${kills.join(", ")}.`,
    ...(combined.length > 0 ? [`Only under a combination: ${names(combined)}.`] : []),
    ...(rare.length > 0 ? [`Rarer than the matrix looks for: ${names(rare)}.`] : []),
  ];
}

export function matrixJson(rows: readonly MatrixRow[]): object {
  const cells = rows.map(({ mutant, cells: means }) => ({ name: mutant.name, seedsMean: means }));
  return { format: "linlab-kill-matrix", version: 1, classes: CLASSES, mutants: cells };
}
