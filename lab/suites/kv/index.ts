/** The KV suites of the Go labs, 4A and 4B, in their order; then variants of them that the Go labs do not have. */

import { type GenericOptions, genericTest } from "./generic.ts";
import { onePartition, speed4A, speed4B, unreliableOneKey } from "./scripts.ts";
import { snapshotRpc, snapshotSize } from "./snapshots.ts";
import { type KvSuite, onWildNetwork } from "./suite.ts";

export { appendProblem } from "./appends.ts";
export type { KvSuite } from "./suite.ts";

const one = { clients: 1, servers: 5 };
const five = { clients: 5, servers: 5 };
const many = { clients: 20, servers: 5 };
/** Those with Linearizable in their names. */
const shared = { clients: 15, servers: 7, randomKeys: true };

const unreliable = { unreliable: true };
const crashes = { crashes: true };
const partitions = { partitions: "servers" } as const;
const snapshots = { maxRaftState: 1000 };

const GENERIC = {
  Basic4A: one,
  Concurrent4A: five,
  Unreliable4A: { ...five, ...unreliable },
  ManyPartitionsOneClient4A: { ...one, ...partitions },
  ManyPartitionsManyClients4A: { ...five, ...partitions },
  PersistOneClient4A: { ...one, ...crashes },
  PersistConcurrent4A: { ...five, ...crashes },
  PersistConcurrentUnreliable4A: { ...five, ...unreliable, ...crashes },
  PersistPartition4A: { ...five, ...crashes, ...partitions },
  PersistPartitionUnreliable4A: { ...five, ...unreliable, ...crashes, ...partitions },
  PersistPartitionUnreliableLinearizable4A: { ...shared, ...unreliable, ...crashes, ...partitions },
  SnapshotRecover4B: { ...one, ...crashes, ...snapshots },
  SnapshotRecoverManyClients4B: { ...many, ...crashes, ...snapshots },
  SnapshotUnreliable4B: { ...five, ...unreliable, ...snapshots },
  SnapshotUnreliableRecover4B: { ...five, ...unreliable, ...crashes, ...snapshots },
  SnapshotUnreliableRecoverConcurrentPartition4B: {
    ...five,
    ...unreliable,
    ...crashes,
    ...partitions,
    ...snapshots,
  },
  SnapshotUnreliableRecoverConcurrentPartitionLinearizable4B: {
    ...shared,
    ...unreliable,
    ...crashes,
    ...partitions,
    ...snapshots,
  },
} satisfies Readonly<Record<string, GenericOptions>>;

function generic(name: keyof typeof GENERIC): KvSuite {
  return genericTest(name, GENERIC[name]);
}

export const kvSuites: readonly KvSuite[] = [
  generic("Basic4A"),
  speed4A,
  generic("Concurrent4A"),
  generic("Unreliable4A"),
  unreliableOneKey,
  onePartition,
  generic("ManyPartitionsOneClient4A"),
  generic("ManyPartitionsManyClients4A"),
  generic("PersistOneClient4A"),
  generic("PersistConcurrent4A"),
  generic("PersistConcurrentUnreliable4A"),
  generic("PersistPartition4A"),
  generic("PersistPartitionUnreliable4A"),
  generic("PersistPartitionUnreliableLinearizable4A"),
  snapshotRpc,
  snapshotSize,
  speed4B,
  generic("SnapshotRecover4B"),
  generic("SnapshotRecoverManyClients4B"),
  generic("SnapshotUnreliable4B"),
  generic("SnapshotUnreliableRecover4B"),
  generic("SnapshotUnreliableRecoverConcurrentPartition4B"),
  generic("SnapshotUnreliableRecoverConcurrentPartitionLinearizable4B"),
];

/** Partitions that the Go labs' clerks never notice: there each reaches every server, whatever side it is on. */
const clerksPartitioned = Object.entries<GenericOptions>(GENERIC)
  .filter(([, options]) => options.partitions !== undefined)
  .map(([name, options]) =>
    genericTest(`${name} (clerks partitioned)`, { ...options, partitions: "servers and clerks" }),
  );

export const kvVariants: readonly KvSuite[] = [...clerksPartitioned, ...kvSuites.map(onWildNetwork)];
