/**
 * What makes checks fast, each of it to be switched off: verdicts must not depend on it. For tests of the checker
 * itself, and for measuring what an optimisation is worth.
 */

export interface Optimisations {
  /** The decisions in linear time, for sequences, cells and versions, come before the search. */
  readonly decisions: boolean;
  /** The search reads cells by their accesses instead of asking the model. */
  readonly cells: boolean;
  /** A history of a cell is laid out as far as the search has come, and only then further. */
  readonly layout: boolean;
  /** What pays only where a search is long, blanks and absorption, waits until it is. */
  readonly patience: boolean;
  /** Objects are split further by the model's footprints, and the search tries only what the due operation touches. */
  readonly footprints: boolean;
  /** A read that is possible is linearized at once. */
  readonly readsFirst: boolean;
  /** Configurations from which an observer can never get its answer are dropped. */
  readonly lookahead: boolean;
  /** States that nobody will see are one. */
  readonly blanks: boolean;
  /** Whatever is possible in any state may count as linearized before an overwrite. */
  readonly absorption: boolean;
  /** Operations are not tried before they are due if nobody can tell. Those that return only if they can be absorbed. */
  readonly usefulness: boolean;
  /** A configuration stands for those that it dominates, not only for equal ones. */
  readonly dominance: boolean;
  /** Of equal operations only the first to return is tried. */
  readonly symmetry: boolean;
}

export const ALL_OPTIMISATIONS: Optimisations = {
  decisions: true,
  cells: true,
  layout: true,
  patience: true,
  footprints: true,
  readsFirst: true,
  lookahead: true,
  blanks: true,
  absorption: true,
  usefulness: true,
  dominance: true,
  symmetry: true,
};

/** The same for the first steps of a search. */
export function patient(optimisations: Optimisations): Optimisations {
  if (!optimisations.patience) return optimisations;
  if (optimisations === ALL_OPTIMISATIONS) return PATIENT;
  return { ...optimisations, blanks: false, absorption: false };
}

const PATIENT: Optimisations = { ...ALL_OPTIMISATIONS, blanks: false, absorption: false };
