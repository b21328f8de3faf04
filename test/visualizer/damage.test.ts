/** A page whose data is not what was written says so, and shows nothing else instead. */

import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { describe, expect, inject, test } from "vitest";
import { pageBundle } from "../../lab/cli/bundle.ts";
import { pageOf } from "../../visualizer/index.ts";
import type { FoundBrowser } from "../browser.ts";
import { reportOf, SEEN, STALE } from "./why-sample.ts";
import { Window } from "./window.ts";

const found: FoundBrowser | null = inject("browser");

describe.skipIf(found === null)("damaged data", () => {
  const window = new Window(found);
  const report = reportOf(STALE, SEEN);
  let page: Page;

  async function html(isPacked = false): Promise<string> {
    const pack = (text: string): string => gzipSync(text).toString("base64");
    return pageOf(report, { ...(await pageBundle()), ...(isPacked ? { pack } : {}) });
  }

  async function expectWords(words: string): Promise<void> {
    await page.locator("#asleep").waitFor({ state: "visible" });
    expect(await page.locator("#asleep").textContent()).toContain(words);
    expect(await page.locator("#workspace").isVisible()).toBe(false);
    // What was written as HTML stands.
    expect(await page.locator("h1").textContent()).toContain("Not linearizable");
    expect(await page.locator("#reason").textContent()).toContain("without a quorum");
  }

  test.each([
    ["one value is another", (text: string) => text.replace('"c5"', '"c6"')],
    ["it ends too early", (text: string) => text.replace(/(id="report"[^>]*>.{200})[^<]*/, "$1")],
    ["it is empty", (text: string) => text.replace(/(id="report"[^>]*>)[^<]*/, "$1")],
    ["it is no JSON", (text: string) => text.replace(/(id="report"[^>]*>)\{/, "$1<")],
  ])("is told where %s", async (_, damage) => {
    const whole = await html();
    expect(damage(whole)).not.toBe(whole);
    page = await window.show(damage(whole));
    await expectWords("the data in this file is damaged");
  });

  test("is told where it is packed", async () => {
    page = await window.show((await html(true)).replace(/(id="report"[^>]*>.{99})./, "$1!"));
    await expectWords("the data in this file is damaged");
  });

  test.each(["report", "record"])("is told where the file is cut off in the middle of the %s", async (id) => {
    const whole = await html();
    page = await window.show(whole.slice(0, whole.indexOf(`id="${id}"`) + 80));
    await expectWords("this file is cut off");
  });

  test("of the history alone leaves the rest, and is told who asks for the history", async () => {
    page = await window.show((await html()).replace(/(id="record"[^>]*>.{60})[^<]*/, "$1"), {
      fragment: "#view=raw",
    });
    await page.getByRole("button", { name: "History as NDJSON" }).click();
    expect(await page.locator(".said").textContent()).toContain("is damaged, so no file was written");
    expect(await page.locator("#asleep").count()).toBe(0);
  });

  test("is not told of where there is none, nor before there was time to look", async () => {
    page = await window.show(await html());
    expect(await page.locator("#workspace").isVisible()).toBe(true);
    expect(await page.locator("#asleep").count()).toBe(0);
  });
});
