/** The codec: every message survives the way through bytes, and no bytes do harm. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bytes,
  type Codec,
  DecodeError,
  decode,
  encode,
  encodedSize,
  flag,
  list,
  nullable,
  struct,
  text,
  uint,
  union,
} from "../../src/codec/index.ts";
import { type Command, commandCodec, type KvMessage, kvMessageCodec } from "../../src/kv/index.ts";
import { type RaftRecord, raftRecordCodec } from "../../src/raft/index.ts";

// --- Every message there is ---

// Full 16-bit units: lone surrogates in every place, and pairs that form astral characters.
const string = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        "\ud800",
        "\udbff",
        "\udc00",
        "\udfff",
        "a",
        "\u07ff",
        "\u0800",
        "\uffff",
        "\u{10ffff}",
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join("")),
);
const integer = fc.oneof(fc.nat(300), fc.maxSafeNat());

const operation = fc.oneof(
  fc.record({ kind: fc.constant("get" as const), key: string }),
  fc.record({ kind: fc.constant("put" as const), key: string, value: string }),
  fc.record({ kind: fc.constant("append" as const), key: string, value: string }),
  fc.record({ kind: fc.constant("delete" as const), key: string }),
  fc.record({ kind: fc.constant("cas" as const), key: string, expected: fc.option(string), value: string }),
);
const result = fc.oneof(
  fc.record({ kind: fc.constant("value" as const), value: fc.option(string) }),
  fc.record({ kind: fc.constant("done" as const) }),
  fc.record({ kind: fc.constant("swapped" as const), swapped: fc.boolean() }),
);
const servers = fc.array(string, { maxLength: 3 });
const configuration = fc.record({
  kind: fc.constant("configuration" as const),
  voters: servers,
  outgoing: fc.option(servers),
});
const command: fc.Arbitrary<Command> = fc.oneof(
  configuration,
  fc.record({ kind: fc.constant("noop" as const) }),
  fc.record({ kind: fc.constant("open" as const), clerk: string }),
  fc.record({ kind: fc.constant("operation" as const), session: integer, request: integer, operation }),
);
const raw = fc.uint8Array({ maxLength: 20 });
const entries = fc.array(fc.record({ term: integer, command }), { maxLength: 5 });

/** By kind, so that the compiler asks for a new one when a message is added. */
const byKind: { [K in KvMessage["kind"]]: fc.Arbitrary<KvMessage & { kind: K }> } = {
  requestVote: fc.record({
    kind: fc.constant("requestVote"),
    preVote: fc.boolean(),
    term: integer,
    candidateId: string,
    lastLogIndex: integer,
    lastLogTerm: integer,
  }),
  requestVoteReply: fc.record({
    kind: fc.constant("requestVoteReply"),
    preVote: fc.boolean(),
    term: integer,
    voteGranted: fc.boolean(),
  }),
  appendEntries: fc.record({
    kind: fc.constant("appendEntries"),
    term: integer,
    leaderId: string,
    prevLogIndex: integer,
    prevLogTerm: integer,
    entries,
    leaderCommit: integer,
  }),
  appendEntriesReply: fc.record({
    kind: fc.constant("appendEntriesReply"),
    term: integer,
    success: fc.boolean(),
    matchIndex: integer,
    conflict: fc.option(fc.record({ term: integer, index: integer })),
  }),
  installSnapshot: fc.record({
    kind: fc.constant("installSnapshot"),
    term: integer,
    leaderId: string,
    lastIncludedIndex: integer,
    lastIncludedTerm: integer,
    offset: integer,
    data: raw,
    done: fc.boolean(),
    configuration: fc.option(configuration),
  }),
  installSnapshotReply: fc.record({
    kind: fc.constant("installSnapshotReply"),
    term: integer,
    lastIncludedIndex: integer,
    offset: integer,
    installed: fc.boolean(),
  }),
  timeoutNow: fc.record({ kind: fc.constant("timeoutNow"), term: integer }),
  timeoutNowReply: fc.record({ kind: fc.constant("timeoutNowReply"), term: integer }),
  openSession: fc.record({ kind: fc.constant("openSession"), clerk: string }),
  sessionOpened: fc.record({ kind: fc.constant("sessionOpened"), session: integer }),
  clerkRequest: fc.record({
    kind: fc.constant("clerkRequest"),
    session: integer,
    request: integer,
    operation,
  }),
  result: fc.record({ kind: fc.constant("result"), request: integer, result }),
  notLeader: fc.record({ kind: fc.constant("notLeader"), hint: fc.option(string) }),
  superseded: fc.record({ kind: fc.constant("superseded") }),
  expired: fc.record({ kind: fc.constant("expired") }),
};
const message = fc.oneof(...Object.values<fc.Arbitrary<KvMessage>>(byKind));

/** It comes back as it was, weighs what it is said to weigh, and nobody can change it. */
function survives<T>(codec: Codec<T>, value: T): void {
  const bytes = encode(codec, value);
  expect(encodedSize(codec, value)).toBe(bytes.length);
  const back = decode(codec, bytes);
  expect(back).toEqual(value);
  expect(isDeeplyFrozen(back)).toBe(true);
}

function isDeeplyFrozen(value: unknown): boolean {
  return (
    // Bytes cannot be frozen. They are a copy, see "bytes that come out of a message".
    value instanceof Uint8Array ||
    (Object.isFrozen(value) &&
      (value === null || typeof value !== "object" || Object.values(value).every(isDeeplyFrozen)))
  );
}

describe("what is encoded comes back as it was, frozen, and weighs what encodedSize says", () => {
  test.each(Object.entries<fc.Arbitrary<KvMessage>>(byKind))("a message of kind %s", (_, messages) => {
    fc.assert(fc.property(messages, (value) => survives(kvMessageCodec, value)));
  });

  test("a record on disk", () => {
    const records: fc.Arbitrary<RaftRecord> = fc.record({
      currentTerm: integer,
      votedFor: fc.option(string),
      snapshot: fc.option(
        fc.record({ index: integer, term: integer, configuration: fc.option(configuration), data: raw }),
      ),
      from: integer,
      entries,
    });
    const codec = raftRecordCodec(commandCodec as Codec<unknown>);
    fc.assert(fc.property(records, (value) => survives(codec, value)));
  });

  test.each(["", "a", "ß", "€", "😀", "\ud800", "\udc00", "\udc00\ud800", "a\ud83d", "\ud83d😀", "\u0000"])(
    "the string %j",
    (value) => {
      survives(text, value);
    },
  );

  test.each([0, 1, 127, 128, 16383, 16384, 2097151, 2097152, 2 ** 31, 2 ** 32, 2 ** 49, 2 ** 53 - 1])(
    "the integer %i",
    (value) => {
      survives(uint, value);
    },
  );

  test.each([0, 1, 127, 128, 5000])("bytes, %i of them", (length) => {
    survives(
      bytes,
      Uint8Array.from({ length }, (_, i) => i),
    );
  });

  test("bytes that come out of a message are a copy, so that a buffer which is used again does not change them", () => {
    const message = encode(bytes, Uint8Array.of(7, 8));
    const data = decode(bytes, message);
    message.fill(0);
    expect(data).toEqual(Uint8Array.of(7, 8));
  });

  test("a list of lists of what may be absent", () => {
    survives(list(list(nullable(flag))), [[true, null], [], [false]]);
  });
});

describe("the bytes are golden: what an older version wrote must stay readable", () => {
  const hexOf = (value: KvMessage) => Buffer.from(encode(kvMessageCodec, value)).toString("hex");

  test.each<[KvMessage, string]>([
    [
      { kind: "requestVote", preVote: false, term: 3, candidateId: "n1", lastLogIndex: 200, lastLogTerm: 2 },
      "000003026e31c80102",
    ],
    [{ kind: "requestVoteReply", preVote: true, term: 3, voteGranted: true }, "01010301"],
    [
      { kind: "appendEntriesReply", term: 3, success: false, matchIndex: 0, conflict: { term: 2, index: 9 } },
      "03030000010209",
    ],
    [
      { kind: "clerkRequest", session: 300, request: 1, operation: { kind: "get", key: "€" } },
      "08ac0201" + "0003e282ac",
    ],
    [
      {
        kind: "installSnapshot",
        term: 3,
        leaderId: "n1",
        lastIncludedIndex: 200,
        lastIncludedTerm: 2,
        offset: 5,
        data: Uint8Array.of(255, 0),
        done: true,
        configuration: null,
      },
      "0403026e31c801020502ff0001",
    ],
    [
      {
        kind: "installSnapshot",
        term: 3,
        leaderId: "n1",
        lastIncludedIndex: 200,
        lastIncludedTerm: 2,
        offset: 5,
        data: Uint8Array.of(255, 0),
        done: true,
        configuration: { kind: "configuration", voters: ["n1"], outgoing: ["n2"] },
      },
      "0403026e31c801020502ff000101026e310101026e32",
    ],
    [
      { kind: "installSnapshotReply", term: 3, lastIncludedIndex: 9, offset: 7, installed: false },
      "0503090700",
    ],
    [{ kind: "timeoutNow", term: 3 }, "0603"],
    [{ kind: "notLeader", hint: null }, "0a00"],
    [{ kind: "superseded" }, "0b"],
    [{ kind: "openSession", clerk: "c" }, "0c0163"],
    [{ kind: "sessionOpened", session: 300 }, "0dac02"],
    [{ kind: "expired" }, "0e"],
  ])("%j", (value, hex) => {
    expect(hexOf(value)).toBe(hex);
  });
});

describe("what is no value is the programmer's error", () => {
  test.each([-1, 1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])("the integer %d", (value) => {
    expect(() => encode(uint, value)).toThrow(`the codec carries integers 0 ... 2^53-1, not ${value}`);
  });

  test("a kind that the union does not have", () => {
    const codec = union({ a: struct({}), b: struct({}) });
    expect(() => encode(codec, { kind: "c" } as never)).toThrow("the codec knows a, b, not c");
  });
});

describe("bytes that nobody wrote", () => {
  /** The value, or null for a DecodeError; any other error is thrown. */
  function attempt(bytes: Uint8Array): KvMessage | null {
    try {
      return decode(kvMessageCodec, bytes);
    } catch (error) {
      if (error instanceof DecodeError) return null;
      throw error;
    }
  }

  test("give a DecodeError or some message, never another error", () => {
    const first = fc.nat(13);
    fc.assert(
      fc.property(first, fc.uint8Array({ maxLength: 60 }), (kind, rest) => {
        const value = attempt(Uint8Array.of(kind, ...rest));
        // Whatever they mean, it is a message like any other.
        if (value !== null) survives(kvMessageCodec, value);
      }),
      { numRuns: 3000 },
    );
  });

  test("give a DecodeError or some message also if one byte of a good message is wrong", () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat(255), (value, place, byte) => {
        const bytes = encode(kvMessageCodec, value);
        bytes[place % bytes.length] = byte;
        attempt(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  test("give a DecodeError if a good message is cut anywhere", () => {
    fc.assert(
      fc.property(message, (value) => {
        // Without its trailing part it is a good message, too.
        fc.pre(value.kind !== "installSnapshot" || value.configuration === null);
        const bytes = encode(kvMessageCodec, value);
        for (let length = 0; length < bytes.length; length++) {
          expect(() => decode(kvMessageCodec, bytes.subarray(0, length))).toThrow(DecodeError);
        }
      }),
    );
  });

  test("give a DecodeError if something follows a good message", () => {
    fc.assert(
      fc.property(message, fc.uint8Array({ minLength: 1, maxLength: 5 }), (value, more) => {
        // What follows may be its trailing part.
        fc.pre(value.kind !== "installSnapshot" || value.configuration !== null);
        const bytes = Uint8Array.of(...encode(kvMessageCodec, value), ...more);
        expect(() => decode(kvMessageCodec, bytes)).toThrow(
          `${more.length} bytes left over after the message`,
        );
      }),
    );
  });

  test.each<[string, Codec<unknown>, number[], string]>([
    ["nothing at all", uint, [], "message ends at byte 0, more was expected"],
    ["an integer that does not end", uint, [0x80, 0x80], "message ends at byte 2"],
    ["an integer above 2^53", uint, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "integer above 2^53"],
    ["an integer of a thousand digits", uint, new Array(1000).fill(0x80), "integer above 2^53"],
    ["a string longer than the message", text, [5, 0x61], "string runs to byte 6 of 2"],
    [
      "a string longer than any message",
      text,
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
      "string runs to byte",
    ],
    [
      "a string that ends inside a character",
      list(text),
      [2, 1, 0xe2, 2, 0x82, 0xac],
      "string ends inside a character",
    ],
    ["a character above the last", text, [4, 0xf7, 0xbf, 0xbf, 0xbf], "no character has the number"],
    ["a list of more than there is", list(uint), [200, 1, 1], "message ends at byte 3"],
    [
      "a list of more than anybody has",
      list(uint),
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 1],
      "message ends",
    ],
    ["a kind that there is not", kvMessageCodec as Codec<unknown>, [15], "variant 15 of 15 (requestVote, "],
    ["bytes longer than the message", bytes, [3, 1], "bytes run to 4 of 2"],
  ])("say what is wrong with %s", (_, codec, bytes, why) => {
    expect(() => decode(codec, Uint8Array.from(bytes))).toThrow(DecodeError);
    expect(() => decode(codec, Uint8Array.from(bytes))).toThrow(why);
  });
});
