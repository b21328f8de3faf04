/** The ways between nodes: what the network keeps of each direction, and of the calls that go that way. */

import type { Instant, KeyedRandom, NodeId } from "../../src/base/index.ts";
import type { Way } from "./chance.ts";
import type { Conditions } from "./conditions.ts";
import { Link } from "./link.ts";

/** A node as far as the network knows it. */
export interface Station {
  readonly id: NodeId;
  /** Counts its lives, from 0; null while it is down. */
  readonly life: number | null;
}

/** A call whose sender has not heard of its end. Kept only where the network tells of losses. */
export interface Call<Node> {
  readonly path: Path<Node>;
  readonly number: number;
  /** As they were when it was made. */
  readonly conditions: Conditions;
  /** The server's incarnation when it was called: labrpc never delivers to another one. */
  readonly life: number;
  /** When its handler began to run; null before. */
  dispatched: Instant | null;
  /** The handler has returned and its reply was let out: labrpc asks no more whether the server lives. */
  replied: boolean;
}

/** One direction between two nodes. A call and its reply use the two that are each other's `back`. */
export interface Path<Node> {
  readonly from: Node;
  readonly to: Node;
  readonly link: Link;
  /** What `from` has called at `to`, by number. */
  readonly calls: Map<number, Call<Node>>;
  /** Requests from `from` whose handler began to run at `to`. */
  dispatched: number;
  readonly back: Path<Node>;
}

/** Of the message whose fate was drawn last. */
export function wayOf({ from, to, link }: Path<Station>): Way {
  return { from: from.id, to: to.id, nth: link.sent };
}

/** A reply goes back through the end that the call came from. */
export function canReply({ link, back }: Path<unknown>): boolean {
  return link.enabled && back.link.cuts === 0;
}

export function pathsBetween<Node extends Station>(
  nodes: readonly Node[],
  random: KeyedRandom,
): Map<NodeId, Map<NodeId, Path<Node>>> {
  const paths = new Map<NodeId, Map<NodeId, Path<Node>>>();
  for (const [i, from] of nodes.entries()) {
    const ways = new Map<NodeId, Path<Node>>();
    paths.set(from.id, ways);
    for (const [j, to] of nodes.entries()) {
      const calls = new Map<number, Call<Node>>();
      const there = { from, to, link: new Link(random.fork(i, j)), calls, dispatched: 0 };
      // Filled in when the way back is made; a node's way to itself is its own.
      const path = there as Path<Node> & { back: Path<Node> };
      path.back = paths.get(to.id)?.get(from.id) ?? path;
      (path.back as { back: Path<Node> }).back = path;
      ways.set(to.id, path);
    }
  }
  return paths;
}
