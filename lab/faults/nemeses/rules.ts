/** What a script does to messages from now on, rule by rule; and all that the rules did, message by message, as data. */

import type { Instant } from "../../../src/base/index.ts";
import type { KvMessage } from "../../../src/kv/index.ts";
import type { Interceptor, Passing } from "../../sim/index.ts";
import type { MessageFault } from "../index.ts";
import type { Which } from "./meant.ts";

/** To watch changes nothing; a copy passes, too. */
type Treatment = "watch" | "lose" | "hold" | "copy";

/** A message in a script's hands. */
export interface Kept {
  readonly message: Passing<KvMessage>;
  /** It arrives at this instant. */
  deliver(): void;
}

/** One rule. The first that means a message decides, and who only watches sees all of them. */
export class Rule<Payload extends KvMessage = KvMessage> {
  readonly treatment: Treatment;
  /** Whom it has met, in the order of sending. */
  readonly met: (Passing<KvMessage> & { readonly payload: Payload })[] = [];
  /** What it holds, or has copies of. */
  kept: Kept[] = [];
  private readonly which: Which<Payload>;
  private most: number;

  constructor(treatment: Treatment, which: Which<Payload>, most: number) {
    this.treatment = treatment;
    this.which = which;
    this.most = most;
  }

  get count(): number {
    return this.met.length;
  }

  /** True, and remembers it, for a message that the rule is about. */
  takes(message: Passing<KvMessage>): boolean {
    if (this.met.length >= this.most || !this.which(message)) return false;
    this.met.push(message);
    return true;
  }

  /** It takes no more messages. What it holds it still holds. */
  end(): void {
    this.most = 0;
  }
}

export class Rules implements Interceptor<KvMessage> {
  private readonly now: () => Instant;
  private readonly disturbed: () => void;
  private rules: Rule<never>[] = [];
  private readonly faults: MessageFault[] = [];
  /** Where in the list of faults each message stands that is held, until it arrives. */
  private readonly held = new Map<Kept, number>();

  /** Calls `disturbed` when a message does not go its way. */
  constructor(now: () => Instant, disturbed: () => void) {
    this.now = now;
    this.disturbed = disturbed;
  }

  add<Payload extends KvMessage>(treatment: Treatment, which: Which<Payload>, most: number): Rule<Payload> {
    const rule = new Rule(treatment, which, most);
    this.rules.push(rule as unknown as Rule<never>);
    return rule;
  }

  intercept(message: Passing<KvMessage>, deliver: () => void): "passes" | "lost" | "held" {
    for (const rule of this.rules) {
      if (!rule.takes(message) || rule.treatment === "watch") continue;
      if (rule.treatment === "copy") {
        rule.kept.push({ message, deliver: () => this.deliverCopy(message, deliver) });
        return "passes";
      }
      this.disturbed();
      if (rule.treatment === "lose") {
        this.faults.push({ ...nameOf(message), kind: "lost" });
        return "lost";
      }
      this.hold(rule, message, deliver);
      return "held";
    }
    return "passes";
  }

  private hold(rule: Rule<never>, message: Passing<KvMessage>, deliver: () => void): void {
    const kept: Kept = { message, deliver: () => this.deliverHeld(kept, deliver) };
    // Its arrival is filled in when it is known.
    this.held.set(kept, this.faults.length);
    this.faults.push({ ...nameOf(message), kind: "held", arrives: Number.MAX_SAFE_INTEGER });
    rule.kept.push(kept);
  }

  private deliverHeld(kept: Kept, deliver: () => void): void {
    const at = this.held.get(kept);
    if (at === undefined) return;
    this.held.delete(kept);
    this.faults[at] = { ...nameOf(kept.message), kind: "held", arrives: this.now() };
    deliver();
  }

  private deliverCopy(message: Passing<KvMessage>, deliver: () => void): void {
    this.faults.push({ ...nameOf(message), kind: "copied", arrives: this.now() });
    deliver();
  }

  /** Ends all rules. Returns what is still held, in the order of sending. */
  clear(): readonly Kept[] {
    for (const rule of this.rules) rule.end();
    this.rules = [];
    return [...this.held.keys()];
  }

  /** What was done to which message, in the order of sending; a message that is still held arrives from `end` on. */
  recorded(end: Instant): readonly MessageFault[] {
    let last = end;
    return this.faults.map((fault) =>
      fault.kind === "held" && fault.arrives === Number.MAX_SAFE_INTEGER
        ? { ...fault, arrives: ++last }
        : fault,
    );
  }
}

function nameOf({ from, to, nth }: Passing<KvMessage>) {
  return { from, to, nth };
}
