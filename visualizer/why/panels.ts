/** What stands beside and below the picture: real HTML, so that it is read aloud, printed and found without script. */

import type { FaultBand } from "../../lab/run/report.ts";
import type { SeenServer } from "../../lab/run/why.ts";
import type { Drawn } from "../drawn.ts";
import { counted, html, milliseconds, squeeze } from "../text.ts";
import { type Deed, deedsOf, unletteredOf } from "./deed.ts";
import { messagesOf, numberOf, type Proof, relationsOf } from "./proof.ts";
import {
  atWords,
  circled,
  gapWords,
  messageWords,
  noteOf,
  numberWords,
  operationWords,
  orderWords,
  statusWords,
  valueWords,
} from "./words.ts";

/** The server-side reason, and beside it whatever else has a letter in the picture; nothing where no rule fits. */
export function reasonPart(report: Drawn): string {
  const [reason, ...others] = deedsOf(report);
  if (reason === undefined) return "";
  const likely = reason.certainty === "likely" ? "Likely because" : "Because";
  const because = `<p class="because" id="reason">${letter(reason)} <strong>${likely}</strong> ${deedWords(reason)}.</p>`;
  const more = unletteredOf(report);
  const items = [
    ...others.map((deed) => `<li>${letter(deed)} Also: ${deedWords(deed)}</li>`),
    ...(more === 0 ? [] : [`<li>and ${counted(more, "other deed")}</li>`]),
  ];
  return items.length === 0 ? because : `${because}<ul class="deeds">${items.join("")}</ul>`;
}

function letter(deed: Deed): string {
  return `<span class="letter">${deed.letter}</span>`;
}

function deedWords(deed: Deed): string {
  return `${html(deed.words)} <span class="at">(${placeWords(deed)})</span>`;
}

/** When, and where if the words do not say it. */
function placeWords({ node, words, at, marks }: Deed): string {
  if (marks.length > 1)
    return marks
      .map(({ label, node: who, at: when }) => `${label} on ${html(who)} ${atWords(when)}`)
      .join("; ");
  const isNamed = new RegExp(`(?<!\\w)${node.replace(/\W/g, "\\$&")}(?!\\w)`).test(words);
  return isNamed ? atWords(at) : `on ${html(node)}, ${atWords(at)}`;
}

/** The picture in words: every operation, when, by whom, and what it has to do with the others. */
export function corePart(proof: Proof): string {
  const items = proof.core.map((operation) => {
    const { operation: id, client, call, return: end, isImpossible, number } = operation;
    const note = noteOf(proof, operation);
    const when =
      end === null ? `from ${milliseconds(call)} on` : `${milliseconds(call)} to ${milliseconds(end)}`;
    const wrong = isImpossible ? ` <strong class="wrong">impossible</strong>` : "";
    return `<li value="${number}" data-operation="${id}"><code><bdi>${html(operationWords(operation))}</bdi></code>${wrong} <span class="at">${html(client)}, ${when}</span>${note === "" ? "" : `<br>${html(note)}`}</li>`;
  });
  return part("The operations", `<ol class="core">${items.join("")}</ol>`);
}

/** Each answer in question and why it was possible or not. */
export function alternativesPart({ explanation, impossible }: Proof): string {
  const { alternatives } = explanation;
  if (alternatives.length === 0) return "";
  const rows = alternatives.map(({ answer, isGiven, verdict, reason }) => {
    const given = isGiven ? ", yet given" : "";
    return `<li><code><bdi>${html(squeeze(answer, 40))}</bdi></code> <span class="${verdict}">${verdict}</span>${given}<br>${html(reason)}</li>`;
  });
  return part(
    `What ${circled(impossible.number)} could have returned`,
    `<ul class="alternatives">${rows.join("")}</ul>`,
  );
}

/** The order that goes furthest, step by step, and why each other one fails. */
export function orderPart(proof: Proof): string {
  const [best, ...others] = proof.explanation.attempts;
  if (best === undefined) return "";
  const words = (id: number) => {
    const operation = proof.core.find((each) => each.operation === id);
    return operation === undefined ? "…" : squeeze(operationWords(operation), 48);
  };
  const step = (id: number, state: string, wrong: boolean) => {
    const now = `${html(squeeze(proof.explanation.object, 24))} is ${html(state)}`;
    const after = wrong ? `<strong class="wrong">impossible</strong>: ${now}` : `then ${now}`;
    return `<li data-operation="${id}"${wrong ? ' class="blocked"' : ""}><span class="letter">${numberOf(proof, id) ?? "…"}</span> <code><bdi>${html(words(id))}</bdi></code><br>${after}</li>`;
  };
  const steps = [
    ...best.steps.map(({ operation, state }) => step(operation, state, false)),
    step(best.blocked, best.state, true),
  ];
  const orders = others.map(({ steps: tried, blocked, state }) => {
    const before =
      tried.length === 0
        ? "first"
        : `after ${html(
            orderWords(
              proof,
              tried.map(({ operation }) => operation),
            ),
          )}`;
    return `<li>${numberWords(proof, blocked)} ${before}: it would find ${html(state)}</li>`;
  });
  const clock = relationsOf(proof)
    .filter(({ kind }) => kind === "finished-before")
    .map(
      ({ a, b }) =>
        `<li>${circled(b.number)} before ${circled(a.number)}: ${circled(a.number)} had finished ${gapWords(b.call - (a.return ?? b.call))} before ${circled(b.number)} began</li>`,
    );
  return part(
    "Try to order them",
    `<ol class="steps" id="why-steps">${steps.join("")}</ol><h4>Why no other order does</h4><ul>${[...orders, ...clock].join("")}</ul>`,
  );
}

/** How old the answer was. */
export function stalenessPart({ explanation, impossible }: Proof): string {
  const { staleness } = explanation;
  if (staleness === null) return "";
  const { versions, microseconds } = staleness;
  const count = versions === 1 ? "One version" : `${versions} versions`;
  return part(
    "How stale",
    `<p>${count} behind: ${circled(impossible.number)} began ${gapWords(microseconds)} after the first write that it lacks had finished.</p>`,
  );
}

/** All servers at one instant, side by side. Of the marked ones, `disks` asks for what their disks lack. */
export function serversPart(
  heading: string,
  servers: readonly SeenServer[],
  key: string | null,
  { marked, disks }: { readonly marked: readonly string[]; readonly disks: boolean },
): string {
  if (servers.length === 0) return "";
  const highest = Math.max(...servers.map(({ term }) => term));
  const hasDisks = servers.every(({ onDisk }) => onDisk !== undefined);
  const rows = servers.map((server) => {
    const { id, term, commitIndex, lastApplied, lastIndex, lastTerm, value } = server;
    const isMarked = marked.includes(id);
    const old = term < highest ? ' <span class="at">(old)</span>' : "";
    const cells = [
      `<th scope="row">${html(id)}</th>`,
      `<td>${html(statusWords(server))}${old}</td>`,
      `<td class="number">${commitIndex}</td><td class="number">${lastApplied}</td>`,
      `<td class="number">${lastIndex}<span class="at"> (term ${lastTerm})</span></td>`,
      hasDisks ? `<td class="number">${diskWords(server, isMarked && disks)}</td>` : "",
      key === null
        ? ""
        : `<td><code><bdi>${server.status === "crashed" ? "–" : html(valueWords(value))}</bdi></code></td>`,
    ];
    return `<tr${isMarked ? ' class="marked"' : ""}>${cells.join("")}</tr>`;
  });
  const heads = [
    "Server",
    "Role",
    "commitIndex",
    "lastApplied",
    "Log ends",
    ...(hasDisks ? ["Disk ends"] : []),
    ...(key === null ? [] : [squeeze(key, 24)]),
  ];
  const head = heads.map((each) => `<th scope="col">${html(each)}</th>`).join("");
  return part(
    heading,
    `<div class="scroll"><table class="states"><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`,
  );
}

/** What is in the log and not yet on the disk is wrong only if that is what is asked. */
function diskWords({ onDisk, lastIndex }: SeenServer, isAsked: boolean): string {
  return isAsked && onDisk! < lastIndex ? `<strong class="wrong">${onDisk}</strong>` : String(onDisk);
}

/** What was broken in these times: first what struck this node at this moment, then what struck at that moment. */
export function faultsPart(
  report: Drawn,
  { from, until }: { readonly from: number; readonly until: number },
  culprit: { readonly node: string; readonly at: number } | null,
): string {
  const rank = ({ at, until: end, nodes }: FaultBand) => {
    if (culprit === null || at > culprit.at || end < culprit.at) return 2;
    return nodes.includes(culprit.node) ? 0 : 1;
  };
  const bands = report.bands
    .filter((band) => band.at <= until && band.until >= from)
    .sort((a, b) => rank(a) - rank(b) || a.at - b.at);
  if (bands.length === 0) return "";
  const items = bands.slice(0, MOST_FAULTS).map((band) => {
    const mark = ["", ", when it happened", `, on ${culprit?.node} when it happened`][2 - rank(band)]!;
    return `<li><bdi>${html(squeeze(band.label, 80))}</bdi> <span class="at">${milliseconds(band.at)} to ${milliseconds(band.until)}${html(mark)}</span></li>`;
  });
  const more = bands.length - MOST_FAULTS;
  if (more > 0) items.push(`<li>and ${more} more</li>`);
  return part("Faults meanwhile", `<ul>${items.join("")}</ul>`);
}

const MOST_FAULTS = 8;

/** The messages of the picture as a list, folded away. */
export function messagesPart(proof: Proof): string {
  const messages = messagesOf(proof);
  if (messages.length === 0) return "";
  const items = messages.map(
    (message) =>
      `<li><span class="at">${milliseconds(message.sent)}</span> ${numberWords(proof, message.operation)}: ${html(messageWords(message))}</li>`,
  );
  return `<details class="messages"><summary>The ${messages.length} messages of these operations</summary><ul>${items.join("")}</ul></details>`;
}

function part(heading: string, body: string): string {
  return `<div class="part"><h3>${html(heading)}</h3>${body}</div>`;
}
