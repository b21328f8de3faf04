/**
 * The simplest client protocol: the operation itself is sent to one server, drawn each time, whose reply is the
 * result. It never asks twice, since what is asked twice may be done twice: without an answer it gives up, and nobody
 * knows the outcome.
 */

import { type Duration, type Instant, KeyedRandom, MILLISECOND, type NodeId } from "../../src/base/index.ts";
import type { Protocol, ProtocolEffect, ProtocolInput } from "../workload/index.ts";
import type { Boot } from "./system.ts";

/** How long an answer may take. */
const PATIENCE: Duration = 500 * MILLISECOND;

export class Direct<Payload, Operation, Result> implements Protocol<Payload, Operation, Result> {
  deadline: Instant | null = null;
  private readonly servers: readonly NodeId[];
  private readonly random: KeyedRandom;
  private call = 0;

  constructor({ servers, random }: Pick<Boot, "servers" | "random">) {
    this.servers = servers;
    this.random = KeyedRandom.from(random);
  }

  step(now: Instant, input: ProtocolInput<Payload, Operation>): readonly ProtocolEffect<Payload, Result>[] {
    switch (input.kind) {
      case "invoke": {
        this.deadline = now + PATIENCE;
        // By the time and not in turn: without one operation, others ask whom they would have asked.
        const to = this.servers[this.random.below(this.servers.length, now, 0)]!;
        return [{ kind: "request", to, call: ++this.call, payload: input.operation as unknown as Payload }];
      }
      case "reply":
        if (input.call !== this.call) return [];
        return [{ kind: "return", result: input.payload as unknown as Result }];
      case "unanswered":
        return input.call === this.call ? [{ kind: "giveUp" }] : [];
      case "deadline":
        return this.deadline !== null && now >= this.deadline ? [{ kind: "giveUp" }] : [];
      default:
        return [];
    }
  }
}
