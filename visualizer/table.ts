/** The tables under the timeline: the same findings as plain HTML, for screen readers, paper, grep and no script. */

import type { Drawn, Origin } from "./drawn.ts";
import type { Judgement } from "./judgement.ts";
import { verdictWords } from "./outcome.ts";
import { byName, counted, grouped, html, milliseconds, shorten } from "./text.ts";

/** Rows beyond this many say how many they are instead: the page must stay small whatever went wrong. */
const LIMIT = 40;
const VALUE_LENGTH = 200;

/** The operations that no order can hold, object by object; nothing if every object has an order. */
export function problemTable(report: Drawn, judgement: Judgement): string {
  const rows: string[][] = [];
  for (const order of judgement.orders.values()) {
    order.blocked.forEach((index, rank) => {
      const operation = report.operations[index]!;
      rows.push([
        cell(operation.object),
        words(operation.words),
        cell(operation.client),
        number(milliseconds(operation.call)),
        number(operation.return === null ? "no answer" : milliseconds(operation.return)),
        rank === 0
          ? `fits nowhere after ${counted(order.order.length, "operation")} in order`
          : "tried next, does not fit",
      ]);
    });
  }
  const violation = report.violation;
  const stated =
    violation === null
      ? ""
      : `<p><strong>${html(violation.name)}</strong> at ${milliseconds(violation.at)}${
          violation.nodes.length === 0 ? "" : ` on ${html(violation.nodes.join(", "))}`
        }: ${html(violation.message)}</p>`;
  if (rows.length === 0 && stated === "") return "";
  const heads = ["Key", "Operation", "Client", "Called", "Returned", "Why it is marked"];
  return section("problems", "What went wrong", `${stated}${rows.length === 0 ? "" : table(heads, rows)}`);
}

/** Every object and its verdict, the worst first. */
export function objectTable(report: Drawn, judgement: Judgement): string {
  const rank = { illegal: 0, unknown: 1, ok: 2 };
  const sorted = [...report.objects].sort(
    (a, b) => rank[a.verdict] - rank[b.verdict] || byName(a.object, b.object),
  );
  const rows = sorted.map((object) => {
    const order = judgement.orders.get(object.object);
    const found = object.linearization === null ? "in the longest order found" : "in one order";
    return [
      cell(object.object),
      `<span class="verdict ${object.verdict}">${verdictWords(object.verdict)}</span>`,
      number(grouped(order?.size ?? 0)),
      `${grouped(order?.order.length ?? 0)} ${found}`,
    ];
  });
  return section("objects", "Keys", table(["Key", "Verdict", "Operations", "Placed"], rows));
}

/** What the nemesis did, in order of time. */
export function faultTable(report: Drawn): string {
  if (report.bands.length === 0) return "";
  const rows = [...report.bands]
    .sort((a, b) => a.at - b.at)
    .map((band) => [
      html(band.kind),
      cell(band.label),
      number(milliseconds(band.at)),
      number(milliseconds(band.until)),
      html(band.nodes.length === 0 ? "the network" : shorten(band.nodes.join(", "), VALUE_LENGTH)),
    ]);
  return section("faults", "Faults", table(["Class", "What it did", "From", "Until", "Struck"], rows));
}

/** What a test said about its run, in order of time. */
export function noteTable({ annotations = [] }: Drawn): string {
  if (annotations.length === 0) return "";
  const rows = [...annotations]
    .sort((a, b) => a.from - b.from)
    .map(({ text, client, from, until }) => [
      cell(text),
      cell(client ?? "–"),
      number(milliseconds(from)),
      number(milliseconds(until)),
    ]);
  return section("annotations", "Said by the test", table(["What", "Client", "From", "Until"], rows));
}

/** The numbers that are too many for the line under the verdict. */
export function factsTable({ details }: Origin): string {
  const list = details.facts
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${html(value)}</dd></div>`)
    .join("");
  return section("run", details.heading, `<dl class="list">${list}</dl>`);
}

function section(id: string, heading: string, body: string): string {
  return `<section class="table" id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${heading}</h2>${body}</section>`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((each) => `<th scope="col">${each}</th>`).join("");
  const body = rows
    .slice(0, LIMIT)
    .map(
      (row) => `<tr>${row.map((each) => (each.startsWith("<td") ? each : `<td>${each}</td>`)).join("")}</tr>`,
    );
  const rest = rows.length - LIMIT;
  const more =
    rest > 0 ? `<p class="more">and ${grouped(rest)} more, in the timeline and in the report</p>` : "";
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>${more}`;
}

function cell(value: string): string {
  return `<td><div class="value"><bdi>${html(shorten(value, VALUE_LENGTH))}</bdi></div></td>`;
}

function words(value: string): string {
  return `<td><div class="value"><code><bdi>${html(shorten(value, VALUE_LENGTH))}</bdi></code></div></td>`;
}

function number(value: string): string {
  return `<td class="number">${value}</td>`;
}
