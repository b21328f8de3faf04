/** The checker's part of `npm run bench`: what the first call of a program takes for histories that are hard. */
import { fileURLToPath } from "node:url";
import type { Measured } from "./first-call.ts";
import { withScript } from "./fresh.ts";
import { hardHistories } from "./hard.ts";
import type { Threads } from "./threads.ts";

export function checkerFigures(): void {
  console.log(
    "Checker: generated histories, each in a process of its own; the first call, the first explanation, and the best of three more calls",
  );
  const entry = fileURLToPath(new URL("first-call.ts", import.meta.url));
  console.table(
    withScript(entry, (run) =>
      hardHistories.map(({ name }, number) => {
        const { verdict, first, explained, core, best, megabytes } = run(`${number}`) as Measured;
        return {
          history: name,
          verdict,
          "first ms": first.toFixed(1),
          "explained ms": explained?.toFixed(1) ?? "",
          core: core ?? "",
          "best ms": best.toFixed(1),
          "RSS MB": megabytes,
        };
      }),
    ),
  );
  threadFigures();
}

function threadFigures(): void {
  const entry = fileURLToPath(new URL("threads.ts", import.meta.url));
  const { objects, none, one, two, processors } = withScript(entry, (run) => run()) as Threads;
  console.log(
    `Checker: ${objects} queues that take the general search, best of some rounds, on ${processors} processors; workers are started anew each time`,
  );
  console.table([
    { way: "check", ms: none.toFixed(0), "times as fast": "" },
    { way: "checkAsync, 1 worker", ms: one.toFixed(0), "times as fast": (none / one).toFixed(2) },
    { way: "checkAsync, 2 workers", ms: two.toFixed(0), "times as fast": (none / two).toFixed(2) },
  ]);
}
