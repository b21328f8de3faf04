/** What a terminal shows, to the letter. */
import {
  check,
  explain,
  explanationText,
  type History,
  importHistory,
  type KvInput,
  type KvOutput,
  kv,
  type RegisterInput,
  type RegisterOutput,
  register,
} from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { script } from "./build.ts";

const DONE: KvOutput = { kind: "done" };
const put = (value: string): KvInput => ({ kind: "put", key: "x", value });
const append = (value: string): KvInput => ({ kind: "append", key: "x", value });
const get: KvInput = { kind: "get", key: "x" };

function textOf({
  history,
}: {
  readonly history: ReturnType<typeof script<KvInput, KvOutput>>["history"];
}): string {
  const timed = history.map((event, i) => ({ ...event, time: i * 1_700 }));
  return explain(kv, timed).map(explanationText).join("\n");
}

describe("the text of an explanation", () => {
  test("has the sentence, the core as a timeline, its arrows, and what the reply could have been", () => {
    const stale = script<KvInput, KvOutput>()
      .call(1, put("1"), DONE)
      .call(2, put("2"), DONE)
      .begin(3, put("3"))
      .call(4, get, { kind: "value", value: "1" })
      .end(3, DONE);
    expect(textOf(stale)).toBe(`\
c4's get x began 3.4 ms after c2's put x "2" had finished, yet returned "1": a
stale read, one version behind.

3 of 4 operations on x cannot all be true (not to scale; ! is the impossible
reply):
   1 c1 put x "1"     |--------|
   2 c2 put x "2"                       |---------|
!  3 c4 get x -> "1"                                       |--------|

1 finished before 2 began, 2 finished before 3 began, 3 saw 1.

What reply 3 could have been:
  "1": impossible (given); overwritten by c2's put x "2", which had finished 3.4
      ms before the read began
  "3": possible; if c3's put x "3" took effect before it
  "2": possible; written by c2's put x "2", and not certainly overwritten
`);
  });

  test("says what of an operation is needed, and who never heard back", () => {
    const backwards = script<KvInput, KvOutput>()
      .call(1, append("a,"), DONE)
      .begin(2, append("b,"))
      .call(3, get, { kind: "value", value: "a,b," })
      .call(4, get, { kind: "value", value: "a," });
    expect(textOf(backwards)).toBe(`\
c4's get x lacks "b,", which c3's get x had shown 1.7 ms before it began: reads
go backwards.

3 of 4 operations on x cannot all be true (not to scale; ! is the impossible
reply):
   1 c2 append x "b," -> ?  |------------------------------------------------->
   2 c3 get x -> "a,b,"               |---------|
      needed of it: get x -> "b,"
!  3 c4 get x -> "a,"                                     |---------|
      needed of it: get x -> absent

2 finished before 3 began, 2 saw 1.

What reply 3 could have been:
  "a,": impossible (given); contradicts the other answers
  "a,b,": possible; some order leads to it
`);
  });

  test("does not let a name move the cursor", () => {
    const key = "\u001b[2J";
    const hostile = script<KvInput, KvOutput>()
      .call(1, { kind: "put", key, value: "\u001b[1m" }, DONE)
      .call(2, { kind: "get", key }, { kind: "value", value: "\u202e" })
      .history.map((event) => (event.kind === "invoke" ? { ...event, client: "\r" } : event));
    const text = explain(kv, hostile).map(explanationText).join("");
    const moving = [...text].filter((character) => character < " " || character === "\u202e");
    expect(new Set(moving)).toEqual(new Set("\n"));
    expect(text).toContain("\\u001b[2J");
  });

  test("keeps to 80 columns, and to the last operations of a core that is large", () => {
    const many = script<KvInput, KvOutput>();
    for (let i = 0; i < 20; i++) many.begin(i, put(`${i}`));
    many.call(20, get, { kind: "value", value: "none" });
    const { history } = many;
    const [explanation] = explain(kv, history);
    const { core } = explanation as Extract<typeof explanation, { kind: "violation" }>;
    const row = core[0]!;
    const rows = Array.from({ length: 40 }, (_, i) => ({ ...row, callRank: i, returnRank: i + 1 }));
    const text = explanationText({ ...explanation!, core: rows } as typeof explanation & object);
    expect(text).toContain("... 28 earlier operations");
    expect(text.split("\n").every((line) => line.length <= 80)).toBe(true);
  });
});

test("a check explains what is not ok, and nothing else", () => {
  const history = script<KvInput, KvOutput>()
    .call(1, put("1"), DONE)
    .call(2, get, { kind: "value", value: null })
    .call(3, { kind: "get", key: "y" }, { kind: "value", value: null }).history;
  const [x, y] = check(kv, history).objects;
  expect(x!.explanation).toMatchObject({ kind: "violation", class: "stale-read" });
  expect(x!.explanation).toEqual(explain(kv, history)[0]);
  expect(y!.explanation).toBeNull();
  const [undecided] = check(kv, history, { budget: 1, optimisations: { decisions: false } }).objects;
  expect(undecided!.verdict).toBe("unknown");
  expect(undecided!.explanation).toMatchObject({ kind: "undecided", budget: 1 });
});

test("registers are told in their own words", () => {
  const history = script<RegisterInput, RegisterOutput>()
    .call(1, { kind: "write", value: 1 }, { kind: "done" })
    .call(2, { kind: "write", value: "1" }, { kind: "done" })
    .call(3, { kind: "read" }, { kind: "value", value: 1 }).history;
  const [explanation] = explain(register, history);
  expect(explanation!.sentence).toContain(`c2's write "1" had finished, yet returned 1: a stale read`);
  expect(explanation).toMatchObject({
    alternatives: [{ answer: "1" }, { answer: '"1"', verdict: "possible" }],
  });
});

test("clients of Jepsen are numbers and are called so, and a file without times has no durations", () => {
  const log = [
    "INFO  jepsen.util - 7\t:invoke\t:write\t3",
    "INFO  jepsen.util - 7\t:ok\t:write\t3",
    "INFO  jepsen.util - 1\t:invoke\t:read\tnil",
    "INFO  jepsen.util - 1\t:ok\t:read\tnil",
  ];
  const { history } = importHistory(log.join("\n"), "jepsen.log");
  const [explanation] = explain(register, history as History<RegisterInput, RegisterOutput>);
  expect(explanation!.sentence).toMatch(/^client 1's read began after client 7's write 3 had finished, yet /);
  expect(explanationText(explanation!)).toMatch(/^ +1 client 7 write 3 /m);
});
