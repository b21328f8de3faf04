/**
 * The director plays a script on a cluster: it looks after every step whether what the script waits for has come, and
 * gives each of its deeds an instant of its own, before everything else of that instant. Therefore the deeds, written
 * down with their instants, are the same run without the script.
 */

import type { Instant, NodeId, Random } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import type { Raft, RaftImage } from "../../src/raft/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { type Fault, makeSchedule, type Schedule } from "../faults/index.ts";
import { type Host, Rules, type Script, Stage, type Wound } from "../faults/nemeses/index.ts";
import type { Observer } from "../sim/index.ts";
import type { Concerned, Injector } from "./injector.ts";

export class Director implements Host, Observer<KvMessage, unknown> {
  readonly rules: Rules;
  private readonly cluster: Cluster;
  private readonly injector: Injector;
  private readonly end: Instant;
  private script: Script | null = null;
  /** What the script waits for; null while it does not, or is about to go on. */
  private awaited: (() => boolean) | null = null;
  /** Counts the resumptions, so that one that comes too late is known. */
  private resumed = 0;

  /** At `end` the script is over: what it broke is whole, and what it held arrives. */
  constructor(cluster: Cluster, injector: Injector, end: Instant, concerned: Pick<Concerned, "disturbed">) {
    this.cluster = cluster;
    this.injector = injector;
    this.end = end;
    const { world } = cluster;
    this.rules = new Rules(
      () => world.now,
      () => concerned.disturbed(),
    );
    world.network.interceptor = this.rules;
    world.observe(this);
    if (Number.isFinite(end)) world.early(end, () => this.close());
  }

  stage(random: Random): Stage {
    return new Stage(this, random);
  }

  /** Begins a script. Whatever it throws ends the run. */
  play(script: Script): void {
    this.script = script;
    this.cluster.world.early(this.now + 1, () => this.resume(false));
  }

  get done(): boolean {
    return this.script === null;
  }

  /** All that was done, as data. */
  recorded(): Schedule {
    return makeSchedule(this.injector.decisions(this.end), this.rules.recorded(this.end));
  }

  // --- What the script sees and does ---

  get now(): Instant {
    return this.cluster.world.now;
  }

  get servers(): readonly NodeId[] {
    return this.cluster.serverIds;
  }

  get clients(): readonly NodeId[] {
    return this.cluster.clientIds;
  }

  raft(id: NodeId): Raft | null {
    return this.cluster.raft(id);
  }

  image(id: NodeId): RaftImage {
    return this.cluster.world.image(id);
  }

  strike(fault: Fault): Wound | null {
    return this.injector.begin(fault);
  }

  // --- Playing ---

  /** In the middle of a step nothing may be done: at the next instant, then. */
  stepped(): void {
    if (this.awaited?.()) this.resumeAt(this.now + 1, true);
  }

  private resumeAt(time: Instant, answer: boolean): void {
    this.awaited = null;
    const turn = ++this.resumed;
    this.cluster.world.early(time, () => {
      if (turn === this.resumed) this.resume(answer);
    });
  }

  private resume(answer: boolean): void {
    let next = this.script?.next(answer);
    for (;;) {
      this.awaited = null;
      if (next === undefined || next.done) {
        this.script = null;
        return;
      }
      const step = next.value;
      if (step.kind === "deed") {
        this.doNext(step.deed);
        return;
      }
      if (!step.until()) {
        this.resumeAt(this.now + Math.max(1, step.within), false);
        this.awaited = step.until;
        return;
      }
      next = this.script?.next(true);
    }
  }

  private doNext(deed: () => void): void {
    const turn = ++this.resumed;
    this.cluster.world.early(this.now + 1, () => {
      if (turn !== this.resumed) return;
      deed();
      this.resume(true);
    });
  }

  private close(): void {
    this.script = null;
    this.awaited = null;
    this.resumed++;
    let at = this.now;
    for (const kept of this.rules.clear()) this.cluster.world.early(++at, () => kept.deliver());
    this.injector.healAll();
  }
}
