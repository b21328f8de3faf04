/**
 * The register that the broken one wanted to be (Attiya, Bar-Noy and Dolev, "Sharing memory robustly in
 * message-passing systems", JACM 1995; with several writers: Lynch and Shvartsman, FTCS 1997). Clients ask a majority
 * twice: first they learn the latest value, then they make sure that a majority has what they are about to answer. A
 * read without this write-back may see a value that a later read does not.
 */

import type { AsyncSystem, ClientContext, Context } from "linlab/async";
import { type RegisterInput, type RegisterOutput, register } from "porcupine-ts";

/** Values are ordered by their numbers, and those that two writers chose at once by the writers' names. */
export interface Tagged {
  readonly number: number;
  readonly writer: string;
  readonly value: string | null;
}

export type Request = { readonly kind: "latest" } | { readonly kind: "store"; readonly tagged: Tagged };

export class Register {
  protected readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  async handle(request: Request): Promise<Tagged | "stored"> {
    const { disk } = this.context;
    const latest = disk.get<Tagged>("tagged") ?? { number: 0, writer: "", value: null };
    if (request.kind === "latest") return latest;
    // Also if it is not later: what is acknowledged must be durable, and `latest` may still be on its way to the disk.
    await disk.put("tagged", later(latest, request.tagged));
    return "stored";
  }
}

export class RegisterClient {
  protected readonly context: ClientContext;

  constructor(context: ClientContext) {
    this.context = context;
  }

  async call(operation: RegisterInput): Promise<RegisterOutput> {
    const latest = (await this.majority<Tagged>({ kind: "latest" })).reduce(later);
    const { id, incarnation } = this.context;
    const tagged: Tagged =
      operation.kind === "read"
        ? latest
        : { number: latest.number + 1, writer: `${id}.${incarnation}`, value: operation.value as string };
    await this.majority({ kind: "store", tagged });
    return operation.kind === "read" ? { kind: "value", value: latest.value } : { kind: "done" };
  }

  /** Asks everybody until more than half have answered; all requests may be handled twice. */
  protected majority<Answer>(request: Request): Promise<Answer[]> {
    const { servers, send } = this.context;
    const answers: Answer[] = [];
    return new Promise((resolve) => {
      const ask = async (server: string) => {
        let answer: Answer | null = null;
        while (answer === null) answer = await send<Answer>(server, request);
        answers.push(answer);
        if (answers.length * 2 > servers.length) resolve(answers);
      };
      for (const server of servers) void ask(server);
    });
  }
}

function later(a: Tagged, b: Tagged): Tagged {
  return b.number > a.number || (b.number === a.number && b.writer > a.writer) ? b : a;
}

export const abd: AsyncSystem<RegisterInput, RegisterOutput> = {
  model: register,
  operations: [() => ({ kind: "read" }), (value) => ({ kind: "write", value })],
  server: Register,
  client: RegisterClient,
};
