import { kvSuites, kvVariants } from "../lab/suites/index.ts";
import { intendedSystem, mutants } from "../lab/run/index.ts";
import * as own from "./suites/deliberate.ts";
import { Raft } from "../src/raft/index.ts";
const N = 6;
const systems: [string, any][] = [...mutants.map((m)=>[m.name,m.system] as [string,any]),
 ...Object.entries(own).map(([n,c])=>[n, (c as any).prototype instanceof Raft ? {...intendedSystem, Raft:c}:{...intendedSystem, Server:c}] as [string,any])];
for (const [name, system] of systems) {
  if (process.argv[2] && !name.includes(process.argv[2])) continue;
  const hits: string[] = [];
  for (const s of [...kvSuites, ...kvVariants]) { 
    let n=0; let why="";
    for (let seed=1; seed<=N; seed++) { try { const r=s.run(seed, system); if (r.problems.length) { n++; why ||= r.problems[0]!.slice(0,60);} } catch (e) { why ||= "CRASH "+(e as Error).message; n++; } }
    if (n) hits.push(`   ${n}/${N} ${s.name}: ${why}`);
  }
  console.log(name); console.log(hits.join("\n"));
}
