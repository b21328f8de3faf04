/** What happens in a moment, in words: what came to whom, what it sent because of that, and what it is now. */

import { conditionsText } from "../../lab/run/wording.ts";
import type { Conditions } from "../../lab/sim/index.ts";
import type { NodeId } from "../../src/base/index.ts";
import type { KvMessage } from "../../src/kv/index.ts";
import { type Film, type Frame, frameAt } from "./film.ts";
import { fullWords } from "./words.ts";

export interface Happening {
  /** What comes from outside. */
  readonly cause: string;
  /** What it changes and sends; empty if nothing. */
  readonly effects: readonly string[];
}

export function happeningAt(film: Film, index: number): Happening {
  const effects = film.servers.flatMap((id) =>
    changesOf(id, index === 0 ? null : frameAt(film, id, index - 1), frameAt(film, id, index)),
  );
  const sent = film.flights.filter((flight) => flight.sent === index && !flight.copy);
  const by = new Map<string, NodeId[]>();
  for (const { from, to, payload, heartbeat } of sent) {
    const what = heartbeat ? "heartbeat" : spoken(payload);
    by.set(`${from}>${what}`, [...(by.get(`${from}>${what}`) ?? []), to]);
  }
  const sends = Array.from(by, ([key, to]) => {
    const [from, what] = [key.slice(0, key.indexOf(">")), key.slice(key.indexOf(">") + 1)];
    return `${from} to ${to.join(", ")}: ${what}`;
  });
  return { cause: causeOf(film, index), effects: [...effects, ...sends] };
}

function causeOf({ moments, cuts, frames }: Film, index: number): string {
  const { kind, from, to, payload } = moments[index]!;
  switch (kind) {
    case "deliver":
      return `${to} hears from ${from}: ${fullWords(payload as KvMessage)}.`;
    case "unanswered":
      return `${to} learns that a call to ${from} stays without an answer.`;
    case "wake":
      return frames.has(from) ? `The timer of ${from} goes off.` : `${from} is due.`;
    case "durable":
      return `What ${from} wrote is on its disk.`;
    case "start":
      return `${from} starts.`;
    case "crash":
      return `${from} crashes.`;
    case "pause":
      return `${from} is paused.`;
    case "resume":
      return `${from} goes on after its pause.`;
    case "cut":
    case "heal": {
      const ways = cuts.filter(({ moment }) => moment === index).map((way) => `${way.from} to ${way.to}`);
      const shown = ways.slice(0, 6).join(", ") + (ways.length > 6 ? ` and ${ways.length - 6} more` : "");
      return kind === "cut" ? `Cut: ${shown}.` : `Healed: ${shown}.`;
    }
    case "conditions":
      return `From now on the network ${conditionsText(payload as Conditions)}.`;
    case "inject":
      return `${from} is told from outside to hand over.`;
    default:
      return `${kind}: ${from} to ${to}.`;
  }
}

function changesOf(id: NodeId, before: Frame | null, now: Frame): readonly string[] {
  if (before === null || before === now) return [];
  // A start or a crash says enough.
  if (before.condition !== now.condition) return [];
  const changes: string[] = [];
  if (now.role !== before.role) changes.push(`${id} becomes ${now.role}, term ${now.term}`);
  else if (now.term !== before.term) changes.push(`${id} is in term ${now.term} now`);
  if (now.votedFor !== before.votedFor && now.votedFor !== null)
    changes.push(`${id} votes for ${now.votedFor}`);
  if (now.snapshot !== before.snapshot && now.snapshot !== null) {
    changes.push(`${id} has a snapshot up to ${now.snapshot.index}`);
  }
  if (now.log !== before.log) changes.push(...logChanges(id, before, now));
  if (now.commitIndex !== before.commitIndex) changes.push(`${id} knows ${now.commitIndex} committed`);
  return changes;
}

function logChanges(id: NodeId, { log: before }: Frame, { log: now }: Frame): readonly string[] {
  if (now.last > before.last) {
    const range =
      now.last === before.last + 1 ? `entry ${now.last}` : `entries ${before.last + 1}–${now.last}`;
    return [`${id} appends ${range}`];
  }
  if (now.last < before.last) return [`${id} cuts its log back to ${now.last}`];
  return now.first === before.first ? [`${id} replaces entries at the end of its log`] : [];
}

/** A message's name, without what is in it. */
function spoken(payload: KvMessage): string {
  const full = fullWords(payload);
  const end = full.search(/[:,;]/);
  return end < 0 ? full : full.slice(0, end);
}
