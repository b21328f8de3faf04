import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, inject, test } from "vitest";
import { pageBundle } from "../../lab/cli/bundle.ts";
import type { Report } from "../../lab/run/report.ts";
import { standalone, unpack } from "../../visualizer/columns.ts";
import { type Drawn, historyPageOf, pageOf } from "../../visualizer/index.ts";
import type { FoundBrowser } from "../browser.ts";
import { HOSTILE } from "./hostile.ts";
import { sampleReport } from "./sample.ts";
import { Window } from "./window.ts";

const found: FoundBrowser | null = inject("browser");

describe.skipIf(found === null)("the page in a browser", () => {
  const window = new Window(found);
  let page: Page;

  async function open(report: Report, options: BrowserContextOptions = {}): Promise<void> {
    await show(pageOf(report, await pageBundle()), options);
  }

  async function show(html: string, options: BrowserContextOptions = {}): Promise<void> {
    page = await window.show(html, options);
  }

  /** The stretch of time in view, in microseconds, once a frame has been drawn. */
  async function view(): Promise<{ from: number; until: number; ticks: string[] }> {
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    const stage = page.locator("#stage");
    const ticks = await stage.locator(".axis text").allTextContents();
    return {
      from: Number(await stage.getAttribute("data-from")),
      until: Number(await stage.getAttribute("data-until")),
      ticks,
    };
  }

  /** Where an operation's box is on the screen: on the axis by its times, in the row of its client. */
  async function placeOf(report: Report, id: number): Promise<{ x: number; y: number }> {
    const { from, until } = await view();
    const operation = report.operations[id]!;
    const surface = (await page.locator("#stage .surface").boundingBox())!;
    const middle = (operation.call + (operation.return ?? operation.call)) / 2;
    const name = (await page.locator("#stage .names .name", { hasText: operation.client }).boundingBox())!;
    return { x: surface.x + ((middle - from) / (until - from)) * surface.width, y: name.y + name.height / 2 };
  }

  test("says its verdict and shows the whole run when all is well", async () => {
    const report = sampleReport();
    await open(report);
    expect(await page.locator("h1").textContent()).toMatch(/^Linearizable/);
    expect(await page.locator("#panel h2").textContent()).toBe("How to read this");
    const { from, until } = await view();
    expect(from).toBeLessThanOrEqual(0);
    expect(until).toBeGreaterThanOrEqual(report.counts.virtualMicroseconds);
    expect(await page.locator("#problem").isVisible()).toBe(false);
  });

  test("goes to the operation that fits nowhere at load, and says why in the panel", async () => {
    const report = sampleReport({ outcome: "illegal" });
    await open(report);
    const { from, until } = await view();
    const words = await page.locator("#panel .words.wrong").textContent();
    const operation = report.operations.find((each) => each.words === words)!;
    expect(from).toBeLessThan(operation.call);
    expect(until).toBeGreaterThan(operation.return!);
    expect(until - from).toBeLessThan(report.counts.virtualMicroseconds / 4);
    expect(await page.locator("#panel").textContent()).toContain("After it this answer is impossible");
    expect(await page.locator("#chips [aria-pressed=true]").textContent()).toBe(operation.object);
  });

  test("draws a history from a file: its clients, its problem, and nothing of a cluster", async () => {
    const { operations, objects, clients, counts } = sampleReport({ outcome: "illegal" });
    const words = { linlab: "0.1.0", outcome: "illegal", sentence: "No order.", violation: null } as const;
    const drawn = { ...words, operations, objects, clients, counts, bands: [], servers: [] };
    const file = { file: "/etc/<b>", format: "jepsen-edn", model: "kv", command: "npx linlab check '<b>'" };
    await show(historyPageOf(drawn, file, await pageBundle()));
    expect(await page.title()).toBe("Not linearizable, /etc/<b>: linlab");
    expect(await page.locator("#replay").textContent()).toBe("npx linlab check '<b>'");
    const wrong = await page.locator("#panel .words.wrong").textContent();
    expect(operations.some((operation) => operation.words === wrong)).toBe(true);
    expect(await page.locator("#stage .names .name").allTextContents()).toEqual(clients);
    const text = await page.locator("body").innerText();
    expect(text).not.toMatch(/seed|server|fault|virtual/i);
  });

  test("goes to a broken invariant at load and draws a line through its instant", async () => {
    const report = sampleReport({ outcome: "invariant" });
    await open(report);
    const { from, until } = await view();
    expect(from).toBeLessThan(report.violation!.at);
    expect(until).toBeGreaterThan(report.violation!.at);
    expect(await page.locator(".stem.violation").count()).toBe(1);
    expect(await page.locator(".marks .problem").textContent()).toContain("election safety broken");
    expect(await page.locator("#panel").textContent()).toContain(report.violation!.message);
  });

  test("shows nothing wrong in an undecided run", async () => {
    await open(sampleReport({ outcome: "unknown" }));
    expect(await page.locator("h1").textContent()).toMatch(/^Undecided/);
    expect(await page.locator(".wrong, .marks .flag, #problems").count()).toBe(0);
  });

  test("zooms at the pointer: the instant under it stays and the axis changes", async () => {
    await open(sampleReport());
    const before = await view();
    const box = (await page.locator("#stage .surface").boundingBox())!;
    await page.mouse.move(box.x + box.width / 4, box.y + 60);
    await page.mouse.wheel(0, -600);
    const after = await view();
    expect(after.until - after.from).toBeLessThan((before.until - before.from) / 2);
    expect(after.from * 0.75 + after.until * 0.25).toBeCloseTo(before.from * 0.75 + before.until * 0.25, -4);
    expect(after.ticks).not.toEqual(before.ticks);
  });

  test("moves by dragging, without taking the drag for a click on the operation under it", async () => {
    const report = sampleReport();
    await open(report);
    await page.keyboard.press("w");
    const before = await view();
    const { width } = (await page.locator("#stage .surface").boundingBox())!;
    const { x, y } = await placeOf(report, 200);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 200, y, { steps: 4 });
    await page.mouse.up();
    const after = await view();
    expect(after.from - before.from).toBeCloseTo(((before.until - before.from) * 200) / width, -4);
    expect(await page.locator("#panel h2").textContent()).toBe("How to read this");
  });

  test("tells about an operation under the pointer, and pins it by a click", async () => {
    const report = sampleReport();
    await open(report);
    const operation = report.operations[60]!;
    const { x, y } = await placeOf(report, 60);
    await page.mouse.move(x, y);
    expect(await page.locator(".tooltip").isVisible()).toBe(true);
    expect(await page.locator(".tooltip strong").textContent()).toBe(operation.words);
    await page.mouse.click(x, y);
    const panel = await page.locator("#panel").textContent();
    for (const text of [operation.words, operation.client, "acknowledged", "in the order", "linearizable"]) {
      expect(panel).toContain(text);
    }
  });

  test("walks through operations by keys, pins with Enter and lets go with Escape", async () => {
    await open(sampleReport());
    await page.locator("#stage").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    const spoken = await page.locator("p.unseen[role=status]").textContent();
    await page.keyboard.press("Enter");
    const words = (await page.locator("#panel .words").textContent()) ?? "none";
    expect(spoken).toContain(words);
    expect(spoken).toContain(". c2, called at");
    await page.keyboard.press("Escape");
    expect(await page.locator("#panel h2").textContent()).toBe("How to read this");
  });

  test.each([
    { keys: ["w"], narrower: true },
    { keys: ["+"], narrower: true },
    { keys: ["w", "w", "s"], narrower: true },
    { keys: ["w", "w", "0"], narrower: false },
    { keys: ["+", "-"], narrower: false },
  ])("after the keys $keys the view is narrower than the run: $narrower", async ({ keys, narrower }) => {
    await open(sampleReport());
    const before = await view();
    for (const key of keys) await page.keyboard.press(key);
    const after = await view();
    expect(after.until - after.from < (before.until - before.from) * 0.99).toBe(narrower);
  });

  test("moves later with D and earlier with A, and never past the ends", async () => {
    await open(sampleReport());
    const whole = await view();
    await page.keyboard.press("w");
    const start = await view();
    await page.keyboard.press("d");
    expect((await view()).from).toBeGreaterThan(start.from);
    for (let times = 0; times < 12; times++) await page.keyboard.press("a");
    expect((await view()).from).toBe(whole.from);
  });

  test("highlights a key by its chip and lets go of it by another press", async () => {
    await open(sampleReport());
    const chip = page.locator("#chips button", { hasText: "z" });
    await chip.click();
    expect(await chip.getAttribute("aria-pressed")).toBe("true");
    await chip.click();
    expect(await page.locator("#chips [aria-pressed=true]").textContent()).toBe("All keys");
  });

  test("shows hostile values as text: nothing runs, nothing is fetched, nothing is lost", async () => {
    const sample = sampleReport({ outcome: "illegal" });
    const operations = sample.operations.map((each, index) => ({
      ...each,
      words: HOSTILE[index % HOSTILE.length]!,
    }));
    const report = {
      ...sample,
      operations,
      sentence: HOSTILE.slice(0, 8).join(" "),
      clients: [...sample.clients, ...HOSTILE],
    };
    await open(report);
    await view();
    for (const id of operations.keys()) {
      if (id >= HOSTILE.length) break;
      const { x, y } = await placeOf(report, id);
      await page.mouse.click(x, y);
    }
    expect(await page.evaluate("window.ran")).toBeUndefined();
    const carried = (await page.evaluate("document.getElementById('report').textContent")) as string;
    const drawn = unpack<Drawn>(JSON.parse(carried));
    const whole = { ...drawn, operations: drawn.operations.map(standalone) };
    // The history itself has an element of its own.
    expect(JSON.stringify(whole)).toBe(JSON.stringify({ ...report, recorded: undefined }));
  });

  test("refuses markup made by script: the policy is in force", async () => {
    await open(sampleReport());
    const attempt = "try { document.body.innerHTML = '<b>x</b>'; 'made' } catch (error) { error.name }";
    expect(await page.evaluate(attempt)).toBe("TypeError");
    expect(window.noise.splice(0).join()).toContain("TrustedHTML");
  });

  test("stands without script: verdict, sentence and what went wrong", async () => {
    const report = sampleReport({ outcome: "illegal" });
    await open(report, { javaScriptEnabled: false });
    expect(await page.locator("h1").isVisible()).toBe(true);
    expect(await page.locator("#problems table").isVisible()).toBe(true);
    expect(await page.locator("#workspace").isVisible()).toBe(false);
  });

  test("fits a phone: nothing sticks out and the panel stands below", async () => {
    await open(sampleReport({ outcome: "illegal" }), { viewport: { width: 390, height: 844 } });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    const stage = (await page.locator("#stage").boundingBox())!;
    const panel = (await page.locator("#panel").boundingBox())!;
    expect(panel.y).toBeGreaterThanOrEqual(stage.y + stage.height);
  });

  test("of 20,000 operations keeps few elements", async () => {
    await open(sampleReport({ operations: 20_000 }));
    await page.keyboard.press("w");
    expect((await view()).ticks.length).toBeGreaterThan(2);
    expect(await page.evaluate("document.querySelectorAll('*').length")).toBeLessThan(800);
  });
});
