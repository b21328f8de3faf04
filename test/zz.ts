import { kvSuites, kvVariants, passedLine } from "../lab/suites/index.ts";
const from=Number(process.argv[2]??1), to=Number(process.argv[3]??from);
const which=process.argv[4];
let total=0;
for (const s of [...kvSuites, ...kvVariants]) { if (which&&!s.name.includes(which)) continue;
 for (let seed=from; seed<=to; seed++){ const t=process.cpuUsage(); const r=s.run(seed); const u=process.cpuUsage(t); const ms=(u.user+u.system)/1000; total+=ms;
 if (from===to||r.problems.length) console.log(passedLine(r), ms.toFixed(0).padStart(6)+"ms", seed, r.name, r.problems.join("; ").slice(0,300)); }
 if (s===kvSuites.at(-1)) console.log("23 suites:", total.toFixed(0));
}
console.log(total.toFixed(0));
