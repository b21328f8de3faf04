/** One of Maelstrom's nodes: lines in, lines out. From `init` on it is a member of the cluster and a clerk for clients. */

import { randomInt } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BadLine, type Body, type Envelope, ERROR, errorBody, RequestError, readEnvelope } from "./body.ts";
import type { Journal } from "./journal.ts";
import { Member, openJournal } from "./member.ts";
import { readRequest } from "./request.ts";
import { NODE_MESSAGE } from "./wire.ts";

export interface NodeOptions {
  /** Where the node keeps its state, a file for each node; null for a new directory, so that it remembers nothing. */
  readonly data: string | null;
  /** Takes a line, without its end. */
  write(line: string): void;
  /** What is wrong with a line that came in, and what people may want to know. */
  complain(text: string): void;
  /** Another class of journal, to break the node on purpose. */
  readonly Journal?: typeof Journal;
}

/** Names of nodes are names of files. */
const NODE_NAME = /^[A-Za-z0-9_-]+$/;

export class Node {
  private readonly options: NodeOptions;
  private member: Member | null = null;
  private lines = 0;

  constructor(options: NodeOptions) {
    this.options = options;
  }

  /** A line of input. One that nobody can understand is complained of and left out. Throws InputError: no state. */
  receive(line: string): void {
    this.lines++;
    if (line.trim() === "") return;
    try {
      this.handle(readEnvelope(line));
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      this.options.complain(`line ${this.lines} is left out: ${error.message}`);
    }
  }

  stop(): void {
    this.member?.stop();
  }

  private handle(envelope: Envelope): void {
    const { dest, body } = envelope;
    if (this.member !== null && dest !== this.member.id) {
      throw new BadLine(`it is for ${dest}, and this is ${this.member.id}`);
    }
    // Before the init nobody is there to hear it, and whoever said it will say it again.
    if (body.type === NODE_MESSAGE) this.member?.hear(body);
    else this.answer(envelope);
  }

  private answer({ src, dest, body: asked }: Envelope): void {
    // Who gives no number waits for no answer.
    const { msg_id: in_reply_to } = asked;
    const reply = (body: Body) => {
      if (typeof in_reply_to === "number") this.send(dest, src, { ...body, in_reply_to });
    };
    try {
      if (asked.type === "init") reply(this.init(asked));
      else if (this.member === null) throw new RequestError(ERROR.temporarilyUnavailable, "no init yet");
      else this.member.clerks.attend(readRequest(asked), reply);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      reply(errorBody(error.code, error.message));
    }
  }

  private send(src: string, dest: string, body: Body): void {
    this.options.write(JSON.stringify({ src, dest, body }));
  }

  private init({ node_id: id, node_ids: members }: Body): Body {
    if (typeof id !== "string" || !Array.isArray(members) || !members.includes(id)) {
      throw new RequestError(ERROR.malformedRequest, `"node_id" must be one of "node_ids"`);
    }
    const strange = members.find((name) => typeof name !== "string" || !NODE_NAME.test(name));
    if (strange !== undefined) {
      throw new RequestError(ERROR.malformedRequest, `a node's name is ${NODE_NAME.source}, not ${strange}`);
    }
    if (this.member === null) this.join(id, members);
    else if (!this.member.is(id, members)) {
      throw new RequestError(ERROR.malformedRequest, `this node is ${this.member.id} already`);
    }
    return { type: "init_ok" };
  }

  private join(id: string, members: readonly string[]): void {
    const { data, complain } = this.options;
    const directory = data ?? mkdtempSync(join(tmpdir(), "linlab-node-"));
    const path = join(directory, `${id}.journal`);
    if (data === null)
      complain(`${id} keeps its state in ${path}; to come back with it, --data ${directory}`);
    this.member = new Member({
      id,
      members,
      life: randomInt(2 ** 47),
      journal: openJournal(path, this.options.Journal),
      send: (dest, body) => this.send(id, dest, body),
    });
  }
}
