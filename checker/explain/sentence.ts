/** The plain sentence for each class of violation. */
import type { Model } from "../model/model.ts";
import type { Call } from "./call.ts";
import type { Finding } from "./classes.ts";
import { appended, type Core } from "./core.ts";
import type { Staleness } from "./explanation.ts";
import { since } from "./staleness.ts";
import type { KvCall } from "./translation.ts";
import { abridged, answerWords, callWords, clientWords, countWords, durationWords } from "./words.ts";

/** Says operations in the words of the model that they came from. */
export interface Teller {
  /** "c3's get x" */
  who(call: { readonly id: number }): string;
  /** "\"1\"". */
  answer(call: { readonly id: number }): string;
}

export function tellerOf<State, Input, Output>(
  model: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
): Teller {
  // Asked a few times only: not worth a map of a hundred thousand calls.
  const find = (id: number) => calls.find((call) => call.id === id)!;
  return {
    who({ id }) {
      const call = find(id);
      return `${clientWords(call.client)}'s ${callWords(model, call)}`;
    },
    answer({ id }) {
      const call = find(id);
      return answerWords(model, call, call.output) ?? "that it was done";
    },
  };
}

export function sentenceOf(
  finding: Finding,
  core: Core,
  isSmallest: boolean,
  staleness: Staleness | null,
  teller: Teller,
): string {
  const { who, answer } = teller;
  const reader = core.impossible;
  const whose = who(reader);
  const got = `${whose} returned ${answer(reader)}`;
  switch (finding.class) {
    case "phantom-value":
      if (finding.token === null) return `${got}, a value that nobody wrote.`;
      return `${got}: nobody wrote the ${text(finding.token)} in it.`;
    case "read-before-write":
      return `${got} ${time(since(reader, finding.write))}before ${who(finding.write)} began.`;
    case "duplicated-write":
      return `${whose} shows the effect of ${who(finding.write)} more than once: it was applied again.`;
    case "took-effect-twice": {
      const once = `${who(finding.write)}, whose outcome is unknown`;
      if (finding.newer === null)
        return `${whose} shows the effect of ${once}, more than once: it took effect twice.`;
      const after = `${time(since(finding.newer, reader))}after ${who(finding.newer)} had finished`;
      return `${whose} began ${after}, yet returned ${answer(reader)} again, written only by ${once}: it took effect twice, or the read is stale.`;
    }
    case "lost-write": {
      const lost = `the effect of ${who(finding.lost)}, which had finished ${time(since(finding.lost, reader))}before`;
      return `${whose} lacks ${lost}, yet shows that of ${who(finding.later)}, which came later: an acknowledged write was lost.`;
    }
    case "stale-read": {
      const token = appended(finding.newer);
      const instead = token === null ? `returned ${answer(reader)}` : `lacks ${text(token)}`;
      const behind = staleness === null ? "" : `, ${countWords(staleness.versions, "version")} behind`;
      return `${whose} began ${time(since(finding.newer, reader))}after ${who(finding.newer)} had finished, yet ${instead}: a stale read${behind}.`;
    }
    case "reads-go-backwards": {
      const { earlier, missing } = finding;
      const before = `${time(since(earlier, reader))}before it began`;
      if (missing === null) {
        return `${got}, though ${who(earlier)} had returned ${answer(earlier)} ${before}: reads go backwards.`;
      }
      return `${whose} lacks ${text(missing)}, which ${who(earlier)} had shown ${before}: reads go backwards.`;
    }
    case "order-disagreement":
      return `${disagreement(finding, reader, teller)}.`;
    case "cas-wrongly-succeeded":
      return `${whose} swapped, but in no order was the expected value there: it should have been refused.`;
    case "cas-wrongly-refused":
      return `${whose} was refused, but in every order the expected value was there: it should have swapped.`;
    case "impossible-first-operation":
      return impossibleAtFirst(reader, teller);
    case "no-order":
      return noOrder(reader, core.calls.length, isSmallest, teller);
  }
}

export function impossibleAtFirst(call: { readonly id: number }, { who, answer }: Teller): string {
  return `${who(call)} returned ${answer(call)}, which is impossible as the first answer of all.`;
}

/** For what has no class, and for models that the classes do not know. */
export function noOrder(
  call: { readonly id: number },
  coreSize: number,
  isSmallest: boolean,
  { who, answer }: Teller,
): string {
  const others = `${isSmallest ? "" : "at most "}${countWords(coreSize - 1, "other operation")}`;
  const against = coreSize === 1 ? "" : `; it takes ${others} to contradict it`;
  return `${who(call)} returned ${answer(call)}, the first reply that no order explains${against}.`;
}

function disagreement(
  { other, writes }: Extract<Finding, { class: "order-disagreement" }>,
  reader: KvCall,
  { who, answer }: Teller,
): string {
  if (writes === null) {
    const mine = `${who(reader)} returned ${answer(reader)} as the newer value`;
    return `${mine}, ${who(other!)} ${answer(other!)}: two reads disagree about the order of two writes`;
  }
  const [first, second] = writes.map((write) => text(appended(write)!));
  const mine = `${who(reader)} shows ${first} before ${second}`;
  if (other === null)
    return `${mine}, but ${who(writes[1])} had finished before ${who(writes[0])} began: writes out of order`;
  return `${mine}, ${who(other)} the other way round: two reads disagree about the order of two writes`;
}

/** "12.4 ms "; nothing where the clock saw no time pass. */
function time(microseconds: number): string {
  return microseconds > 0 ? `${durationWords(microseconds)} ` : "";
}

function text(token: string): string {
  return abridged(JSON.stringify(token));
}
