/** Which shard this process is: from a flag, or from what a cluster or CI puts into its jobs' environment. */

import { InputError } from "../../../src/base/index.ts";
import { type Shard, WHOLE } from "../../sweep/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `--shard 2/4` says all. `--shard 4` says how many there are, and LINLAB_SHARDS says it too: which one of them then
 * comes from JOB_COMPLETION_INDEX (Kubernetes' indexed jobs, from 0) or from CI_NODE_INDEX (GitLab, from 1), which has
 * its own count in CI_NODE_TOTAL. Throws InputError.
 */
export function shardFrom(flag: string | undefined, environment: Environment): Shard {
  const both = /^(\d+)\/(\d+)$/.exec(flag ?? "");
  if (both !== null) return shard(`--shard ${flag}`, Number(both[1]), Number(both[2]));
  if (flag !== undefined && !/^[1-9]\d*$/.test(flag)) {
    throw new InputError(`--shard ${flag}: expected one of so many such as 2/4, or so many such as 4`);
  }
  const { JOB_COMPLETION_INDEX, CI_NODE_INDEX, CI_NODE_TOTAL, LINLAB_SHARDS } = environment;
  const count = flag ?? LINLAB_SHARDS;
  if (JOB_COMPLETION_INDEX !== undefined) {
    const name = `JOB_COMPLETION_INDEX=${JOB_COMPLETION_INDEX}`;
    return shard(name, whole(name, JOB_COMPLETION_INDEX) + 1, countFrom(name, count));
  }
  if (CI_NODE_INDEX !== undefined) {
    const name = `CI_NODE_INDEX=${CI_NODE_INDEX}`;
    return shard(name, whole(name, CI_NODE_INDEX), countFrom(name, count ?? CI_NODE_TOTAL));
  }
  if (count === undefined) return WHOLE;
  const name = flag === undefined ? `LINLAB_SHARDS=${count}` : `--shard ${count}`;
  throw new InputError(`${name}: which one of them? Give --shard 1/${count}, or set JOB_COMPLETION_INDEX`);
}

function shard(name: string, index: number, count: number): Shard {
  if (index >= 1 && index <= count) return { index, count };
  throw new InputError(
    `${name}: there is no shard ${index} of ${count}: they are 1/${count} ... ${count}/${count}`,
  );
}

function countFrom(name: string, count: string | undefined): number {
  if (count !== undefined) return whole(`${name} of ${count}`, count);
  throw new InputError(
    `${name}: of how many shards? Give --shard 4 or LINLAB_SHARDS=4; for all seeds --shard 1/1`,
  );
}

function whole(name: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new InputError(`${name}: expected a whole number`);
}
