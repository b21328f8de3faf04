/**
 * One report becomes one HTML file that needs nothing else: no network, no server, no second file. What matters is
 * written as HTML here, so that it stands without script, on paper and in a screen reader; the script adds the timeline.
 *
 * Values are hostile. They reach the page as escaped text or inside JSON that only JSON.parse reads, and the policy
 * below lets nothing run but the one script whose hash it names (a policy of hashes works from file:// too).
 */

import type { Report } from "../lab/run/report.ts";
import { pack } from "./columns.ts";
import type { Drawn, Origin } from "./drawn.ts";
import { judgementOf } from "./judgement.ts";
import { layOutLegend } from "./legend.ts";
import { fileOrigin, type HistoryFile, runOrigin } from "./origin.ts";
import { iconOf, scopeOf, titleOf } from "./outcome.ts";
import { packRecord } from "./record.ts";
import { factsTable, faultTable, noteTable, objectTable, problemTable } from "./table.ts";
import { checksum, embeddedJson, html } from "./text.ts";
import { whySection } from "./why/why.ts";

/** The client script and style as text, with their hashes as a policy wants them: "sha256-" and base64. */
export interface PageBundle {
  readonly script: string;
  readonly style: string;
  readonly scriptHash: string;
  readonly styleHash: string;
  /** Gzip and base64, if the data is to be packed: a page is built where there may be no zlib. */
  readonly pack?: (text: string) => string;
}

/** The page of a run. */
export function pageOf(report: Report, bundle: PageBundle): string {
  return page(report, runOrigin(report), bundle);
}

/** The page of a history from a file. */
export function historyPageOf(drawn: Drawn, file: HistoryFile, bundle: PageBundle): string {
  return page(drawn, fileOrigin(drawn, file), bundle);
}

function page(report: Drawn, origin: Origin, bundle: PageBundle): string {
  const judgement = judgementOf(report);
  const policy = [
    "default-src 'none'",
    `script-src '${bundle.scriptHash}'`,
    `style-src '${bundle.styleHash}'`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  const title = `${titleOf(report.outcome)}, ${origin.name}: linlab`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="linlab ${html(report.linlab)}">
<title>${html(title)}</title>
<style>${bundle.style}</style>
</head>
<body>
${banner(report)}
<main>
${whySection(report)}
${factLine(origin)}
${workspace(report)}
<section id="result">
${problemTable(report, judgement)}
${objectTable(report, judgement)}
${faultTable(report)}
${noteTable(report)}
${factsTable(origin)}
</section>
</main>
${data(report, bundle)}
<script>${bundle.script}</script>
</body>
</html>
`;
}

/** The report as the script reads it back, and what it takes to write the history out again, which few ask for. */
function data({ recorded, ...report }: Drawn, bundle: PageBundle): string {
  const parts = [embedded("report", pack(report), bundle)];
  if (recorded !== undefined) parts.push(embedded("record", packRecord(report.operations, recorded), bundle));
  return parts.join("\n");
}

function embedded(id: string, value: unknown, bundle: PageBundle): string {
  const json = embeddedJson(value);
  const text = bundle.pack === undefined ? json : bundle.pack(json);
  const type = bundle.pack === undefined ? "application/json" : "text/plain";
  const packed = bundle.pack === undefined ? "" : ' data-packed="gzip"';
  return `<script type="${type}" id="${id}" data-sum="${checksum(text)}"${packed}>${text}</script>`;
}

function banner(report: Drawn): string {
  const scope = scopeOf(report);
  return `<header class="banner ${report.outcome}" id="verdict" data-outcome="${report.outcome}">
<svg class="icon" viewBox="0 0 24 24" width="44" height="44" aria-hidden="true"><path d="${iconOf(report.outcome)}"/></svg>
<div>
<h1>${titleOf(report.outcome)}${scope === "" ? "" : `<span class="scope">${html(scope)}</span>`}</h1>
<p class="sentence">${html(report.sentence)}</p>
</div>
</header>`;
}

function factLine({ facts, again }: Origin): string {
  const list = facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${html(value)}</dd></div>`).join("");
  return `<section class="facts" aria-label="In numbers">
<dl>${list}</dl>
<p class="replay"><span class="name" id="replay-name">${again.name}</span><code id="replay">${html(again.command)}</code><button type="button" id="copy" hidden>Copy</button></p>
</section>`;
}

/** Everything that needs the script is hidden until the script shows it. */
function workspace(report: Drawn): string {
  return `<noscript><p class="notice">The timeline needs JavaScript. Verdict, sentence and tables do not.</p></noscript>
<p class="notice asleep" id="asleep">There is no timeline: this file is cut off or was altered, and its script did not run. What stands here was written when the page was made; the command above makes it again.</p>
<section class="workspace" id="workspace" aria-label="Timeline" hidden>
<div class="timeline">
<div class="toolbar">
<div class="chips" id="chips" role="group" aria-label="Highlight one key"></div>
<div class="buttons" role="group" aria-label="View">
<button type="button" id="step-back" aria-label="Step back in the order" hidden>‹ Step <kbd>,</kbd></button>
<button type="button" id="step-on" aria-label="Step on in the order" hidden>Step › <kbd>.</kbd></button>
<button type="button" id="axis" aria-pressed="false" title="Every call and return one step apart">Rank <kbd>T</kbd></button>
<button type="button" id="problem" hidden>Next problem <kbd>N</kbd></button>
<button type="button" id="zoom-out" aria-label="Zoom out">−</button>
<button type="button" id="zoom-in" aria-label="Zoom in">+</button>
<button type="button" id="fit">Whole run <kbd>0</kbd></button>
</div>
</div>
<div class="filters" id="filters" role="group" aria-label="Filter operations"></div>
<div class="minimap" id="minimap"></div>
<div class="stage" id="stage" tabindex="0" role="application" aria-label="Operations by client over time. Arrow keys walk through operations, Enter pins one." aria-describedby="keys"></div>
<p class="keys" id="keys"><span><kbd>W</kbd> <kbd>S</kbd> or wheel: zoom</span> <span><kbd>A</kbd> <kbd>D</kbd> or drag: move</span> <span>arrows: walk through operations</span> <span><kbd>Enter</kbd> or click: pin</span> <span><kbd>,</kbd> <kbd>.</kbd> step through a key's order</span> <span><kbd>/</kbd> search</span> <span><kbd>T</kbd> time or rank</span> <span><kbd>Esc</kbd> let go</span></p>
${layOutLegend(report)}
</div>
<aside class="panel" id="panel" aria-label="Details" aria-live="polite"></aside>
</section>`;
}
