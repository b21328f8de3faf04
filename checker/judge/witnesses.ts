/**
 * What verdicts rest on, worked out when somebody asks: most checks are asked for their verdict only. The check left
 * nothing behind, and comes to the same end when it is repeated for one object.
 */

import type { Decision } from "../decision/decisions.ts";
import type { History } from "../history/history.ts";
import type { Calls } from "../intake/calls.ts";
import { Intake } from "../intake/intake.ts";
import type { Model } from "../model/model.ts";
import type { Optimisations } from "../optimisations.ts";
import type { Search } from "../search/search.ts";
import { linearizationOf, partialsOf } from "../search/witness.ts";
import type { Verdict } from "../verdict.ts";
import type { Judgement } from "./judgement.ts";
import { Workspace } from "./workspace.ts";

/** Operation ids; see ObjectResult. */
export interface Witness {
  readonly linearization: readonly number[] | null;
  readonly partials: readonly (readonly number[])[];
}

/** Configurations after which attempts at a whole do not get much longer, mostly. */
const ATTEMPTED_STEPS = 10_000;

/** A linearization or attempts, as operation numbers. */
interface Orders {
  readonly calls: Calls<unknown, unknown>;
  readonly orders: number[][];
}

export class Witnesses {
  private readonly model: Model<unknown, unknown, unknown>;
  private readonly history: History<unknown, unknown>;
  private readonly optimisations: Optimisations;
  /** For all objects of the history. */
  private intake: Intake<unknown, unknown> | null = null;

  constructor(
    model: Model<unknown, unknown, unknown>,
    history: History<unknown, unknown>,
    optimisations: Optimisations,
  ) {
    this.model = model;
    this.history = history;
    this.optimisations = optimisations;
  }

  /** Of all parts of one object. */
  of(parts: readonly Judgement[], verdict: Verdict): Witness {
    if (verdict !== "ok") {
      const { calls, orders } = parts.length === 1 ? this.ordersOf(parts[0]!) : this.attempts(parts[0]!.name);
      return { linearization: null, partials: orders.map((order) => order.map((it) => calls.idOf(it))) };
    }
    const points = parts.flatMap((part) => {
      const { calls, orders } = this.ordersOf(part);
      return pointsOf(calls, orders[0]!);
    });
    // Within a part they are in order already, and sorting keeps equal ones as they are.
    if (parts.length > 1) points.sort((a, b) => a.at - b.at);
    return { linearization: points.map(({ id }) => id), partials: [] };
  }

  private ordersOf(judgement: Judgement): Orders {
    if (judgement.algorithm !== "search") return this.decided(judgement.algorithm, judgement);
    const { search, calls } = judgement.kept ?? this.searched(judgement.object);
    return { calls, orders: judgement.verdict === "ok" ? [linearizationOf(search)!] : partialsOf(search) };
  }

  private decided(
    algorithm: Decision,
    { object, verdict }: { readonly object: number; readonly verdict: Verdict },
  ): Orders {
    const { model } = this;
    const { calls, decisions } = this.workspaceOf(object);
    if (verdict !== "ok") return { calls, orders: [decisions.longestPartial(algorithm, calls, model)] };
    decisions.decide(algorithm, calls, model);
    return { calls, orders: [decisions.linearization(algorithm)] };
  }

  private searched(object: number): { readonly search: Search; readonly calls: Calls<unknown, unknown> } {
    const workspace = this.workspaceOf(object);
    workspace.startSearch(this.model, this.optimisations);
    workspace.search.run(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, true);
    return workspace;
  }

  /** At an object that was split: how far the parts came together is another question, for a search of its own. */
  private attempts(name: string): Orders {
    const intake = new Intake<unknown, unknown>();
    intake.read(this.model, this.history, false);
    const workspace = new Workspace();
    workspace.calls.load(intake, intake.objects.indexOf(name));
    workspace.startSearch(this.model, this.optimisations);
    workspace.search.run(ATTEMPTED_STEPS, Number.POSITIVE_INFINITY, true);
    return { calls: workspace.calls, orders: partialsOf(workspace.search) };
  }

  private workspaceOf(object: number): Workspace {
    if (this.intake === null) {
      this.intake = new Intake();
      this.intake.read(this.model, this.history, this.optimisations.footprints);
    }
    const workspace = new Workspace();
    workspace.calls.load(this.intake, object);
    return workspace;
  }
}

/**
 * Instants at which the operations of a linearization may have taken effect: each one as early as its own call and the
 * one before it allow. Linearizations of independent parts, merged by instants, are one of the whole.
 */
function pointsOf(calls: Calls<unknown, unknown>, order: readonly number[]): { at: number; id: number }[] {
  let at = 0;
  return order.map((operation) => {
    at = Math.max(at, calls.callAt[operation]!);
    return { at, id: calls.idOf(operation) };
  });
}
