/** The law of shrink steps: on every history that brute force calls legal, what a step makes of it is legal too. */
import { type HistoryEvent, type KvInput, type KvOutput, type KvState, kv, type Model } from "porcupine-ts";
import { type Call, callsByObject, eventsOf } from "../../checker/explain/call.ts";
import { Code } from "../../checker/explain/code.ts";
import { cutAfter, cutTail } from "../../checker/explain/steps/cut.ts";
import { erasable, erase } from "../../checker/explain/steps/erase.ts";
import { forget } from "../../checker/explain/steps/forget.ts";
import { dropReads } from "../../checker/explain/steps/reads.ts";
import { dropUnobserved } from "../../checker/explain/steps/unobserved.ts";
import { returnAfterCallOf } from "../../checker/explain/steps/widen.ts";
import { inKvTerms, type KvCall } from "../../checker/explain/translation.ts";
import { isLinearizable } from "./brute.ts";
import {
  casSubject,
  type Draw,
  drawSeeded,
  kvSubject,
  randomHistory,
  registerSubject,
  type Subject,
} from "./random.ts";

type KvModel = Model<KvState, KvInput, KvOutput>;

/** A step with what it leaves out drawn at random. */
export type RandomStep = (model: KvModel, calls: readonly KvCall[], draw: Draw) => readonly KvCall[];

export const steps: Readonly<Record<string, RandomStep>> = {
  "cut a suffix": (_model, calls, draw) => cutAfter(calls, draw(calls.length * 2 + 1)),
  "cut the calls after the last return": (_model, calls) => cutTail(calls),
  "forget results": (_model, calls, draw) => forget(calls, someOf(calls, draw)),
  "widen an interval": (_model, calls, draw) =>
    returnAfterCallOf(calls, calls[draw(calls.length)]!.id, calls[draw(calls.length)]!),
  "drop reads": (model, calls, draw) => dropReads(model, calls, someOf(calls, draw)),
  "drop unobserved writes": (_model, calls) => dropUnobserved(calls),
  "forget results, then drop what nobody observes": (_model, calls, draw) =>
    dropUnobserved(forget(calls, someOf(calls, draw))),
  "drop reads, forget results, then drop what nobody observes": (model, calls, draw) =>
    dropUnobserved(forget(dropReads(model, calls, someOf(calls, draw)), someOf(calls, draw))),
  "erase tokens": (model, calls, draw) => {
    const code = new Code(calls);
    const tokens = erasable(calls, code, model.initial).filter(() => draw(2) === 0);
    return erase(calls, code, model.initial, new Set(tokens));
  },
};

const mix = { keys: 1, values: 3, get: 3, put: 2, append: 0, delete: 0, cas: 0 };

/** Few values, so that they coincide; more of them where values are put together and taken apart. */
export const subjects: Readonly<Record<string, Subject<unknown, unknown, unknown>>> = {
  register: registerSubject(3),
  "cas-register": casSubject(3),
  "puts and gets": kvSubject(mix),
  "puts, gets and deletes": kvSubject({ ...mix, delete: 2 }),
  appends: kvSubject({ ...mix, values: 6, put: 0, append: 4 }),
  "puts, appends and deletes": kvSubject({ ...mix, values: 7, append: 4, delete: 1 }),
  "appends to an empty text": {
    ...kvSubject({ ...mix, values: 6, append: 4 }),
    model: { ...kv, initial: "" },
  },
  "appends to an empty text, and deletes": {
    ...kvSubject({ ...mix, values: 6, put: 0, append: 4, delete: 2 }),
    model: { ...kv, initial: "" },
  },
  "texts that begin with each other": withTexts(kvSubject({ ...mix, values: 5, append: 4 }), [
    "a",
    "ab",
    "b",
    "aab",
    "",
  ]),
  "cas and appends": kvSubject({ ...mix, append: 2, delete: 1, cas: 3 }),
} as Readonly<Record<string, Subject<unknown, unknown, unknown>>>;

type KvSubject = Subject<KvState, KvInput, KvOutput>;

/** The subject with other texts in the place of 0, 1, 2 and so on. */
function withTexts(subject: KvSubject, texts: readonly string[]): KvSubject {
  return {
    ...subject,
    input(draw) {
      const input = subject.input(draw);
      return input.kind === "put" || input.kind === "append"
        ? { ...input, value: texts[Number(input.value)]! }
        : input;
    },
  };
}

export interface Small {
  readonly model: KvModel;
  readonly calls: readonly KvCall[];
  readonly history: readonly HistoryEvent<unknown, unknown>[];
  readonly isLegal: boolean;
}

/** A small history of the subject, also in kv terms. */
export function smallHistory(subject: Subject<unknown, unknown, unknown>, seed: number): Small {
  const draw = drawSeeded(seed);
  const shape = {
    operations: 3 + draw(5),
    clients: 2 + draw(4),
    oneLostIn: [0, 3, 4][draw(3)]!,
    oneWrongIn: [0, 2, 4][draw(3)]!,
  };
  const history = randomHistory(subject, shape, draw);
  const [calls] = callsByObject(subject.model, history).values();
  const translated = inKvTerms(subject.model, calls as readonly Call<unknown, unknown>[])!;
  return {
    model: translated.model,
    calls: translated.calls,
    history,
    isLegal: isLinearizable(subject.model, history),
  };
}

export function isLegal(model: KvModel, calls: readonly KvCall[]): boolean {
  return isLinearizable(model, eventsOf(calls));
}

export interface Broken {
  readonly seed: number;
  readonly before: readonly KvCall[];
  readonly after: readonly KvCall[];
}

/** Applies a step to so many legal histories. Null if they all stay legal; else the first that does not. */
export function counterexample(
  subject: Subject<unknown, unknown, unknown>,
  step: RandomStep,
  histories: number,
): Broken | null {
  for (let seed = 1, legal = 0; legal < histories; seed++) {
    const { model, calls, isLegal: wasLegal } = smallHistory(subject, seed);
    if (!wasLegal) continue;
    legal++;
    const after = step(model, calls, drawSeeded(seed * 31 + 7));
    if (!isLegal(model, after)) return { seed, before: calls, after };
  }
  return null;
}

function someOf(calls: readonly KvCall[], draw: Draw): ReadonlySet<number> {
  return new Set(calls.filter(() => draw(2) === 0).map(({ id }) => id));
}
