/**
 * Judging a history: object by object, on one budget.
 *
 * Objects are independent, so a history is linearizable exactly if each object's subhistory is (Horn & Kroening,
 * FORTE 2015; the locality of Herlihy & Wing, 1990). One hard object must not hide another one's violation, so the
 * budget goes round over the objects in slices that grow. A search that is put aside keeps its stack and goes on
 * where it stood: starting again would be simpler, but explores a hard object's first configurations in every round.
 */
import type { History } from "../history/history.ts";
import type { Model } from "../model/model.ts";
import { ALL_OPTIMISATIONS, type Optimisations } from "../optimisations.ts";
import type { CheckOptions, CheckResult } from "../result.ts";
import { Judgement } from "./judgement.ts";
import { type Explainer, resultsOf, verdictOf } from "./results.ts";
import { Witnesses } from "./witnesses.ts";
import { type Workspace, workspaces } from "./workspace.ts";

/**
 * Verdicts on a stream of events; `explainer` is asked when somebody wants to know why. One illegal object settles the
 * verdict: the objects behind it are judged when somebody asks for them. Throws HistoryError.
 */
export function judge(
  model: Model<unknown, unknown, unknown>,
  history: History<unknown, unknown>,
  options: CheckOptions,
  explainer: Explainer,
): CheckResult {
  const round = new Round(model, history, options);
  // Whoever watches the check is shown all of it.
  const isWhole = round.goOn(options.onProgress === undefined);
  if (isWhole) return round.result(explainer);
  let rest: CheckResult | null = null;
  const whole = (): CheckResult => {
    if (rest !== null) return rest;
    round.goOn(false);
    rest = round.result(explainer);
    return rest;
  };
  return {
    verdict: "illegal",
    get objects() {
      return whole().objects;
    },
    get steps() {
      return whole().steps;
    },
  };
}

export const DEFAULT_BUDGET = 5_000_000;

/** In megabytes. */
const DEFAULT_MEMORY = 1_024;

const WORDS_PER_MEGABYTE = 250_000;

/** Most objects end within this many configurations. */
const FIRST_SLICE = 2_000;

const SLICE_GROWTH = 4;

/** Configurations between two words about progress. */
const FEWEST_SILENT_STEPS = 10_000;
const MOST_SILENT_STEPS = 50_000;

/** One check. */
class Round {
  private readonly model: Model<unknown, unknown, unknown>;
  private readonly history: History<unknown, unknown>;
  private readonly options: CheckOptions;
  private readonly optimisations: Optimisations;
  private readonly judgements: Judgement[] = [];
  private readonly witnesses: Witnesses;
  private readonly budget: number;
  private steps = 0;
  /** Steps at the last word about progress. */
  private told = 0;
  /** Words that all searches together may still take. */
  private words: number;

  constructor(
    model: Model<unknown, unknown, unknown>,
    history: History<unknown, unknown>,
    options: CheckOptions,
  ) {
    this.model = model;
    this.history = history;
    this.options = options;
    this.optimisations =
      options.optimisations === undefined
        ? ALL_OPTIMISATIONS
        : { ...ALL_OPTIMISATIONS, ...options.optimisations };
    this.witnesses = new Witnesses(model, history, this.optimisations);
    this.budget = options.budget ?? DEFAULT_BUDGET;
    this.words = (options.memory ?? DEFAULT_MEMORY) * WORDS_PER_MEGABYTE;
  }

  /** Judges what is left; in a hurry, only up to the first object that is illegal. True if nothing is left. */
  goOn(hurries: boolean): boolean {
    const workspace = workspaces.take();
    const { intake } = workspace;
    intake.read(this.model, this.history, this.optimisations.footprints);
    const isWhole = this.begin(workspace, hurries);
    if (isWhole) this.search(intake.objects.length);
    workspace.clear();
    workspaces.give(workspace);
    return isWhole;
  }

  result(explainer: Explainer): CheckResult {
    const { judgements, witnesses, steps } = this;
    return { verdict: verdictOf(judgements), objects: resultsOf(judgements, witnesses, explainer), steps };
  }

  /** Every object once: most are decided then, and leave nothing behind. */
  private begin(workspace: Workspace, hurries: boolean): boolean {
    const { model, options, optimisations, judgements } = this;
    const { intake } = workspace;
    const count = intake.objects.length;
    // With little to spend, a little for each.
    const share = Math.max(1, Math.min(FIRST_SLICE, Math.floor(this.budget / Math.max(1, count))));
    for (let object = judgements.length; object < count; object++) {
      workspace.calls.load(intake, object);
      const judgement = new Judgement(object, workspace, options.clock);
      judgements.push(judgement);
      this.spend(judgement, count, () => judgement.begin(model, optimisations, workspace, share, this.words));
      if (hurries && judgement.verdict === "illegal" && object < count - 1) return false;
    }
    return true;
  }

  /** Objects that were not decided at once take turns. */
  private search(objects: number): void {
    let open = this.judgements.filter(({ isOpen }) => isOpen);
    for (let slice = FIRST_SLICE; open.length > 0 && this.steps < this.budget; slice *= SLICE_GROWTH) {
      const size = Math.min(slice, Math.ceil((this.budget - this.steps) / open.length));
      for (const judgement of open) {
        const end = Math.min(this.steps + size, this.budget);
        while (judgement.isOpen && this.steps < end) {
          const steps = Math.min(end - this.steps, MOST_SILENT_STEPS);
          this.spend(judgement, objects, () => judgement.goOn(steps, this.words));
        }
      }
      open = open.filter(({ isOpen }) => isOpen);
    }
    for (const judgement of open) judgement.ended = "steps";
  }

  /** Books what a judgement takes while it goes on. */
  private spend(judgement: Judgement, objects: number, work: () => void): void {
    const steps = judgement.steps;
    const words = judgement.words;
    work();
    this.steps += judgement.steps - steps;
    this.words -= judgement.words - words;
    const { onProgress } = this.options;
    if (onProgress === undefined || this.steps - this.told < FEWEST_SILENT_STEPS) return;
    this.told = this.steps;
    const decided = this.judgements.filter(({ verdict }) => verdict !== "unknown").length;
    onProgress({ steps: this.steps, budget: this.budget, decided, objects });
  }
}
