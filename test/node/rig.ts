/**
 * One server, n1, on some driver, in a test's hands: the test plays everybody else. Whatever is asked of it in the same
 * order must be answered the same, whether its clock, disk and network are simulated or real.
 */

import type { NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { RaftImage } from "../../src/raft/index.ts";

export interface RigOptions {
  /** n1 is one of them; the others are the test's. */
  readonly members: readonly NodeId[];
  /**
   * A piece of a record's JSON: in its first life n1 dies when the first such record is on disk, and nothing that waits for
   * it was sent. Null: it lives.
   */
  readonly diesAfterWriting: string | null;
}

export interface Rig {
  /** Asks as this server or clerk; the answer, or null if n1 died first. */
  ask(from: NodeId, payload: KvMessage): Promise<KvMessage | null>;
  /** kill -9, if it is not dead already; then a new life with what is on disk. */
  restart(): Promise<void>;
  /** What is on its disk, while nothing is on its way there. */
  disk(): RaftImage;
  /** Time passes. */
  rest(): Promise<void>;
  stop(): Promise<void>;
}

export interface RigKind {
  readonly name: string;
  start(options: RigOptions): Promise<Rig>;
}
