/** Every part of the repaired register is there for a reason: the lab finds out when one is missing. */

import { type AsyncClientClass, type AsyncServerClass, type AsyncSystem, sweepAsync } from "linlab/async";
import type { RegisterInput, RegisterOutput } from "porcupine-ts";
import { expect, test } from "vitest";
import { abd, Register, RegisterClient, type Request, type Tagged } from "./abd-async.ts";

class WithoutWriteBack extends RegisterClient {
  override async call(operation: RegisterInput): Promise<RegisterOutput> {
    if (operation.kind === "write") return super.call(operation);
    const answers = await this.majority<Tagged>({ kind: "latest" });
    const latest = answers.reduce((a, b) => (b.number > a.number ? b : a));
    return { kind: "value", value: latest.value };
  }
}

class AnyOneWillDo extends RegisterClient {
  protected override async majority<Answer>(request: Request): Promise<Answer[]> {
    const { servers, send } = this.context;
    for (;;) {
      const answer = await Promise.race(servers.map((server) => send<Answer>(server, request)));
      if (answer !== null) return [answer];
    }
  }
}

class AnswersBeforeItIsDurable extends Register {
  override handle(request: Request): Promise<Tagged | "stored"> {
    const answer = super.handle(request);
    return request.kind === "store" ? Promise.resolve("stored") : answer;
  }
}

class TakesWhatComes extends Register {
  override async handle(request: Request): Promise<Tagged | "stored"> {
    if (request.kind === "latest") return super.handle(request);
    await this.context.disk.put("tagged", request.tagged);
    return "stored";
  }
}

const mutants: readonly (readonly [
  name: string,
  parts: {
    readonly client?: AsyncClientClass<RegisterInput, RegisterOutput>;
    readonly server?: AsyncServerClass;
  },
])[] = [
  ["without the write-back of reads", { client: WithoutWriteBack }],
  ["when one server is enough", { client: AnyOneWillDo }],
  ["when servers answer before it is durable", { server: AnswersBeforeItIsDurable }],
  ["when an earlier value replaces a later one", { server: TakesWhatComes }],
];

test.each(mutants)("%s it is caught", async (_, parts) => {
  const system: AsyncSystem<RegisterInput, RegisterOutput> = { ...abd, ...parts };
  const { failure, text } = await sweepAsync(system, { seeds: 1000 });
  expect(failure?.outcome, text).toBe("illegal");
});
