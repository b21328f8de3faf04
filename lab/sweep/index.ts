/** Many seeds: what each is to run, what is kept of it, and what all of them come to. */
export { type Chunk, sweepChunk } from "./chunk.ts";
export { Coverage, type Double } from "./coverage.ts";
export {
  DEFAULT_RECHECK,
  differenceOf,
  type Header,
  headerOf,
  type Plan,
  readHeader,
  sweepCommand,
} from "./header.ts";
export type { Place } from "./line.ts";
export { placeText } from "./line.ts";
export { eventText, firstDifference } from "./recheck.ts";
export { readResult, type SeedResult, SWEEP_OUTCOMES, type SweepOutcome } from "./result.ts";
export { type Seeds, type Shard, seedsOfShard, WHOLE } from "./shard.ts";
export { swarmOptions, sweepOptions } from "./swarm.ts";
export { Tally } from "./tally.ts";
