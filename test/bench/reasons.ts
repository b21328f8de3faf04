/**
 * The confusion matrix of the reasons: what is said of each mutant's failing seeds, and whether that is its true cause.
 * `npm run bench:reasons -- [failing seeds for each mutant] [seconds for each mutant] [mutants, by commas]`. Seeds are tried
 * with the default options, with those that a sweep draws and, because some bugs need a situation that chance hardly
 * ever brings about, with one nemesis after the other. A step that is none of the specification's speaks for itself, and
 * ends the run before there is anything to say, so the specification does not watch.
 */

import { performance } from "node:perf_hooks";
import { nemeses } from "../../lab/faults/nemeses/index.ts";
import { defaultOptions, type RunOptions } from "../../lab/run/index.ts";
import { type Mutant, mutants } from "../../lab/run/mutants/index.ts";
import { sweepOptions } from "../../lab/sweep/index.ts";
import { investigate, type Said } from "../reasons/said.ts";

const [wanted = "20", seconds = "20", names = ""] = process.argv.slice(2);
const total: Record<Said, number> = { right: 0, wrong: 0, silent: 0 };
let bold = 0;

for (const mutant of mutants.filter((each) => names === "" || names.split(",").includes(each.name))) {
  const { name } = mutant;
  const began = performance.now();
  const said = new Map<string, number>();
  const count: Record<Said, number> = { right: 0, wrong: 0, silent: 0 };
  const sum = () => count.right + count.wrong + count.silent;
  for (let seed = 1; sum() < Number(wanted) && performance.now() - began < Number(seconds) * 1000; seed++) {
    const found = investigate(name, seed, optionsOf(mutant, seed));
    if (found === null) continue;
    count[found.said]++;
    if (found.said === "wrong" && found.reason!.certainty === "exact") bold++;
    const words = `${found.reason?.rule ?? "silence"}${found.said === "wrong" ? " (WRONG)" : ""}`;
    said.set(words, (said.get(words) ?? 0) + 1);
  }
  for (const each of ["right", "wrong", "silent"] as const) total[each] += count[each];
  const cells = [...said].sort((a, b) => b[1] - a[1]).map(([words, times]) => `${words} ${times}`);
  console.log(`${name.padEnd(24)}${String(sum()).padStart(3)}  ${cells.join(", ")}`);
}

const all = total.right + total.wrong + total.silent;
const share = all === 0 ? "0.0" : ((100 * total.right) / all).toFixed(1);
console.log(
  `\n${all} failing seeds: right ${total.right} (${share} %), wrong ${total.wrong}, silent ${total.silent}`,
);
console.log(`wrong and not called likely: ${bold}`);

function optionsOf({ needs }: Mutant, seed: number): RunOptions {
  const nemesis = nemeses[Math.floor(seed / 3) % nemeses.length]!.name;
  const played = needs.membership === true ? null : needs.reads === "lease" ? "staleLease" : nemesis;
  const drawn =
    seed % 3 === 0
      ? defaultOptions
      : sweepOptions(seed, { ...needs, ...(seed % 3 === 2 ? { nemesis: played } : {}) });
  return { ...drawn, ...needs, refinement: false };
}
