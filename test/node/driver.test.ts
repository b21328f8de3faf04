/** The driver of one actor: what is sent when, with a disk and a clock in the test's hands. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Effect, Input, Instant, Message } from "../../src/base/index.ts";
import { Driver } from "../../src/node/index.ts";

type Notice = { readonly kind: "notice"; readonly word: string };
type Told = Effect<string, string> | Notice;

/** Does what the test tells it, and remembers what it heard. */
class Toy {
  deadline: Instant | null = null;
  readonly heard: string[] = [];
  effects: Told[] = [];

  step(_now: Instant, input: Input<string>): readonly Told[] {
    this.heard.push(input.kind === "durable" ? `durable ${input.mark}` : input.kind);
    if (input.kind === "deadline") this.deadline = null;
    return this.effects.splice(0);
  }
}

let toy: Toy;
let driver: Driver<string, string, Notice>;
/** What left the process, and what was given to the disk, in order. */
let seen: string[];
let writes: (() => void)[];
let onSend: (message: Message<string>) => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  toy = new Toy();
  seen = [];
  writes = [];
  onSend = () => {};
  driver = new Driver<string, string, Notice>(toy, {
    journal: {
      append(records, done) {
        seen.push(`write ${records.join(" ")}`);
        writes.push(done);
      },
    },
    send(message) {
      seen.push(`send ${message.payload}`);
      onSend(message);
    },
    notice: ({ word }) => seen.push(`notice ${word}`),
  });
});

afterEach(() => {
  vi.useRealTimers();
});

const hello: Input<string> = { kind: "request", from: "n2", call: 1, payload: "hello" };

function does(...effects: readonly Told[]): void {
  toy.effects = [...effects];
  driver.deliver(hello);
}

function reply(payload: string): Message<string> {
  return { kind: "reply", to: "n2", call: 1, payload };
}

function persist(mark: number, record: string | null, ...words: readonly string[]): Told {
  return { kind: "persist", mark, record, thenSend: words.map(reply) };
}

test("what waits for the disk is sent when it is written, and what does not is sent at once", () => {
  does(persist(1, "vote", "granted"), reply("free"), { kind: "notice", word: "done" });
  expect(seen).toEqual(["write vote", "send free", "notice done"]);
  writes[0]!();
  expect(seen.slice(3)).toEqual(["send granted"]);
  expect(toy.heard).toEqual(["request", "durable 1"]);
});

test("there is one write at a time, and what is persisted meanwhile is the next one", () => {
  does(persist(1, "a", "A"));
  does(persist(2, "b", "B"));
  does(persist(3, "c", "C"));
  expect(seen).toEqual(["write a"]);
  writes[0]!();
  expect(seen).toEqual(["write a", "send A", "write b c"]);
  writes[1]!();
  expect(seen.slice(3)).toEqual(["send B", "send C"]);
  expect(toy.heard.slice(3)).toEqual(["durable 1", "durable 3"]);
});

test("without a record it waits for the writes before it, and for nothing else", () => {
  does(persist(1, "a"));
  does(persist(2, null, "again"));
  expect(seen).toEqual(["write a"]);
  writes[0]!();
  expect(seen).toEqual(["write a", "send again"]);
  does(persist(3, null, "alone"));
  expect(seen.slice(2)).toEqual(["send alone"]);
  expect(toy.heard.at(-1)).toBe("durable 3");
});

test("an answer that comes while its question is being sent waits for the end of the step", () => {
  onSend = ({ payload }) => {
    if (payload !== "question") return;
    driver.deliver({ kind: "reply", from: "n1", call: 1, payload: "answer" });
    seen.push(`heard ${toy.heard.length}`);
  };
  does(reply("question"), reply("after"));
  expect(seen).toEqual(["send question", "heard 1", "send after"]);
  expect(toy.heard).toEqual(["request", "reply"]);
});

test("an actor is woken at its deadline and not before, also when it has moved", () => {
  toy.deadline = performance.now() * 1000 + 30_000;
  driver.deliver(hello);
  vi.advanceTimersByTime(20);
  toy.deadline += 20_000;
  driver.deliver(hello);
  vi.advanceTimersByTime(29);
  expect(toy.heard).toEqual(["request", "request"]);
  vi.advanceTimersByTime(1);
  expect(toy.heard).toEqual(["request", "request", "deadline"]);
  vi.advanceTimersByTime(1000);
  expect(toy.heard.length).toBe(3);
});

test("once stopped it sends nothing and wakes nobody, whatever the disk still does", () => {
  toy.deadline = performance.now() * 1000 + 30_000;
  does(persist(1, "a", "A"));
  driver.stop();
  writes[0]!();
  driver.deliver(hello);
  vi.advanceTimersByTime(1000);
  expect(seen).toEqual(["write a"]);
  expect(toy.heard).toEqual(["request"]);
});
