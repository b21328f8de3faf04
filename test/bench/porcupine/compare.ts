/**
 * The checker against Porcupine, on Porcupine's own test data, in one run on one machine:
 *
 *     npm run bench:porcupine -- <checkout>/test_data [<checkout>/porcupine.test or results.json]
 *
 * For the binary, copy measure_test.go into the checkout and run `go test -c`. Both take turns, and what is compared are
 * minima over all turns: so what else the machine does hits both alike. Without it only our own times are printed.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { withScript } from "../fresh.ts";
import type { Explained } from "./pass.ts";

interface Result {
  readonly file: string;
  readonly ok: boolean;
  readonly repeated: number;
  readonly interleaved: number;
}

const TURNS = 3;
const COLD_PROCESSES_PER_TURN = 7;

function theirs(data: string, source: string | undefined): readonly Result[] {
  if (source === undefined) return [];
  if (source.endsWith(".json")) return JSON.parse(readFileSync(source, "utf8"));
  const folder = mkdtempSync(join(tmpdir(), "porcupine-"));
  const out = join(folder, "results.json");
  execFileSync(resolve(source), ["-test.run", "TestMeasure", "-test.timeout", "1h"], {
    cwd: dirname(resolve(data)),
    env: { ROUNDS: "2", ...process.env, OUT: out },
  });
  const results = JSON.parse(readFileSync(out, "utf8"));
  rmSync(folder, { recursive: true });
  return results;
}

/** By file, the least of several turns. */
function least(turns: readonly (readonly Result[])[]): readonly Result[] {
  return turns[0]!.map((first, i) => ({
    ...first,
    repeated: Math.min(...turns.map((turn) => turn[i]!.repeated)),
    interleaved: Math.min(...turns.map((turn) => turn[i]!.interleaved)),
  }));
}

const milliseconds = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(3);

function compare(mine: readonly Result[], others: readonly Result[], cold: number): void {
  const pairs = mine.map((ours) => {
    const name = ours.file.replace(", footprint", "");
    return { ours, go: others.find(({ file }) => file === name) ?? null };
  });
  const wrong = pairs.filter(({ ours, go }) => go !== null && go.ok !== ours.ok);
  if (wrong.length > 0) throw new Error(`other verdicts: ${wrong.map(({ ours }) => ours.file).join(", ")}`);
  const logs = pairs.filter(({ ours }) => ours.file.endsWith(".log"));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  console.log(`${logs.length} etcd logs: total ms, and how many times as fast as Porcupine`);
  const rows = (["interleaved", "repeated"] as const).map((way) => {
    const ours = sum(logs.map((pair) => pair.ours[way]));
    const go = sum(logs.map((pair) => pair.go?.[way] ?? 0));
    const ratios = logs.map((pair) => (pair.go?.[way] ?? 0) / pair.ours[way]).sort((a, b) => a - b);
    return { way, ours, go, median: ratios[ratios.length >> 1]!, worst: ratios[0]! };
  });
  const go = rows[0]!.go;
  console.table([
    ...rows.map(({ way, ours, go, median, worst }) => ({
      way,
      ours: milliseconds(ours),
      Porcupine: milliseconds(go),
      ratio: (go / ours).toFixed(1),
      "median log": median.toFixed(2),
      "worst log": worst.toFixed(2),
    })),
    {
      way: `first pass, best of ${TURNS * COLD_PROCESSES_PER_TURN} processes`,
      ours: milliseconds(cold),
      Porcupine: milliseconds(go),
      ratio: (go / cold).toFixed(1),
    },
  ]);
  console.log("Keys and values, ms, the same file again and again");
  console.table(
    pairs
      .filter(({ ours }) => !ours.file.endsWith(".log"))
      .map(({ ours, go }) => ({
        file: ours.file,
        ours: milliseconds(ours.repeated),
        Porcupine: go === null ? "" : milliseconds(go.repeated),
        ratio: go === null ? "" : (go.repeated / ours.repeated).toFixed(2),
      })),
  );
}

function tellExplained(processes: readonly Explained[]): void {
  const best = Math.min(...processes.map(({ nanoseconds }) => nanoseconds));
  const { keys, largest } = processes[0]!;
  console.log(
    `c10-bad: all ${keys} wrong keys explained, with at most ${largest} operations each, in ${milliseconds(best)} ms: the first explanations of a process, best of ${processes.length}`,
  );
}

const [data, source] = process.argv.slice(2);
if (data === undefined) {
  console.error("give the folder of Porcupine's test data, and maybe its test binary or the results of one");
  process.exitCode = 2;
} else {
  const entry = fileURLToPath(new URL("pass.ts", import.meta.url));
  withScript(entry, (run) => {
    const turns = Array.from({ length: TURNS }, () => ({
      explained: Array.from({ length: COLD_PROCESSES_PER_TURN }, () => run("explain", data) as Explained),
      colds: Array.from({ length: COLD_PROCESSES_PER_TURN }, () => run("cold", data) as number),
      go: theirs(data, source),
      mine: run("warm", data) as Result[],
    }));
    const go = least(turns.map((turn) => turn.go));
    const mine = least(turns.map((turn) => turn.mine));
    compare(mine, go, Math.min(...turns.flatMap(({ colds }) => colds)));
    tellExplained(turns.flatMap(({ explained }) => explained));
  });
}
