/** What the marks of the timeline mean. Swatches are small drawings styled by the sheet, so they follow its colours. */

import type { Drawn } from "./drawn.ts";
import { html } from "./text.ts";

/** The kinds of operation that have a colour of their own, in the order of the legend. */
const KINDS: readonly string[] = ["get", "put", "append", "delete", "cas"];

const MANY = 1000;

const BOX = '<rect x="1" y="3" width="24" height="12" rx="2"';

export function layOutLegend(report: Drawn): string {
  const present = new Set(report.operations.map((operation) => operation.kind));
  const kinds = [
    ...KINDS.filter((kind) => present.has(kind)),
    ...[...present].filter((kind) => !KINDS.includes(kind)),
  ];
  const outcomes = new Set(report.operations.map((operation) => operation.outcome));
  const statuses = new Set(report.servers.flatMap((server) => server.spans.map((span) => span.status)));
  const illegal = report.objects.some((object) => object.verdict === "illegal");
  const entries: [string, string][] = kinds.map((kind) => [
    `${BOX} class="kind ${KINDS.includes(kind) ? kind : "other"}"/>`,
    kind,
  ]);
  // Fewer never come so close that they share a sliver.
  if (report.operations.length > MANY)
    entries.push([`${BOX} class="kind other"/>`, "many: the darker, the more"]);
  if (outcomes.has("pending")) {
    entries.push([`${BOX} class="open"/><path d="M25 15h5" class="tail"/>`, "pending: no answer yet"]);
  }
  if (outcomes.has("indeterminate")) {
    entries.push([
      `${BOX} class="open"/>${stripes("stripe")}`,
      "indeterminate: client gave up, may have taken effect",
    ]);
  }
  entries.push([
    '<path d="M13 1v12" class="pin"/><circle cx="13" cy="14" r="3" class="point"/>',
    "takes effect here",
  ]);
  if (illegal) entries.push([`${BOX} class="blocked"/>`, "fits nowhere in the order"]);
  if (statuses.has("leader")) entries.push([`${BOX} class="leader"/>`, "leader"]);
  if (statuses.has("candidate"))
    entries.push(['<rect x="1" y="5" width="24" height="8" class="candidate"/>', "candidate"]);
  if (statuses.has("follower"))
    entries.push(['<rect x="1" y="7" width="24" height="4" class="follower"/>', "follower"]);
  if (statuses.has("crashed")) entries.push([`${BOX} class="crashed"/>${stripes("gap")}`, "crashed"]);
  if (statuses.has("paused")) entries.push([`<path d="M1 6h24M1 9h24M1 12h24" class="gap"/>`, "paused"]);
  if (report.bands.length > 0) entries.push([`${BOX} class="band"/>`, "fault"]);
  if ((report.annotations ?? []).length > 0)
    entries.push([
      '<path d="M3 2v14" class="tail"/><path d="M3 3h20v8H3" class="note"/>',
      "said by the test",
    ]);
  const items = entries.map(
    ([drawing, text]) =>
      `<li><svg viewBox="0 0 32 18" width="32" height="18" aria-hidden="true">${drawing}</svg>${html(text)}</li>`,
  );
  return `<ul class="legend" aria-label="Legend">${items.join("")}</ul>`;
}

function stripes(name: string): string {
  return `<path d="M2 15L10 3M8 15L16 3M14 15L22 3" class="${name}"/>`;
}
