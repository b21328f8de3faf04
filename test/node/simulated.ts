/** The rig on the simulated world's driver. */

import { perfectConditions, type Wire, World } from "../../lab/sim/index.ts";
import {
  type Actor,
  type Effect,
  type Input,
  type Instant,
  type NodeId,
  Random,
  SECOND,
} from "../../src/base/index.ts";
import { type KvMessage, Server, type ServerEffect } from "../../src/kv/index.ts";
import { SETTINGS } from "../../src/node/member.ts";
import { type RaftImage, type RaftRecord, raftStorage } from "../../src/raft/index.ts";
import type { Rig, RigKind, RigOptions } from "./rig.ts";

type Ask = { readonly kind: "ask"; readonly payload: KvMessage };
type Role = Actor<Input<KvMessage>, Effect<KvMessage, RaftRecord>>;

export const simulated: RigKind = {
  name: "the simulated driver",
  start: async (options) => new SimulatedRig(options),
};

/** Longer than n1 takes for anything but electing itself. */
const NAP = SECOND / 20;

class SimulatedRig implements Rig {
  private readonly options: RigOptions;
  private readonly world: World<KvMessage, RaftRecord, RaftImage, never, Ask>;
  private readonly puppets = new Map<NodeId, Puppet>();
  private mayDie: boolean;
  private mustDie = false;

  constructor(options: RigOptions) {
    this.options = options;
    this.mayDie = options.diesAfterWriting !== null;
    const others = ["n2", "n3", "n2/1"];
    this.world = new World<KvMessage, RaftRecord, RaftImage, never, Ask>({
      random: new Random("rig"),
      nodes: ["n1", ...others],
      wire: asItIs,
      storage: raftStorage,
      conditions: perfectConditions,
      boot: ({ id, image, now }) => (id === "n1" ? this.boot(image, now) : this.puppet(id)),
    });
    for (const id of ["n1", ...others]) this.world.start(id);
  }

  async ask(from: NodeId, payload: KvMessage): Promise<KvMessage | null> {
    const puppet = this.puppets.get(from)!;
    puppet.answer = null;
    this.world.inject(from, { kind: "ask", payload });
    const isOver = () => puppet.answer !== null || this.world.condition("n1") === "down";
    for (const until = this.world.now + 10 * SECOND; !isOver(); ) {
      if (!this.world.step(until)) throw new Error(`n1 has not answered ${payload.kind} for ten seconds`);
      // On its way to the disk by now: all of it arrives, but nobody is told.
      if (this.mustDie) this.die(Number.POSITIVE_INFINITY);
    }
    return puppet.answer;
  }

  async restart(): Promise<void> {
    if (this.world.condition("n1") !== "down") this.die(0);
    this.world.start("n1");
  }

  disk(): RaftImage {
    return this.world.image("n1");
  }

  async rest(): Promise<void> {
    this.world.run(this.world.now + NAP);
  }

  async stop(): Promise<void> {}

  private die(kept: number): void {
    this.mustDie = false;
    this.mayDie = false;
    this.world.crash("n1", kept);
  }

  private boot(image: RaftImage, now: Instant): Role {
    const { members } = this.options;
    const server = new Server({ ...SETTINGS, id: "n1", members, random: new Random("n1") }, image, now);
    return {
      get deadline() {
        return server.deadline;
      },
      step: (now, input) => {
        const effects = server.step(now, input);
        if (this.mayDie && effects.some((effect) => this.isLast(effect))) this.mustDie = true;
        return effects;
      },
    };
  }

  private isLast(effect: ServerEffect): boolean {
    return (
      effect.kind === "persist" && JSON.stringify(effect.record).includes(this.options.diesAfterWriting!)
    );
  }

  private puppet(id: NodeId): Puppet {
    const puppet = new Puppet();
    this.puppets.set(id, puppet);
    return puppet;
  }
}

/** Asks n1 what it is told to, remembers the answer, and says nothing when it is asked. */
class Puppet {
  readonly deadline = null;
  answer: KvMessage | null = null;
  private calls = 0;

  step(_now: Instant, input: Input<KvMessage> | Ask): readonly Effect<KvMessage, RaftRecord>[] {
    if (input.kind === "ask")
      return [{ kind: "request", to: "n1", call: ++this.calls, payload: input.payload }];
    if (input.kind === "reply" && input.call === this.calls) this.answer = input.payload;
    return [];
  }
}

const asItIs: Wire<KvMessage> = { weigh: () => 0, carry: (payload) => payload };
