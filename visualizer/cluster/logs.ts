/** The servers' logs side by side: a window of indexes, the same for all, so that a column compares one entry. */

import type { Command } from "../../src/kv/index.ts";
import { entryAt, type Frame } from "./film.ts";
import type { ServerScene } from "./scene.ts";
import { commandWords } from "./words.ts";

export interface LogWindow {
  readonly indexes: readonly number[];
  /** One row a server, one cell an index. */
  readonly rows: readonly (readonly LogCell[])[];
  /** Before it there is nothing but what all have in their snapshots. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/**
 * - `snapshot`: the entry is in the server's snapshot
 * - `applied`, `committed`, `appended`: how far this server knows the entry to have come
 * - `none`: it has no such entry
 */
type LogStanding = "snapshot" | "applied" | "committed" | "appended" | "none";

export interface LogCell {
  readonly index: number;
  readonly standing: LogStanding;
  /** Null where the server has no such entry, or no more. */
  readonly term: number | null;
  readonly words: string;
}

/** The last `columns` indexes up to `end`, without those that are in every snapshot; up to the longest log's last one if that is null. */
export function logWindow(servers: readonly ServerScene[], columns: number, end: number | null): LogWindow {
  const longest = Math.max(...servers.map(({ frame }) => frame.log.last));
  const floor = Math.max(1, Math.min(...servers.map(({ frame }) => frame.log.first)) - 1);
  const last = Math.max(Math.min(end ?? longest, longest), Math.min(floor + columns - 1, longest));
  const first = Math.max(floor, last - columns + 1);
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  return {
    indexes,
    rows: servers.map(({ frame }) => indexes.map((index) => cellAt(frame, index))),
    isFirst: first === floor,
    isLast: last === longest,
  };
}

function cellAt(frame: Frame, index: number): LogCell {
  const { log, commitIndex, lastApplied } = frame;
  if (index > log.last) return { index, standing: "none", term: null, words: "no entry" };
  if (index < log.first) return { index, standing: "snapshot", term: null, words: "in the snapshot" };
  const { term, command } = entryAt(log, index);
  const standing = index <= lastApplied ? "applied" : index <= commitIndex ? "committed" : "appended";
  return { index, standing, term, words: commandWords(command as Command) };
}
