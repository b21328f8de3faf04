/** What the timeline lets a person do, and what no value can do to the page, in a real browser. */
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { check, type History, type KvInput, type KvOutput, kv } from "porcupine-ts";
import { describe, expect, inject, test } from "vitest";
import { pageBundle } from "../../lab/cli/bundle.ts";
import { drawnOf } from "../../lab/cli/sketch.ts";
import { orderOf } from "../../lab/run/index.ts";
import type { Report } from "../../lab/run/report.ts";
import { pageOf } from "../../visualizer/index.ts";
import { visible } from "../../visualizer/text.ts";
import type { FoundBrowser } from "../browser.ts";
import { HOSTILE } from "./hostile.ts";
import { sampleReport } from "./sample.ts";
import { type Showing, Window } from "./window.ts";

/** One key: put 1, append 2, then a read of 1. */
function staleRun(): { readonly report: Report; readonly blocked: number } {
  const inputs = [
    { kind: "put", key: "k", value: "1" },
    { kind: "append", key: "k", value: "2" },
    { kind: "get", key: "k" },
  ] as const;
  const history: History<KvInput, KvOutput> = inputs.flatMap((input, operation) => [
    { kind: "invoke", operation, client: "c1", time: operation * 2000, input },
    {
      kind: "response",
      operation,
      time: operation * 2000 + 1000,
      output: input.kind === "get" ? { kind: "value", value: "1" } : { kind: "done" },
    },
  ]);
  const drawn = drawnOf(kv, history, check(kv, history), "illegal");
  return { report: { ...sampleReport(), ...drawn, servers: [], bands: [] } as unknown as Report, blocked: 2 };
}

const found: FoundBrowser | null = inject("browser");
const pack = (text: string): string => gzipSync(text).toString("base64");

describe.skipIf(found === null)("the timeline in a browser", () => {
  const window = new Window(found);
  let page: Page;

  interface Opening extends Showing {
    readonly packed?: boolean;
  }

  async function open(report: Report, { packed = false, ...showing }: Opening = {}) {
    page = await window.show(
      pageOf(report, { ...(await pageBundle()), ...(packed ? { pack } : {}) }),
      showing,
    );
    if (showing.javaScriptEnabled !== false) await page.locator("#stage[data-until]").waitFor();
  }

  async function view(): Promise<{ from: number; until: number }> {
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    const stage = page.locator("#stage");
    return {
      from: Number(await stage.getAttribute("data-from")),
      until: Number(await stage.getAttribute("data-until")),
    };
  }

  const words = () => page.locator("#panel .words").textContent();
  /** The address changes a little later than the view. */
  const fragment = async (): Promise<URLSearchParams> => {
    await page.waitForTimeout(350);
    return new URLSearchParams(new URL(page.url()).hash.slice(1));
  };

  test("finds operations by search, kind, client and outcome together, and goes from match to match", async () => {
    const report = sampleReport();
    await open(report);
    await page.keyboard.press("/");
    await page.keyboard.type("PUT x");
    const count = page.locator("#filters .count");
    const all = report.operations.filter((each) => each.words.startsWith("put x"));
    expect(await count.textContent()).toBe(`${all.length} match`);
    await page.getByLabel("All clients").selectOption("c2");
    const mine = all.filter(({ client }) => client === "c2");
    expect(mine.length).toBeGreaterThan(1);
    expect(await count.textContent()).toBe(`${mine.length} match`);
    await page.locator("#search").focus();
    for (const operation of [...mine, mine[0]!]) {
      await page.keyboard.press("Enter");
      expect(await words()).toBe(operation.words);
    }
    await page.keyboard.press("Shift+Enter");
    expect(await words()).toBe(mine.at(-1)!.words);
    await page.getByLabel("All outcomes").selectOption("acknowledged");
    await page.getByLabel("All kinds").selectOption("get");
    expect(await count.textContent()).toBe("0 match");
    await page.keyboard.press("Escape");
    await page.locator("#stage").focus();
    await page.keyboard.press("Escape");
    expect(await count.textContent()).toBe("");
    expect(await page.locator("#search").inputValue()).toBe("");
  });

  test("letters typed into the search are text and not keys of the timeline", async () => {
    await open(sampleReport());
    const before = await view();
    await page.keyboard.press("/");
    await page.keyboard.type("wasdt");
    expect(await view()).toEqual(before);
    expect(await page.locator("#search").inputValue()).toBe("wasdt");
  });

  test("steps through the order of the highlighted key one operation at a time, and stops at its end", async () => {
    const report = sampleReport({ outcome: "illegal" });
    const key = report.objects.find(({ verdict }) => verdict === "illegal")!;
    const longest = key.partials.at(-1)!;
    await open(report, { fragment: `#key=${key.object}&op=${longest[1]}` });
    const wordsOf = (id: number) => report.operations[id]!.words;
    expect(await words()).toBe(wordsOf(longest[1]!));
    await page.keyboard.press(".");
    expect(await words()).toBe(wordsOf(longest[2]!));
    await page.keyboard.press(",");
    await page.keyboard.press(",");
    await page.keyboard.press(",");
    expect(await words()).toBe(wordsOf(longest[0]!));
    await page.locator("#step-on").click();
    expect(await words()).toBe(wordsOf(longest[1]!));
  });

  test("tells the state before and after each operation of an order, and before the one that fits nowhere", async () => {
    const { report, blocked } = staleRun();
    const order = orderOf(report.objects[0]!);
    await open(report, { fragment: `#key=${report.objects[0]!.object}&op=${order[0]}` });
    const row = (name: string) =>
      page
        .locator("#panel dl.list > div", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) })
        .locator("dd");
    expect(await row("state before").textContent()).toBe("absent");
    expect(await row("state after").textContent()).toBe('"1"');
    await page.keyboard.press(".");
    expect(await row("state before").textContent()).toBe('"1"');
    expect(await row("state after").textContent()).toBe('"12"');
    await page.evaluate(`location.hash = "#op=${blocked}"`);
    await expect.poll(() => row("state before").textContent()).toBe('"12"');
    expect(await row("state after").count()).toBe(0);
  });

  test("shows ranks for times, and back, with the same operations in view and in hand", async () => {
    const report = sampleReport();
    await open(report, { fragment: "#op=60&from=500000&until=1500000" });
    const before = await view();
    await page.keyboard.press("t");
    const ranked = await view();
    expect(ranked).not.toEqual(before);
    for (const tick of await page.locator(".axis text").allTextContents()) expect(tick).toMatch(/^#[\d,]+$/);
    expect(await words()).toBe(report.operations[60]!.words);
    expect(await page.locator("#panel").textContent()).toContain("called");
    await page.keyboard.press("t");
    const after = await view();
    expect(Math.abs(after.from - before.from)).toBeLessThan(2000);
    expect(Math.abs(after.until - before.until)).toBeLessThan(2000);
    expect(await page.locator("#stage canvas").count()).toBe(1);
    expect(await page.locator("#stage .plot").count()).toBe(1);
  });

  test("the address leads back: view, pinned operation, filter and axis", async () => {
    const report = sampleReport();
    await open(report);
    await page.keyboard.press("w");
    await page.getByLabel("All kinds").selectOption("put");
    await page.locator("#chips button", { hasText: "z" }).click();
    await page.keyboard.press("t");
    await page.keyboard.press(".");
    const left = { view: await view(), words: await words(), hash: await fragment() };
    await open(report, { fragment: `#${left.hash}` });
    const back = await view();
    // To the pixel it cannot be: the address holds times, and beyond the run's ends there are no ranks.
    const slack = (left.view.until - left.view.from) / 30;
    expect(Math.abs(back.from - left.view.from)).toBeLessThan(slack);
    expect(Math.abs(back.until - left.view.until)).toBeLessThan(slack);
    expect(await words()).toBe(left.words);
    expect(await page.getByLabel("All kinds").inputValue()).toBe("put");
    expect(await page.locator("#chips [aria-pressed=true]").textContent()).toBe("z");
    expect(await page.locator("#axis").getAttribute("aria-pressed")).toBe("true");
  });

  test.each([
    "#from=9&until=1",
    "#op=99999999&key=nokey&client=<b>&kind=%00&outcome=lost",
    "#from=NaN&until=1e99&axis=%ff",
    "#find=%ED%A0%80&other=stays",
  ])("an address that leads nowhere is as good as none: %s", async (fragment) => {
    const report = sampleReport();
    await open(report, { fragment });
    const { from, until } = await view();
    expect(from).toBeLessThanOrEqual(0);
    expect(until).toBeGreaterThanOrEqual(report.counts.virtualMicroseconds);
  });

  test("the minimap's window is drawn, moved, and stretched by its edges", async () => {
    const report = sampleReport();
    await open(report);
    const box = (await page.locator("#minimap").boundingBox())!;
    const drag = async (a: number, b: number) => {
      await page.mouse.move(box.x + box.width * a, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * b, box.y + 20, { steps: 4 });
      await page.mouse.up();
      const { from, until } = await view();
      const end = report.counts.virtualMicroseconds;
      return [from / end, until / end];
    };
    await page.keyboard.press("w");
    await page.keyboard.press("w");
    for (let n = 0; n < 12; n++) await page.keyboard.press("a");
    const near = (pair: number[], from: number, until: number) => {
      expect(pair[0]).toBeCloseTo(from, 1);
      expect(pair[1]).toBeCloseTo(until, 1);
    };
    near(await drag(0.6, 0.8), 0.6, 0.8);
    near(await drag(0.7, 0.5), 0.4, 0.6);
    near(await drag(0.6, 0.9), 0.4, 0.9);
    near(await drag(0.4, 0.1), 0.1, 0.9);
  });

  test("packed data is unpacked under the same policy", async () => {
    const report = sampleReport({ outcome: "illegal" });
    await open(report, { packed: true });
    expect(await page.locator("#panel .words.wrong").count()).toBe(1);
  });

  test("hostile values in every place are shown as text, exactly, with what cannot be seen spelt out", async () => {
    const long = "m".repeat(1_000_000);
    const values = [...HOSTILE, `${long}</script>`];
    const sample = sampleReport({ outcome: "illegal" });
    const pick = (index: number): string => values[index % values.length]!;
    const operations = sample.operations.map((each, index) => ({
      ...each,
      words: pick(index),
      client: pick(index % 7),
      kind: pick(index + 1).slice(0, 30_000),
    }));
    const report: Report = {
      ...sample,
      operations,
      clients: values.slice(0, 7),
      sentence: values.slice(0, 8).join(" "),
      bands: sample.bands.map((band, index) => ({ ...band, label: pick(index), kind: pick(index + 4) })),
    };
    await open(report);
    expect(await page.locator(".sentence").textContent()).toBe(visible(report.sentence));
    for (const [id, value] of values.entries()) {
      await page.evaluate(`location.hash = "#op=${id}"`);
      const shown = visible(value.length > 4000 ? value.slice(0, 4000) : value);
      await expect.poll(words).toContain(shown.slice(0, 3000));
    }
    expect(await page.evaluate("window.ran")).toBeUndefined();
    expect(await page.locator("img, iframe, script[src], #panel b").count()).toBe(0);
  });

  test("no script but the page's own can run: inline, by attribute, by eval", async () => {
    await open(sampleReport());
    await page.evaluate(`
      const made = document.createElement("script");
      try { made.textContent = "window.ran = 1"; document.body.append(made); } catch {}
      const image = document.createElement("b");
      try { image.setAttribute("onclick", "window.ran = 2"); document.body.append(image); image.click(); } catch {}
      // Later, since what the debugger itself runs may call eval.
      new Promise((done) => setTimeout(() => {
        try { (0, eval)("window.ran = 3"); } catch {}
        try { setTimeout("window.ran = 4"); } catch {}
        setTimeout(done, 50);
      }));
    `);
    expect(await page.evaluate("window.ran")).toBeUndefined();
    expect(window.noise.splice(0).length).toBeGreaterThan(1);
  });

  test("prints on at most two pages, whatever the run was", async () => {
    for (const outcome of ["ok", "illegal", "unknown"] as const) {
      await open(sampleReport({ outcome }));
      const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
      expect(pdf.match(/\/Type \/Page\b/g)?.length, outcome).toBeLessThanOrEqual(2);
      if (outcome !== "unknown") await page.context().close();
    }
  });

  test("everything that a pointer reaches, Tab reaches, and shows that it is there", async () => {
    await open(sampleReport({ outcome: "illegal" }));
    const reachable = (await page.evaluate(`
      [...document.querySelectorAll("button, input, select, a[href], [tabindex='0']")]
        .filter((each) => each.checkVisibility() && each.tabIndex >= 0).length
    `)) as number;
    const reached = new Set<string>();
    for (let n = 0; n < reachable; n++) {
      await page.keyboard.press("Tab");
      const at = (await page.evaluate(`(() => {
        const all = [...document.querySelectorAll("*")];
        const style = getComputedStyle(document.activeElement);
        return all.indexOf(document.activeElement) + (style.outlineStyle === "none" ? " without outline" : "");
      })()`)) as string;
      reached.add(String(at));
    }
    expect([...reached].filter((each) => each.includes("without"))).toEqual([]);
    expect(reached.size).toBe(reachable);
  });

  test("each field and button says what it is", async () => {
    await open(sampleReport({ outcome: "illegal" }));
    const silent = await page.evaluate(`
      [...document.querySelectorAll("button, input, select")]
        .filter((each) => (each.getAttribute("aria-label") ?? each.textContent).trim() === "")
        .map((each) => each.outerHTML)
    `);
    expect(silent).toEqual([]);
  });

  test("of 100,000 operations stays under 1,500 elements and 4 MB, 2 MB packed", async () => {
    const report = sampleReport({ operations: 100_000, outcome: "illegal" });
    const bundle = await pageBundle();
    expect(Buffer.byteLength(pageOf(report, bundle))).toBeLessThan(4e6);
    expect(Buffer.byteLength(pageOf(report, { ...bundle, pack }))).toBeLessThan(2e6);
    await open(report);
    await page.keyboard.press("0");
    await view();
    expect(await page.evaluate("document.querySelectorAll('*').length")).toBeLessThan(1500);
  });
});
