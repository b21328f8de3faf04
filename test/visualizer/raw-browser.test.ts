import { readFileSync } from "node:fs";
import type { Download, Page } from "playwright-core";
import { check, kv, readHistory } from "porcupine-ts";
import { describe, expect, inject, test } from "vitest";
import { pageBundle } from "../../lab/cli/bundle.ts";
import { defaultOptions, run } from "../../lab/run/index.ts";
import type { Report } from "../../lab/run/report.ts";
import { pageOf } from "../../visualizer/index.ts";
import type { FoundBrowser } from "../browser.ts";
import { HOSTILE } from "./hostile.ts";
import { sampleReport } from "./sample.ts";
import { reportOf, SEEN, STALE } from "./why-sample.ts";
import { type Showing, Window } from "./window.ts";

const found: FoundBrowser | null = inject("browser");

describe.skipIf(found === null)("tables and files", () => {
  const window = new Window(found);
  let page: Page;

  async function open(report: Report, options: Showing = {}): Promise<void> {
    page = await window.show(pageOf(report, await pageBundle()), { fragment: "#view=raw", ...options });
  }

  /** The file that a press leads to. */
  async function saved(press: () => Promise<void>): Promise<{ name: string; content: Buffer }> {
    const waiting: Promise<Download> = page.waitForEvent("download");
    await press();
    const download = await waiting;
    return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
  }

  async function press(name: string, within = "body"): Promise<void> {
    await page.locator(within).getByRole("button", { name, exact: true }).first().click();
  }

  test("of a hundred thousand operations are a few dozen rows at a time, and all can be reached", async () => {
    const report = sampleReport({ operations: 100_000 });
    await open(report);
    const rows = page.locator(".grid tbody tr:not(.gap)");
    expect(await page.locator(".grid table").getAttribute("aria-rowcount")).toBe("100001");
    expect(await rows.count()).toBeLessThan(60);
    expect(await rows.first().textContent()).toContain(report.operations[0]!.words);
    await page.locator(".grid").focus();
    await page.keyboard.press("End");
    await page.locator(".grid", { hasText: "99,999" }).waitFor();
    expect(await rows.count()).toBeLessThan(60);
    expect(await rows.last().getAttribute("aria-rowindex")).toBe("100001");
    await page.keyboard.press("Home");
    await page.locator('.grid tr[aria-rowindex="2"]').waitFor();
  });

  test("are sorted by a press on a head, and say so", async () => {
    await open(sampleReport());
    await press("Took", ".grid");
    expect(await page.locator(".grid th[aria-sort]").getAttribute("aria-sort")).toBe("ascending");
    await press("Took", ".grid");
    expect(await page.locator(".grid th[aria-sort]").getAttribute("aria-sort")).toBe("descending");
    expect(await page.locator(".grid tbody tr:not(.gap)").first().textContent()).toContain("–");
  });

  test("lead from a row to its place in the timeline", async () => {
    const report = sampleReport();
    await open(report);
    await page.locator(".grid tbody button").nth(3).click();
    expect(await page.locator("#workspace").isVisible()).toBe(true);
    expect(await page.locator("#panel .words").textContent()).toBe(report.operations[3]!.words);
    await page.getByRole("tab", { name: "Raw" }).click();
    await press("Faults 8");
    await page.locator(".grid tbody button").first().click();
    expect(await page.locator("#panel .words").textContent()).toBe(report.bands[0]!.label);
  });

  test("show hostile values as text", async () => {
    const report = sampleReport();
    const operations = report.operations.map((each, index) => ({
      ...each,
      words: HOSTILE[index % HOSTILE.length]!,
    }));
    await open({ ...report, operations });
    expect(await page.locator(".grid").textContent()).toContain(HOSTILE[0]);
    expect(await page.locator(".grid script, .grid img").count()).toBe(0);
    expect(await page.evaluate("window.ran")).toBeUndefined();
  });

  test.each([false, true])("give the history to any checker, packed: %s", async (isPacked) => {
    const { report, history } = run(3, { ...defaultOptions, mutant: "anyReplicaReads" });
    const { gzipSync } = await import("node:zlib");
    const pack = (text: string): string => gzipSync(text).toString("base64");
    const html = pageOf(report, { ...(await pageBundle()), ...(isPacked ? { pack } : {}) });
    page = await window.show(html, { fragment: "#view=raw" });
    const { name, content } = await saved(() => press("History as NDJSON"));
    expect(name).toBe("page.history.ndjson");
    const read = readHistory(content.toString(), name);
    expect(read.history).toEqual(history);
    expect(read.header).toMatchObject({ model: "kv", seed: 3, options: { mutant: "anyReplicaReads" } });
    expect(check(kv, read.history as typeof history).verdict).toBe("illegal");
    expect(await page.locator(".said").textContent()).toContain("npx linlab check");
  });

  test("say so where there is no history to give", async () => {
    const { recorded: _, ...report } = sampleReport();
    await open(report);
    await press("History as NDJSON");
    expect(await page.locator(".said").textContent()).toContain("does not carry its history");
  });

  test.each([
    { what: "the timeline", name: "page-timeline", within: "#workspace" },
    { what: "the Why picture", name: "page-why", within: "#why" },
  ])("give $what as SVG and as PNG, for which nothing is asked of anybody", async ({ name, within }) => {
    await open(reportOf(STALE, SEEN), { fragment: "" });
    const svg = await saved(() => press("SVG", within));
    expect(svg.name).toBe(`${name}.svg`);
    const text = svg.content.toString();
    expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+" height="\d+"/);
    expect(text).not.toMatch(/class=|var\(|<script|href=/);
    for (const word of ["n1", "get", "v1"]) expect(text).toContain(word);
    const png = await saved(() => press("PNG", within));
    expect(png.name).toBe(`${name}.png`);
    expect(png.content.subarray(1, 4).toString()).toBe("PNG");
    const [, width] = /width="(\d+)"/.exec(text)!;
    expect(png.content.readUInt32BE(16)).toBe(2 * Number(width));
  });

  test("give the picture that is seen: dark, and of a phone", async () => {
    await open(reportOf(STALE, SEEN), {
      fragment: "",
      colorScheme: "dark",
      viewport: { width: 390, height: 844 },
    });
    const { content } = await saved(() => press("SVG", "#why"));
    expect(content.toString()).toContain('width="358"');
    expect(content.toString()).toContain('fill="#191f27"');
  });
});
