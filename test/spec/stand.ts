/** The bench of test/raft, whose server is held against the specification at each of its steps. */

import { Refinement, witnessed } from "../../lab/spec/index.ts";
import {
  Raft,
  type RaftEffect,
  type RaftInput,
  type RaftMessage,
  raftStorage,
} from "../../src/raft/index.ts";
import { Bench, type Setup } from "../raft/bench.ts";

export class Stand extends Bench {
  /** What the oracle has said; null while every step was an action. */
  alarm: string | null = null;
  private readonly refinement: Refinement;

  constructor(setup: Setup = {}) {
    super({ ...setup, RaftClass: witnessed(setup.RaftClass ?? Raft) });
    const serverIds = setup.members ?? ["n1", "n2", "n3"];
    const servers = { serverIds, world: { image: () => this.image }, raft: () => this.raft };
    this.refinement = new Refinement(servers, (message) => {
      this.alarm = message;
    });
    this.refinement.turned("n1");
  }

  override step(input: RaftInput): readonly RaftEffect[] {
    // What leaves at once leaves before the disk has done anything.
    const held = this.diskHeld;
    this.diskHeld = true;
    const effects = super.step(input);
    this.diskHeld = held;
    for (const effect of effects) {
      if (effect.kind === "request" || effect.kind === "reply") {
        this.refinement.sent("n1", effect.to, effect.payload as RaftMessage);
      }
    }
    if (!held) this.sync();
    return effects;
  }

  override sync(count = this.writes.length): void {
    for (let i = 0; i < count; i++) {
      const write = this.writes[0];
      super.sync(1);
      for (const { to, payload } of write?.thenSend ?? []) this.refinement.sent("n1", to, payload);
    }
  }

  override crash(): void {
    super.crash();
    this.refinement.turned("n1");
  }

  /** A crash that the disk does not survive: what was committed others still have. */
  loseDisk(): void {
    Object.assign(this.image, raftStorage.empty());
    this.crash();
  }
}
