/**
 * The Why view: the first thing below the verdict. What is wrong, shown with as little as proves it; where nothing is,
 * or nothing is known to be, it says what that means. Built as HTML and SVG, so that it stands before any script runs.
 */

import type { Drawn } from "../drawn.ts";
import { counted, html, milliseconds } from "../text.ts";
import { lawOf } from "./law.ts";
import { legendOf } from "./legend.ts";
import {
  alternativesPart,
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
import { noteOf, numberWords, proofWords } from "./words.ts";

/** Widths for which the picture is laid out: a desktop's column, a desktop without a second one, and a phone. */
const WIDTHS = { wide: 940, whole: 1240, narrow: 358 } as const;

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
  const scene = sceneOfProof(report, proof, WIDTHS.wide);
  const number = answer === null ? null : numberWords(proof, answer.operation);
  const culprit = report.why?.reason ?? (answer === null ? null : { node: answer.server, at: answer.at });
  const main = [
    figure([scene, sceneOfProof(report, proof, WIDTHS.narrow)], notes),
    answer === null
      ? ""
      : serversPart(
          `When ${answer.server} answered ${number}, at ${milliseconds(answer.at)}`,
          answer.servers,
          explanation.object,
          { marked: [answer.server], disks: false },
        ),
    corePart(proof),
    messagesPart(proof),
  ];
  const side = [
    orderPart(proof),
    alternativesPart(proof),
    stalenessPart(proof),
    faultsPart(report, scene.axis, culprit),
  ];
  return view(proofWords(proof), "", reasonPart(report), main, side);
}

function violationView(report: Drawn): string {
  const violation = report.violation!;
  const { name, nodes, at } = violation;
  const on = nodes.length === 0 ? "the whole cluster" : listed(nodes);
  const law = lawOf(violation);
  const verb = violation.kind === "invariant" ? "broken" : "missed";
  const says = law === null ? "" : `: ${law.says}`;
  const matters = law === null ? "" : `<p>${html(law.matters(nodes.at(0) ?? "the cluster"))}</p>`;
  const scene = sceneOfViolation(report, WIDTHS.wide);
  const faults = faultsPart(
    report,
    { from: scene.axis.from, until: at },
    report.why?.reason ?? (nodes.length === 0 ? null : { node: nodes[0]!, at }),
  );
  const wide = faults === "" ? sceneOfViolation(report, WIDTHS.whole) : scene;
  const main = [
    report.servers.length === 0 ? "" : figure([wide, sceneOfViolation(report, WIDTHS.narrow)], new Map()),
    serversPart("The servers at that moment", report.why?.ending ?? [], null, {
      marked: nodes,
      disks: law?.isOfDisks === true,
    }),
  ];
  return view(`${capital(name)}, ${verb} on ${on}${says}`, matters, reasonPart(report), main, [faults]);
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "n1, n2 and n3". */
function listed(names: readonly string[]): string {
  const [last, ...others] = [...names].reverse();
  return others.length === 0 ? (last ?? "") : `${others.reverse().join(", ")} and ${last}`;
}

function unknownView(report: Drawn): string {
  const open = report.objects.filter(({ verdict }) => verdict === "unknown");
  const items = open.slice(0, 12).flatMap(({ object, explanation }) => {
    const words = explanation?.kind === "undecided" ? explanation.sentence : "not decided";
    // The page's head has said that.
    return words === report.sentence ? [] : [`<li><bdi>${html(object)}</bdi>: ${html(words)}</li>`];
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
      : ` ${counted(loose, "operation")} got no answer: the order may contain ${loose === 1 ? "it" : "any of them"} or not.`;
  const mutant = report.options?.mutant ?? null;
  // One rule is broken: that nothing shows does not make it right.
  const heading = mutant === null ? "Why this is fine" : "No violation observed";
  const broken =
    mutant === null
      ? ""
      : `<p>The mutant <code>${html(mutant)}</code> is on: one rule is broken, and nothing that anybody could see followed from it in this run. Another seed may show it.</p>`;
  return `<section class="why calm" id="why" aria-labelledby="why-heading"><h2 id="why-heading">${heading}</h2>${broken}<p>For every key there is one order of its operations that respects who finished before whom, and in which every answer is the right one. ${struck}${unknown}</p></section>`;
}

function view(
  heading: string,
  meaning: string,
  reason: string,
  main: readonly string[],
  side: readonly string[],
): string {
  const beside = side.filter((each) => each !== "");
  return `<section class="why${beside.length === 0 ? " solo" : ""}" id="why" aria-labelledby="why-heading">
<div class="why-head"><h2 id="why-heading">${html(heading)}</h2>${meaning}${reason}</div>
<div class="why-main">${main.join("\n")}</div>
${beside.length === 0 ? "" : `<div class="why-side">${beside.join("\n")}</div>`}
</section>`;
}

/** The picture for wide and narrow windows: which one is seen, the style decides. */
function figure([wide, narrow]: readonly [Scene, Scene], notes: ReadonlyMap<number, string>): string {
  const pictures = [pictureOf(wide, notes, "wide"), pictureOf(narrow, notes, "narrow")];
  return `<figure>${pictures.join("\n")}<figcaption>${legendOf(wide)}</figcaption></figure>`;
}
