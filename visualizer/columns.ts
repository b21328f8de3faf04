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
  /** The words within their form, one after the other, and how long they are; -n for the same as n operations ago. */
  readonly text: string;
  readonly length: readonly number[];
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
  const texts: string[] = [];
  const length = operations.map((operation, index) => {
    const { shape, middle } = formOf(operation);
    client.push(clients.place(operation.client, operation.client));
    object.push(objects.place(operation.object, operation.object));
    form.push(forms.place(JSON.stringify(shape), shape));
    const before = last.get(middle);
    last.set(middle, index);
    if (before !== undefined && middle.length >= 3) return before - index;
    texts.push(middle);
    return middle.length;
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
    text: texts.join(""),
    length,
  };
}

function operationsOf(columns: Columns): Operation[] {
  const run = new Run(columns);
  const operations: Operation[] = [];
  for (let index = 0; index < columns.took.length; index++) operations.push(new Carried(run, index));
  return operations;
}

/** The columns, ready to be read at any place. */
class Run {
  readonly columns: Columns;
  readonly ids: readonly number[] | null;
  readonly calls: Float64Array;
  readonly client: (index: number) => number;
  readonly object: (index: number) => number;
  readonly form: (index: number) => number;
  /** Where each operation's text begins and ends. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;

  constructor(columns: Columns) {
    const { length } = columns;
    this.columns = columns;
    this.ids = columns.id === null ? null : sums(columns.id);
    this.calls = Float64Array.from(sums(columns.call));
    this.client = readDigits(columns.client);
    this.object = readDigits(columns.object);
    this.form = readDigits(columns.form);
    this.starts = new Uint32Array(length.length);
    this.ends = new Uint32Array(length.length);
    let start = 0;
    for (let index = 0; index < length.length; index++) {
      const long = length[index]!;
      this.starts[index] = long < 0 ? this.starts[index + long]! : start;
      if (long >= 0) start += long;
      this.ends[index] = long < 0 ? this.ends[index + long]! : start;
    }
  }
}

/** An operation as it stands in the columns. Nothing is copied out of them: a million are there, and few are read. */
class Carried implements Operation {
  readonly #run: Run;
  readonly #index: number;

  constructor(run: Run, index: number) {
    this.#run = run;
    this.#index = index;
  }

  get id(): number {
    return this.#run.ids === null ? this.#index : this.#run.ids[this.#index]!;
  }

  get client(): string {
    return this.#run.columns.clients[this.#run.client(this.#index)]!;
  }

  get object(): string {
    return this.#run.columns.objects[this.#run.object(this.#index)]!;
  }

  get kind(): string {
    return this.#form[0];
  }

  get words(): string {
    const [, , before, after, tail] = this.#form;
    const { columns, starts, ends } = this.#run;
    const middle = columns.text.slice(starts[this.#index], ends[this.#index]);
    return `${after === null ? before : before + this.object + after}${middle}${tail}`;
  }

  get call(): number {
    return this.#run.calls[this.#index]!;
  }

  get return(): number | null {
    const took = this.#run.columns.took[this.#index]!;
    return took < 0 ? null : this.call + took;
  }

  get outcome(): Operation["outcome"] {
    return this.#form[1];
  }

  get #form(): Form {
    return this.#run.columns.forms[this.#run.form(this.#index)]!;
  }
}

/** The operation by itself, wherever its fields were read off. */
export function standalone({
  id,
  client,
  object,
  kind,
  words,
  call,
  return: back,
  outcome,
}: Operation): Operation {
  return { id, client, object, kind, words, call, return: back, outcome };
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
