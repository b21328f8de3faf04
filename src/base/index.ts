/** What every folder stands on: assertions, time, randomness, the event queue, digests and the actor seam. */
export type { Actor, Effect, Input, Message, NodeId, Persist } from "./actor.ts";
export { AssertionError, assert, unreachable } from "./assert.ts";
export { Digest } from "./digest.ts";
export { InputError } from "./input.ts";
export { EventQueue } from "./queue.ts";
export { KeyedRandom, Random } from "./random.ts";
export { type Duration, type Instant, MILLISECOND, SECOND } from "./time.ts";
export { counted } from "./words.ts";
