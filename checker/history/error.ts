/** The one error that this package throws about data: a history that could not have been recorded. */

/** What was wrong with a history, where, and what to do. An illegal history is no error: it is a verdict. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
  /** Position of the offending event in the history, from 0; null where no single event is to blame. */
  readonly event: number | null;

  constructor(message: string, event: number | null) {
    super(message);
    this.event = event;
  }
}
