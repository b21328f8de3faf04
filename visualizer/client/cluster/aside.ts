/** Beside the ring: what is under way and who is cut off, or a server that was picked, with the commands in its log. */

import type { Command } from "../../../src/kv/index.ts";
import { entryAt } from "../../cluster/film.ts";
import type { Scene, ServerScene } from "../../cluster/scene.ts";
import { commandWords, shortWords } from "../../cluster/words.ts";
import { byteCount, milliseconds, shorten, visible } from "../../text.ts";
import { element } from "../dom.ts";

const MOST_MESSAGES = 10;
const MOST_ENTRIES = 14;
const LONGEST_COMMAND = 80;

export class Aside {
  readonly element = element("div", "beside");
  picked: string | null = null;

  /** A second time lets go of it. */
  pick(server: string): void {
    this.picked = this.picked === server ? null : server;
  }

  draw(scene: Scene): void {
    const server = scene.servers.find(({ id }) => id === this.picked);
    this.element.replaceChildren(
      ...(server === undefined ? [] : serverParts(server)),
      element("h2", "", "Under way"),
      underWay(scene),
      element("h2", "", "Cut"),
      element("p", "cuts", cutWords(scene)),
    );
  }
}

function serverParts({ id, frame, votes }: ServerScene): HTMLElement[] {
  const { snapshot, log, leaderId, condition, votedFor, commitIndex, lastApplied } = frame;
  const facts: readonly (readonly [string, string])[] = [
    ["voted for", votedFor ?? "nobody"],
    ["commit", `${commitIndex}, applied ${lastApplied}`],
    ["believes in", leaderId ?? (condition === "down" ? "nothing: it is down" : "no leader")],
    ["votes", votes.length === 0 ? "none: it does not stand" : `from ${votes.join(", ")}`],
    [
      "snapshot",
      snapshot === null
        ? "none"
        : `up to ${snapshot.index}, term ${snapshot.term}, ${byteCount(snapshot.bytes)}`,
    ],
    ["log", log.last < log.first ? `empty after ${log.last}` : `${log.first} to ${log.last}`],
  ];
  const rows = facts.map(([name, value]) =>
    element("div", "", element("dt", "", name), element("dd", "", value)),
  );
  return [element("h2", "", id), element("dl", "list", ...rows), entries(frame.log)];
}

function entries(log: ServerScene["frame"]["log"]): HTMLElement {
  const list = element("ol", "commands");
  for (let index = log.last; index >= Math.max(log.first, log.last - MOST_ENTRIES + 1); index--) {
    const { term, command } = entryAt(log, index);
    const words = visible(shorten(commandWords(command as Command), LONGEST_COMMAND));
    list.append(
      element("li", "", element("span", "rank", `${index}, term ${term}`), element("bdi", "", words)),
    );
  }
  return list;
}

function underWay({ flights, moment }: Scene): HTMLElement {
  if (flights.length === 0) return element("p", "more", "nothing");
  // What left last is what the moment is about.
  const shown = flights.slice(-MOST_MESSAGES).reverse();
  const rows = shown.map((flight) => {
    const { from, to, sentAt } = flight;
    const words = visible(shorten(shortWords(flight), LONGEST_COMMAND));
    const age = element("span", "age", `sent ${milliseconds(moment.time - sentAt)} ago`);
    return element("li", "", `${from} to ${to}: `, element("bdi", "", words), " ", age);
  });
  const left = flights.length - shown.length;
  const more = left === 0 ? [] : [element("li", "more", `and ${left} more`)];
  return element("ul", "flights", ...rows, ...more);
}

function cutWords({ cuts, servers }: Scene): string {
  if (cuts.length === 0) return "nobody";
  const both = cuts.filter(
    ({ from, to }) => from < to && cuts.some((way) => way.from === to && way.to === from),
  );
  const single = cuts.filter(({ from, to }) => !cuts.some((way) => way.from === to && way.to === from));
  const words = [
    ...both.map(({ from, to }) => `${from} and ${to}`),
    ...single.map(({ from, to }) => `${from} to ${to} only`),
  ];
  const most = servers.length * 2;
  return words.slice(0, most).join(", ") + (words.length > most ? ` and ${words.length - most} more` : "");
}
