/** Which writes clients knew to be done, and when: every later read must show them. */

import type { Instant, NodeId } from "../../../src/base/index.ts";
import type { Missed } from "./deed.ts";

interface Write {
  readonly index: number;
  readonly at: Instant;
  readonly words: string;
}

export class AcknowledgedWrites {
  private readonly writes = new Map<string, Write[]>();

  /** The client has just learned that its write took effect at this index. */
  add(key: string, index: number, at: Instant, client: NodeId, command: string): void {
    const known = this.writes.get(key) ?? [];
    this.writes.set(key, known);
    known.push({ index, at, words: `${client}'s ${command}` });
  }

  /** The write that was known for longest when somebody asked, and is not in a state that ends with this entry. */
  missedBy(key: string, lastApplied: number, askedAt: Instant): Missed | null {
    const write = this.writes.get(key)?.find(({ index, at }) => index > lastApplied && at < askedAt);
    return write === undefined ? null : { index: write.index, words: write.words, ago: askedAt - write.at };
  }
}
