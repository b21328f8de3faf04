/** Changes of a script, as values: none of them looks at what the script does. */

import type { Duration, Instant, NodeId } from "../../src/base/index.ts";
import { type Cut, type Fault, makeSchedule, type Target, type TimedFault } from "../faults/index.ts";
import { type Decision, type Script, timeOf } from "../replay/index.ts";
import type { RunOptions } from "../run/index.ts";

export function withFaults(script: Script, faults: readonly TimedFault[]): Script {
  return { ...script, schedule: makeSchedule(faults) };
}

export function withDecisions(script: Script, decisions: readonly Decision[]): Script {
  return { ...script, decisions };
}

export function withOptions(script: Script, options: Partial<RunOptions>): Script {
  return { ...script, options: { ...script.options, ...options } };
}

/** Without these decisions. */
export function without(script: Script, left: ReadonlySet<Decision>): Script {
  return withDecisions(
    script,
    script.decisions.filter((decision) => !left.has(decision)),
  );
}

/** The same with every time passed through `change`, which must keep their order. */
export function retimed(script: Script, change: (time: Instant) => Instant): Script {
  const faults = script.schedule.faults.map((fault) => ({
    ...fault,
    at: change(fault.at),
    until: change(fault.until),
  }));
  const decisions = script.decisions.map((decision) =>
    "at" in decision ? { ...decision, at: change(decision.at) } : decision,
  );
  const duration = Math.max(1, change(script.options.duration));
  return withOptions(withDecisions(withFaults(script, faults), decisions), { duration });
}

/** What lasts until `end` lasts longer. */
export function prolonged(script: Script, end: Instant, by: Duration): Script {
  const duration = Math.max(script.options.duration, end) + by;
  const faults = script.schedule.faults.map((fault) =>
    fault.until < end ? fault : { ...fault, until: fault.until + by },
  );
  return withOptions(withFaults(script, faults), { duration });
}

/** Every time of the script, in order, each once. */
export function timesOf({ schedule, decisions, options }: Script): readonly Instant[] {
  const times = schedule.faults.flatMap(({ at, until }) => [at, until]);
  for (const decision of decisions) if ("at" in decision) times.push(timeOf(decision));
  return [...new Set([...times, options.duration])].sort((a, b) => a - b);
}

/** Under other names; null for who is no longer there, with all that concerns them. */
export function renamed(script: Script, name: (id: NodeId) => NodeId | null): Script {
  const faults = script.schedule.faults.flatMap((timed) => {
    const fault = renamedFault(timed.fault, name);
    return fault === null ? [] : [{ ...timed, fault }];
  });
  const decisions = script.decisions.flatMap((decision) => renamedDecision(decision, name) ?? []);
  return withDecisions(withFaults(script, faults), decisions);
}

type Naming = (id: NodeId) => NodeId | null;

function renamedFault(fault: Fault, name: Naming): Fault | null {
  switch (fault.kind) {
    case "crash":
    case "pause": {
      const target = renamedTarget(fault.target, name);
      return target === null ? null : { ...fault, target };
    }
    case "transfer": {
      const to = name(fault.to);
      return to === null ? null : { ...fault, to };
    }
    case "membership": {
      const add = fault.add.flatMap((id) => name(id) ?? []);
      const remove = fault.remove.flatMap((target) => renamedTarget(target, name) ?? []);
      return add.length + remove.length === 0 ? null : { ...fault, add, remove };
    }
    case "partition": {
      const cut = renamedCut(fault.cut, name);
      return cut === null ? null : { ...fault, cut };
    }
    default:
      return fault;
  }
}

function renamedCut(cut: Cut, name: Naming): Cut | null {
  if (cut.kind === "groups") {
    return { ...cut, groups: cut.groups.map((group) => group.flatMap((id) => name(id) ?? [])) };
  }
  const target = renamedTarget(cut.target, name);
  if (target === null) return null;
  if (cut.kind === "oneWay") return { ...cut, target };
  return { ...cut, target, companions: cut.companions.flatMap((id) => name(id) ?? []) };
}

function renamedTarget(target: Target, name: Naming): Target | null {
  if (target.kind !== "node") return target;
  const id = name(target.id);
  return id === null ? null : { ...target, id };
}

function renamedDecision(decision: Decision, name: Naming): Decision | null {
  switch (decision.kind) {
    case "settings":
    case "conditions":
      return decision;
    case "manners":
    case "command": {
      const client = name(decision.client);
      return client === null ? null : { ...decision, client };
    }
    case "draw":
    case "disk": {
      const node = name(decision.node);
      return node === null ? null : { ...decision, node };
    }
    case "message":
    case "unanswered": {
      const [from, to] = [name(decision.from), name(decision.to)];
      return from === null || to === null ? null : { ...decision, from, to };
    }
    case "leader":
      return { ...decision, node: decision.node === null ? null : name(decision.node) };
    case "rest":
      return { ...decision, nodes: decision.nodes.flatMap((id) => name(id) ?? []) };
  }
}
