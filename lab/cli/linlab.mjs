#!/usr/bin/env node
// In a checkout there is no build step: tsx compiles TypeScript as it is imported.
import { register } from "tsx/esm/api";

register();
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
