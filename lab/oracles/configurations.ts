/**
 * Who votes, by every server's own log: what configuration its latest entry of that kind tells, whatever the server makes
 * of it. Elections and commits are judged by these, and a server that counts by another one is wrong (section 6).
 */

import type { NodeId } from "../../src/base/index.ts";
import { type Configuration, configurationOf, isConfiguration, type Raft } from "../../src/raft/index.ts";

type Fail = (name: string, message: string, nodes: readonly NodeId[]) => void;

interface Placed {
  readonly index: number;
  readonly configuration: Configuration;
}

export class Configurations {
  private readonly fail: Fail;
  private readonly initial: Configuration;
  /** Some log had one: in most runs there is nothing to check. */
  private seen = false;
  /** Those that were committed, oldest first: what snapshots must know. */
  private readonly committed: Placed[] = [];
  /** By server: those in its log, oldest first; none of most servers. */
  private readonly inLogs = new Map<NodeId, readonly Placed[]>();
  /** By server: the configuration in use that was last found to be right. */
  private readonly right = new Map<NodeId, { readonly used: Configuration; readonly told: Configuration }>();

  constructor(founders: readonly NodeId[], fail: Fail) {
    this.fail = fail;
    this.initial = configurationOf(founders);
  }

  restarted(id: NodeId): void {
    this.inLogs.delete(id);
  }

  /** From this index on a server's log was cut. */
  cutFrom(id: NodeId, index: number): void {
    const known = this.seen ? this.inLogs.get(id) : undefined;
    if (known === undefined || known.at(-1)!.index < index) return;
    this.keep(
      id,
      known.filter((placed) => placed.index < index),
    );
  }

  /** This entry was seen in a server's log, after all before it. */
  appended(id: NodeId, index: number, command: unknown): void {
    if (!isConfiguration(command)) return;
    this.seen = true;
    this.inLogs.set(id, [...(this.inLogs.get(id) ?? []), { index, configuration: command }]);
  }

  /**
   * A leader has committed what comes after this index, and may have compacted it in the same step. Nobody commits it
   * before its leader does.
   */
  committedBy({ id, commitIndex }: Raft, after: number): void {
    const known = Math.max(after, this.committed.at(-1)?.index ?? 0);
    for (const placed of this.inLogs.get(id) ?? [])
      if (placed.index > known && placed.index <= commitIndex) this.committed.push(placed);
  }

  /** All changes of its log were told: is it used? */
  check(raft: Raft): void {
    if (!this.seen) return;
    const { id, configuration: used } = raft;
    const told = this.of(raft);
    const right = this.right.get(id);
    if (right?.used === used && right.told === told) return;
    this.right.set(id, { used, told });
    if (worded(used) === worded(told)) return;
    this.fail("latest configuration", `${id} counts by ${worded(used)}, its log says ${worded(told)}`, [id]);
  }

  /** What its log says or, where a snapshot has taken the log's place, the log that everybody agreed on. */
  of({ id, log }: Raft): Configuration {
    const latest = this.inLogs.get(id)?.at(-1);
    if (latest !== undefined && latest.index > log.snapshotIndex) return latest.configuration;
    return this.committed.findLast(({ index }) => index <= log.snapshotIndex)?.configuration ?? this.initial;
  }

  private keep(id: NodeId, placed: readonly Placed[]): void {
    if (placed.length === 0) this.inLogs.delete(id);
    else this.inLogs.set(id, placed);
  }
}

function worded({ voters, outgoing }: Configuration): string {
  const members = [...voters].sort().join(" ");
  return outgoing === null ? members : `${[...outgoing].sort().join(" ")} and ${members}`;
}
