/** An explanation as text, for terminals and messages: the sentence, the core as a timeline, what could have been. */
import type { Alternative, CoreOperation, Explanation, Relation, Violation } from "./explanation.ts";
import { abridged, clientWords, countWords, grouped, printable } from "./words.ts";

const COLUMNS = 80;

/** At most so many columns say what an operation is; the rest is its interval. */
const LONGEST_LABEL = 44;

/** Of a core that could not be made small, the last operations: those before the impossible reply. */
const MOST_ROWS = 12;

/** Sentence and timeline in lines of at most 80 columns, names and keys permitting, each with its line feed. */
export function explanationText(explanation: Explanation): string {
  const timeline = explanation.kind === "violation" ? `\n${timelineText(explanation)}` : "";
  return `${wrapped(explanation.sentence, "", "").join("\n")}\n${timeline}`;
}

/** The same without the sentence. */
export function timelineText(violation: Violation): string {
  const { core, relations, alternatives } = violation;
  const numbers = new Map(core.map(({ operation }, i) => [operation, i + 1]));
  const lines = [...wrapped(proofWords(violation), "", ""), ...timeline(core)];
  if (relations.length > 0) lines.push("", ...wrapped(relationWords(relations, numbers), "", ""));
  if (alternatives.length > 0) {
    const culprit = core.findIndex(({ isImpossible }) => isImpossible) + 1;
    lines.push("", `What reply ${culprit} could have been:`);
    for (const each of alternatives) lines.push(...wrapped(alternativeWords(each), "  ", "      "));
  }
  return `${lines.join("\n")}\n`;
}

function proofWords({ object, operations, core, isSmallest, impossible }: Violation): string {
  const few = core.length === 1 ? "One" : grouped(core.length);
  const verb = core.length === 1 ? "cannot be true" : "cannot all be true";
  const more = isSmallest ? "" : ", and fewer might be enough: the budget ended";
  const earlier = impossible.isFirst ? "" : " An earlier reply may be impossible too.";
  return `${few} of ${countWords(operations, "operation")} on ${printable(object)} ${verb}${more} (not to scale; ! is the impossible reply):${earlier}`;
}

function timeline(core: readonly CoreOperation[]): readonly string[] {
  const rows = core.slice(-MOST_ROWS);
  const labels = rows.map((row, i) => labelOf(row, core.length - rows.length + i + 1));
  const width = Math.min(LONGEST_LABEL, Math.max(...labels.map((label) => label.length)));
  const first = Math.min(...rows.map((row) => row.callRank));
  const last = Math.max(...rows.map((row) => row.returnRank ?? row.callRank)) + 1;
  const room = COLUMNS - width - 3;
  const column = (rank: number) => Math.floor(((rank - first) * (room - 1)) / (last - first));
  const skipped = core.length - rows.length;
  const lines = skipped === 0 ? [] : [`  ... ${countWords(skipped, "earlier operation")}`];
  rows.forEach((row, i) => {
    const from = column(row.callRank);
    const to = row.returnRank === null ? room - 1 : column(row.returnRank);
    const bar = `|${"-".repeat(Math.max(0, to - from - 1))}${row.returnRank === null ? ">" : "|"}`;
    lines.push(`${labels[i]!.slice(0, width).padEnd(width)}  ${" ".repeat(from)}${bar}`);
    if (row.needed !== null) lines.push(`${" ".repeat(6)}needed of it: ${row.needed}`);
  });
  return lines;
}

function labelOf({ client, words, isImpossible }: CoreOperation, number: number): string {
  return `${isImpossible ? "!" : " "} ${String(number).padStart(2)} ${clientWords(client)} ${abridged(words)}`;
}

function relationWords(relations: readonly Relation[], numbers: ReadonlyMap<number, number>): string {
  const sayings = relations.map(({ kind, from, to }) => {
    const verb = kind === "saw" ? "saw" : "finished before";
    return `${numbers.get(from)} ${verb} ${numbers.get(to)}${kind === "saw" ? "" : " began"}`;
  });
  return `${sayings.join(", ")}.`;
}

function alternativeWords({ answer, isGiven, verdict, reason }: Alternative): string {
  return `${answer}: ${verdict}${isGiven ? " (given)" : ""}; ${reason}`;
}

/** Words in lines: the first begins with one indent, the others with another. */
function wrapped(words: string, first: string, others: string): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of words.split(" ")) {
    if (!isEmpty && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = others;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
