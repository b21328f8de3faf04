/** Three processes that are killed: what their clients see is linearizable, and without their files it is not. */

import { check, kv } from "porcupine-ts";
import { afterEach, beforeAll, expect, test } from "vitest";
import { Clients } from "./clients.ts";
import { Network } from "./network.ts";
import { bundleMortalNode, type Program, realNode, temporaryDirectory } from "./process.ts";

let mortal: Awaited<ReturnType<typeof bundleMortalNode>>;
let network: Network;

beforeAll(async () => {
  mortal = await bundleMortalNode();
});

afterEach(() => network.stop());

async function startAll(program: Program): Promise<void> {
  network = new Network(program);
  await Promise.all(network.ids.map((id) => network.start(id)));
}

test("three nodes serve through kill -9 of each of them, and the history is linearizable", async () => {
  await startAll(realNode(temporaryDirectory()));
  const clients = new Clients(network, 6);
  for (const id of network.ids) {
    await clients.answers(60);
    await network.kill(id);
    await clients.answers(30);
    await network.start(id);
  }
  await clients.answers(60);
  await clients.stop();
  await clients.readAll();
  expect(network.complaints).toBe("");
  expect(clients.answered).toBeGreaterThan(300);
  expect(check(kv, clients.recording.history).verdict).toBe("ok");
});

test("a minority answers 11 to a read, and 0 to a write that may yet happen", async () => {
  await startAll(mortal(temporaryDirectory()));
  const write = { type: "write", key: "k", value: 1 };
  expect(await network.ask("c1", "n1", write)).toMatchObject({ type: "write_ok" });
  await Promise.all([network.kill("n2"), network.kill("n3")]);
  const answers = [network.ask("c1", "n1", write), network.ask("c2", "n1", { type: "read", key: "k" })];
  expect(await Promise.all(answers)).toMatchObject([
    { type: "error", code: 0 },
    { type: "error", code: 11 },
  ]);
  await network.start("n2");
  expect(await network.ask("c1", "n1", write)).toMatchObject({ type: "write_ok" });
});

/** Everybody is dead at the same time, so nothing is known but what lies in files. */
async function verdictAfterKillingAll(journal: string): Promise<string> {
  await startAll(mortal(temporaryDirectory(), { JOURNAL: journal }));
  const clients = new Clients(network, 6);
  await clients.answers(100);
  await Promise.all(network.ids.map((id) => network.kill(id)));
  await Promise.all(network.ids.map((id) => network.start(id)));
  await clients.stop();
  await clients.readAll();
  return check(kv, clients.recording.history).verdict;
}

test("what was answered before all three were killed is there when they are back", async () => {
  expect(await verdictAfterKillingAll("durable")).toBe("ok");
});

test.each(["forgetful", "hasty"])("with %s journals it is not, and the history says so", async (journal) => {
  expect(await verdictAfterKillingAll(journal)).toBe("illegal");
});
