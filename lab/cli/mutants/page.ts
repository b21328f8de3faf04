/**
 * The kill matrix as one HTML file: no script, no network. Style is the one thing that its policy lets in, by hash;
 * the darker a cell, the fewer seeds it takes.
 */

import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import { CLASSES, type MatrixRow } from "../../mutation/index.ts";
import { LINLAB_VERSION } from "../../run/index.ts";
import { prepareDirectory, writeAll } from "../files.ts";
import { cellText, HEADINGS, summary } from "./matrix.ts";

/** Before the work begins. Throws InputError. */
export async function preparePage(file: string): Promise<void> {
  await prepareDirectory(dirname(file), "--html");
}

/** Throws InputError. */
export async function writePage(file: string, rows: readonly MatrixRow[]): Promise<void> {
  await writeAll(dirname(file), new Map([[basename(file), matrixPage(rows)]]));
}

const STYLE = `:root{color-scheme:light dark;--kill:31 119 80;--ink:#1b1b1b;--ground:#fff;--rule:#ddd}
@media (prefers-color-scheme:dark){:root{--kill:80 200 140;--ink:#e6e6e6;--ground:#16181b;--rule:#333}}
body{margin:2rem auto;max-width:70rem;padding:0 1rem;font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;padding:.2rem .6rem;white-space:nowrap}
thead th{position:sticky;top:0;background:var(--ground);border-bottom:1px solid var(--rule)}
td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid var(--rule)}
td.words{text-align:left;white-space:nowrap}
.k1{background:rgb(var(--kill)/.6)}.k2{background:rgb(var(--kill)/.4)}.k3{background:rgb(var(--kill)/.22)}.k4{background:rgb(var(--kill)/.1)}`;

/** Seeds up to which a cell has this shade. */
const SHADES = [2, 5, 15, Number.POSITIVE_INFINITY] as const;

export function matrixPage(rows: readonly MatrixRow[]): string {
  const hash = createHash("sha256").update(STYLE, "utf8").digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="linlab ${markup(LINLAB_VERSION)}">
<title>Kill matrix: linlab</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Kill matrix</h1>
${summary(rows)
  .map((sentence) => `<p>${markup(sentence)}</p>`)
  .join("\n")}
<div class="scroll">
<table>
<thead><tr><th scope="col">mutant</th>${CLASSES.map((name) => `<th scope="col">${HEADINGS[name]}</th>`).join("")}<th scope="col">oracle</th><th scope="col">breaks</th></tr></thead>
<tbody>
${rows.map(rowOf).join("\n")}
</tbody>
</table>
</div>
</body>
</html>
`;
}

function rowOf({ mutant, cells }: MatrixRow): string {
  const means = CLASSES.map((name) => `<td${shadeOf(cells[name])}>${cellText(cells[name])}</td>`).join("");
  const words = [mutant.oracle, mutant.breaks]
    .map((text) => `<td class="words">${markup(text)}</td>`)
    .join("");
  return `<tr><th scope="row">${markup(mutant.name)}</th>${means}${words}</tr>`;
}

function shadeOf(mean: number | null): string {
  return mean === null ? "" : ` class="k${SHADES.findIndex((most) => mean <= most) + 1}"`;
}

/** The catalogue is our own, but a page escapes what it shows. */
function markup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
