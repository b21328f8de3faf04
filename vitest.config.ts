import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/browser-setup.ts"],
    // Simulations are pure computation: forks keep one file's guard out of another's globals.
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
