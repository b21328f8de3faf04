/** The whole cluster at one moment of a film. */

import type { NodeId } from "../../src/base/index.ts";
import { type Film, type Flight, type Frame, frameAt, type Moment } from "./film.ts";

export interface Scene {
  readonly index: number;
  readonly moment: Moment;
  readonly servers: readonly ServerScene[];
  /** Directions in which nothing gets through. */
  readonly cuts: readonly Way[];
  /** Under way, in the order in which they were sent. */
  readonly flights: readonly Flight[];
}

export interface Way {
  readonly from: NodeId;
  readonly to: NodeId;
}

export interface ServerScene {
  readonly id: NodeId;
  readonly frame: Frame;
  /** Of a candidate or leader: who has voted for it in its term, as far as it has heard; itself included. */
  readonly votes: readonly NodeId[];
}

export function sceneAt(film: Film, index: number): Scene {
  return {
    index,
    moment: film.moments[index]!,
    servers: film.servers.map((id) => {
      const frame = frameAt(film, id, index);
      return { id, frame, votes: votesFor(film, id, frame, index) };
    }),
    cuts: cutsAt(film, index),
    flights: film.flights.filter(({ sent, ended }) => sent <= index && ended > index),
  };
}

function cutsAt({ cuts }: Film, index: number): readonly Way[] {
  const now = new Map<string, Way>();
  for (const { moment, from, to, depth } of cuts) {
    if (moment > index) break;
    if (depth > 0) now.set(`${from}>${to}`, { from, to });
    else now.delete(`${from}>${to}`);
  }
  return [...now.values()];
}

function votesFor(
  { flights }: Film,
  id: NodeId,
  { role, term, votedFor }: Frame,
  index: number,
): readonly NodeId[] {
  if (role === null || role === "follower") return [];
  const votes = new Set(votedFor === id ? [id] : []);
  for (const { payload, from, to, fate, ended } of flights) {
    if (to !== id || fate !== "arrived" || ended > index || payload.kind !== "requestVoteReply") continue;
    if (payload.voteGranted && !payload.preVote && payload.term === term) votes.add(from);
  }
  return [...votes].sort();
}
