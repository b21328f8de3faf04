/**
 * `npm run bench`: how fast the lab is here, now. Machines are shared and noisy, so each figure is a median over
 * rounds within one process, and the ratios are what travels.
 */

import { performance } from "node:perf_hooks";
import { check, kv } from "porcupine-ts";
import { Bench } from "tinybench";
import { pageBundle } from "../../lab/cli/bundle.ts";
import { defaultOptions, type RunOptions, run } from "../../lab/run/index.ts";
import { pageOf } from "../../visualizer/index.ts";
import { checkerFigures } from "./checker.ts";

const ROUNDS = 5;

interface Effort {
  readonly warmUp: number;
  readonly seedsARound: number;
}

const USUAL: Effort = { warmUp: 100, seedsARound: 40 };
/** A run of a hundred clients takes a second. */
const SLOW: Effort = { warmUp: 5, seedsARound: 4 };

/** Runs seeds one after the other, all checks on, and relates virtual time to wall and CPU time. */
function simulation(name: string, options: RunOptions, { warmUp, seedsARound }: Effort = USUAL) {
  for (let seed = 1; seed <= warmUp; seed++) run(seed, options);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const wall = performance.now();
    const cpu = process.cpuUsage();
    let virtual = 0;
    let events = 0;
    let operations = 0;
    for (let i = 0; i < seedsARound; i++) {
      const { counts } = run(warmUp + round * seedsARound + i, options).report;
      virtual += counts.virtualMicroseconds;
      events += counts.events;
      operations += counts.operations;
    }
    const wallSeconds = (performance.now() - wall) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { ratio: virtual / 1e6 / wallSeconds, rate: events / ((user + system) / 1e6), events, operations };
  });
  return {
    run: name,
    "virtual : wall": Math.round(median(rounds.map(({ ratio }) => ratio))),
    "events / CPU s": Math.round(median(rounds.map(({ rate }) => rate))),
    "events / run": Math.round(median(rounds.map(({ events }) => events)) / seedsARound),
    "operations / run": Math.round(median(rounds.map(({ operations }) => operations)) / seedsARound),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const calm = { unreliable: false, partitions: false, crashes: false, pauses: false, reorder: false };
console.log(
  `Simulation: ${ROUNDS} rounds of ${USUAL.seedsARound} seeds after ${USUAL.warmUp} (100 clients: of ${SLOW.seedsARound} after ${SLOW.warmUp}), invariants and check on, medians`,
);
console.table([
  simulation("default", defaultOptions),
  simulation("default, through bytes", { ...defaultOptions, encode: true }),
  simulation("no faults", { ...defaultOptions, ...calm }),
  ...[3, 7, 9].map((servers) => simulation(`${servers} servers`, { ...defaultOptions, servers })),
  simulation("20 clients", { ...defaultOptions, clients: 20 }),
  simulation("100 clients", { ...defaultOptions, clients: 100 }, SLOW),
]);

const recorded = run(1, defaultOptions);
const busy = run(1, { ...defaultOptions, ...calm, clients: 20, keys: 2 });
const bundle = await pageBundle();
const bench = new Bench({ time: 500 });
bench
  .add(`check ${recorded.report.counts.operations} operations, 5 clients, faults`, () => {
    check(kv, recorded.history);
  })
  .add(`check ${busy.report.counts.operations} operations, 20 clients on 2 keys`, () => {
    check(kv, busy.history);
  })
  .add("page of the default run", () => {
    pageOf(recorded.report, bundle);
  });
await bench.run();
console.table(bench.table());
checkerFigures();
