/** Histories of Jepsen's and of its relatives, in and out. */
import {
  check,
  HistoryError,
  type HistoryEvent,
  type ImportOptions,
  importHistory,
  models,
  writeJepsen,
} from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { drawSeeded, randomHistory } from "./random.ts";
import { subjects } from "./samples.ts";

const events = [
  [0, "invoke", "write", 4],
  [1, "invoke", "cas", [4, 2]],
  [1, "ok", "cas", [4, 2]],
  [2, "invoke", "cas", [4, 3]],
  [2, "fail", "cas", [4, 3]],
  [0, "info", "write", 4],
  [3, "invoke", "read", null],
  [3, "ok", "read", 2],
  [4, "invoke", "write", 9],
  [4, "fail", "write", 9],
] as const;

const print = (value: unknown): string =>
  value === null ? "nil" : Array.isArray(value) ? `[${value.join(" ")}]` : String(value);
const map = ([process, type, f, value]: (typeof events)[number]): string =>
  `{:process ${process}, :type :${type}, :f :${f}, :value ${print(value)}}`;
const nemesis = "{:process :nemesis, :type :info, :f :start, :value #{:n1 :n2}}";
const words = ([process, type, f, value]: (typeof events)[number], gap = "\t"): string =>
  [process, `:${type}`, `:${f}`, print(value)].join(gap);

/** The same history in every spelling. */
const spellings: Readonly<Record<string, string>> = {
  "one vector": `; a comment\n[${events.map(map).join("\n ")}\n ${nemesis} #_{:type :none}]\n`,
  "one list": `(${nemesis} ${events.map(map).join(" ")})`,
  "bare maps": `${events.map(map).join("\n")}\n${nemesis}`,
  "bare records": events.map((event) => `#jepsen.history.Op${map(event)}`).join("\r\n"),
  "vectors in a vector": `[${events.map((event) => `[${words(event, " ")}]`).join("\n")}]`,
  "bare vectors": events.map((event) => `[${words(event, " ")}]`).join("\n"),
  "words between tabs": `${events.map((event) => words(event)).join("\n")}\n:nemesis\t:info\t:start\t"x"\n`,
  "words between spaces": events.map((event) => words(event, "   ")).join("\n"),
  "a log": [
    "INFO  jepsen.core - Running test",
    ...events.map((event) => `INFO  jepsen.util - ${words(event)}`),
    "INFO  jepsen.util - :nemesis\t:info\t:start\tnil",
    "\tat java.lang.Thread.run(Thread.java:745)",
  ].join("\n"),
  "a later log": events
    .map((event) => `2016-05-05 12:00:00,000{GMT}\tINFO\t[jepsen worker 1] jepsen.util: ${words(event)}`)
    .join("\n"),
  "a JSON list": JSON.stringify([
    ...events.map(([process, type, f, value], index) => ({
      type,
      f,
      value,
      process,
      time: index * 1000,
      index,
    })),
    { type: "info", f: "start", process: "nemesis", time: 9, index: 10 },
  ]),
  "JSON lines": events
    .map(([process, type, f, value]) => JSON.stringify({ process, type, f, value, extra: [1] }))
    .join("\n"),
};

const expected: readonly object[] = [
  { kind: "invoke", operation: 0, client: "0", input: { kind: "write", value: 4 } },
  { kind: "invoke", operation: 1, client: "1", input: { kind: "cas", from: 4, to: 2 } },
  { kind: "response", operation: 1, output: { kind: "swapped", swapped: true } },
  { kind: "invoke", operation: 2, client: "2", input: { kind: "cas", from: 4, to: 3 } },
  { kind: "response", operation: 2, output: { kind: "swapped", swapped: false } },
  { kind: "indeterminate", operation: 0 },
  { kind: "invoke", operation: 3, client: "3", input: { kind: "read" } },
  { kind: "response", operation: 3, output: { kind: "value", value: 2 } },
];

const timeless = (history: readonly HistoryEvent<unknown, unknown>[]): readonly object[] =>
  history.map(({ time: _time, ...rest }) => rest);

describe("the same history is read from", () => {
  for (const [spelling, text] of Object.entries(spellings)) {
    test(spelling, () => {
      const { history, model, lines } = importHistory(text, "f");
      expect(model).toBe("cas-register");
      expect(timeless(history)).toEqual(expected);
      expect(lines.length).toBe(history.length);
      expect(importHistory(text.match(/[\s\S]{1,7}/g)!, "f").history).toEqual(history);
    });
  }
});

test("the format is told by the content", () => {
  const formats = Object.entries(spellings).map(([spelling, text]) => [
    spelling,
    importHistory(text, "f").format,
  ]);
  const told = (format: string) =>
    formats.filter(([, name]) => name === format).map(([spelling]) => spelling);
  expect(told("jepsen-edn").length).toBe(6);
  expect(told("jepsen-log")).toEqual(["words between tabs", "words between spaces", "a log", "a later log"]);
  expect(told("jepsen-json")).toEqual(["a JSON list", "JSON lines"]);
});

type Row = readonly [process: number, type: string, f: string, value: string, more?: string];

function edn(...rows: Row[]): string {
  return rows
    .map(
      ([process, type, f, value, more = ""]) =>
        `{:process ${process} :type :${type} :f :${f} :value ${value} ${more}}`,
    )
    .join("\n");
}

function outcomes(text: string, options: ImportOptions = {}): readonly unknown[] {
  return importHistory(text, "f", options).history.map((event) => {
    if (event.kind === "response") return event.output;
    return event.kind === "invoke" ? event.input : "unknown";
  });
}

const swapped = (it: boolean) => ({ kind: "swapped", swapped: it });

test("what failed did not happen, unless its failure tells something of the state", () => {
  const cas = { kind: "cas", from: 1, to: 2 };
  const write: Row[] = [
    [8, "invoke", "write", "1"],
    [8, "ok", "write", "1"],
  ];
  const tried = (more: string, options?: ImportOptions, value = "[1 2]") =>
    outcomes(edn(...write, [0, "invoke", "cas", "[1 2]"], [0, "fail", "cas", value, more]), options).slice(2);
  expect(tried("")).toEqual([cas, swapped(false)]);
  expect(tried(":error :precondition-failed")).toEqual([cas, swapped(false)]);
  expect(tried(":error [:not-found]")).toEqual([cas, swapped(false)]);
  expect(tried(":error [:temporarily-unavailable nil]")).toEqual([]);
  expect(tried("", {}, ":timed-out")).toEqual([]);
  expect(tried("", { refusals: "drop" })).toEqual([]);
  const read = (more: string, options?: ImportOptions) =>
    outcomes(edn(...write, [0, "invoke", "read", "nil"], [0, "fail", "read", "nil", more]), options).slice(2);
  expect(read("")).toEqual([]);
  expect(read(":error :timeout")).toEqual([]);
  expect(read(":error :not-found")).toEqual([{ kind: "read" }, { kind: "value", value: null }]);
  expect(read(":error :not-found", { refusals: "drop" })).toEqual([]);
});

test("a read answered by nil saw nothing, or what is absent, as the format has it", () => {
  const rows: Row[] = [
    [0, "invoke", "read", "nil"],
    [0, "ok", "read", "nil"],
  ];
  const log = rows
    .map((row) => `INFO  jepsen.util - ${row[0]}\t:${row[1]}\t:${row[2]}\t${row[3]}`)
    .join("\n");
  const absent = { kind: "value", value: null };
  expect(outcomes(edn(...rows))).toEqual([{ kind: "read" }, null]);
  expect(outcomes(edn(...rows), { nilReads: "absent" })).toEqual([{ kind: "read" }, absent]);
  expect(outcomes(log)).toEqual([{ kind: "read" }, absent]);
  expect(outcomes(log, { nilReads: "unseen" })).toEqual([{ kind: "read" }, null]);
});

test("transactions keep their order, their unseen reads and Elle's short names", () => {
  const text = edn(
    [0, "invoke", "txn", "[[:read :x nil] [:write :y 2] [:r :y nil]]"],
    [0, "ok", "txn", "[[:read :x nil] [:write :y 2] [:r :y 2]]"],
  );
  const steps = [
    { kind: "read", register: "x" },
    { kind: "write", register: "y", value: 2 },
    { kind: "read", register: "y" },
  ];
  expect(importHistory(text, "f").model).toBe("multi-register");
  expect(outcomes(text)).toEqual([
    { kind: "txn", steps },
    { kind: "reads", reads: [null, { value: 2 }] },
  ]);
});

test("values may name the object too", () => {
  const text = edn(
    [0, "invoke", "read", "[8 nil]"],
    [1, "invoke", "cas", "[9 [1 2]]"],
    [0, "ok", "read", "[8 3]"],
    [1, "info", "cas", ":timeout"],
  );
  expect(outcomes(text)).toEqual([
    { kind: "read", key: "8" },
    { kind: "cas", from: 1, to: 2, key: "9" },
    { kind: "value", value: 3 },
    "unknown",
  ]);
  const plain = edn(
    [0, "invoke", "cas", "[1 2]"],
    [0, "ok", "cas", "[1 2]"],
    [0, "invoke", "cas", "[8 [1 2]]"],
  );
  expect(() => importHistory(plain, "f").history).not.toThrow();
  expect(outcomes(plain)[0]).toEqual({ kind: "cas", from: 1, to: 2 });
});

test("a kv file in which nothing speaks of absence begins with empty texts, as Go's maps do", () => {
  const get = (value: string): string =>
    edn([0, "invoke", "get", "nil", ':key "a"'], [0, "ok", "get", value, ':key "a"']);
  expect(importHistory(get('""'), "f")).toMatchObject({ model: "kv", initial: "" });
  expect(importHistory(get("nil"), "f")).toMatchObject({ model: "kv", initial: null });
});

describe("the model is guessed from the calls:", () => {
  const cases: readonly (readonly [model: string, ...Row[]])[] = [
    ["register", [0, "invoke", "read", "nil"], [1, "invoke", "write", "1"]],
    ["cas-register", [0, "invoke", "cas", "[1 2]"]],
    ["kv", [0, "invoke", "put", '"v"', ":key 1"], [1, "invoke", "append", '"v"', ":key 1"]],
    ["kv", [0, "invoke", "cas", '["a" "b"]', ":key 1"]],
    ["versioned-kv", [0, "invoke", "put", '["v" 3]', ":key 1"], [1, "invoke", "get", "nil", ":key 1"]],
    ["multi-register", [0, "invoke", "txn", "[]"]],
    ["mutex", [0, "invoke", "acquire", "nil"]],
    ["counter", [0, "invoke", "add", "3"], [1, "invoke", "read", "nil"], [1, "ok", "read", "3"]],
    ["set", [0, "invoke", "add", "3"], [1, "invoke", "read", "nil"], [1, "ok", "read", "#{3}"]],
    ["set", [0, "invoke", "add", "3"], [1, "invoke", "contains", "3"]],
    ["queue", [0, "invoke", "enqueue", "3"], [1, "invoke", "dequeue", "nil"]],
    ["stack", [0, "invoke", "push", "3"]],
    ["log", [0, "invoke", "append", "3"], [1, "invoke", "read", "nil"]],
  ];
  for (const [model, ...rows] of cases) {
    test(`${rows.map((row) => row[2]).join(", ")}: ${model}`, () => {
      expect(importHistory(edn(...rows), "f").model).toBe(model);
    });
  }
});

describe("malformed input is refused with file, line and what was expected:", () => {
  const begun: Row = [0, "invoke", "read", "nil"];
  const cases: readonly (readonly [what: string, text: string, message: string, options?: ImportOptions])[] =
    [
      [
        "nothing",
        "",
        "f:1: expected a history as NDJSON, Jepsen EDN, Jepsen JSON or a Jepsen log, found nothing",
      ],
      [
        "prose",
        "Dear reader\n",
        "f:1: expected a history as NDJSON, Jepsen EDN, Jepsen JSON or a Jepsen log, found Dear",
      ],
      [
        "no events",
        "[]",
        "f:1: expected calls that belong to one model (name the model that it is about), found none",
      ],
      ["unknown calls", edn([0, "invoke", "transfer", "1"]), "f:1: expected calls that belong to one model"],
      [
        "a call of another model",
        edn(begun, [1, "invoke", "push", "1"]),
        'f:2: expected read, write as "f" of the model register, found "push"',
        { model: "register" },
      ],
      ["an unknown model", edn(begun), "f:1: expected calls that belong to one model", { model: "registre" }],
      [
        "an unknown type",
        edn(begun, [0, "done", "read", "1"]),
        'f:2: expected invoke, ok, fail or info as "type", found "done"',
      ],
      ["no process", "{:type :ok}", 'f:1: expected a "process", found none'],
      ["no function", "{:process 1 :type :ok}", 'f:1: expected a name as "f", found none'],
      [
        "no operation",
        "{:process 1 :type :ok :f :read}\n7",
        "f:2: expected an operation as a map or as process, type",
      ],
      [
        "a completion of nothing",
        edn(begun, [1, "ok", "read", "1"]),
        "f:2: expected an invocation by process 1 before this ok, found none",
      ],
      [
        "two at once",
        edn(begun, [0, "invoke", "read", "nil"]),
        "f:2: expected a completion of what process 0 began in line 1, found a second invocation by it",
      ],
      [
        "a torn line of a log",
        "0\t:invoke\t:read\tnil\n0\t:ok",
        "f:2: expected a value, found the end of the file",
      ],
      ["a torn file", `[${edn(begun)}\n{:process`, "f:2: expected } to close the { of line 2"],
    ];
  for (const [what, text, message, options = {}] of cases) {
    test(what, () => {
      let found = "nothing was thrown";
      try {
        importHistory(text, "f", options);
      } catch (error) {
        if (!(error instanceof HistoryError)) throw error;
        found = error.message;
      }
      expect(found.slice(0, message.length)).toBe(message);
    });
  }
});

test("a line far into a long file is told by its number", () => {
  const pairs = Array.from({ length: 3000 }, (_, at): Row[] => [
    [at, "invoke", "write", `"${"x".repeat(40)}"`],
    [at, "ok", "write", "nil"],
  ]).flat();
  const wrong: Row = [1, "ok", "write", "nil"];
  const lines = (print: (row: Row) => string) =>
    [...pairs, wrong]
      .map((row) => print(row))
      .join("\n")
      .match(/[\s\S]{1,999}/g)!;
  const log = (row: Row) => `${row[0]}\t:${row[1]}\t:${row[2]}\t${row[3]}`;
  const json = ([process, type, f]: Row) => JSON.stringify({ process, type, f, value: "x".repeat(40) });
  for (const text of [lines(edn), lines(log), lines(json)]) {
    expect(() => importHistory(text, "f")).toThrow(
      "f:6001: expected an invocation by process 1 before this ok",
    );
  }
});

test("what stands between the operations of a log is passed over, and nowhere else", () => {
  const begun = "jepsen.util - 0\t:invoke\t:read\tnil";
  const trace = "\tat java.lang.Thread.run(Thread.java:745)";
  expect(importHistory(`${begun}\n${trace}\n`, "f").history.length).toBe(1);
  expect(() => importHistory(`0\t:invoke\t:read\tnil\n${trace}\n`, "f")).toThrow("f:2: expected");
});

test("a process that comes back after an unknown outcome is another client to the checker", () => {
  const text = edn(
    [0, "invoke", "write", "1"],
    [0, "info", "write", "1"],
    [0, "invoke", "read", "nil"],
    [0, "ok", "read", "1"],
  );
  const { history } = importHistory(text, "f");
  expect(check(models.register, history as never).verdict).toBe("ok");
});

describe("a history written for Jepsen is read again as it was:", () => {
  for (const subject of subjects) {
    const { model } = subject;
    test(model.name, () => {
      for (let seed = 1; seed <= 60; seed++) {
        const shape = { operations: 25, clients: 4, oneLostIn: 4, oneWrongIn: seed % 2 === 0 ? 5 : 0 };
        const written = randomHistory(subject, shape, drawSeeded(seed)).map(observed);
        const text = writeJepsen(model.name, written);
        const read = importHistory(text, "f", { nilReads: "absent", model: model.name });
        const clientless = (events: readonly HistoryEvent<unknown, unknown>[]) =>
          events.map((event) => ({ ...event, client: null }));
        expect(clientless(read.history), `seed ${seed}`).toEqual(clientless(written));
        expectJepsenProcesses(text);
      }
    });
  }
});

/** Jepsen's nil has one meaning in a file: a transaction's reads are all seen here. */
function observed(event: HistoryEvent<unknown, unknown>): HistoryEvent<unknown, unknown> {
  if (event.kind !== "response") return event;
  const { reads } = event.output as { reads?: (object | null)[] };
  if (reads === undefined) return event;
  return { ...event, output: { kind: "reads", reads: reads.map((read) => read ?? { value: null }) } };
}

/** One thing at a time, and nothing after an unknown outcome. */
function expectJepsenProcesses(text: string): void {
  const last = new Map<string, string>();
  for (const [, type, process] of text.matchAll(/:type :(\w+), :process (\d+)/g)) {
    const before = last.get(process!) ?? "none";
    expect(type === "invoke" ? ["none", "ok", "fail"] : ["invoke"]).toContain(before);
    last.set(process!, type!);
  }
}

test("what has no spelling is refused, and what nobody saw is said to be unknown", () => {
  expect(() => writeJepsen("bank", [])).toThrow("no Jepsen spelling is known for the model bank");
  const history: HistoryEvent<unknown, unknown>[] = [
    {
      kind: "invoke",
      operation: 5,
      client: "a",
      input: { kind: "txn", steps: [{ kind: "read", register: "x" }] },
      time: 1,
    },
    { kind: "response", operation: 5, output: null, time: 2 },
  ];
  expect(writeJepsen("multi-register", history)).toBe(
    '{:index 0, :time 1000, :type :invoke, :process 0, :f :txn, :value [[:read "x" nil]]}\n' +
      '{:index 1, :time 2000, :type :info, :process 0, :f :txn, :value [[:read "x" nil]]}\n',
  );
});
