/** Models that workers import by their module's URL and a name. */
import { type KvInput, type KvOutput, type KvState, kv, type Model } from "porcupine-ts";

const { traits: _traits, ...promiseless } = kv;

/** The shipped one without its promises, which is another one by the same name. */
export const bareKv: Model<KvState, KvInput, KvOutput> = promiseless;

export const throwing: typeof bareKv = {
  ...bareKv,
  step() {
    throw new Error("step was asked what it cannot tell");
  },
};

export const quitting: typeof bareKv = {
  ...bareKv,
  step() {
    process.exit(7);
  },
};

export const noModel = 1;
