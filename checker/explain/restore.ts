/**
 * One operation given back to a core. The smallest proof is not always the clearest: that nobody has written a value
 * *yet* takes the write that came too late, and that a write was *lost* takes a later one that was not. PolySI (VLDB
 * 2023) restores operations for the same reason.
 *
 * Giving back is sound: the larger core is also reached from the history by shrink steps, only by fewer of them, and it
 * is illegal, since those that were undone would lead from it to the smaller one.
 */

import type { KvState } from "../models/kv.ts";
import { finishedBefore } from "./call.ts";
import type { Finding } from "./classes.ts";
import { appended, Core, wrote } from "./core.ts";
import { erasable, erase } from "./steps/erase.ts";
import type { KvCall } from "./translation.ts";

/** The core with the operation that shows its class better; null if there is none. */
export function restored(core: Core, finding: Finding, all: readonly KvCall[]): Core | null {
  const { code } = core;
  const extra = missingFrom(core, finding, all);
  if (extra === null) return null;
  const members = new Map([...core.calls, extra].map((call) => [call.id, call]));
  const originals = all.filter((call) => members.has(call.id));
  const kept = new Set(originals.map(({ input }) => ("value" in input ? input.value : null)));
  const others = erasable(all, code, core.initial).filter((token) => !kept.has(token));
  const calls = erase(originals, code, core.initial, new Set(others));
  // What was forgotten stays so.
  const same = calls.map((call) =>
    members.get(call.id)!.return === Infinity ? members.get(call.id)! : call,
  );
  return new Core(same, core.impossible.id, core.initial, code);
}

function missingFrom(
  { impossible, initial, code }: Core,
  finding: Finding,
  all: readonly KvCall[],
): KvCall | null {
  const original = all.find((call) => call.id === impossible.id)!;
  if (finding.class === "phantom-value") {
    const value = readValue(impossible);
    const isSource = (call: KvCall) =>
      finding.token === null ? wrote(call, value) : appended(call) === finding.token;
    return all.find((call) => finishedBefore(original, call) && isSource(call)) ?? null;
  }
  // An append that came after what the read lacks, and that it shows all the same.
  if (finding.class !== "stale-read" || !code.hasAppends) return null;
  const shown = new Core(all, impossible.id, initial, code).sightOf(original)?.tail ?? [];
  const appends = onlyAppends(all);
  for (const token of shown) {
    const append = appends.get(token) ?? null;
    if (append !== null && finishedBefore(finding.newer, append)) return append;
  }
  return null;
}

/** By text; null where there are several: one of two would look as if it had been applied twice. */
function onlyAppends(all: readonly KvCall[]): ReadonlyMap<string, KvCall | null> {
  const appends = new Map<string, KvCall | null>();
  for (const call of all) {
    const text = appended(call);
    if (text !== null) appends.set(text, appends.has(text) ? null : call);
  }
  return appends;
}

function readValue({ output }: KvCall): KvState {
  return output?.kind === "value" ? output.value : null;
}
