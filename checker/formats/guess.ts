/** Which format a file is in, by how it begins. */
import { HISTORY_FORMAT } from "../history/ndjson.ts";
import { skipBlank } from "./edn.ts";
import { Feed } from "./feed.ts";

export const FORMATS = ["ndjson", "jepsen-edn", "jepsen-json", "jepsen-log"] as const;

export type FormatName = (typeof FORMATS)[number];

/** A first line may be long; what tells the format stands at its beginning. */
const HEAD = 4096;

/** The format of a file that begins like this; null if it is none of ours. Reading stays where it is. */
export function guessFormat(feed: Feed): FormatName | null {
  const head = feed.head(HEAD);
  const first = head.trimStart();
  if (/^\{\s*"/.test(first)) {
    const firstLine = first.slice(0, first.search(/\n|$/));
    return firstLine.includes(`"${HISTORY_FORMAT}"`) || /"(format|kind)"\s*:/.test(firstLine)
      ? "ndjson"
      : "jepsen-json";
  }
  if (/^\[\s*(\{\s*"|\]\s*$)/.test(first)) return "jepsen-json";
  if (/\bjepsen\.util\b/.test(head) || /^(:\w[\w-]*|\d+)\s+:(invoke|ok|fail|info)\b/.test(first))
    return "jepsen-log";
  return beginsAsEdn(head) ? "jepsen-edn" : null;
}

/** A map, a list, a vector or a tag, behind comments. */
function beginsAsEdn(head: string): boolean {
  const start = new Feed(head, "");
  try {
    skipBlank(start, 0);
  } catch {
    // A discarded form that is longer than what was looked at: nothing else begins so.
    return true;
  }
  return /^(\{|\(|\[|#[\w{])/.test(start.head(2));
}
