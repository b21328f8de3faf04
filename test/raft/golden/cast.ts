/** Who plays in a golden script, with which logs, and by which rules: all that is said before anything happens. */

import type { NodeId } from "../../../src/base/index.ts";
import {
  type Entry,
  type LeaseOptions,
  Raft,
  type RaftFeatures,
  type RaftOptions,
} from "../../../src/raft/index.ts";
import { entries, figure2 } from "../bench.ts";
import { Group } from "../group.ts";
import { Mistake } from "./script.ts";

export class Cast {
  private readonly logs = new Map<NodeId, readonly Entry[]>();
  private term = 0;
  private features = figure2.features;
  private limits = figure2.limits;
  private lease: LeaseOptions | null = null;
  private Raft = Raft;
  private voters: readonly NodeId[] | null = null;
  private founded = false;

  get names(): readonly NodeId[] {
    return [...this.logs.keys()];
  }

  servers(names: readonly NodeId[], term: number): void {
    this.notYet();
    for (const name of names) {
      if (this.logs.has(name)) throw new Mistake(`there are two servers ${name}`);
      this.logs.set(name, []);
    }
    this.term = term;
  }

  /** Who votes at first, if not everybody. */
  members(names: readonly NodeId[]): void {
    this.notYet();
    for (const name of names) this.known(name);
    this.voters = names;
  }

  /** The log of one server, by its entries' terms. */
  holds(name: NodeId, terms: readonly number[]): void {
    this.notYet();
    this.known(name);
    const misfit = terms.some((term, i) => term < (terms[i - 1] ?? 1) || term > this.term);
    if (misfit) throw new Mistake(`terms in a log rise from 1 to ${this.term}, not so ${terms.join(" ")}`);
    this.logs.set(name, entries(...terms));
  }

  set(change: {
    features?: Partial<RaftFeatures>;
    limits?: Partial<RaftOptions["limits"]>;
    lease?: LeaseOptions;
    Raft?: typeof Raft;
  }): void {
    this.notYet();
    this.features = { ...this.features, ...change.features };
    this.limits = { ...this.limits, ...change.limits };
    this.lease = change.lease ?? this.lease;
    this.Raft = change.Raft ?? this.Raft;
  }

  private notYet(): void {
    if (this.founded) throw new Mistake("expected this before anything happens: the servers are running");
  }

  known(name: NodeId): void {
    this.notEmpty();
    if (this.logs.has(name)) return;
    throw new Mistake(`expected one of the servers ${this.names.join(" ")}, not ${name}`);
  }

  private notEmpty(): void {
    if (this.logs.size === 0) throw new Mistake('expected "servers NAMES" first');
  }

  /** Starts all of them. */
  found(): Group {
    this.notEmpty();
    this.founded = true;
    const { names, features, limits, Raft } = this;
    const voters = this.voters ?? names;
    const lease = this.lease === null ? {} : { lease: this.lease };
    return new Group([...this.logs.values()], this.term, { names, voters, features, limits, Raft, ...lease });
  }
}
