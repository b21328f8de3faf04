/**
 * `npm run bench:page -- [OPERATIONS...]`: how long a page of many operations takes, to make and to look at, in a
 * headless browser that draws in software. Medians of 5 openings; p95 over the frames of one sweep, its median too.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { pageBundle } from "../../lab/cli/bundle.ts";
import { pageOf } from "../../visualizer/index.ts";
import { findBrowser, launch } from "../browser.ts";
import { sampleReport } from "../visualizer/sample.ts";

const OPENINGS = 5;

/** Watches from before the first script for the first frame of the timeline, and says when it was presented. */
const WATCH = `
  window.usable = new Promise((done) => document.addEventListener("DOMContentLoaded", () => {
    const stage = document.getElementById("stage");
    const ready = () => requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    if (stage.dataset.until !== undefined) ready();
    else new MutationObserver((_, self) => { self.disconnect(); ready(); }).observe(stage, { attributeFilter: ["data-until"] });
  }));
`;

/** Frame by frame one gesture, and how long each frame took; \`act\` gets the number of the frame. */
const SWEEP = `
  window.sweep = (frames, act) => new Promise((done) => {
    const took = [];
    let last = null;
    let count = 0;
    const step = (now) => {
      if (last !== null) took.push(now - last);
      last = now;
      if (count === frames) return done(took);
      act(count++);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  window.surface = document.querySelector("#stage .surface");
  window.box = window.surface.getBoundingClientRect();
  window.wheel = (at, init) => window.surface.dispatchEvent(new WheelEvent("wheel", {
    bubbles: true, cancelable: true, clientX: box.left + box.width * at, clientY: box.top + 60, ...init }));
  window.point = (x, y) => window.surface.dispatchEvent(new PointerEvent("pointermove", {
    bubbles: true, pointerType: "mouse", clientX: box.left + x, clientY: box.top + y }));
`;

const ZOOM = "sweep(60, (n) => wheel(0.4, { deltaY: n < 40 ? -180 : 180 }))";
const PAN = "sweep(60, (n) => wheel(0.5, { deltaX: n < 30 ? 80 : -80 }))";
/** What the machine does to frames in which nothing happens: with this at 17 ms, the others are the page's own. */
const IDLE = "sweep(60, () => {})";
const HOVER = "sweep(60, (n) => point(30 + n * 9, 70 + (n % 5) * 34))";

type Figures = Readonly<Record<string, number>>;

async function openOnce(browser: Browser, file: string): Promise<Figures> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  await page.goto(pathToFileURL(file).href);
  const usable = (await page.evaluate("window.usable")) as number;
  const opened = (await page.evaluate(`({
    painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    nodes: document.querySelectorAll("*").length,
  })`)) as Figures;
  await page.evaluate(SWEEP);
  // From the whole run down to single operations and half-way back.
  await page.keyboard.press("0");
  await page.waitForTimeout(500);
  const idle = await sweep(page, IDLE);
  const panFar = await sweep(page, PAN);
  const zoom = await sweep(page, ZOOM);
  const panNear = await sweep(page, PAN);
  const hover = await sweep(page, HOVER);
  const memory = (await page.evaluate("performance.memory?.usedJSHeapSize / 1e6")) as number;
  await context.close();
  return { ...opened, usable, idle, panFar, zoom, panNear, hover, heap: memory };
}

async function sweep(page: Page, gesture: string): Promise<number> {
  return quantile((await page.evaluate(gesture)) as number[], 0.95);
}

async function measure(browser: Browser, folder: string, operations: number, isPacked: boolean) {
  const bundle = await pageBundle();
  const pack = (text: string): string => gzipSync(text).toString("base64");
  const report = sampleReport({ operations, outcome: "illegal" });
  const made: number[] = [];
  let html = "";
  for (let n = 0; n < OPENINGS; n++) {
    const began = performance.now();
    html = pageOf(report, isPacked ? { ...bundle, pack } : bundle);
    made.push(performance.now() - began);
  }
  const file = join(folder, "page.html");
  writeFileSync(file, html);
  const openings: Figures[] = [];
  for (let n = 0; n < OPENINGS; n++) openings.push(await openOnce(browser, file));
  const of = (name: string): number =>
    Math.round(
      quantile(
        openings.map((each) => each[name]!),
        0.5,
      ) * 10,
    ) / 10;
  return {
    operations: `${operations}${isPacked ? ", --gzip" : ""}`,
    "file MB": Math.round(Buffer.byteLength(html) / 1e4) / 100,
    "made ms": Math.round(quantile(made, 0.5)),
    "painted ms": of("painted"),
    "usable ms": of("usable"),
    "idle p95": of("idle"),
    "pan p95, whole": of("panFar"),
    "zoom p95": of("zoom"),
    "pan p95, near": of("panNear"),
    "hover p95": of("hover"),
    nodes: of("nodes"),
    "heap MB": of("heap"),
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

const sizes = process.argv.slice(2).map(Number);
const found = await findBrowser();
if (found.path === null) throw new Error(`no browser to measure in: ${found.tried.join("; ")}`);
const browser = await launch(found);
const folder = mkdtempSync(join(tmpdir(), "linlab-bench-page-"));
try {
  const rows: Awaited<ReturnType<typeof measure>>[] = [];
  for (const size of sizes.length === 0 ? [1_000, 10_000, 100_000, 1_000_000] : sizes) {
    rows.push(await measure(browser, folder, size, false));
    if (size === 100_000) rows.push(await measure(browser, folder, size, true));
  }
  console.table(rows);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
