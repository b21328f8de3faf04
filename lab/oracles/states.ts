/**
 * State machines agree: two snapshots up to the same index hold the same bytes (Figure 3, State Machine Safety, seen
 * from the other end). Logs can agree while state machines do not: an entry was applied twice, or not at all, or to a
 * state that a restart had lost. A client finds out only if it happens to read what differs.
 */

import type { NodeId } from "../../src/base/index.ts";
import type { Raft } from "../../src/raft/index.ts";

type Fail = (name: string, message: string, nodes: readonly NodeId[]) => void;

export class States {
  private readonly fail: Fail;
  /** By index: the first snapshot that was seen of it. */
  private readonly first = new Map<number, { readonly data: Uint8Array; readonly on: NodeId }>();

  constructor(fail: Fail) {
    this.fail = fail;
  }

  /** This server has a snapshot that it had not before. */
  snapshotTaken(id: NodeId, { snapshot }: Raft): void {
    if (snapshot === null) return;
    const { index, data } = snapshot;
    const first = this.first.get(index);
    if (first === undefined) this.first.set(index, { data, on: id });
    else if (!isSame(first.data, data)) {
      const message = `${first.on} and ${id} have different states after entry ${index}`;
      this.fail("state agreement", message, [first.on, id]);
    }
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
