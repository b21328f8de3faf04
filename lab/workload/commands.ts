/** What clients ask for: generators of operations, one for each client, drawn from its own stream. */

import { assert, type Duration, MILLISECOND, type Random, unreachable } from "../../src/base/index.ts";
import type { Operation, Result } from "../../src/kv/index.ts";

/** Decides a client's next operation; of the KV store, if not said. Clients are numbered from 0. */
export interface Generator<Asked = Operation, Answered = Result> {
  /** Null when this client has nothing more to do. */
  next(): Asked | null;
  /** The answer to the latest operation. */
  learn(operation: Asked, result: Answered): void;
}

/** How often each kind is drawn, of their sum. */
export type Mix = Readonly<Record<Operation["kind"], number>>;

export const defaultMix: Mix = { get: 40, put: 15, append: 25, delete: 4, cas: 16 };

export interface WorkloadOptions {
  readonly keys: number;
  /** Operations, of 1000, on the first key; the others are spread evenly over all. */
  readonly hot: number;
  readonly mix: Mix;
  /** The mean pause between two operations of one client; pauses are uniform from 0 to twice that. */
  readonly thinkTime: Duration;
  /** Reads, of 1000, that ask any server first instead of the one that answered last. */
  readonly roaming: number;
}

export const defaultWorkload: WorkloadOptions = {
  keys: 5,
  hot: 400,
  mix: defaultMix,
  thinkTime: 60 * MILLISECOND,
  roaming: 500,
};

/**
 * Reads, and stays with the server that answers. When that is a leader whom the others have deposed, nothing but a
 * reader stays: whoever writes waits in vain and goes elsewhere.
 */
const faithfulReader: Pick<WorkloadOptions, "mix" | "roaming"> = {
  mix: { get: 97, put: 1, append: 1, delete: 0, cas: 1 },
  roaming: 0,
};

/** One client in four is a faithful reader. */
export function drawWorkload(random: Random, keys: number): WorkloadOptions {
  const character = random.chance(250) ? faithfulReader : {};
  return { ...defaultWorkload, keys, ...character };
}

/**
 * A mix of all operations on shared keys. Every value is unique, which makes violations visible that repeated values
 * would hide; and none is the beginning of another, so that what was appended can be read back.
 */
export class MixedGenerator implements Generator {
  private readonly random: Random;
  private readonly name: string;
  private readonly options: WorkloadOptions;
  private readonly shares: readonly (readonly [kind: Operation["kind"], share: number])[];
  private readonly total: number;
  private readonly seen = new Map<string, string | null>();
  private count = 0;

  /** `name` makes this client's values its own; a client that comes back after a crash needs a new one. */
  constructor(random: Random, name: string, options: WorkloadOptions) {
    assert(options.keys > 0, () => `a workload needs keys, not ${options.keys}`);
    this.random = random;
    this.name = name;
    this.options = options;
    this.shares = Object.entries(options.mix) as [Operation["kind"], number][];
    this.total = this.shares.reduce((sum, [, share]) => sum + share, 0);
  }

  next(): Operation {
    const kind = this.drawKind();
    const { hot, keys } = this.options;
    const key = `k${this.random.chance(hot) ? 1 : this.random.between(1, keys)}`;
    switch (kind) {
      case "get":
      case "delete":
        return { kind, key };
      case "put":
      case "append":
        return { kind, key, value: this.uniqueValue() };
      case "cas":
        // What this client saw last, so that some succeed and some come too late.
        return { kind, key, expected: this.seen.get(key) ?? null, value: this.uniqueValue() };
    }
  }

  private drawKind(): Operation["kind"] {
    let left = this.random.below(this.total);
    for (const [kind, share] of this.shares) {
      if (left < share) return kind;
      left -= share;
    }
    return unreachable(left as never);
  }

  learn(operation: Operation, result: Result): void {
    if (result.kind === "value") this.seen.set(operation.key, result.value);
    else if (operation.kind === "put") this.seen.set(operation.key, operation.value);
    else if (operation.kind === "delete") this.seen.set(operation.key, null);
    else if (operation.kind === "cas" && result.kind === "swapped" && result.swapped) {
      this.seen.set(operation.key, operation.value);
    }
  }

  private uniqueValue(): string {
    return `${this.name}.${++this.count};`;
  }
}

/**
 * The pattern of the Go labs' GenericTest: a client owns the key with its number, puts "", then appends "x <client>
 * <j> y" or reads what it must predict, half and half.
 */
export class AppendGenerator implements Generator {
  private readonly random: Random;
  private readonly client: number;
  private appended = 0;
  private expected: string | null = null;
  /** The first read that was not what this client predicted; null if all were. */
  surprise: string | null = null;

  constructor(random: Random, client: number) {
    this.random = random;
    this.client = client;
  }

  /** How many appends were asked for. */
  get count(): number {
    return this.appended;
  }

  next(): Operation {
    const key = String(this.client);
    if (this.expected === null) return { kind: "put", key, value: "" };
    if (this.random.chance(500)) return { kind: "get", key };
    return { kind: "append", key, value: `x ${this.client} ${this.appended++} y` };
  }

  learn(operation: Operation, result: Result): void {
    if (operation.kind === "put") this.expected = "";
    else if (operation.kind === "append") this.expected += operation.value;
    else if (result.kind === "value" && result.value !== this.expected) {
      this.surprise ??= `client ${this.client} read ${JSON.stringify(result.value)}, expected ${JSON.stringify(this.expected)}`;
    }
  }
}
