/** Faults inside of a server's machine: its clock goes wrong, an fsync fails, or what was synced rots. */

import { type NodeId, unreachable } from "../../src/base/index.ts";
import type { AnyMembers } from "../cluster/index.ts";
import type { Fault } from "../faults/index.ts";
import type { ClockChange } from "../sim/index.ts";

export type MachineFault = Extract<Fault, { readonly kind: "clock" | "fsync" | "rot" }>;

/** What a fault came to, when it found somebody to strike. */
interface Struck {
  readonly nodes: readonly NodeId[];
  /** `whom` in words. */
  says(whom: string): string;
  heal(): void;
  /** Whether what it lay in wait for has come. */
  hasStruck(): boolean;
}

/** Null if it found nobody. `failed` is told of a server that goes down later, when what it did not expect happens. */
export function strikeMachine(
  cluster: AnyMembers,
  fault: MachineFault,
  targets: readonly NodeId[],
  failed: () => void,
): Struck | null {
  const up = targets.filter((id) => cluster.world.condition(id) !== "down");
  switch (fault.kind) {
    case "clock":
      return targets.length === 0 ? null : changeClocks(cluster, targets, fault.change);
    case "fsync":
      return up.length === 0 ? null : failSyncs(cluster, up, failed);
    case "rot":
      return up[0] === undefined ? null : rot(cluster, up[0], fault.fromEnd);
    default:
      return unreachable(fault);
  }
}

function changeClocks({ world }: AnyMembers, nodes: readonly NodeId[], change: ClockChange): Struck {
  for (const id of nodes) world.changeClock(id, change);
  return {
    nodes,
    says: (whom) => `the clock of ${whom} ${inWords(change)}`,
    heal() {
      if (change.kind === "rate") for (const id of nodes) world.changeClock(id, { kind: "rate", ppm: 0 });
    },
    hasStruck: () => true,
  };
}

function inWords(change: ClockChange): string {
  if (change.kind === "step")
    return `jumps ${change.by < 0 ? "back" : "forward"} by ${Math.abs(change.by) / 1000} ms`;
  if (change.ppm === -1_000_000) return "stands still";
  return `runs ${Math.abs(change.ppm) / 10_000} % ${change.ppm < 0 ? "slow" : "fast"}`;
}

function failSyncs({ world }: AnyMembers, nodes: readonly NodeId[], failed: () => void): Struck {
  const down = new Set<NodeId>();
  for (const id of nodes) {
    world.failSync(id, () => {
      down.add(id);
      failed();
    });
  }
  return {
    nodes,
    says: (whom) => `the next fsync of ${whom} fails`,
    heal() {
      for (const id of nodes) {
        if (down.has(id)) world.start(id);
        else world.failSync(id, null);
      }
    },
    hasStruck: () => down.size > 0,
  };
}

function rot(cluster: AnyMembers, id: NodeId, fromEnd: number): Struck | null {
  const what = cluster.rot(id, fromEnd);
  if (what === null) return null;
  cluster.world.crash(id);
  return {
    nodes: [id],
    says: (whom) => `${what} rots on ${whom} while it is down`,
    heal: () => cluster.world.start(id),
    hasStruck: () => true,
  };
}
