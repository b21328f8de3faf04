/** labrpc's own tests on a network without failures: answers, types, counts and bytes. */

import { fail } from "../suite.ts";
import { answerTo, bytesOf, type EchoLab, type Value } from "./echo.ts";
import { labrpcSuite } from "./suite.ts";

/** A value that tells a call from all others, and comes back as it is. */
export function numbered(id: number): Value {
  return { kind: "record", id, label: null };
}

export const basic = labrpcSuite("Basic", {}, (lab) => {
  for (const value of [
    { kind: "number", value: 111 },
    { kind: "text", value: "9099" },
  ] as const) {
    lab.expectAnswer(lab.call("c1", "s1", value), value);
  }
});

export const types = labrpcSuite("Types", {}, (lab) => {
  const values: readonly Value[] = [
    { kind: "number", value: 0 },
    { kind: "number", value: 300 },
    { kind: "text", value: "" },
    { kind: "text", value: "naïve 😀 text" },
    { kind: "list", values: [] },
    { kind: "list", values: [0, 127, 128, Number.MAX_SAFE_INTEGER] },
    { kind: "record", id: 7, label: "seven" },
    { kind: "record", id: 7, label: null },
  ];
  for (const value of values) {
    const { answer } = lab.call("c1", "s1", value);
    if (JSON.stringify(answer) !== JSON.stringify(answerTo(value))) {
      fail(`${JSON.stringify(value)} was answered with ${JSON.stringify(answer)}`);
    }
    // No memory is shared between nodes: whoever changes what it got changes nothing elsewhere.
    if (answer === value) fail(`the caller got back the very object that it had sent`);
  }
});

const CALLS = 17;

export const counts = labrpcSuite("Counts", { servers: 2 }, (lab) => {
  for (let i = 0; i < CALLS; i++) lab.call("c1", "s1", numbered(i));
  lab.expectHandled("s1", CALLS);
  lab.expectHandled("s2", 0);
  const { rpcs } = lab.network.counters;
  if (rpcs !== CALLS) fail(`${rpcs} calls were counted in all, expected ${CALLS}`);
});

/** Go's limits allow for labgob's type descriptions; our codec has none, so that bytes are known to the last one. */
export const bytes = labrpcSuite("Bytes", {}, (lab) => {
  let expected = 0;
  const calls = (value: Value) => {
    for (let i = 0; i < CALLS; i++) lab.call("c1", "s1", value);
    expected += CALLS * (bytesOf(value) + bytesOf(answerTo(value)));
    const { bytes } = lab.network.counters;
    if (bytes !== expected) fail(`the network counted ${bytes} bytes, expected ${expected}`);
  };
  // Long arguments with short answers, then the other way round.
  calls({ kind: "text", value: "x".repeat(256) });
  calls({ kind: "number", value: 107 });
});

export const concurrentMany = labrpcSuite("ConcurrentMany", { clients: 20 }, (lab) => {
  const perClient = 10;
  const pending = lab.clients.flatMap((client, c) =>
    Array.from({ length: perClient }, (_, i) => startNumbered(lab, client, c * perClient + i)),
  );
  lab.settle();
  for (const { call, value } of pending) lab.expectAnswer(call, value);
  lab.expectHandled("s1", lab.clients.length * perClient);
});

export const concurrentOne = labrpcSuite("ConcurrentOne", {}, (lab) => {
  const pending = Array.from({ length: 20 }, (_, i) => startNumbered(lab, "c1", i));
  lab.settle();
  for (const { call, value } of pending) lab.expectAnswer(call, value);
  lab.expectHandled("s1", 20);
});

function startNumbered(lab: EchoLab, client: string, id: number) {
  const value = numbered(id);
  return { call: lab.start(client, "s1", value), value };
}

const MANY = 10_000;
/** The script's order; the request leaves, the request arrives, the reply leaves, the reply arrives. */
const EVENTS_PER_CALL = 5;

/** The Go lab measures seconds for 100,000 calls. What a machine cannot change is the number of events for each. */
export const benchmark = labrpcSuite("Benchmark", {}, (lab) => {
  const before = lab.world.trace.count;
  for (let i = 0; i < MANY; i++) lab.call("c1", "s1", numbered(i));
  const events = lab.world.trace.count - before;
  if (events !== EVENTS_PER_CALL * MANY)
    fail(`${MANY} calls took ${events} events, ${EVENTS_PER_CALL} each are enough`);
});
