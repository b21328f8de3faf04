/**
 * How a page carries its operations: column by column, times as differences, what repeats only once. As objects a
 * hundred thousand operations take 15 MB, so 3 MB. `unpack(pack(x))` is x, whatever the values are.
 */

import type { Drawn } from "./drawn.ts";
import { type Digits, differences, digits, readDigits, sums, Table } from "./series.ts";

type Operation = Drawn["operations"][number];
type Object = Drawn["objects"][number];

/** What the words of many operations have in common; `{object}` stands between `before` and `after` if that is not null. */
type Form = readonly [
  kind: string,
  outcome: Operation["outcome"],
  before: string,
  after: string | null,
  tail: string,
];

interface Columns {
  readonly clients: readonly string[];
  readonly objects: readonly string[];
  readonly forms: readonly Form[];
  readonly client: Digits;
  readonly object: Digits;
  readonly form: Digits;
  /** Differences to the operation before. */
  readonly id: readonly number[] | null;
  readonly call: readonly number[];
  /** Durations; -1 without an answer. */
  readonly took: readonly number[];
  /** The words within their form; a number is how many operations ago the same stood here. */
  readonly text: readonly (string | number)[];
}

type PackedObject = Omit<Object, "linearization" | "partials" | "states"> & {
  /** 0 for the same as before: reads change nothing. */
  readonly states?: readonly (string | 0)[] | null;
  /** Differences. */
  readonly linearization: readonly number[] | null;
  readonly partials: readonly (readonly number[])[];
};

export type Packed<T extends Drawn> = Omit<T, "operations" | "objects"> & {
  readonly operations: Columns;
  readonly objects: readonly PackedObject[];
};

export function pack<T extends Drawn>(drawn: T): Packed<T> {
  return {
    ...drawn,
    operations: columnsOf(drawn.operations),
    objects: drawn.objects.map((object) => ({
      ...object,
      linearization: object.linearization === null ? null : differences(object.linearization),
      partials: object.partials.map(differences),
      ...(object.states ? { states: object.states.map(unlessSame) } : {}),
    })),
  };
}

export function unpack<T extends Drawn>(packed: Packed<T>): T {
  return {
    ...packed,
    operations: operationsOf(packed.operations),
    objects: packed.objects.map((object) => ({
      ...object,
      linearization: object.linearization === null ? null : sums(object.linearization),
      partials: object.partials.map(sums),
      ...(object.states ? { states: repeated(object.states) } : {}),
    })),
  } as unknown as T;
}

function columnsOf(operations: readonly Operation[]): Columns {
  const clients = new Table<string>();
  const objects = new Table<string>();
  const forms = new Table<Form>();
  const [client, object, form]: [number[], number[], number[]] = [[], [], []];
  const last = new Map<string, number>();
  const text = operations.map((operation, index) => {
    const { shape, middle } = formOf(operation);
    client.push(clients.place(operation.client, operation.client));
    object.push(objects.place(operation.object, operation.object));
    form.push(forms.place(JSON.stringify(shape), shape));
    const before = last.get(middle);
    last.set(middle, index);
    return before === undefined || middle.length < 3 ? middle : index - before;
  });
  const inOrder = operations.every(({ id }, index) => id === index);
  return {
    clients: clients.rows,
    objects: objects.rows,
    forms: forms.rows,
    client: digits(client, clients.rows.length),
    object: digits(object, objects.rows.length),
    form: digits(form, forms.rows.length),
    id: inOrder ? null : differences(operations.map(({ id }) => id)),
    call: differences(operations.map(({ call }) => call)),
    took: operations.map(({ call, return: back }) => (back === null ? -1 : back - call)),
    text,
  };
}

function operationsOf(columns: Columns): Operation[] {
  const { clients, objects, forms, took, text } = columns;
  const calls = sums(columns.call);
  const ids = columns.id === null ? null : sums(columns.id);
  const client = readDigits(columns.client);
  const object = readDigits(columns.object);
  const form = readDigits(columns.form);
  const texts: string[] = [];
  return calls.map((call, index) => {
    const given = text[index]!;
    const middle = typeof given === "string" ? given : texts[index - given]!;
    texts.push(middle);
    const [kind, outcome, before, after, tail] = forms[form(index)]!;
    const key = objects[object(index)]!;
    const lasted = took[index]!;
    return {
      id: ids === null ? index : ids[index]!,
      client: clients[client(index)]!,
      object: key,
      kind,
      words: `${after === null ? before : before + key + after}${middle}${tail}`,
      call,
      return: lasted < 0 ? null : call + lasted,
      outcome,
    };
  });
}

/** Beginnings and ends longer than this are an operation's own. */
const LONGEST = 40;

/** The words cut where values begin and end: at the quotes around them, or else at the digits. */
function formOf({ kind, outcome, object, words }: Operation): { shape: Form; middle: string } {
  const quote = words.slice(0, LONGEST + object.length).indexOf('"', object.length);
  const start = quote >= 0 ? quote + 1 : /^\D{0,40}/.exec(words)![0].length;
  const rest = words.slice(Math.max(start, words.length - LONGEST));
  const end = rest.lastIndexOf('"');
  const tail = end >= 0 ? rest.slice(end) : /\D*$/.exec(rest)![0];
  const head = words.slice(0, start);
  const at = object === "" ? -1 : head.indexOf(object);
  const [before, after] = at < 0 ? [head, null] : [head.slice(0, at), head.slice(at + object.length)];
  return {
    shape: [kind, outcome, before, after, tail],
    middle: words.slice(start, words.length - tail.length),
  };
}

function unlessSame(state: string, index: number, states: readonly string[]): string | 0 {
  return index > 0 && state === states[index - 1] ? 0 : state;
}

function repeated(states: readonly (string | 0)[]): string[] {
  let last = "";
  return states.map((state) => {
    if (state !== 0) last = state;
    return last;
  });
}
