/**
 * What a configuration is: who votes (section 6; thesis, chapter 4). It is an entry of the log, the only command that
 * Raft itself understands, and a server uses the latest one in its log from when it is appended, committed or not.
 */

import type { NodeId } from "../base/index.ts";
import { type Codec, list, nullable, struct, text } from "../codec/index.ts";

export interface Configuration {
  readonly kind: "configuration";
  readonly voters: readonly NodeId[];
  /** In a joint configuration, C-old,new: the old one's voters, whose majority is needed as well. Else null. */
  readonly outgoing: readonly NodeId[] | null;
}

/** As the variant of a union of commands, which writes its kind. */
export const configurationCodec = struct({ voters: list(text), outgoing: nullable(list(text)) });

/** Where nothing else can stand in its place. */
export const configurationAlone: Codec<Configuration> = {
  write: (sink, configuration) => configurationCodec.write(sink, configuration),
  read(source) {
    const { voters, outgoing } = configurationCodec.read(source);
    return configurationOf(voters, outgoing);
  },
};

export function configurationOf(
  voters: readonly NodeId[],
  outgoing: readonly NodeId[] | null = null,
): Configuration {
  return Object.freeze({ kind: "configuration", voters, outgoing });
}

export function isConfiguration(command: unknown): command is Configuration {
  return (command as { readonly kind?: unknown } | null)?.kind === "configuration";
}

/** Everybody whose vote counts somewhere in it, each once. */
export function votersOf({ voters, outgoing }: Configuration): readonly NodeId[] {
  if (outgoing === null) return voters;
  return [...voters, ...outgoing.filter((server) => !voters.includes(server))];
}

export function isVoter({ voters, outgoing }: Configuration, server: NodeId): boolean {
  return voters.includes(server) || (outgoing?.includes(server) ?? false);
}

/** A configuration and the index of its entry: of the snapshot that holds it, or 0 for the one that servers start with. */
export interface Placed {
  readonly configuration: Configuration;
  readonly index: number;
}

/** The latest configuration among these entries of a log, the first of which has the index `first`; null if there is none. */
export function latestIn(entries: readonly { readonly command: unknown }[], first: number): Placed | null {
  for (let i = entries.length - 1; i >= 0; i--) {
    const { command } = entries[i]!;
    if (isConfiguration(command)) return { configuration: command, index: first + i };
  }
  return null;
}
