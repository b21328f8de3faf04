/** All the memory that judging one history takes, apart from what has to stay for later. */

import { Decisions } from "../decision/decisions.ts";
import { Calls } from "../intake/calls.ts";
import { Intake } from "../intake/intake.ts";
import { Pool, type Pooled } from "../intake/pool.ts";
import type { Model } from "../model/model.ts";
import type { Optimisations } from "../optimisations.ts";
import { CellLens } from "../search/cells.ts";
import type { Lens } from "../search/lens.ts";
import { Search } from "../search/search.ts";
import { ModelLens } from "../search/states.ts";

export class Workspace implements Pooled {
  readonly intake = new Intake<unknown, unknown>();
  calls = new Calls<unknown, unknown>();
  search = new Search();
  readonly decisions = new Decisions();
  private cells = new CellLens();
  private states = new ModelLens();

  get words(): number {
    return this.intake.words + this.calls.words + this.decisions.words + this.search.words;
  }

  /** Starts the search for the object that `calls` is about. */
  startSearch(model: Model<unknown, unknown, unknown>, optimisations: Optimisations): void {
    const isCell = optimisations.cells && model.traits?.cell !== undefined;
    const lens: Lens = isCell ? this.cells : this.states;
    lens.load(this.calls, model);
    this.search.load(this.calls, lens, optimisations);
  }

  /** What the search has been using belongs to somebody else from now on. */
  handOver(): void {
    this.search.subhistory.reachEnd();
    this.calls.detach();
    this.calls = new Calls();
    this.search = new Search();
    this.cells = new CellLens();
    this.states = new ModelLens();
  }

  /** Keeps no history alive. */
  clear(): void {
    this.intake.clear();
    this.calls.clear();
    this.decisions.clear();
    this.cells.clear();
    this.states.clear();
  }
}

export const workspaces = new Pool(() => new Workspace());
