import { kvSuites, kvVariants } from "../lab/suites/index.ts";
import { intendedSystem } from "../lab/run/index.ts";
import * as own from "./suites/deliberate.ts";
for (const s of [...kvSuites, ...kvVariants]) if (s.name.startsWith("SnapshotRPC")) for (let seed=1;seed<30;seed++){ for (const [n,sys] of [["ok",intendedSystem],["never",{...intendedSystem, Server: own.NeverCompacts}],["keeps",{...intendedSystem, Raft: own.KeepsItsLog}]] as const){ const r=s.run(seed,sys as never); if (n==="ok"? r.problems.length : seed<3) console.log(s.name,seed,n,r.problems)}}
