import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, inject, test } from "vitest";
import { pageBundle } from "../../lab/cli/bundle.ts";
import type { Report } from "../../lab/run/report.ts";
import { pageOf } from "../../visualizer/index.ts";
import type { FoundBrowser } from "../browser.ts";
import { brokenReport, reportOf, SEEN, STALE } from "./why-sample.ts";
import { Window } from "./window.ts";

const found: FoundBrowser | null = inject("browser");

describe.skipIf(found === null)("the Why view in a browser", () => {
  const window = new Window(found);
  let page: Page;

  async function open(report: Report, options: BrowserContextOptions = {}): Promise<void> {
    page = await window.show(pageOf(report, await pageBundle()), options);
  }

  test("steps through the order and marks the operation in the picture", async () => {
    await open(reportOf(STALE, SEEN));
    const next = page.locator(".why-buttons button", { hasText: /^Step$/ });
    const current = page.locator("#why-steps [aria-current]");
    expect(await current.count()).toBe(0);
    for (const [words, at] of [
      ["v1", "1 of 3"],
      ["v2", "2 of 3"],
      ["impossible", "3 of 3"],
      ["v1", "1 of 3"],
    ] as const) {
      await next.click();
      expect(await current.textContent()).toContain(words);
      expect(await page.locator(".why-buttons [role=status]").textContent()).toBe(at);
      const id = await current.getAttribute("data-operation");
      const marked = await page.locator(".picture.wide .current").getAttribute("data-operation");
      expect(marked).toBe(id);
    }
    await page.locator(".why-buttons button", { hasText: "Step back" }).click();
    expect(await page.locator(".why-buttons [role=status]").textContent()).toBe("1 of 3");
  });

  test.each([1440, 700, 390])("shows one picture, whole, at a width of %i pixels", async (width) => {
    await open(reportOf(STALE, SEEN), { viewport: { width, height: 900 } });
    const seen = await page.locator(".picture:visible").all();
    expect(seen).toHaveLength(1);
    const box = (await seen[0]!.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  });

  test.each([1440, 390])("keeps its labels apart at a width of %i pixels", async (width) => {
    await open(reportOf(STALE, SEEN), { viewport: { width, height: 900 } });
    const overlapping = await page.evaluate<string[]>(`(() => {
      const texts = [...document.querySelectorAll(".picture text")].filter((each) => each.getClientRects().length > 0);
      const boxes = texts.map((each) => [each.textContent, each.getBoundingClientRect()]);
      return boxes.flatMap(([a, p], i) => boxes.slice(i + 1).flatMap(([b, q]) =>
        p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 3 && q.top < p.bottom - 3 ? [a + " | " + b] : []));
    })()`);
    expect(overlapping).toEqual([]);
  });

  test.each([1440, 390])(
    "has a plate behind words, so that no line strikes them through, at %i pixels",
    async (width) => {
      await open(reportOf(STALE, SEEN), { viewport: { width, height: 900 } });
      const bare = await page.evaluate<string[]>(`(() => {
      const shown = (each) => each.getClientRects().length > 0;
      const plates = [...document.querySelectorAll(".picture .plate")].filter(shown).map((each) => each.getBoundingClientRect());
      const texts = [...document.querySelectorAll(".picture .words, .picture .note, .picture .status")].filter(shown);
      return texts.filter((each) => {
        const box = each.getBoundingClientRect();
        return !plates.some((p) => p.left <= box.left && p.right >= box.right - 8 && p.top <= box.top + 4 && p.bottom >= box.bottom - 4);
      }).map((each) => each.textContent);
    })()`);
      expect(bare).toEqual([]);
    },
  );

  test("stands without script: reason, picture, order and states", async () => {
    await open(reportOf(STALE, SEEN), { javaScriptEnabled: false });
    expect(await page.locator("#reason").textContent()).toContain("without a quorum");
    expect(await page.locator(".picture.wide").isVisible()).toBe(true);
    expect(await page.locator("#why-steps li").count()).toBe(3);
    expect(await page.locator(".states tbody tr").count()).toBe(3);
  });

  test("is the first thing below the verdict, also of a broken invariant", async () => {
    await open(brokenReport());
    const why = (await page.locator("#why").boundingBox())!;
    const timeline = (await page.locator("#workspace").boundingBox())!;
    expect(why.y).toBeLessThan(timeline.y);
    expect(why.y).toBeLessThan(300);
    expect(await page.locator("#why-heading").textContent()).toContain("Election safety");
  });

  test("prints the wide picture and no buttons", async () => {
    await open(reportOf(STALE, SEEN), { viewport: { width: 390, height: 900 } });
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".picture.wide").isVisible()).toBe(true);
    expect(await page.locator(".why-buttons").isVisible()).toBe(false);
  });
});
