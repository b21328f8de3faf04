/**
 * Clients talk to any node, and the node is the clerk for them: it finds the leader, retries under the session that
 * makes retries harmless, and answers. A clerk has one operation in flight, so there are as many as there are requests
 * at a time.
 */

import type { Input, Message, NodeId } from "../base/index.ts";
import { Random, SECOND } from "../base/index.ts";
import {
  Clerk,
  type ClerkEffect,
  type ClerkInput,
  defaultClerkTiming,
  type KvMessage,
  type Result,
} from "../kv/index.ts";
import { type Body, ERROR, errorBody } from "./body.ts";
import { Driver } from "./driver.ts";
import { nextStep, type Request } from "./request.ts";

/** How long a request may take before its client is told that nobody knows. */
const PATIENCE = 5 * SECOND;

type Notice = Exclude<ClerkEffect, Message<KvMessage>>;
type Invoke = Extract<ClerkInput, { kind: "invoke" }>;

/** What the clerks of one node have in common. */
export interface Office {
  readonly node: NodeId;
  readonly servers: readonly NodeId[];
  /** No other life of this node has the same. */
  readonly life: number;
  send(from: NodeId, message: Message<KvMessage>): void;
}

export class Clerks {
  private readonly office: Office;
  private readonly all = new Map<NodeId, Attendant>();
  private readonly idle: Attendant[] = [];

  constructor(office: Office) {
    this.office = office;
  }

  /** Calls back once, with the body of the answer. */
  attend(request: Request, answer: (body: Body) => void): void {
    const attendant = this.idle.pop() ?? this.hire();
    attendant.attend(request, (body) => {
      this.idle.push(attendant);
      answer(body);
    });
  }

  deliver(address: NodeId, input: Input<KvMessage>): void {
    this.all.get(address)?.driver.deliver(input);
  }

  stop(): void {
    for (const { driver } of this.all.values()) driver.stop();
  }

  private hire(): Attendant {
    const address = `${this.office.node}/${this.all.size + 1}`;
    const attendant = new Attendant(address, this.office);
    this.all.set(address, attendant);
    return attendant;
  }
}

class Attendant {
  readonly driver: Driver<KvMessage, never, Notice, Invoke>;
  private request: Request | null = null;
  private answer: (body: Body) => void = () => {};
  private results: Result[] = [];
  /** A server was asked for what changes something, so it may have happened. */
  private mayHaveActed = false;

  constructor(address: NodeId, { servers, life, send }: Office) {
    const random = new Random(`${address}/${life}`);
    const clerk = new Clerk({
      ...defaultClerkTiming,
      client: address,
      incarnation: life,
      servers,
      random,
      patience: PATIENCE,
    });
    this.driver = new Driver(clerk, {
      journal: null,
      send: (message) => {
        const { payload } = message;
        if (payload.kind === "clerkRequest" && payload.operation.kind !== "get") this.mayHaveActed = true;
        send(address, message);
      },
      notice: (notice) => this.hear(notice),
    });
  }

  attend(request: Request, answer: (body: Body) => void): void {
    this.request = request;
    this.answer = answer;
    this.results = [];
    this.mayHaveActed = false;
    this.proceed(request);
  }

  private hear(notice: Notice): void {
    if (notice.kind === "giveUp") {
      this.finish(this.givenUp());
    } else {
      this.results.push(notice.result);
      this.proceed(this.request!);
    }
  }

  private proceed(request: Request): void {
    const step = nextStep(request, this.results);
    if (step.kind === "answer") this.finish(step.body);
    else this.driver.deliver({ kind: "invoke", operation: step.operation, roam: false });
  }

  private givenUp(): Body {
    if (this.mayHaveActed)
      return errorBody(ERROR.timeout, "no answer in time: it may have happened, or may yet");
    return errorBody(ERROR.temporarilyUnavailable, "no leader answers: nothing has happened");
  }

  private finish(body: Body): void {
    this.request = null;
    this.answer(body);
  }
}
