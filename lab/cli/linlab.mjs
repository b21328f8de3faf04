#!/usr/bin/env node
// In a checkout there is no build step: tsx compiles TypeScript as it is imported.
import { register } from "tsx/esm/api";

// Whoever reads our output may have seen enough, as in `linlab run | head`.
process.stdout.on("error", (error) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  process.stderr.write(`linlab: cannot write the output: ${error.message}\n`);
  process.exit(2);
});

register();
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
