/** One object, or one component of an object, on its way to a verdict. */
import type { Calls } from "../intake/calls.ts";
import type { Model } from "../model/model.ts";
import type { Optimisations } from "../optimisations.ts";
import type { Ended, Statistics } from "../result.ts";
import type { Search } from "../search/search.ts";
import type { Verdict } from "../verdict.ts";
import type { Workspace } from "./workspace.ts";

export class Judgement {
  verdict: Verdict = "unknown";
  steps = 0;
  /** Words that its search holds on to. */
  words = 0;
  ended: Ended["budget"] | null = null;
  algorithm: Statistics["algorithm"] = "search";
  /** By its number, among the objects of the history. */
  readonly object: number;
  readonly name: string;
  private readonly operations: number;
  private readonly clock: (() => number) | undefined;
  private time = 0;
  private cached = 0;
  private used = 0;
  /** Of a search that was put aside, or that took too long to be repeated for a witness. */
  kept: { readonly search: Search; readonly calls: Calls<unknown, unknown> } | null = null;

  constructor(object: number, workspace: Workspace, clock: (() => number) | undefined) {
    this.object = object;
    this.name = workspace.calls.object;
    this.operations = workspace.calls.count;
    this.clock = clock;
  }

  get isOpen(): boolean {
    return this.verdict === "unknown" && this.ended === null;
  }

  /** The first so many steps; if that is not enough, what the workspace has of this object is kept. */
  begin(
    model: Model<unknown, unknown, unknown>,
    optimisations: Optimisations,
    workspace: Workspace,
    steps: number,
    words: number,
  ): void {
    const start = this.clock?.() ?? 0;
    if (!this.decide(model, optimisations, workspace))
      this.beginSearch(model, optimisations, workspace, steps, words);
    this.time += (this.clock?.() ?? 0) - start;
  }

  private decide(
    model: Model<unknown, unknown, unknown>,
    optimisations: Optimisations,
    workspace: Workspace,
  ): boolean {
    const { decisions, calls } = workspace;
    const algorithm = optimisations.decisions ? decisions.algorithmFor(calls, model) : null;
    const verdict = algorithm === null ? null : decisions.decide(algorithm, calls, model);
    if (algorithm === null || verdict === null) return false;
    this.algorithm = algorithm;
    this.verdict = verdict;
    return true;
  }

  private beginSearch(
    model: Model<unknown, unknown, unknown>,
    optimisations: Optimisations,
    workspace: Workspace,
    steps: number,
    words: number,
  ): void {
    workspace.startSearch(model, optimisations);
    this.search(workspace.search, steps - workspace.search.steps, words);
    if (this.verdict === "unknown") {
      this.kept = { search: workspace.search, calls: workspace.calls };
      this.words = workspace.search.visited.used;
      workspace.handOver();
    }
  }

  goOn(steps: number, words: number): void {
    const start = this.clock?.() ?? 0;
    const { search } = this.kept!;
    this.search(search, steps, words + this.words);
    this.words = search.visited.used;
    this.time += (this.clock?.() ?? 0) - start;
  }

  get statistics(): Statistics {
    return {
      algorithm: this.algorithm,
      operations: this.operations,
      cached: this.cached,
      words: this.used,
      time: this.clock === undefined ? null : this.time,
    };
  }

  /** What ended it, if it is unknown. */
  get end(): Ended | null {
    if (this.verdict !== "unknown") return null;
    const { search, calls } = this.kept!;
    const operation = calls.idOf(search.subhistory.returning[search.furthest]!);
    return { budget: this.ended!, operation };
  }

  private search(search: Search, steps: number, words: number): void {
    search.run(steps, words, false);
    this.verdict = search.verdict;
    this.steps = search.steps;
    this.cached = search.visited.count;
    this.used = search.visited.used;
    if (this.verdict === "unknown" && this.used >= words) this.ended = "memory";
  }
}
