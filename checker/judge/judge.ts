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
import { ALL_OPTIMISATIONS } from "../optimisations.ts";
import type { CheckOptions, CheckResult } from "../result.ts";
import { Judgement } from "./judgement.ts";
import { type Explainer, resultsOf, verdictOf } from "./results.ts";
import { Witnesses } from "./witnesses.ts";
import { type Workspace, workspaces } from "./workspace.ts";

/** Verdicts on a stream of events; `explainer` is asked when somebody wants to know why. Throws HistoryError. */
export function judge(
  model: Model<unknown, unknown, unknown>,
  history: History<unknown, unknown>,
  options: CheckOptions,
  explainer: Explainer,
): CheckResult {
  const workspace = workspaces.take();
  const result = new Round(model, history, options, workspace).result(explainer);
  workspace.clear();
  workspaces.give(workspace);
  return result;
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
  private readonly workspace: Workspace;
  private readonly judgements: Judgement[] = [];
  private witnesses: Witnesses | null = null;
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
    workspace: Workspace,
  ) {
    this.model = model;
    this.history = history;
    this.options = options;
    this.workspace = workspace;
    this.budget = options.budget ?? DEFAULT_BUDGET;
    this.words = (options.memory ?? DEFAULT_MEMORY) * WORDS_PER_MEGABYTE;
  }

  result(explainer: Explainer): CheckResult {
    this.begin();
    this.goOn();
    const verdict = verdictOf(this.judgements);
    return { verdict, objects: resultsOf(this.judgements, this.witnesses!, explainer), steps: this.steps };
  }

  /** Every object once: most are decided then, and leave nothing behind. */
  private begin(): void {
    const { model, history, options, workspace } = this;
    const { intake } = workspace;
    const optimisations =
      options.optimisations === undefined
        ? ALL_OPTIMISATIONS
        : { ...ALL_OPTIMISATIONS, ...options.optimisations };
    intake.read(model, history, optimisations.footprints);
    const count = intake.objects.length;
    this.witnesses = new Witnesses(model, history, optimisations);
    // With little to spend, a little for each.
    const share = Math.max(1, Math.min(FIRST_SLICE, Math.floor(this.budget / Math.max(1, count))));
    for (let object = 0; object < count; object++) {
      workspace.calls.load(intake, object);
      const judgement = new Judgement(object, workspace, options.clock);
      this.judgements.push(judgement);
      this.spend(judgement, () => judgement.begin(model, optimisations, workspace, share, this.words));
    }
  }

  private goOn(): void {
    let open = this.judgements.filter(({ isOpen }) => isOpen);
    for (let slice = FIRST_SLICE; open.length > 0 && this.steps < this.budget; slice *= SLICE_GROWTH) {
      const size = Math.min(slice, Math.ceil((this.budget - this.steps) / open.length));
      for (const judgement of open) {
        const end = Math.min(this.steps + size, this.budget);
        while (judgement.isOpen && this.steps < end) {
          const steps = Math.min(end - this.steps, MOST_SILENT_STEPS);
          this.spend(judgement, () => judgement.goOn(steps, this.words));
        }
      }
      open = open.filter(({ isOpen }) => isOpen);
    }
    for (const judgement of open) judgement.ended = "steps";
  }

  /** Books what a judgement takes while it goes on. */
  private spend(judgement: Judgement, work: () => void): void {
    const steps = judgement.steps;
    const words = judgement.words;
    work();
    this.steps += judgement.steps - steps;
    this.words -= judgement.words - words;
    const { onProgress } = this.options;
    if (onProgress === undefined || this.steps - this.told < FEWEST_SILENT_STEPS) return;
    this.told = this.steps;
    const decided = this.judgements.filter(({ verdict }) => verdict !== "unknown").length;
    onProgress({
      steps: this.steps,
      budget: this.budget,
      decided,
      objects: this.workspace.intake.objects.length,
    });
  }
}
