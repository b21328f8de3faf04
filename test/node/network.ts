/** Three nodes as processes, and the network between them: what Maelstrom does, without faults of its own. */

import type { Body } from "../../src/node/index.ts";
import { type Letter, NodeProcess, type Program } from "./process.ts";

export class Network {
  readonly ids = ["n1", "n2", "n3"];
  /** What nodes complained of. */
  complaints = "";
  private readonly program: Program;
  private readonly nodes = new Map<string, NodeProcess>();
  private readonly asked = new Map<number, { readonly node: string; answer(body: Body | null): void }>();
  private letters = 0;

  constructor(program: Program) {
    this.program = program;
  }

  /** Those that a client can reach. */
  get running(): string[] {
    return [...this.nodes.keys()];
  }

  async start(id: string): Promise<void> {
    const node = new NodeProcess(this.program, (letter) => this.route(letter));
    this.nodes.set(id, node);
    const welcome = await this.ask("c0", id, { type: "init", node_id: id, node_ids: this.ids });
    if (welcome?.type !== "init_ok") throw new Error(`${id} does not start: ${node.complaints}`);
  }

  /** kill -9. Whoever waits for an answer will not get one. */
  async kill(id: string): Promise<void> {
    const node = this.nodes.get(id)!;
    this.nodes.delete(id);
    await node.kill();
    this.complaints += node.complaints;
    for (const { node, answer } of [...this.asked.values()]) if (node === id) answer(null);
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((id) => this.kill(id)));
  }

  /** Null: the node died before it answered. */
  ask(client: string, node: string, body: Body): Promise<Body | null> {
    const msg_id = ++this.letters;
    return new Promise((resolve) => {
      const answer = (reply: Body | null) => {
        this.asked.delete(msg_id);
        resolve(reply);
      };
      this.asked.set(msg_id, { node, answer });
      this.route({ src: client, dest: node, body: { ...body, msg_id } });
    });
  }

  private route(letter: Letter): void {
    if (letter.dest.startsWith("n")) this.nodes.get(letter.dest)?.tell(letter);
    else this.asked.get(letter.body.in_reply_to as number)?.answer(letter.body);
  }
}
