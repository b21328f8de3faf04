import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/browser-setup.ts"],
    // Simulations are pure computation: forks keep one file's guard out of another's globals.
    pool: "forks",
    // On two processors one file at a time would leave the other one idle: so much here waits for a browser or a child.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
