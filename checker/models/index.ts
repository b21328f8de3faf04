/** The shipped models by the names under which the command line and history files call them. */
import { casRegister } from "./cas-register.ts";
import { counter } from "./counter.ts";
import { kv } from "./kv.ts";
import { log } from "./log.ts";
import { multiRegister } from "./multi-register.ts";
import { mutex } from "./mutex.ts";
import { queue } from "./queue.ts";
import { register } from "./register.ts";
import { set } from "./set.ts";
import { stack } from "./stack.ts";
import { versionedKv } from "./versioned-kv.ts";

export const models = {
  register,
  "cas-register": casRegister,
  "multi-register": multiRegister,
  kv,
  "versioned-kv": versionedKv,
  mutex,
  counter,
  set,
  queue,
  stack,
  log,
} as const;

export type ModelName = keyof typeof models;
