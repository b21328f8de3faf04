/** Which messages a script means: by kind, by who sends them to whom, and by what they say. */

import type { NodeId } from "../../../src/base/index.ts";
import type { KvMessage } from "../../../src/kv/index.ts";
import type { AppendEntries } from "../../../src/raft/index.ts";
import type { Passing } from "../../sim/index.ts";

export type Which<Payload extends KvMessage> = (
  message: Passing<KvMessage>,
) => message is Passing<KvMessage> & { readonly payload: Payload };

/** One of these nodes; all, where nothing is said. */
interface Ends {
  readonly from?: NodeId | readonly NodeId[];
  readonly to?: NodeId | readonly NodeId[];
}

type Of<Kind extends KvMessage["kind"]> = Extract<KvMessage, { readonly kind: Kind }>;

/** Messages of a kind between these ends of which this is true, too. */
export function meant<Kind extends KvMessage["kind"]>(
  kind: Kind,
  { from, to }: Ends = {},
  says: (payload: Of<Kind>) => boolean = () => true,
): Which<Of<Kind>> {
  return (message): message is Passing<KvMessage> & { readonly payload: Of<Kind> } =>
    message.payload.kind === kind &&
    isOneOf(message.from, from) &&
    isOneOf(message.to, to) &&
    says(message.payload as Of<Kind>);
}

function isOneOf(id: NodeId, ids: Ends["from"]): boolean {
  return ids === undefined || ids === id || (typeof ids !== "string" && ids.includes(id));
}

/** Not a mere heartbeat. */
export function carriesEntries({ entries }: AppendEntries): boolean {
  return entries.length > 0;
}
