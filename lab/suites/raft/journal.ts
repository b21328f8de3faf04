/**
 * What every server applied, and the checks that the Go tester's applier makes of it: State Machine Safety (section
 * 5.4.3 of the paper) as it is seen from outside. A check that fails ends the suite.
 */

import type { NodeId } from "../../../src/base/index.ts";
import { fail } from "../suite.ts";
import type { Command } from "./server.ts";

export class Journal {
  /** What each server applied in this life, from index 1. */
  private readonly applied = new Map<NodeId, Command[]>();
  /** What the first server to apply an index applied there. It outlives that server's crash: others may have seen it. */
  private readonly agreed: { readonly command: Command; readonly by: NodeId }[] = [];
  private readonly started = new Set<Command>();

  /** The highest index that any server has applied. */
  get lastIndex(): number {
    return this.agreed.length;
  }

  /** This command was handed to a server, so it may be applied; nothing else may. */
  start(command: Command): void {
    this.started.add(command);
  }

  /** A server begins a life, in which it applies everything anew but what its snapshot holds. */
  restart(id: NodeId, commands: readonly Command[]): void {
    this.applied.set(id, []);
    for (const [i, command] of commands.entries()) this.apply(id, i + 1, command);
  }

  /** A leader's snapshot took the place of what a server had applied. */
  restored(id: NodeId, commands: readonly Command[]): void {
    const before = this.applied.get(id)!.length;
    if (commands.length < before) fail(`a snapshot took ${id} back from ${before} to ${commands.length}`);
    this.restart(id, commands);
  }

  apply(id: NodeId, index: number, command: Command): void {
    const log = this.applied.get(id)!;
    if (index !== log.length + 1) fail(`${id} applied entry ${index} when it had applied ${log.length}`);
    if (!this.started.has(command)) fail(`${id} applied ${command} at ${index}, which nobody ever started`);
    log.push(command);
    if (index > this.agreed.length) this.agreed.push({ command, by: id });
    const first = this.agreed[index - 1]!;
    if (first.command !== command) {
      fail(`at index ${index}, ${id} applied ${command} and ${first.by} applied ${first.command}`);
    }
  }

  /** How many servers have applied this index, in the lives that they live now, and what. */
  at(index: number): { readonly count: number; readonly command: Command | null } {
    let count = 0;
    for (const log of this.applied.values()) if (log.length >= index) count++;
    return { count, command: this.agreed[index - 1]?.command ?? null };
  }
}
