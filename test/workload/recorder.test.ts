/** The recorder: what clients tell becomes the history, in the order in which it happened and in no other. */

import { describe, expect, expectTypeOf, test } from "vitest";
import { type ClientNotice, Recorder } from "../../lab/workload/index.ts";
import type { Operation, Result } from "../../src/kv/index.ts";

const get: Operation = { kind: "get", key: "k1" };
const put: Operation = { kind: "put", key: "k1", value: "v" };
const done: Result = { kind: "done" };

const invoke = (operation: Operation): ClientNotice => ({ kind: "invoke", operation });
const response = (result: Result): ClientNotice => ({ kind: "response", result });
const indeterminate: ClientNotice = { kind: "indeterminate" };

describe("a history", () => {
  test("numbers operations as they begin, and tells who did what when", () => {
    const recorder = new Recorder();
    recorder.record(10, "c1", invoke(put));
    recorder.record(20, "c2", invoke(get));
    recorder.record(30, "c2", response({ kind: "value", value: null }));
    recorder.record(40, "c1", response(done));
    expect(recorder.history).toEqual([
      { kind: "invoke", operation: 0, client: "c1", input: put, time: 10 },
      { kind: "invoke", operation: 1, client: "c2", input: get, time: 20 },
      { kind: "response", operation: 1, output: { kind: "value", value: null }, time: 30 },
      { kind: "response", operation: 0, output: done, time: 40 },
    ]);
  });

  test("is in the order of events, whatever the times say: they are for display", () => {
    const recorder = new Recorder();
    recorder.record(50, "c1", invoke(put));
    recorder.record(50, "c1", response(done));
    recorder.record(20, "c2", invoke(get));
    recorder.record(20, "c1", invoke(get));
    expect(recorder.history.map((event) => [event.kind, event.operation, event.time])).toEqual([
      ["invoke", 0, 50],
      ["response", 0, 50],
      ["invoke", 1, 20],
      ["invoke", 2, 20],
    ]);
  });

  test("lets a client begin again after an answer, and after an outcome that nobody knows", () => {
    const recorder = new Recorder();
    recorder.record(1, "c1", invoke(put));
    recorder.record(2, "c1", indeterminate);
    recorder.record(3, "c1", invoke(get));
    expect(recorder.history.map((event) => [event.kind, event.operation])).toEqual([
      ["invoke", 0],
      ["indeterminate", 0],
      ["invoke", 1],
    ]);
  });

  test("has no word for a failure: an operation ends in a response or in an unknown outcome", () => {
    expectTypeOf<ClientNotice["kind"]>().toEqualTypeOf<"invoke" | "response" | "indeterminate">();
    expectTypeOf<Recorder["history"][number]["kind"]>().toEqualTypeOf<
      "invoke" | "response" | "indeterminate"
    >();
  });
});

describe("a crash of a client", () => {
  test("makes the outcome of what it waited for unknown", () => {
    const recorder = new Recorder();
    recorder.record(1, "c1", invoke(put));
    recorder.crashed(2, "c1");
    expect(recorder.history.at(-1)).toEqual({ kind: "indeterminate", operation: 0, time: 2 });
    expect(recorder.waiting).toEqual([]);
  });

  test("says nothing if it waited for nothing, or if another did", () => {
    const recorder = new Recorder();
    recorder.record(1, "c1", invoke(put));
    recorder.record(2, "c1", response(done));
    recorder.record(3, "c2", invoke(get));
    recorder.crashed(4, "c1");
    expect(recorder.history).toHaveLength(3);
    expect(recorder.waiting).toEqual(["c2"]);
  });
});

describe("the counts", () => {
  test("tell begun, answered and open operations apart", () => {
    const recorder = new Recorder();
    const counts = () => [recorder.operations, recorder.acknowledged, recorder.outstanding];
    expect(counts()).toEqual([0, 0, 0]);
    for (const client of ["c1", "c2", "c3"]) recorder.record(1, client, invoke(put));
    expect(counts()).toEqual([3, 0, 3]);
    expect(recorder.waiting).toEqual(["c1", "c2", "c3"]);
    recorder.record(2, "c2", response(done));
    recorder.record(3, "c3", indeterminate);
    expect(counts()).toEqual([3, 1, 1]);
    expect(recorder.waiting).toEqual(["c1"]);
  });
});

describe("it is the programmer's error", () => {
  test("when a client begins while it waits", () => {
    const recorder = new Recorder();
    recorder.record(1, "c1", invoke(put));
    expect(() => recorder.record(2, "c1", invoke(get))).toThrow("c1 has operation 0 open already");
  });

  test.each([response(done), indeterminate])("when a client that waits for nothing hears $kind", (notice) => {
    const recorder = new Recorder();
    recorder.record(1, "c2", invoke(put));
    expect(() => recorder.record(2, "c1", notice)).toThrow("c1 got an answer but has no operation open");
  });
});
