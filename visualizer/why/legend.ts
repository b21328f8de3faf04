/** What the marks of the Why picture mean: of those that are in it, and of no others. */

import { html } from "../text.ts";
import type { Scene } from "./scene.ts";

export function legendOf(scene: Scene): string {
  const { arrows, operations, servers, messages, axis, broken } = scene;
  const statuses = new Set(servers.flatMap(({ spans }) => spans.map(({ status }) => status)));
  const entries: readonly (readonly [isThere: boolean, words: string])[] = [
    [arrows.some(({ kind }) => kind === "finished-before"), "solid arrow: finished before the other began"],
    [arrows.some(({ kind }) => kind === "saw"), "dotted arrow: shows what the other wrote"],
    [operations.some(({ operation }) => operation.isImpossible), "dashed box with a cross: impossible"],
    [statuses.has("leader"), "strong row: leader"],
    [statuses.has("candidate"), "medium row: candidate"],
    [statuses.has("paused"), "striped row: paused"],
    [statuses.has("crashed"), "dashed row: crashed"],
    [servers.some(({ faults }) => faults.length > 0), "stripes above a row: cut off"],
    [messages.length > 0, "thin lines: messages"],
    [messages.some(({ lost }) => lost), "small cross: the message was lost"],
    [axis.breaks.length > 0, "wavy lines: time left out"],
    [broken !== null, "vertical line: when it broke"],
    [servers.some(({ marks }) => marks.length > 0), "letters: what was done wrong, as told above"],
  ];
  return entries
    .filter(([isThere]) => isThere)
    .map(([, words]) => `<span>${html(words)}</span>`)
    .join(" ");
}
