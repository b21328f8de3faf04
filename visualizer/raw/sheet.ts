/** The tables of the Raw view as data: what stands in each column, row by row, and by what a column is sorted. */

import type { Drawn } from "../drawn.ts";
import type { Judgement } from "../judgement.ts";
import type { Item } from "../layout.ts";
import { byName, grouped, milliseconds } from "../text.ts";

interface Column<Row> {
  readonly name: string;
  /** Numbers stand at the right. */
  readonly isNumber: boolean;
  text(row: Row, index: number): string;
  /** What it is sorted by. */
  rank(row: Row, index: number): number | string;
}

export interface Sheet {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
  /** The cells of a row, by its number in the report. */
  cells(index: number): readonly string[];
  /** What the row shows in the timeline. */
  item(index: number): Item;
  /** All rows by this column, those that are alike in the order of the report. */
  sorted(column: number, isDescending: boolean): Uint32Array;
}

export function sheetsOf(report: Drawn, judgement: Judgement): readonly Sheet[] {
  const all = [operationSheet(report, judgement), faultSheet(report), noteSheet(report)];
  return all.filter(({ count, id }) => count > 0 || id === "operations");
}

function operationSheet(report: Drawn, { placement }: Judgement): Sheet {
  const columns: readonly Column<Drawn["operations"][number]>[] = [
    number("Id", ({ id }) => id, grouped),
    words("Client", ({ client }) => client),
    words("Key", ({ object }) => object),
    words("Operation", (operation) => operation.words),
    number("Called", ({ call }) => call, milliseconds),
    number("Returned", ({ return: back }) => back ?? Number.POSITIVE_INFINITY, orDash(milliseconds)),
    number(
      "Took",
      ({ call, return: back }) => (back ?? Number.POSITIVE_INFINITY) - call,
      orDash(milliseconds),
    ),
    words("Outcome", ({ outcome }) => outcome),
    number(
      "In the order",
      (_, index) => placement(index).position ?? Number.POSITIVE_INFINITY,
      orDash((position) => grouped(position + 1)),
    ),
  ];
  return sheet("operations", "Operations", report.operations, columns, (operation) => ({
    kind: "operation",
    operation,
  }));
}

function faultSheet({ bands }: Drawn): Sheet {
  const columns: readonly Column<Drawn["bands"][number]>[] = [
    words("Class", ({ kind }) => kind),
    words("What it did", ({ label }) => label),
    words("Struck", ({ nodes }) => (nodes.length === 0 ? "the network" : nodes.join(", "))),
    number("From", ({ at }) => at, milliseconds),
    number("Until", ({ until }) => until, milliseconds),
  ];
  return sheet("faults", "Faults", bands, columns, (band) => ({ kind: "band", band }));
}

function noteSheet({ annotations = [] }: Drawn): Sheet {
  const columns: readonly Column<(typeof annotations)[number]>[] = [
    words("What was said", ({ text }) => text),
    words("Client", ({ client }) => client ?? "–"),
    number("From", ({ from }) => from, milliseconds),
    number("Until", ({ until }) => until, milliseconds),
  ];
  return sheet("annotations", "Annotations", annotations, columns, (note) => ({ kind: "note", note }));
}

function sheet<Row>(
  id: string,
  name: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  item: (index: number) => Item,
): Sheet {
  return {
    id,
    name,
    count: rows.length,
    columns,
    cells: (index) => columns.map((column) => column.text(rows[index]!, index)),
    item,
    sorted: (column, isDescending) => {
      const ranks = rows.map((row, index) => columns[column]!.rank(row, index));
      const sign = isDescending ? -1 : 1;
      return Uint32Array.from(rows.keys()).sort((a, b) => sign * compared(ranks[a]!, ranks[b]!) || a - b);
    },
  };
}

function compared(a: number | string, b: number | string): number {
  if (typeof a === "string") return byName(a, b as string);
  // Not by difference: infinity less itself is no number.
  return a < (b as number) ? -1 : a > (b as number) ? 1 : 0;
}

function words<Row>(name: string, text: (row: Row, index: number) => string): Column<Row> {
  return { name, isNumber: false, text, rank: text };
}

function number<Row>(
  name: string,
  value: (row: Row, index: number) => number,
  text: (value: number) => string,
): Column<Row> {
  return { name, isNumber: true, text: (row, index) => text(value(row, index)), rank: value };
}

function orDash(text: (value: number) => string): (value: number) => string {
  return (value) => (Number.isFinite(value) ? text(value) : "–");
}
