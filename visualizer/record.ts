/**
 * How a page carries the history that it was made from: so that it can be written out again, event by event, as any
 * checker reads it. The page has the operations already, in words and with their times; this adds what they leave out,
 * the order of the events and the values as data. Nobody reads it before somebody asks for the file.
 */

import type { HistoryEvent } from "porcupine-ts";
import type { Recorded } from "../lab/run/report.ts";
import type { Drawn } from "./drawn.ts";
import { type Digits, differences, digits, readDigits, sums, Table } from "./series.ts";

type Operation = Drawn["operations"][number];

export interface PackedRecord {
  readonly header: Recorded["header"];
  /** Event by event: 0 for the next operation's call, n for the end of the nth-oldest that is still to end. */
  readonly order: Digits;
  readonly times: PackedTimes;
  /** When clients gave up, in order. */
  readonly lost: readonly number[];
  /** Input and output as JSON, a line each, with marks for what stands in the operation's words and for its object. */
  readonly forms: readonly string[];
  readonly form: Digits;
}

/** Against the times that the page draws, mostly the same but for where they begin; else event by event. */
type PackedTimes =
  | { readonly kind: "shifted"; readonly by: number }
  | { readonly kind: "steps"; readonly steps: readonly number[] }
  // Fractions may not survive adding up.
  | { readonly kind: "given"; readonly given: readonly number[] };

/** The operations are those of the history, in the order of their calls; their values are JSON data. */
export function packRecord(operations: readonly Operation[], { header, history }: Recorded): PackedRecord {
  const forms = new Table<string>();
  const form = new Array<number>(operations.length).fill(0);
  const order: number[] = [];
  const lost: number[] = [];
  const times = new Times();
  // The operations that are still to end, in the order of their calls.
  const open: { readonly index: number; readonly id: number; readonly input: unknown }[] = [];
  let called = 0;
  const note = (index: number, json: string): void => {
    const text = formOf(json, operations[index]!);
    form[index] = forms.place(text, text);
  };
  for (const event of history) {
    if (event.kind === "invoke") {
      const index = called++;
      const { call, outcome } = operations[index]!;
      times.add(event.time, call);
      order.push(0);
      if (outcome === "pending") note(index, JSON.stringify(event.input));
      else open.push({ index, id: event.operation, input: event.input });
      continue;
    }
    const place = open.findIndex(({ id }) => id === event.operation);
    const { index, input } = open.splice(place, 1)[0]!;
    order.push(place + 1);
    if (event.kind === "response") {
      note(index, `${JSON.stringify(input)}\n${JSON.stringify(event.output)}`);
      times.add(event.time, operations[index]!.return!);
    } else {
      note(index, JSON.stringify(input));
      lost.push(event.time);
      times.add(event.time, null);
    }
  }
  const deepest = order.reduce((most, each) => Math.max(most, each), 0);
  return {
    header,
    order: digits(order, deepest + 1),
    times: times.packed(),
    lost,
    forms: forms.rows,
    form: digits(form, forms.rows.length),
  };
}

/** The inverse: the history's events in their order. */
export function eventsOf(
  operations: readonly Operation[],
  packed: PackedRecord,
): HistoryEvent<unknown, unknown>[] {
  const place = readDigits(packed.order);
  const form = readDigits(packed.form);
  const times = timesOf(packed.times);
  const open: number[] = [];
  let [called, lost] = [0, 0];
  return Array.from({ length: packed.order.length }, (_, at): HistoryEvent<unknown, unknown> => {
    const nth = place(at);
    const index = nth === 0 ? called++ : open.splice(nth - 1, 1)[0]!;
    const operation = operations[index]!;
    const [input, output] = filled(packed.forms[form(index)]!, operation).split("\n");
    const { id, client, outcome } = operation;
    if (nth === 0) {
      if (outcome !== "pending") open.push(index);
      const time = times(at, operation.call);
      return { kind: "invoke", operation: id, client, input: JSON.parse(input!), time };
    }
    if (output === undefined) {
      return { kind: "indeterminate", operation: id, time: packed.lost[lost++]! };
    }
    const time = times(at, operation.return!);
    return { kind: "response", operation: id, output: JSON.parse(output), time };
  });
}

function timesOf(packed: PackedTimes): (at: number, drawn: number) => number {
  switch (packed.kind) {
    case "shifted":
      return (_, drawn) => drawn + packed.by;
    case "steps": {
      const all = sums(packed.steps);
      return (at) => all[at]!;
    }
    case "given":
      return (at) => packed.given[at]!;
  }
}

class Times {
  private readonly given: number[] = [];
  private shift: number | null = null;
  private isShifted = true;

  add(time: number, drawn: number | null): void {
    this.given.push(time);
    if (drawn === null) return;
    this.shift ??= time - drawn;
    // Compared as it will be added up again, or fractions would come back changed.
    if (drawn + this.shift !== time) this.isShifted = false;
  }

  packed(): PackedTimes {
    if (this.isShifted) return { kind: "shifted", by: this.shift ?? 0 };
    const steps = differences(this.given);
    const isExact = sums(steps).every((time, at) => time === this.given[at]);
    return isExact ? { kind: "steps", steps } : { kind: "given", given: this.given };
  }
}

/** JSON has no control characters of its own, so these mark nothing else. */
const OBJECT = "\u0001";
const FIRST_MARK = 2;
/** Marks beyond the tab would be line feeds. */
const MOST_MARKS = 7;

/** Whatever the words are: a mark stands for exactly the text that it replaced, so that nothing can come back wrong. */
function formOf(json: string, operation: Operation): string {
  let text = json;
  tokensOf(operation.words).forEach((token, at) => {
    const mark = String.fromCharCode(FIRST_MARK + at);
    if (token.startsWith('"')) text = text.replace(token, mark);
    else text = text.replace(`:${token}`, `:${mark}`).replace(`\n${token}`, `\n${mark}`);
  });
  return text.replace(`"${operation.object}"`, OBJECT);
}

function filled(form: string, operation: Operation): string {
  const tokens = tokensOf(operation.words);
  const object = `"${operation.object}"`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the marks.
  return form.replace(/[\u0001-\u0008]/g, (mark) =>
    mark === OBJECT ? object : tokens[mark.charCodeAt(0) - FIRST_MARK]!,
  );
}

/** The values in an operation's words, as JSON would have them. */
function tokensOf(words: string): readonly string[] {
  const first = words.indexOf('"');
  const second = words.indexOf('"', first + 1);
  // Mostly there is one, and looking for it by pattern would take ten times as long.
  if (second > first && words.indexOf('"', second + 1) < 0) return [words.slice(first, second + 1)];
  return (words.match(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?/g) ?? []).slice(0, MOST_MARKS);
}
