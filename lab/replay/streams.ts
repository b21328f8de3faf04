/** What actors draw from and are told by, with somebody between them and the seed. */

import { type Instant, Random } from "../../src/base/index.ts";
import type { Operation, Result } from "../../src/kv/index.ts";
import type { ClientAgenda, ClientErrand } from "../workload/index.ts";

/** The same stream, whose every draw passes through `decide`. */
export class DecidedRandom extends Random {
  private readonly decide: (n: number, drawn: number) => number;

  constructor(drawn: Random, decide: (n: number, drawn: number) => number) {
    super(drawn.path);
    this.decide = decide;
  }

  override below(n: number): number {
    return this.decide(n, super.below(n));
  }
}

/** A client's agenda, with the recorded commands first. */
export class RecordedAgenda implements ClientAgenda {
  private readonly drawn: ClientAgenda;
  private readonly nextAt: () => Instant | null;
  private readonly decide: (now: Instant, drawn: ClientErrand) => ClientErrand;

  /** `nextAt` is when the next recorded command began; null if there is none. */
  constructor(
    drawn: ClientAgenda,
    nextAt: () => Instant | null,
    decide: (now: Instant, drawn: ClientErrand) => ClientErrand,
  ) {
    this.drawn = drawn;
    this.nextAt = nextAt;
    this.decide = decide;
  }

  after(now: Instant): Instant | null {
    // Drawn all the same: its own commands must be new ones when the recorded ones have come to their end.
    const drawn = this.drawn.after(now);
    const recorded = this.nextAt();
    return recorded === null ? drawn : Math.max(now, recorded);
  }

  begin(now: Instant): ClientErrand | null {
    const drawn = this.drawn.begin(now);
    return drawn === null ? null : this.decide(now, drawn);
  }

  learn(operation: Operation, result: Result): void {
    this.drawn.learn(operation, result);
  }
}
