/** A history from a file of any format that is known, told by its content. */
import { type Annotation, annotationsIn } from "../history/annotation.ts";
import { HistoryError } from "../history/error.ts";
import type { HistoryEvent } from "../history/history.ts";
import { readEvents } from "../history/ndjson.ts";
import { cut, Feed, type Source } from "./feed.ts";
import { type FormatName, guessFormat } from "./guess.ts";
import { fromJepsen, type JepsenOptions } from "./jepsen/import.ts";
import { readEdnEvents, readJsonEvents, readLogEvents } from "./jepsen/spelling.ts";

export interface ImportOptions extends JepsenOptions {
  /** By default it is guessed. */
  readonly format?: FormatName;
}

export interface ImportedHistory {
  readonly format: FormatName;
  /** The name of the model that the file is about: its own word, or a guess by its calls. */
  readonly model: string;
  /** The state before the first operation, where the file says it; undefined: the model's own. */
  readonly initial: unknown;
  readonly history: HistoryEvent<unknown, unknown>[];
  /** What its author said about it; only our own format can say it. */
  readonly annotations: readonly Annotation[];
  /** By event, its line in the file. */
  readonly lines: readonly number[];
}

/**
 * The history in a file, given as text or piece by piece; `fileName` is for messages only. Throws HistoryError, with
 * file and line, for what is no history: what was expected there, and what was found.
 */
export function importHistory(
  source: Source,
  fileName: string,
  options: ImportOptions = {},
): ImportedHistory {
  const feed = new Feed(source, fileName);
  const format = options.format ?? guessFormat(feed) ?? refuseFormat(feed);
  switch (format) {
    case "ndjson": {
      const { header, history, lines } = readEvents(feed);
      const annotations = annotationsIn(header, fileName);
      const model = options.model ?? header.model;
      return { format, model, initial: header.initial, annotations, history, lines };
    }
    case "jepsen-edn":
      return { format, annotations: [], ...fromJepsen(feed, [...readEdnEvents(feed)], options) };
    case "jepsen-json":
      return { format, annotations: [], ...fromJepsen(feed, [...readJsonEvents(feed)], options) };
    case "jepsen-log":
      // These logs are of tests whose store answers nil for what is absent.
      return {
        format,
        annotations: [],
        ...fromJepsen(feed, [...readLogEvents(feed)], { nilReads: "absent", ...options }),
      };
  }
}

function refuseFormat(feed: Feed): never {
  const expected = "a history as NDJSON, Jepsen EDN, Jepsen JSON or a Jepsen log";
  const found = feed.head(100).split("\n")[0]!;
  throw new HistoryError(
    `${feed.fileName}:1: expected ${expected}, found ${found === "" ? "nothing" : cut(found)}`,
    null,
  );
}
