/** Hand-written histories that every linearizability checker has to get right. */
import {
  type CasRegisterInput,
  type CasRegisterOutput,
  casRegister,
  check,
  type History,
  type KvInput,
  type KvOutput,
  kv,
  type RegisterInput,
  type RegisterOutput,
  register,
} from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { type Script, script } from "./build.ts";

const read = { kind: "read" } as const;
const done = { kind: "done" } as const;
const write = (value: number) => ({ kind: "write", value }) as const;
const value = <Value>(it: Value) => ({ kind: "value", value: it }) as const;
const swapped = (it: boolean) => ({ kind: "swapped", swapped: it }) as const;
const get = (key: string) => ({ kind: "get", key }) as const;
const put = (key: string, it: string) => ({ kind: "put", key, value: it }) as const;
const append = (key: string, it: string) => ({ kind: "append", key, value: it }) as const;

const onRegister = (build: (history: Script<RegisterInput, RegisterOutput>) => unknown) => {
  const history = script<RegisterInput, RegisterOutput>();
  build(history);
  return check(register, history.history);
};
const onCas = (build: (history: Script<CasRegisterInput, CasRegisterOutput>) => unknown) => {
  const history = script<CasRegisterInput, CasRegisterOutput>();
  build(history);
  return check(casRegister, history.history);
};
const kvHistory = (build: (history: Script<KvInput, KvOutput>) => unknown): History<KvInput, KvOutput> => {
  const history = script<KvInput, KvOutput>();
  build(history);
  return history.history;
};
const onKv = (build: (history: Script<KvInput, KvOutput>) => unknown) => check(kv, kvHistory(build));

describe("register", () => {
  test("an empty history is ok and has no objects", () => {
    expect(check(register, [])).toEqual({ verdict: "ok", objects: [], steps: 0 });
  });

  test("a read that misses a write which returned before it is stale", () => {
    const result = onRegister((h) =>
      h.call(1, write(1), done).call(2, write(2), done).call(3, read, value(1)),
    );
    expect(result.verdict).toBe("illegal");
    expect(result.objects[0]?.linearization).toBeNull();
    expect(result.objects[0]?.partials).toEqual([[1, 2]]);
  });

  test("a read that overlaps a write may see the old or the new value", () => {
    for (const seen of [null, 1]) {
      const result = onRegister((h) => h.begin(1, write(1)).call(2, read, value(seen)).end(1, done));
      expect(result.verdict).toBe("ok");
      expect(result.objects[0]?.linearization).toEqual(seen === 1 ? [1, 2] : [2, 1]);
    }
  });

  test("of two successive reads that overlap one write, the second may not go back to the old value", () => {
    const reads = (first: number | null, second: number | null) =>
      onRegister((h) =>
        h.begin(1, write(1)).call(2, read, value(first)).call(3, read, value(second)).end(1, done),
      ).verdict;
    expect(reads(null, 1)).toBe("ok");
    expect(reads(1, 1)).toBe("ok");
    expect(reads(1, null)).toBe("illegal");
  });

  test("a write that nobody heard back from may be observed much later, once", () => {
    const result = onRegister((h) => {
      h.begin(1, write(1)).giveUp(1);
      for (let i = 2; i < 40; i += 2) h.call(i, write(i), done).call(i + 1, read, value(i));
      h.call(100, read, value(1)).call(101, write(5), done);
    });
    expect(result.verdict).toBe("ok");
    expect(result.objects[0]?.linearization?.slice(-3)).toEqual([1, 100, 101]);
    const twice = onRegister((h) =>
      h.begin(1, write(1)).giveUp(1).call(2, read, value(1)).call(3, write(2), done).call(4, read, value(1)),
    );
    expect(twice.verdict).toBe("illegal");
  });

  test("a write without any end counts like one that was given up, and is left out when nobody needs it", () => {
    const result = onRegister((h) => h.begin(1, write(1)).call(2, write(2), done).call(3, read, value(2)));
    expect(result.objects[0]?.linearization).toEqual([2, 3]);
  });

  test("an operation that returned without an answer constrains nothing but has taken effect", () => {
    const history = script<RegisterInput, RegisterOutput>().begin(1, write(1)).begin(2, read).history;
    const unseen = (operation: number) =>
      ({ kind: "response", operation, output: null as unknown as RegisterOutput, time: 9 }) as const;
    const later = (seen: number | null) => [
      ...history,
      unseen(1),
      unseen(2),
      ...script<RegisterInput, RegisterOutput>().call(3, read, value(seen)).history,
    ];
    expect(check(register, later(1)).verdict).toBe("ok");
    expect(check(register, later(null)).verdict).toBe("illegal");
  });
});

describe("cas-register", () => {
  test("a refused cas is a read: it says what the value was not", () => {
    const cas = { kind: "cas", from: 1, to: 2 } as const;
    expect(onCas((h) => h.call(1, write(1), done).call(2, cas, swapped(false))).verdict).toBe("illegal");
    expect(onCas((h) => h.call(1, write(3), done).call(2, cas, swapped(false))).verdict).toBe("ok");
  });

  test("of two cas from one value only one can swap", () => {
    const race = (second: boolean) =>
      onCas((h) =>
        h
          .call(1, write(0), done)
          .begin(2, { kind: "cas", from: 0, to: 1 })
          .begin(3, { kind: "cas", from: 0, to: 2 })
          .end(2, swapped(true))
          .end(3, swapped(second)),
      ).verdict;
    expect(race(false)).toBe("ok");
    expect(race(true)).toBe("illegal");
  });

  test("a pending write may be what made a cas fail", () => {
    const result = onCas((h) =>
      h.call(1, write(0), done).begin(2, write(1)).call(3, { kind: "cas", from: 0, to: 2 }, swapped(false)),
    );
    expect(result.objects[0]?.linearization).toEqual([1, 2, 3]);
  });
});

describe("kv", () => {
  test("an append that a retry applied twice is caught", () => {
    const result = onKv((h) =>
      h.call(1, append("x", "a"), done).call(2, append("x", "b"), done).call(3, get("x"), value("abb")),
    );
    expect(result.verdict).toBe("illegal");
  });

  test("an append to an absent key makes it, a delete unmakes it, and a cas tells absent from empty", () => {
    const cas = { kind: "cas", key: "x", expected: null, value: "n" } as const;
    const result = onKv((h) =>
      h
        .call(1, append("x", ""), done)
        .call(2, cas, swapped(false))
        .call(3, { kind: "delete", key: "x" }, done)
        .call(4, { kind: "delete", key: "x" }, done)
        .call(5, cas, swapped(true))
        .call(6, get("x"), value("n")),
    );
    expect(result.verdict).toBe("ok");
  });

  test("two pending overwrites are both needed: one to absorb a write, and only then the cas swaps", () => {
    const result = onKv((h) =>
      h
        .begin(1, { kind: "delete", key: "x" })
        .begin(2, put("x", "2"))
        .begin(3, { kind: "cas", key: "x", expected: null, value: "1" })
        .end(3, swapped(true))
        .end(2, done)
        .call(4, get("x"), value("1")),
    );
    expect(result.verdict).toBe("ok");
    expect(result.objects[0]?.linearization).toEqual([2, 1, 3, 4]);
  });

  test("an append that a put swept away does not stand for an equal one that came after the put", () => {
    const result = onKv((h) =>
      h
        .begin(1, append("x", "a"))
        .call(2, put("x", "b"), done)
        .begin(3, append("x", "a"))
        .call(4, get("x"), value("ba"))
        .end(1, done)
        .end(3, done)
        .call(5, get("x"), value("ba")),
    );
    expect(result.verdict).toBe("ok");
    expect(result.objects[0]?.linearization).toEqual([1, 2, 3, 4, 5]);
  });

  test("the order of two appends may matter only to a cas that was refused", () => {
    const result = onKv((h) =>
      h
        .begin(1, append("x", "a"))
        .begin(2, append("x", "b"))
        .end(1, done)
        .end(2, done)
        .call(3, { kind: "cas", key: "x", expected: "ab", value: "c" }, swapped(false))
        .call(4, put("x", "d"), done),
    );
    expect(result.verdict).toBe("ok");
    expect(result.objects[0]?.linearization).toEqual([2, 1, 3, 4]);
  });

  test("an unheard put may sweep away a put that returns later, and make room for an append", () => {
    const result = onKv((h) =>
      h
        .begin(1, put("x", "0"))
        .begin(2, append("x", "2"))
        .begin(3, put("x", "2"))
        .end(2, done)
        .end(3, done)
        .call(4, get("x"), value("02")),
    );
    expect(result.verdict).toBe("ok");
    expect(result.objects[0]?.linearization).toEqual([3, 1, 2, 4]);
  });

  test("each key is judged alone, in the order of first appearance, and one violation makes the history illegal", () => {
    const result = onKv((h) =>
      h
        .call(1, put("b", "1"), done)
        .call(2, put("a", "1"), done)
        .call(3, get("b"), value("1"))
        .call(4, get("a"), value(null)),
    );
    expect(result.verdict).toBe("illegal");
    expect(result.objects.map(({ object, verdict }) => [object, verdict])).toEqual([
      ["b", "ok"],
      ["a", "illegal"],
    ]);
    expect(result.steps).toBe(result.objects[0]!.steps + result.objects[1]!.steps);
  });

  test("an answer of the wrong kind is illegal", () => {
    expect(onKv((h) => h.call(1, get("x"), done)).verdict).toBe("illegal");
    expect(onKv((h) => h.call(1, put("x", "1"), value("1"))).verdict).toBe("illegal");
  });

  test("a client may have two operations outstanding", () => {
    const time = 0;
    const result = check(kv, [
      { kind: "invoke", operation: 1, client: "c", input: put("x", "1"), time },
      { kind: "invoke", operation: 2, client: "c", input: get("x"), time },
      { kind: "response", operation: 2, output: value("1"), time },
      { kind: "response", operation: 1, output: done, time },
    ]);
    expect(result.verdict).toBe("ok");
  });
});

test("models tell operations in plain words", () => {
  expect([
    kv.describe(get("x"), value("1")),
    kv.describe(get("x"), value(null)),
    kv.describe(get("x"), null),
    kv.describe(put("x", "1"), done),
    kv.describe(append("x", "1"), null),
    kv.describe({ kind: "delete", key: "x" }, done),
    kv.describe({ kind: "cas", key: "x", expected: "1", value: "2" }, swapped(false)),
    kv.describe({ kind: "cas", key: "x", expected: null, value: "2" }, swapped(true)),
    casRegister.describe({ kind: "cas", from: 1, to: 2 }, null),
    casRegister.describe({ kind: "cas", from: null, to: 2 }, swapped(true)),
    casRegister.describe(read, value(3)),
    register.describe(read, value(null)),
    register.describe(read, null),
    register.describe(write(1), done),
    register.describe(write(1), null),
  ]).toEqual([
    'get x -> "1"',
    "get x -> absent",
    "get x -> ?",
    'put x "1"',
    'append x "1" -> ?',
    "delete x",
    'cas x "1" "2" -> refused',
    'cas x absent "2" -> swapped',
    "cas 1 2 -> ?",
    "cas null 2 -> swapped",
    "read -> 3",
    "read -> null",
    "read -> ?",
    "write 1",
    "write 1 -> ?",
  ]);
});

test("a lost operation may be needed by nobody but another lost one", () => {
  const history = script<CasRegisterInput, CasRegisterOutput>()
    .begin(1, { kind: "cas", from: null, to: 1 })
    .begin(2, { kind: "cas", from: 1, to: 2 })
    .call(3, { kind: "read" }, { kind: "value", value: 2 }).history;
  for (const cells of [true, false]) {
    const { verdict, objects } = check(casRegister, history, { optimisations: { cells } });
    expect(verdict).toBe("ok");
    expect(objects[0]!.linearization).toEqual([1, 2, 3]);
  }
});
