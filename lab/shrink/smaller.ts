/** A smaller world: fewer clients, servers and keys, and everything in it set up as usual. */

import type { NodeId } from "../../src/base/index.ts";
import { defaultSettings, type Settings } from "../cluster/index.ts";
import type { Decision, Script } from "../replay/index.ts";
import { perfectConditions } from "../sim/index.ts";
import { prolonged, renamed, withDecisions, withOptions } from "./edit.ts";
import type { Trials } from "./trials.ts";

/** Of an election timeout: with any rarer ones a single lost message would depose a leader. */
const RAREST_HEARTBEAT = 0.8;

/** Clients that ask for nothing, and then those that do. */
export function dropClients(trials: Trials): void {
  for (let number = trials.best.options.clients; number >= 1; number--) {
    if (trials.best.options.clients > 1) trials.attempt(withoutNode(trials.best, "clients", number));
  }
}

export function dropServers(trials: Trials): void {
  // The spare ones stand behind them in the numbering, and whoever joins is one of those.
  if (trials.best.options.membership) return;
  for (let number = trials.best.options.servers; number >= 1; number--) {
    if (trials.best.options.servers > 1) trials.attempt(withoutNode(trials.best, "servers", number));
  }
}

/** All on one key, or at least no keys without a use. */
export function dropKeys(trials: Trials): void {
  const keys = keysOf(trials.best);
  if (keys.length > 1 && trials.attempt(onKeys(trials.best, () => "k1"))) return;
  if (keys.length === trials.best.options.keys && keys.every((key, i) => key === `k${i + 1}`)) return;
  trials.attempt(onKeys(trials.best, (key) => `k${keys.indexOf(key) + 1}`));
}

/** Setting by setting as servers are by default. */
export function plainSettings(trials: Trials): void {
  const others = trials.best.decisions.filter(({ kind }) => kind !== "settings");
  if (others.length < trials.best.decisions.length) trials.attemptAsShort(withDecisions(trials.best, others));
  for (const name of Object.keys(defaultSettings) as (keyof Settings)[]) {
    trySetting(trials, { [name]: defaultSettings[name] });
  }
}

/**
 * A network that may do anything, instead of one that may do this or that, by itself or in storms: what it does stands
 * in the script.
 */
export function allowAll(trials: Trials): void {
  const { best } = trials;
  if (!best.decisions.some(({ kind }) => kind === "message")) return;
  const found = best.decisions.find((decision) => decision.kind === "conditions");
  const { detectsLoss } = found?.conditions ?? perfectConditions;
  const conditions = { ...perfectConditions, reliable: false, detectsLoss, duplication: 1, reordering: 1 };
  if (JSON.stringify(found?.conditions) === JSON.stringify(conditions)) return;
  const others = best.decisions.filter(({ kind }) => kind !== "conditions");
  trials.attempt(withDecisions(best, [{ kind: "conditions", conditions }, ...others]));
}

/** Servers that talk less: no elections that ask twice, and no heartbeats but the rarest. */
export function quieten(trials: Trials): void {
  const { features, timing } = settingsOf(trials.best) ?? defaultSettings;
  for (const change of [
    { features: { ...features, preVote: false } },
    { features: { ...features, checkQuorum: false } },
    { features: { preVote: false, checkQuorum: false } },
  ]) {
    const script = withSettings(trials.best, change);
    if (script !== null) trials.attemptShorter(script);
  }
  const heartbeatInterval = Math.floor(timing.electionTimeout * RAREST_HEARTBEAT);
  const quiet = withSettings(trials.best, { timing: { ...timing, heartbeatInterval } });
  // Whose messages are rarer is given more time.
  if (quiet !== null) trials.attemptShorter(prolonged(quiet, trials.end, 2 * timing.electionTimeout));
}

/** Where a limit matters, a tighter one may do the same with fewer commands. */
export function tightenLimits(trials: Trials): void {
  const settings = settingsOf(trials.best);
  if (settings === null) return;
  if (settings.maxRaftState !== null) {
    for (const maxRaftState of [1, 30]) if (trySetting(trials, { maxRaftState })) break;
  }
  trySetting(trials, { maxSessions: trials.best.options.clients });
}

function trySetting(trials: Trials, change: Partial<Settings>): boolean {
  const script = withSettings(trials.best, change);
  return script !== null && trials.attemptAsShort(script);
}

/** Null if that is how they are set already. */
function withSettings(script: Script, change: Partial<Settings>): Script | null {
  const settings = settingsOf(script) ?? defaultSettings;
  const changed = { ...settings, ...change };
  if (JSON.stringify(changed) === JSON.stringify(settings)) return null;
  const others = script.decisions.filter(({ kind }) => kind !== "settings");
  return withDecisions(script, [{ kind: "settings", settings: changed }, ...others]);
}

function settingsOf({ decisions }: Script): Settings | null {
  return decisions.find((decision) => decision.kind === "settings")?.settings ?? null;
}

/** The same without that server or client; the later ones move up. */
function withoutNode(script: Script, what: "clients" | "servers", number: number): Script {
  const prefix = what === "clients" ? "c" : "n";
  const rename = (id: NodeId): NodeId | null => {
    const its = Number(id.slice(1));
    if (!id.startsWith(prefix) || its < number) return id;
    return its === number ? null : `${prefix}${its - 1}`;
  };
  const smaller = withOptions(renamed(script, rename), { [what]: script.options[what] - 1 });
  // Who stays cut off must be a minority: of the others, progress is demanded.
  const minority = Math.floor((smaller.options.servers - 1) / 2);
  const decisions = smaller.decisions.filter((each) => each.kind !== "rest" || each.nodes.length <= minority);
  return withDecisions(smaller, decisions);
}

function keysOf({ decisions }: Script): readonly string[] {
  const keys = decisions.flatMap((each) => (each.kind === "command" ? [each.operation.key] : []));
  return [...new Set(keys)];
}

function onKeys(script: Script, rename: (key: string) => string): Script {
  const decisions = script.decisions.map((each): Decision => {
    if (each.kind !== "command") return each;
    return { ...each, operation: { ...each.operation, key: rename(each.operation.key) } };
  });
  const moved = withDecisions(script, decisions);
  return withOptions(moved, { keys: Math.max(1, keysOf(moved).length) });
}
