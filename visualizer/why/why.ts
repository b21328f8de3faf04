/**
 * The Why view: the first thing below the verdict. What is wrong, shown with as little as proves it; where nothing is,
 * or nothing is known to be, it says what that means. Built as HTML and SVG, so that it stands before any script runs.
 */

import type { Drawn } from "../drawn.ts";
import { counted, html, milliseconds } from "../text.ts";
import { deedsOf } from "./deed.ts";
import {
  alternativesPart,
  consequencePart,
  corePart,
  faultsPart,
  messagesPart,
  orderPart,
  reasonPart,
  serversPart,
  stalenessPart,
} from "./panels.ts";
import { type Proof, proofOf } from "./proof.ts";
import { type Scene, sceneOfProof, sceneOfViolation } from "./scene.ts";
import { pictureOf } from "./svg.ts";
import { noteOf, proofWords } from "./words.ts";

/** Widths for which the picture is laid out: a desktop's column, and a phone. */
const WIDTHS = { wide: 940, narrow: 358 } as const;

/** The view as markup; empty if there is nothing to say. */
export function whySection(report: Drawn): string {
  switch (report.outcome) {
    case "illegal": {
      const proof = proofOf(report);
      return proof === null ? "" : proofView(report, proof);
    }
    case "invariant":
    case "liveness":
      return report.violation === null ? "" : violationView(report);
    case "unknown":
      return unknownView(report);
    case "ok":
      return okView(report);
  }
}

function proofView(report: Drawn, proof: Proof): string {
  const notes = new Map(proof.core.map((operation) => [operation.operation, noteOf(proof, operation)]));
  const { answer, explanation } = proof;
  const { from, until } = sceneOfProof(report, proof, WIDTHS.wide).axis;
  const faults = faultsPart(report, from, until);
  const main = [
    figure((width) => sceneOfProof(report, proof, width), notes, legendOf(report, true)),
    answer === null
      ? ""
      : serversPart(
          `When ${answer.server} answered ${proof.impossible.number}, at ${milliseconds(answer.at)}`,
          answer.servers,
          explanation.object,
          [answer.server],
        ),
    corePart(proof),
    messagesPart(proof),
  ];
  const side = [
    orderPart(proof),
    alternativesPart(proof),
    stalenessPart(proof),
    consequencePart(report),
    faults,
  ];
  return view(proofWords(proof), reasonPart(report), main, side);
}

function violationView(report: Drawn): string {
  const violation = report.violation!;
  const what = violation.kind === "invariant" ? "The invariant" : "The bound";
  const verb = violation.kind === "invariant" ? "broke" : "was missed";
  const on = violation.nodes.length === 0 ? "" : ` on ${listed(violation.nodes)}`;
  const heading = `${what} “${violation.name}” ${verb}${on} at ${milliseconds(violation.at)}`;
  const { from } = sceneOfViolation(report, WIDTHS.wide).axis;
  const main = [
    report.servers.length === 0
      ? ""
      : figure((width) => sceneOfViolation(report, width), new Map(), legendOf(report, false)),
    serversPart("The servers at that moment", report.why?.ending ?? [], null, violation.nodes),
  ];
  return view(heading, reasonPart(report), main, [
    consequencePart(report),
    faultsPart(report, from, violation.at),
  ]);
}

/** "n1, n2 and n3". */
function listed(names: readonly string[]): string {
  const [last, ...others] = [...names].reverse();
  return others.length === 0 ? (last ?? "") : `${others.reverse().join(", ")} and ${last}`;
}

function unknownView(report: Drawn): string {
  const open = report.objects.filter(({ verdict }) => verdict === "unknown");
  const items = open.slice(0, 12).map(({ object, explanation }) => {
    const words = explanation?.kind === "undecided" ? explanation.sentence : "not decided";
    return `<li><bdi>${html(object)}</bdi>: ${html(words)}</li>`;
  });
  const list = items.length === 0 ? "" : `<ul>${items.join("")}</ul>`;
  return `<section class="why calm" id="why" aria-labelledby="why-heading"><h2 id="why-heading">What is not decided</h2><p>${undecidedWords(report, open.length)}</p>${list}</section>`;
}

function undecidedWords({ objects }: Drawn, open: number): string {
  if (objects.length === 0) return "Nothing is known to be wrong: there was nothing to judge.";
  const settled = objects.length - open;
  const right =
    settled === 0
      ? "and nothing is known to be right"
      : `and ${counted(settled, "key")} ${settled === 1 ? "is" : "are"} linearizable`;
  return `Nothing here is known to be wrong, ${right}. A larger budget may decide the rest: <code>--budget</code>.`;
}

function okView(report: Drawn): string {
  const faults = report.bands.length;
  const struck = faults === 0 ? "No fault struck." : `${counted(faults, "fault")} struck meanwhile.`;
  const loose = report.counts.indeterminate + report.counts.pending;
  const unknown =
    loose === 0
      ? ""
      : ` ${counted(loose, "operation")} got no answer; the order may contain them or leave them out.`;
  return `<section class="why calm" id="why" aria-labelledby="why-heading"><h2 id="why-heading">Why this is fine</h2><p>For every key there is one order of its operations that respects who finished before whom, and in which every answer is the right one. ${struck}${unknown}</p></section>`;
}

function view(heading: string, reason: string, main: readonly string[], side: readonly string[]): string {
  const beside = side.filter((each) => each !== "");
  return `<section class="why${beside.length === 0 ? " solo" : ""}" id="why" aria-labelledby="why-heading">
<div class="why-head"><h2 id="why-heading">${html(heading)}</h2>${reason}</div>
<div class="why-main">${main.join("\n")}</div>
${beside.length === 0 ? "" : `<div class="why-side">${beside.join("\n")}</div>`}
</section>`;
}

/** The picture for both widths: which one is seen, the style decides. */
function figure(scene: (width: number) => Scene, notes: ReadonlyMap<number, string>, legend: string): string {
  const pictures = Object.entries(WIDTHS).map(([name, width]) => pictureOf(scene(width), notes, name));
  return `<figure>${pictures.join("\n")}<figcaption>${legend}</figcaption></figure>`;
}

function legendOf(report: Drawn, hasOperations: boolean): string {
  const words = hasOperations
    ? [
        "solid arrow: finished before the other began",
        "dotted arrow: saw the value of",
        "dashed box with a cross: impossible",
      ]
    : [];
  if (report.servers.length > 0) words.push("stripes: cut off or paused", "dashed row: crashed");
  if (hasOperations && report.why !== undefined) words.push("thin lines: messages, with a cross if lost");
  if (deedsOf(report).length > 0) words.push("letters: what was done wrong");
  return words.map((each) => `<span>${html(each)}</span>`).join(" ");
}
