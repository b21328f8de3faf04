/**
 * vitest's globalSetup: finds the browser once for all test files. Without one the tests that need it are skipped, and
 * the last thing printed says what was tried; where CI is set a skipped browser test would be a lie, so the run fails.
 */

import type {} from "vitest";
import type { TestProject } from "vitest/node";
import { type FoundBrowser, findBrowser } from "./browser.ts";

declare module "vitest" {
  export interface ProvidedContext {
    browser: FoundBrowser | null;
  }
}

export async function setup(project: TestProject): Promise<() => void> {
  const browser = await findBrowser();
  project.provide("browser", browser.path === null ? null : browser);
  if (browser.path !== null) return () => {};
  const advice = [
    "No browser was found, so no browser test can run. Tried, in this order:",
    ...browser.tried.map((each) => `  - ${each}`),
    "Install Chromium or Chrome, or set CHROME_BIN to one.",
  ].join("\n");
  if ((process.env.CI ?? "") !== "") throw new Error(advice);
  return () => console.error(`\n${advice}\nBrowser tests were skipped.`);
}
