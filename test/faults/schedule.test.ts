/** Schedules as files: what is written reads back the same, and whatever is wrong with one is said in one line. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assertNodesExist,
  type Cut,
  type Fault,
  type MessageFault,
  makeSchedule,
  readSchedule,
  type Target,
  type TimedFault,
  writeSchedule,
} from "../../lab/faults/index.ts";
import { InputError } from "../../src/base/index.ts";

const node = fc.constantFrom("n1", "n2", "n3", "c1", 'odd "name"', "ñ\n");
const target: fc.Arbitrary<Target> = fc.oneof(
  fc.record({ kind: fc.constant("node" as const), id: node }),
  fc.constant({ kind: "leader" } as const),
  fc.constant({ kind: "all" } as const),
);
const leader = fc.constant({ kind: "leader" } as const);
const cut: fc.Arbitrary<Cut> = fc.oneof(
  fc.record({ kind: fc.constant("groups" as const), groups: fc.array(fc.array(node)) }),
  fc.record({ kind: fc.constant("isolate" as const), target, companions: fc.array(node) }),
  fc.record({ kind: fc.constant("oneWay" as const), target, direction: fc.constantFrom("in", "out") }),
);
const permille = fc.integer({ min: 0, max: 1000 });
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant("partition" as const), cut }),
  fc.record({ kind: fc.constantFrom("crash", "pause"), target }),
  fc.record({ kind: fc.constant("crash" as const), target, kept: fc.nat() }),
  fc.record({ kind: fc.constantFrom("loss", "duplication", "reordering"), permille }),
  fc.record({ kind: fc.constant("delay" as const), upTo: fc.maxSafeNat() }),
  fc.record({ kind: fc.constant("transfer" as const), to: node }),
  fc.record({
    kind: fc.constant("membership" as const),
    add: fc.array(node),
    remove: fc.array(fc.oneof(fc.record({ kind: fc.constant("node" as const), id: node }), leader)),
  }),
);
const timed: fc.Arbitrary<TimedFault> = fc
  .record({
    at: fc.nat(10_000_000),
    length: fc.nat(10_000_000),
    fault,
    on: fc.constantFrom("answer" as const, "election" as const, null),
  })
  .map(({ at, length, fault, on }) => {
    const timed = { at, until: at + length, fault };
    return on === null ? timed : { ...timed, on };
  });

const message: fc.Arbitrary<MessageFault> = fc.oneof(
  fc.record({ from: node, to: node, nth: fc.nat(), kind: fc.constant("lost" as const) }),
  fc.record({
    ...{ from: node, to: node, nth: fc.nat() },
    ...{ kind: fc.constantFrom("held" as const, "copied" as const), arrives: fc.nat() },
  }),
);
/** Null where nobody wrote down messages. */
const messages = fc.option(fc.array(message));

/** A file with one fault, which is fine but for what `change` replaces. */
const withFault = (change: object) =>
  JSON.stringify({
    format: "linlab-schedule",
    version: 1,
    faults: [{ at: 1000, until: 2000, fault: { kind: "loss", permille: 100 }, ...change }],
  });
const withMessages = (messages: unknown) =>
  JSON.stringify({ format: "linlab-schedule", version: 1, faults: [], messages });
const withCut = (cut: unknown) => withFault({ fault: { kind: "partition", cut } });

describe("a schedule", () => {
  test("that is written and read is the same schedule", () => {
    fc.assert(
      fc.property(fc.array(timed), messages, (faults, messages) => {
        const schedule = makeSchedule(faults, messages ?? undefined);
        expect(readSchedule(writeSchedule(schedule), "s.json")).toEqual(schedule);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("that is read and written is the same text: one fault a line, for people who compare two", () => {
    const text = `{
  "format": "linlab-schedule",
  "version": 1,
  "faults": [
    {"at":1000,"until":2000,"fault":{"kind":"crash","target":{"kind":"leader"}}},
    {"at":1500,"until":1500,"fault":{"kind":"partition","cut":{"kind":"groups","groups":[["n1"],["n2","n3"]]}}}
  ]
}
`;
    expect(writeSchedule(readSchedule(text, "s.json"))).toBe(text);
    const empty = '{\n  "format": "linlab-schedule",\n  "version": 1,\n  "faults": []\n}\n';
    expect(writeSchedule(readSchedule(empty, "s.json"))).toBe(empty);
  });

  test("lists its faults in order of time; those of one instant keep their order", () => {
    const loss = (at: number, permille: number): TimedFault => ({
      at,
      until: 100,
      fault: { kind: "loss", permille },
    });
    const { faults } = makeSchedule([loss(20, 1), loss(10, 2), loss(20, 3), loss(10, 4)]);
    expect(faults.map(({ fault }) => fault)).toMatchObject([2, 4, 1, 3].map((permille) => ({ permille })));
  });

  test("forgets what it does not know, such as somebody's comments", () => {
    const { faults } = readSchedule(withFault({ why: "the interesting one" }), "s.json");
    expect(faults).toEqual([{ at: 1000, until: 2000, fault: { kind: "loss", permille: 100 } }]);
  });
});

describe("a malformed schedule is the user's error, which names the file, the place and what was expected:", () => {
  const table: readonly [what: string, text: string, message: string][] = [
    ["no JSON", "faults: none", "s.json: not JSON ("],
    ["an empty file", "", "s.json: not JSON ("],
    ["a list", "[]", "s.json: the file: expected an object, found []"],
    ["null", "null", "s.json: the file: expected an object, found null"],
    [
      "another format",
      '{"format":"linlab-report"}',
      's.json: "format" is "linlab-report", expected "linlab-schedule"',
    ],
    ["no format", "{}", 's.json: "format" is undefined, expected "linlab-schedule"'],
    ["another version", '{"format":"linlab-schedule","version":2}', "s.json: version 2 is not 1"],
    ["no version", '{"format":"linlab-schedule"}', "s.json: version undefined is not 1"],
    [
      "no faults",
      '{"format":"linlab-schedule","version":1}',
      's.json: "faults": expected a list, found undefined',
    ],
    [
      "a fault that is none",
      '{"format":"linlab-schedule","version":1,"faults":[3]}',
      "s.json: faults[0]: expected an object, found 3",
    ],
    [
      "a time that is text",
      withFault({ at: "1" }),
      's.json: faults[0].at: expected a whole number of microseconds, found "1"',
    ],
    [
      "a time that is negative",
      withFault({ at: -1 }),
      "s.json: faults[0].at: expected a whole number of microseconds, found -1",
    ],
    [
      "a time that is a fraction",
      withFault({ until: 2000.5 }),
      "s.json: faults[0].until: expected a whole number of microseconds, found 2000.5",
    ],
    [
      "a healing before the fault",
      withFault({ until: 999 }),
      "s.json: faults[0]: heals at 999 µs, before it strikes at 1000 µs",
    ],
    ["no fault in it", withFault({ fault: null }), "s.json: faults[0].fault: expected an object, found null"],
    [
      "an unknown fault",
      withFault({ fault: { kind: "flood" } }),
      's.json: faults[0].fault.kind: "flood" is not partition, crash, pause, clock, fsync, rot, loss, delay, duplication, reordering, transfer or membership',
    ],
    [
      "a change that would leave nobody",
      withFault({ fault: { kind: "membership", add: [], remove: [{ kind: "all" }] } }),
      's.json: faults[0].fault.remove[0]: "all" would leave nobody; expected a node or the leader',
    ],
    [
      "a transfer to nobody",
      withFault({ fault: { kind: "transfer" } }),
      "s.json: faults[0].fault.to: expected a node's name",
    ],
    [
      "a strike on something else than an answer",
      withFault({ on: "sunday" }),
      's.json: faults[0].on: expected "answer", "election" or nothing, found "sunday"',
    ],
    [
      "more than all messages lost",
      withFault({ fault: { kind: "loss", permille: 1001 } }),
      "s.json: faults[0].fault.permille: expected a whole number from 0 to 1000, found 1001",
    ],
    [
      "a share that is missing",
      withFault({ fault: { kind: "duplication" } }),
      "s.json: faults[0].fault.permille: expected a whole number from 0 to 1000, found undefined",
    ],
    [
      "a delay that is missing",
      withFault({ fault: { kind: "delay", permille: 3 } }),
      "s.json: faults[0].fault.upTo: expected a whole number of microseconds, found undefined",
    ],
    [
      "a crash of nobody",
      withFault({ fault: { kind: "crash" } }),
      "s.json: faults[0].fault.target: expected an object, found undefined",
    ],
    [
      "writes that a disk keeps by half",
      withFault({ fault: { kind: "crash", target: { kind: "leader" }, kept: 0.5 } }),
      "s.json: faults[0].fault.kept: expected a whole number of writes, found 0.5",
    ],
    ["messages that are no list", withMessages({}), 's.json: "messages": expected a list, found {}'],
    [
      "a message without an end",
      withMessages([{ from: "n1", nth: 3, kind: "lost" }]),
      's.json: messages[0].to: expected a node\'s name such as "n1", found undefined',
    ],
    [
      "a message that is counted back",
      withMessages([{ from: "n1", to: "n2", nth: -1, kind: "lost" }]),
      "s.json: messages[0].nth: expected a whole number, found -1",
    ],
    [
      "a message to which something else happens",
      withMessages([{ from: "n1", to: "n2", nth: 1, kind: "eaten" }]),
      's.json: messages[0].kind: "eaten" is not lost, held or copied',
    ],
    [
      "a message that is held for ever",
      withMessages([{ from: "n1", to: "n2", nth: 1, kind: "held" }]),
      "s.json: messages[0].arrives: expected a whole number of microseconds, found undefined",
    ],
    [
      "an unknown role",
      withFault({ fault: { kind: "pause", target: { kind: "follower" } } }),
      's.json: faults[0].fault.target.kind: "follower" is not node, leader or all',
    ],
    [
      "a node without a name",
      withFault({ fault: { kind: "crash", target: { kind: "node", id: "" } } }),
      's.json: faults[0].fault.target.id: expected a node\'s name such as "n1", found ""',
    ],
    [
      "an unknown cut",
      withCut({ kind: "ring" }),
      's.json: faults[0].fault.cut.kind: "ring" is not groups, isolate or oneWay',
    ],
    [
      "groups that are no list",
      withCut({ kind: "groups", groups: "n1" }),
      's.json: faults[0].fault.cut.groups: expected a list, found "n1"',
    ],
    [
      "a group that is no list",
      withCut({ kind: "groups", groups: [["n1"], "n2"] }),
      's.json: faults[0].fault.cut.groups[1]: expected a list, found "n2"',
    ],
    [
      "a member that is no name",
      withCut({ kind: "groups", groups: [["n1", 2]] }),
      's.json: faults[0].fault.cut.groups[0][1]: expected a node\'s name such as "n1", found 2',
    ],
    [
      "an isolation without companions, be it an empty list",
      withCut({ kind: "isolate", target: { kind: "leader" } }),
      "s.json: faults[0].fault.cut.companions: expected a list, found undefined",
    ],
    [
      "a direction that is none",
      withCut({ kind: "oneWay", target: { kind: "leader" }, direction: "up" }),
      's.json: faults[0].fault.cut.direction: expected "in" or "out", found "up"',
    ],
  ];

  test.each(table)("%s", (_, text, message) => {
    const reading = () => readSchedule(text, "s.json");
    expect(reading).toThrow(InputError);
    expect(reading).toThrow(message);
  });

  test("and whatever the text is, it is a schedule or the user's error, never a crash of ours", () => {
    const json = fc.json().map((text) => `{"format":"linlab-schedule","version":1,"faults":[${text}]}`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), json), (text) => {
        try {
          readSchedule(text, "s.json");
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).toMatch(/^s\.json: /);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe("a schedule for another cluster is refused:", () => {
  const nodes = ["n1", "n2", "c1"];
  const faults: readonly [where: string, fault: Fault][] = [
    ["a crash", { kind: "crash", target: { kind: "node", id: "n9" } }],
    ["a pause", { kind: "pause", target: { kind: "node", id: "n9" } }],
    ["a transfer", { kind: "transfer", to: "n9" }],
    ["who joins", { kind: "membership", add: ["n9"], remove: [] }],
    ["who leaves", { kind: "membership", add: [], remove: [{ kind: "node", id: "n9" }] }],
    ["a group", { kind: "partition", cut: { kind: "groups", groups: [["n1"], ["n2", "n9"]] } }],
    [
      "an isolation",
      { kind: "partition", cut: { kind: "isolate", target: { kind: "node", id: "n9" }, companions: [] } },
    ],
    [
      "a companion",
      { kind: "partition", cut: { kind: "isolate", target: { kind: "leader" }, companions: ["n9"] } },
    ],
    [
      "a one-way cut",
      { kind: "partition", cut: { kind: "oneWay", target: { kind: "node", id: "n9" }, direction: "in" } },
    ],
  ];

  test.each(faults)("%s that names an unknown node", (_, fault) => {
    // Not in order of time: who reads the message looks into the file, not into what we made of it.
    const text = writeSchedule({
      format: "linlab-schedule",
      version: 1,
      faults: [
        { at: 2000, until: 3000, fault },
        { at: 1000, until: 3000, fault: { kind: "loss", permille: 1 } },
      ],
    });
    const schedule = readSchedule(text, "s.json");
    const checking = () => assertNodesExist(schedule, nodes, "s.json");
    expect(checking).toThrow(InputError);
    expect(checking).toThrow("s.json: the fault at 2000 µs names n9, but the nodes are n1, n2, c1");
    expect(() => assertNodesExist(schedule, [...nodes, "n9"], "s.json")).not.toThrow();
  });

  test("a message from or to an unknown node", () => {
    for (const link of [
      { from: "n9", to: "n1" },
      { from: "n1", to: "n9" },
    ]) {
      const schedule = makeSchedule([], [{ ...link, nth: 0, kind: "lost" }]);
      const checking = () => assertNodesExist(schedule, nodes, "s.json");
      expect(checking).toThrow("s.json: messages[0] names n9, but the nodes are n1, n2, c1");
    }
  });

  test("but roles and the network itself are in every cluster", () => {
    const schedule = makeSchedule(
      [
        { kind: "crash", target: { kind: "leader" } } as const,
        { kind: "pause", target: { kind: "all" } } as const,
        { kind: "delay", upTo: 5 } as const,
        { kind: "reordering", permille: 5 } as const,
      ].map((fault) => ({ at: 0, until: 1, fault })),
    );
    expect(() => assertNodesExist(schedule, [], "s.json")).not.toThrow();
  });
});
