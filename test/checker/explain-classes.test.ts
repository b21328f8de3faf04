/** One small history for each class of violation, with the sentence that it gets and the core that proves it. */
import {
  explain,
  explanationText,
  type History,
  type KvInput,
  type KvOutput,
  kv,
  type Violation,
} from "porcupine-ts";
import { describe, expect, test } from "vitest";
import { type Script, script } from "./build.ts";

const DONE: KvOutput = { kind: "done" };

const put = (value: string): KvInput => ({ kind: "put", key: "x", value });
const append = (value: string): KvInput => ({ kind: "append", key: "x", value });
const get: KvInput = { kind: "get", key: "x" };
const cas = (expected: string | null, value: string): KvInput => ({ kind: "cas", key: "x", expected, value });
const value = (text: string | null): KvOutput => ({ kind: "value", value: text });
const swapped = (did: boolean): KvOutput => ({ kind: "swapped", swapped: did });

interface Case {
  readonly it: string;
  readonly history: (it: Script<KvInput, KvOutput>) => Script<KvInput, KvOutput>;
  readonly class: Violation["class"];
  readonly core: readonly number[];
  readonly sentence: string;
}

const cases: readonly Case[] = [
  {
    it: "a value that nobody wrote",
    history: (it) => it.call(1, put("1"), DONE).call(2, get, value("9")),
    class: "phantom-value",
    core: [2],
    sentence: `c2's get x returned "9", a value that nobody wrote.`,
  },
  {
    it: "an answer with a text in it that nobody appended",
    history: (it) => it.call(1, append("a,"), DONE).call(2, append("b,"), DONE).call(3, get, value("a,z,b,")),
    class: "phantom-value",
    core: [3],
    sentence: `c3's get x returned "a,z,b,": nobody wrote the "z," in it.`,
  },
  {
    it: "a read of a value before its write began",
    history: (it) => it.call(1, put("1"), DONE).call(2, get, value("2")).call(3, put("2"), DONE),
    class: "read-before-write",
    core: [2, 3],
    sentence: `c2's get x returned "2" 1 ms before c3's put x "2" began.`,
  },
  {
    it: "a read of an appended text before its append began",
    history: (it) => it.call(1, append("a,"), DONE).call(2, get, value("a,b,")).call(3, append("b,"), DONE),
    class: "read-before-write",
    core: [2, 3],
    sentence: `c2's get x returned "a,b," 1 ms before c3's append x "b," began.`,
  },
  {
    it: "a stale read",
    history: (it) => it.call(1, put("1"), DONE).call(2, put("2"), DONE).call(3, get, value("1")),
    class: "stale-read",
    core: [1, 2, 3],
    sentence: `c3's get x began 1 ms after c2's put x "2" had finished, yet returned "1": a stale read, one version behind.`,
  },
  {
    it: "a stale read of the initial value, three versions behind",
    history: (it) =>
      it.call(1, put("1"), DONE).call(2, put("2"), DONE).call(3, put("3"), DONE).call(4, get, value(null)),
    class: "stale-read",
    core: [1, 4],
    sentence: `c4's get x began 5 ms after c1's put x "1" had finished, yet returned absent: a stale read, 3 versions behind.`,
  },
  {
    it: "a stale read that misses an append",
    history: (it) => it.call(1, append("a,"), DONE).call(2, append("b,"), DONE).call(3, get, value("a,")),
    class: "stale-read",
    core: [2, 3],
    sentence: `c3's get x began 1 ms after c2's append x "b," had finished, yet lacks "b,": a stale read, one version behind.`,
  },
  {
    it: "a stale read that misses several appends, dated by the first to finish",
    history: (it) =>
      it
        .begin(1, append("a,"))
        .call(2, append("b,"), DONE)
        .end(1, DONE)
        .call(3, append("c,"), DONE)
        .call(4, get, value(null)),
    class: "stale-read",
    core: [2, 4],
    sentence: `c4's get x began 4 ms after c2's append x "b," had finished, yet lacks "b,": a stale read, 3 versions behind.`,
  },
  {
    it: "a stale read of a value that had others before it",
    history: (it) =>
      it.call(1, put("1"), DONE).call(2, put("2"), DONE).call(3, put("3"), DONE).call(4, get, value("2")),
    class: "stale-read",
    core: [2, 3, 4],
    sentence: `c4's get x began 1 ms after c3's put x "3" had finished, yet returned "2": a stale read, one version behind.`,
  },
  {
    it: "a stale read, not a lost write, where what it shows may have been appended first",
    history: (it) =>
      it.begin(1, append("b,")).begin(2, append("c,")).end(1, DONE).end(2, DONE).call(3, get, value("c,")),
    class: "stale-read",
    core: [1, 3],
    sentence: `c3's get x began 2 ms after c1's append x "b," had finished, yet lacks "b,": a stale read, one version behind.`,
  },
  {
    it: "a missing append, where a later one was called twice and shows twice",
    history: (it) =>
      it
        .call(1, append("b,"), DONE)
        .call(2, append("c,"), DONE)
        .call(3, append("c,"), DONE)
        .call(4, get, value("c,c,")),
    class: "stale-read",
    core: [1, 4],
    sentence: `c4's get x began 5 ms after c1's append x "b," had finished, yet lacks "b,": a stale read, one version behind.`,
  },
  {
    it: "reads that go backwards while the write still runs",
    history: (it) =>
      it
        .call(1, put("1"), DONE)
        .begin(2, put("2"))
        .call(3, get, value("2"))
        .call(4, get, value("1"))
        .end(2, DONE),
    class: "reads-go-backwards",
    core: [1, 2, 3, 4],
    sentence: `c4's get x returned "1", though c3's get x had returned "2" 1 ms before it began: reads go backwards.`,
  },
  {
    it: "reads that go backwards by an append",
    history: (it) =>
      it
        .call(1, append("a,"), DONE)
        .begin(2, append("b,"))
        .call(3, get, value("a,b,"))
        .call(4, get, value("a,")),
    class: "reads-go-backwards",
    core: [2, 3, 4],
    sentence: `c4's get x lacks "b,", which c3's get x had shown 1 ms before it began: reads go backwards.`,
  },
  {
    it: "an acknowledged append that is lost while later ones are there",
    history: (it) =>
      it
        .call(1, append("a,"), DONE)
        .call(2, append("b,"), DONE)
        .call(3, append("c,"), DONE)
        .call(4, get, value("a,c,")),
    class: "lost-write",
    core: [2, 3, 4],
    sentence: `c4's get x lacks the effect of c2's append x "b,", which had finished 3 ms before, yet shows that of c3's append x "c,", which came later: an acknowledged write was lost.`,
  },
  {
    it: "an acknowledged put that is lost, because an append went to the value before it",
    history: (it) =>
      it
        .call(1, put("1,"), DONE)
        .call(2, put("2,"), DONE)
        .call(3, append("c,"), DONE)
        .call(4, get, value("1,c,")),
    class: "lost-write",
    core: [1, 2, 3, 4],
    sentence: `c4's get x lacks the effect of c2's put x "2,", which had finished 3 ms before, yet shows that of c3's append x "c,", which came later: an acknowledged write was lost.`,
  },
  {
    it: "a retry that was applied again",
    history: (it) => it.call(1, append("a,"), DONE).call(2, append("b,"), DONE).call(3, get, value("a,b,a,")),
    class: "duplicated-write",
    core: [1, 3],
    sentence: `c3's get x shows the effect of c1's append x "a," more than once: it was applied again.`,
  },
  {
    it: "an append of unknown outcome that took effect twice",
    history: (it) =>
      it.begin(1, append("a,")).giveUp(1).call(2, append("b,"), DONE).call(3, get, value("a,b,a,")),
    class: "took-effect-twice",
    core: [1, 3],
    sentence: `c3's get x shows the effect of c1's append x "a,", whose outcome is unknown, more than once: it took effect twice.`,
  },
  {
    it: "a put of unknown outcome whose value comes back",
    history: (it) =>
      it
        .begin(1, put("1"))
        .giveUp(1)
        .call(2, get, value("1"))
        .call(3, put("2"), DONE)
        .call(4, get, value("1")),
    class: "took-effect-twice",
    core: [1, 2, 3, 4],
    sentence: `c4's get x began 1 ms after c3's put x "2" had finished, yet returned "1" again, written only by c1's put x "1", whose outcome is unknown: it took effect twice, or the read is stale.`,
  },
  {
    it: "two reads that disagree about which of two writes came last",
    history: (it) =>
      it
        .begin(1, put("1"))
        .begin(2, put("2"))
        .end(1, DONE)
        .end(2, DONE)
        .begin(3, get)
        .begin(4, get)
        .end(3, value("1"))
        .end(4, value("2"))
        .call(5, get, value("1"))
        .call(6, get, value("2")),
    class: "order-disagreement",
    core: [1, 2, 3, 4],
    sentence: `c4's get x returned "2" as the newer value, c3's get x "1": two reads disagree about the order of two writes.`,
  },
  {
    it: "two reads that show two appends in different orders",
    history: (it) =>
      it
        .begin(1, append("a,"))
        .begin(2, append("b,"))
        .end(1, DONE)
        .end(2, DONE)
        .call(3, get, value("a,b,"))
        .call(4, get, value("b,a,")),
    class: "order-disagreement",
    core: [1, 2, 3, 4],
    sentence: `c4's get x shows "b," before "a,", c3's get x the other way round: two reads disagree about the order of two writes.`,
  },
  {
    it: "a read that shows two appends in the wrong order",
    history: (it) => it.call(1, append("a,"), DONE).call(2, append("b,"), DONE).call(3, get, value("b,a,")),
    class: "order-disagreement",
    core: [1, 2, 3],
    sentence: `c3's get x shows "b," before "a,", but c1's append x "a," had finished before c2's append x "b," began: writes out of order.`,
  },
  {
    it: "a cas that should have been refused",
    history: (it) => it.call(1, put("1"), DONE).call(2, put("2"), DONE).call(3, cas("1", "3"), swapped(true)),
    class: "cas-wrongly-succeeded",
    core: [1, 2, 3],
    sentence: `c3's cas x "1" "3" swapped, but in no order was the expected value there: it should have been refused.`,
  },
  {
    it: "a cas that should have swapped",
    history: (it) => it.call(1, put("1"), DONE).call(2, cas("1", "3"), swapped(false)),
    class: "cas-wrongly-refused",
    core: [1, 2],
    sentence: `c2's cas x "1" "3" was refused, but in every order the expected value was there: it should have swapped.`,
  },
  {
    it: "an answer that only all the others together contradict",
    history: (it) =>
      it
        .begin(1, { kind: "delete", key: "x" })
        .begin(2, cas("2", "1"))
        .begin(3, get)
        .end(3, value("1"))
        .end(1, DONE)
        .end(2, swapped(true)),
    class: "no-order",
    core: [2, 3],
    sentence: `c3's get x returned "1", the first reply that no order explains; it takes one other operation to contradict it.`,
  },
  {
    it: "an answer that is no answer to the first operation",
    history: (it) => it.call(1, get, DONE).call(2, put("1"), DONE),
    class: "impossible-first-operation",
    core: [1],
    sentence: `c1's get x returned that it was done, which is impossible as the first answer of all.`,
  },
];

/** Events a millisecond apart. */
function timed<Input, Output>({ history }: Script<Input, Output>): History<Input, Output> {
  return history.map((event, i) => ({ ...event, time: i * 1_000 }));
}

describe("the class of", () => {
  for (const { it, history, class: expected, core, sentence } of cases) {
    test(it, () => {
      const explanations = explain(kv, timed(history(script())));
      expect(explanations).toMatchObject([
        { kind: "violation", class: expected, sentence, isSmallest: true },
      ]);
      expect((explanations[0] as Violation).core.map(({ operation }) => operation)).toEqual(core);
    });
  }

  test("a violation is drawn with the arrows that it needs and no others", () => {
    const history = script<KvInput, KvOutput>()
      .call(1, put("1"), DONE)
      .begin(2, put("2"))
      .call(3, get, value("2"))
      .call(4, get, value("1")).history;
    const [explanation] = explain(kv, history);
    // That 1 had finished before 2 began does not matter: it is enough that it had when 2 was seen.
    expect((explanation as Violation).relations).toEqual([
      { kind: "finished-before", from: 1, to: 3 },
      { kind: "finished-before", from: 3, to: 4 },
      { kind: "saw", from: 3, to: 2 },
      { kind: "saw", from: 4, to: 1 },
    ]);
  });

  test("each is shown by some history here", () => {
    const shown = new Set(cases.map((each) => each.class));
    expect(shown.size).toBe(12);
  });
});

test("what a terminal says of each", async () => {
  const texts = cases.map(
    ({ it, history }) =>
      `# ${it}\n\n${explain(kv, timed(history(script())))
        .map(explanationText)
        .join("\n")}`,
  );
  await expect(texts.join("\n\n")).toMatchFileSnapshot("golden/explanations.txt");
});
