/** Messages and commands to bytes and back: what they weigh, and the real wire. */
export { checksum } from "./checksum.ts";
export {
  bytes,
  type Codec,
  type Coded,
  decode,
  encode,
  encodedSize,
  flag,
  list,
  nullable,
  struct,
  text,
  trailing,
  uint,
  union,
} from "./codec.ts";
export { Meter } from "./sink.ts";
export { DecodeError } from "./source.ts";
