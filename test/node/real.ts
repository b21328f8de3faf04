/** The rig on the real driver: a process, its file, and kill -9. */

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Input, NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import { imageOf, openJournal } from "../../src/node/member.ts";
import { nodeOf, pack, unpack } from "../../src/node/wire.ts";
import type { RaftImage } from "../../src/raft/index.ts";
import { type bundleMortalNode, type Letter, NodeProcess, temporaryDirectory } from "./process.ts";
import type { Rig, RigKind, RigOptions } from "./rig.ts";

type Mortal = Awaited<ReturnType<typeof bundleMortalNode>>;

export function real(mortal: () => Mortal, journal = "durable"): RigKind {
  return {
    name: "the real driver",
    async start(options) {
      const rig = new RealRig(options, mortal(), journal);
      await rig.begin(options.diesAfterWriting);
      return rig;
    },
  };
}

class RealRig implements Rig {
  private readonly options: RigOptions;
  private readonly mortal: Mortal;
  private readonly journal: string;
  private readonly data = temporaryDirectory();
  private process: NodeProcess | null = null;
  private calls = 0;
  private hear: (letter: Letter) => void = () => {};

  constructor(options: RigOptions, mortal: Mortal, journal: string) {
    this.options = options;
    this.mortal = mortal;
    this.journal = journal;
  }

  async begin(last: string | null): Promise<void> {
    const env = { JOURNAL: this.journal, ...(last === null ? {} : { DIE_AFTER_WRITING: last }) };
    this.process = new NodeProcess(this.mortal(this.data, env), (letter) => this.hear(letter));
    const { members } = this.options;
    const body = { type: "init", msg_id: 1, node_id: "n1", node_ids: members };
    const welcome = await this.await({ src: "c0", dest: "n1", body }, ({ body }) =>
      body.type === "init_ok" ? body : null,
    );
    if (welcome === null) throw new Error("n1 does not start");
  }

  async ask(from: NodeId, payload: KvMessage): Promise<KvMessage | null> {
    const call = ++this.calls;
    const body = pack(from, { kind: "request", to: "n1", call, payload });
    return this.await({ src: nodeOf(from), dest: "n1", body }, (letter) => answerTo(from, call, letter));
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.begin(null);
  }

  disk(): RaftImage {
    return imageOf(openJournal(join(this.data, "n1.journal")));
  }

  async rest(): Promise<void> {
    await sleep(50);
  }

  async stop(): Promise<void> {
    await this.process?.kill();
    this.process = null;
  }

  /** Tells it, and waits for what this finds, or for the death of n1: null. */
  private await<Found>(letter: Letter, find: (letter: Letter) => Found | null): Promise<Found | null> {
    return new Promise((resolve) => {
      this.hear = (heard) => {
        const found = find(heard);
        if (found !== null) resolve(found);
      };
      this.process!.exited.then(() => resolve(null));
      this.process!.tell(letter);
    });
  }
}

function answerTo(from: NodeId, call: number, { dest, body }: Letter): KvMessage | null {
  if (dest !== nodeOf(from)) return null;
  const { to, input } = unpack(body);
  return to === from && isReply(input, call) ? input.payload : null;
}

function isReply(input: Input<KvMessage>, call: number): input is Extract<typeof input, { kind: "reply" }> {
  return input.kind === "reply" && input.call === call;
}
