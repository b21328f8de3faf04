/**
 * What nodes say to one another, as bodies of Maelstrom's messages. Raft's and the store's messages travel as the bytes
 * that their codec makes of them; what they say is told in words for people only.
 *
 * A node is one address for Maelstrom and several here: "n1" is its server, "n1/3" its third clerk. And a reply that
 * comes after a restart belongs to a call of an earlier life, whose numbers the new one gives again: so a request says
 * in its return address which life it is from, as in "n1/3@7", and there its reply goes, or to nobody.
 */

import type { Input, Message, NodeId } from "../base/index.ts";
import { DecodeError, decode, encode } from "../codec/index.ts";
import { type KvMessage, kvMessageCodec } from "../kv/index.ts";
import { BadLine, type Body } from "./body.ts";

/** The type of these bodies, which no client sends. */
export const NODE_MESSAGE = "linlab";

/** What arrives, and where. */
export interface Arrival {
  readonly to: NodeId;
  readonly input: Extract<Input<KvMessage>, { kind: "request" | "reply" }>;
}

/** Which life of which server or clerk. */
export function returnAddress(address: NodeId, life: number): NodeId {
  return `${address}@${life}`;
}

/** Null for an address that is no life's in particular. */
export function addressee(to: NodeId): { readonly address: NodeId; readonly life: number | null } {
  const [address, life] = to.split("@");
  return { address: address!, life: life === undefined ? null : Number(life) };
}

/** Which of Maelstrom's nodes an address is at. */
export function nodeOf(address: NodeId): NodeId {
  return address.split(/[/@]/)[0]!;
}

export function pack(from: NodeId, { kind, to, call, payload }: Message<KvMessage>): Body {
  const bytes = Buffer.from(encode(kvMessageCodec, payload)).toString("base64");
  return { type: NODE_MESSAGE, says: payload.kind, kind, from, to, call, bytes };
}

/** Throws BadLine. */
export function unpack({ says, kind, from, to, call, bytes }: Body): Arrival {
  const isMessage = kind === "request" || kind === "reply";
  if (!isMessage || typeof from !== "string" || typeof to !== "string" || typeof bytes !== "string") {
    throw new BadLine('a node\'s message needs "kind" (request or reply), "from", "to" and "bytes"');
  }
  if (typeof call !== "number") throw new BadLine('a node\'s message needs its "call" as a number');
  try {
    return { to, input: { kind, from, call, payload: decode(kvMessageCodec, Buffer.from(bytes, "base64")) } };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new BadLine(`a node's message that says ${says} has bytes that are none: ${error.message}`);
  }
}
