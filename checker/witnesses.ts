/**
 * What verdicts rest on, worked out when somebody asks: most checks are asked for their verdict only. The check left
 * nothing behind, and comes to the same end when it is repeated for one object.
 */
import type { Calls } from "./calls.ts";
import type { History } from "./history.ts";
import { Intake } from "./intake.ts";
import type { Judgement } from "./judgement.ts";
import type { Model } from "./model.ts";
import type { Optimisations } from "./optimisations.ts";
import type { Search } from "./search.ts";
import type { Verdict } from "./verdict.ts";
import { linearizationOf, partialsOf } from "./witness.ts";
import { Workspace } from "./workspace.ts";

/** Operation ids; see ObjectResult. */
export interface Witness {
  readonly linearization: readonly number[] | null;
  readonly partials: readonly (readonly number[])[];
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

  of(judgement: Judgement): Witness {
    if (judgement.algorithm !== "search") return this.decided(judgement.algorithm, judgement);
    const { search, calls } = judgement.kept ?? this.searched(judgement.object);
    const named = (order: number[]): number[] => order.map((operation) => calls.idOf(operation));
    const linearization = linearizationOf(search);
    return {
      linearization: linearization === null ? null : named(linearization),
      partials: judgement.verdict === "ok" ? [] : partialsOf(search).map(named),
    };
  }

  private decided(
    algorithm: "epochs" | "versions",
    { object, verdict }: { readonly object: number; readonly verdict: Verdict },
  ): Witness {
    const { model } = this;
    const { calls, decisions } = this.workspaceOf(object);
    const named = (order: number[]): number[] => order.map((operation) => calls.idOf(operation));
    if (verdict !== "ok") {
      const partial = decisions.longestPartial(algorithm, calls, model);
      return { linearization: null, partials: [named(partial)] };
    }
    decisions.decide(algorithm, calls, model);
    return { linearization: named(decisions.linearization(algorithm)), partials: [] };
  }

  private searched(object: number): { readonly search: Search; readonly calls: Calls<unknown, unknown> } {
    const workspace = this.workspaceOf(object);
    workspace.startSearch(this.model, this.optimisations);
    workspace.search.run(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, true);
    return workspace;
  }

  private workspaceOf(object: number): Workspace {
    if (this.intake === null) {
      this.intake = new Intake();
      this.intake.read(this.model, this.history);
    }
    const workspace = new Workspace();
    workspace.calls.load(this.intake, object);
    return workspace;
  }
}
