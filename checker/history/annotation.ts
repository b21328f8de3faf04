/** What a test says about its own run, such as "killed the primary": no operation, and no verdict depends on it. */
import { HistoryError } from "./error.ts";
import type { HistoryHeader } from "./ndjson.ts";

/** Times in microseconds, by the clock of the history's events. */
export interface Annotation {
  readonly text: string;
  readonly from: number;
  /** The same as `from` for an instant. */
  readonly until: number;
  /** Whom it concerns; null for everybody. */
  readonly client: string | null;
}

/** What may be left out of one: then it is about now, and about everybody. */
export type AnnotationInput = { readonly text: string; readonly client?: string } & (
  | { readonly at?: number; readonly from?: undefined; readonly until?: undefined }
  | { readonly at?: undefined; readonly from: number; readonly until: number }
);

export function annotationOf(input: AnnotationInput, now: () => number): Annotation {
  const { text, client = null } = input;
  if (input.from !== undefined) return { text, from: input.from, until: input.until, client };
  const at = input.at ?? now();
  return { text, from: at, until: at, client };
}

/** The annotations in the first line of a history file. Throws HistoryError, with file and line. */
export function annotationsIn(header: HistoryHeader, fileName: string): readonly Annotation[] {
  const { annotations = [] } = header;
  const refuse = (where: string, expected: string): never => {
    throw new HistoryError(`${fileName}:1: annotations${where}: expected ${expected}`, null);
  };
  if (!Array.isArray(annotations)) return refuse("", "a list");
  return annotations.map((given: Partial<Annotation> | null, at): Annotation => {
    const { text, from, until, client = null } = given ?? {};
    if (typeof text !== "string") return refuse(`[${at}]`, 'a "text"');
    if (typeof from !== "number" || typeof until !== "number" || until < from)
      return refuse(`[${at}]`, '"from" and "until" in microseconds, in this order');
    if (client !== null && typeof client !== "string") return refuse(`[${at}]`, "a client's name or null");
    return { text, from, until, client };
  });
}
