import { type HistoryEvent, kv, readHistory, writeHistory } from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { drawnOf } from "../../lab/cli/sketch.ts";
import { defaultOptions, run } from "../../lab/run/index.ts";
import type { Drawn } from "../../visualizer/drawn.ts";
import { eventsOf, packRecord } from "../../visualizer/record.ts";
import { HOSTILE } from "./hostile.ts";
import { sampleReport } from "./sample.ts";

type Events = readonly HistoryEvent<unknown, unknown>[];

/** As a page carries it, through JSON. */
function carried({ operations, recorded }: Pick<Drawn, "operations" | "recorded">): Events {
  return eventsOf(operations, JSON.parse(JSON.stringify(packRecord(operations, recorded!))));
}

/** A history of calls that overlap: each is [client, input, output or null, called, returned]. */
function drawn(history: Events): Drawn {
  const result = { verdict: "ok", objects: [], steps: 0 } as unknown as Parameters<typeof drawnOf>[2];
  return drawnOf(kv as never, history, result, "ok");
}

function invoke(operation: number, client: string, input: unknown, time: number): Events[number] {
  return { kind: "invoke", operation, client, input, time };
}

function respond(operation: number, output: unknown, time: number): Events[number] {
  return { kind: "response", operation, output, time };
}

const get = { kind: "get", key: "x" };
const value = { kind: "value", value: null };

describe("the history that a page carries", () => {
  test.each([1, 2, 3, 7])("comes back event by event, of the run with seed %i", (seed) => {
    const { report, history } = run(seed, defaultOptions);
    expect(report.recorded!.history).toBe(history);
    expect(carried(report)).toEqual(history);
  });

  test("keeps the order of events that share an instant", () => {
    const history = [
      invoke(0, "a", get, 5),
      invoke(1, "b", get, 5),
      respond(1, value, 5),
      invoke(2, "b", get, 5),
      respond(0, value, 5),
      respond(2, value, 5),
    ];
    expect(carried(drawn(history))).toEqual(history);
  });

  test.each([
    ["that go back", [9, 3, 4, 1]],
    ["with fractions", [0.1, 0.3, 0.30000000000000004, 1e9 + 0.7]],
    [
      "since 1970",
      [1_700_000_000_000_000, 1_700_000_000_001_000, 1_700_000_000_002_000, 1_700_000_000_900_000],
    ],
    ["that are all the same", [7, 7, 7, 7]],
  ])("keeps times %s", (_, [a, b, c, d]) => {
    const history = [
      invoke(0, "a", get, a!),
      invoke(4, "b", get, b!),
      respond(4, value, c!),
      { kind: "indeterminate", operation: 0, time: d! },
    ] as const;
    expect(carried(drawn(history))).toEqual(history);
  });

  test("keeps who never heard of an answer apart from who gave up, among many that are open", () => {
    const calls = Array.from({ length: 200 }, (_, id) => invoke(id, `c${id}`, get, id));
    const ends = calls.flatMap(
      ({ operation }): Events =>
        operation % 3 === 0
          ? []
          : operation % 3 === 1
            ? [respond(operation, value, 300 + operation)]
            : [{ kind: "indeterminate", operation, time: 400 + operation }],
    );
    const history = [...calls, ...ends.reverse()].map((event, at) => ({ ...event, time: at }));
    expect(carried(drawn(history))).toEqual(history);
  });

  test.each(HOSTILE)("brings back %j as a key, a client and a value", (text) => {
    const history = HOSTILE.flatMap((other, id) => [
      invoke(id, text, { kind: "cas", key: text, expected: other, value: text }, 2 * id),
      respond(id, { kind: "value", value: other }, 2 * id + 1),
    ]);
    expect(carried(drawn(history))).toEqual(history);
  });

  test.each([
    ["numbers", { kind: "write", value: 12 }, 12],
    ["negative and broken ones", { kind: "write", value: -1.5 }, -1.5],
    ["marks", { kind: "\u0001\u0002", value: "\u0003" }, "\u0001"],
    ["quotes and commas", { kind: "put", key: ",", value: '":"' }, '","'],
    ["lists", [["r", "x", [1, 2]]], [[1], null, true]],
  ])("brings back %s", (_, input, output) => {
    const history = [invoke(0, "a", input, 1), respond(0, output, 2)];
    const model = {
      ...kv,
      objectOf: () => "x",
      describe: () => `${JSON.stringify(input)} -> ${JSON.stringify(output)}`,
    };
    const result = { verdict: "ok", objects: [], steps: 0 } as unknown as Parameters<typeof drawnOf>[2];
    expect(carried(drawnOf(model as never, history, result, "ok"))).toEqual(history);
  });

  test("is left out where JSON would change a value", () => {
    for (const odd of [undefined, Number.NaN, -0, new Map(), 1n]) {
      const model = { ...kv, describe: () => "", objectOf: () => "x" };
      const result = { verdict: "ok", objects: [], steps: 0 } as unknown as Parameters<typeof drawnOf>[2];
      const made = drawnOf(model as never, [invoke(0, "a", { odd }, 1)], result, "ok");
      expect(made.recorded).toBeUndefined();
    }
  });

  test("is a file that the checker reads", () => {
    const report = sampleReport();
    const { header, history } = readHistory(writeHistory(report.recorded!.header, carried(report)), "page");
    expect(header.model).toBe("kv");
    expect(history).toEqual(report.recorded!.history);
  });

  test("costs three characters for an operation", () => {
    const report = sampleReport({ operations: 10_000 });
    const packed = JSON.stringify(packRecord(report.operations, report.recorded!));
    expect(packed.length).toBeLessThan(36_000);
  });
});
