/**
 * A digest of what an actor is, whatever its class, under any names for the servers. Two states with the same digest
 * have the same future, so what no future step can see must not count: which number a call or a write has, who was
 * seen to do something first. Maps and sets have no order, because server names have none.
 */

import { Digest, type NodeId } from "../../src/base/index.ts";

/** How a state is looked at. */
export interface View {
  /** Which server stands for which. */
  readonly labels: ReadonlyMap<NodeId, number>;
  /** Calls that may still be answered. */
  readonly openCalls: readonly OpenCall[];
  /** Answers to later calls than this prove something; null if nobody waits for a proof. */
  readonly proofAfter: number | null;
  /** The latest write that is on disk, and those that are not yet. */
  readonly openMarks: readonly number[];
}

interface OpenCall {
  readonly peer: NodeId;
  readonly call: number;
}

/** Under no names but their own, and with nothing open. */
export function plainView(labels: View["labels"]): View {
  return { labels, openCalls: [], proofAfter: null, openMarks: [] };
}

type Rule = "skip" | "call" | "proof" | "mark";

/** By the name of a field. Every other one counts as it is. */
const RULES: Readonly<Record<string, Rule>> = {
  // Never changes.
  id: "skip",
  peers: "skip",
  options: "skip",
  cluster: "skip",
  // The members stay who they are.
  initial: "skip",
  configuration: "skip",
  configurationIndex: "skip",
  settled: "skip",
  configurations: "skip",
  // Counts losses that servers are told of; here nobody is told.
  asked: "skip",
  // Who was seen first is for the invariants' sentences.
  on: "skip",
  by: "skip",
  // The next call has a higher number than any before. What the others say of a call that is open, it says itself.
  lastCall: "skip",
  firstCallOfRole: "skip",
  afterCall: "skip",
  inFlight: "call",
  call: "call",
  answeredCall: "proof",
  lastMark: "mark",
  durableMark: "mark",
  ownVoteMark: "mark",
  mark: "mark",
};

interface Field {
  readonly rule: Rule | null;
  /** Stands for its name. */
  readonly code: number;
}

const fields = new Map<string, Field>();

function fieldOf(name: string): Field {
  let field = fields.get(name);
  if (field === undefined) {
    const digest = new Digest();
    digest.text(name);
    field = { rule: Object.hasOwn(RULES, name) ? RULES[name]! : null, code: digest.low };
    fields.set(name, field);
  }
  return field;
}

export function mix(digest: Digest, value: unknown, view: View): void {
  switch (typeof value) {
    case "number":
      digest.integer(value);
      break;
    case "string": {
      const label = view.labels.get(value);
      if (label === undefined) digest.text(value);
      else digest.word(-1 - label);
      break;
    }
    case "boolean":
      digest.word(value ? 1 : 2);
      break;
    case "object":
      if (value === null) digest.word(3);
      else mixObject(digest, value, view);
      break;
    default:
      // Undefined; or a function, which is not state.
      digest.word(4);
  }
}

function mixObject(digest: Digest, object: object, view: View): void {
  if (Array.isArray(object) || object instanceof Uint8Array) {
    digest.word(object.length);
    for (const each of object) mix(digest, each, view);
  } else if (object instanceof Map || object instanceof Set) {
    mixUnordered(digest, object, view);
  } else {
    for (const name in object) {
      const { rule, code } = fieldOf(name);
      if (rule === "skip") continue;
      digest.word(code);
      const value = (object as Record<string, unknown>)[name];
      if (rule === null) mix(digest, value, view);
      else mixNumbers(digest, value as Numbers, view, rule);
    }
  }
}

function mixUnordered(
  digest: Digest,
  collection: ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>,
  view: View,
) {
  let high = 0;
  let low = 0;
  for (const entry of collection) {
    const part = new Digest();
    mix(part, entry, Array.isArray(entry) ? scopedTo(entry[0], view) : view);
    seal(part);
    high += part.high;
    low += part.low;
  }
  digest.word(collection.size);
  digest.word(high | 0);
  digest.word(low | 0);
}

/** What is kept by peer is compared with the calls to that peer only: which was called first is chance. */
function scopedTo(key: unknown, view: View): View {
  if (view.openCalls.length === 0 || !view.labels.has(key as NodeId)) return view;
  return { ...view, openCalls: view.openCalls.filter(({ peer }) => peer === key) };
}

/** The last words that came have yet to reach every bit; a sum would keep them apart. */
export function seal(digest: Digest): void {
  digest.word(0);
  digest.word(0);
}

type Numbers = number | readonly number[] | null;

/** Two numbers are alike if they compare alike with all that may still come; a later one is above either. */
function mixNumbers(digest: Digest, value: Numbers, view: View, rule: Exclude<Rule, "skip">): void {
  if (value === null) digest.word(3);
  else if (typeof value !== "number") {
    digest.word(value.length);
    for (const each of value) mixNumbers(digest, each, view, rule);
  } else if (rule === "call") {
    for (const { call } of view.openCalls) digest.word(Math.sign(value - call));
  } else if (rule === "proof") {
    digest.word(view.proofAfter !== null && value > view.proofAfter ? 1 : 0);
  } else {
    for (const mark of view.openMarks) digest.word(value > mark ? 1 : 0);
  }
}
