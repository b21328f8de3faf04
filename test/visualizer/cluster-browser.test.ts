import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, inject, test } from "vitest";
import { pageBundle } from "../../lab/cli/bundle.ts";
import { defaultOptions, type Report, run } from "../../lab/run/index.ts";
import { historyPageOf, pageOf } from "../../visualizer/index.ts";
import type { FoundBrowser } from "../browser.ts";
import { sampleReport } from "./sample.ts";
import { Window } from "./window.ts";

const found: FoundBrowser | null = inject("browser");

/** A run that elects, crashes and breaks; the same one in Node and in the page. */
const report = brokenRun();

describe.skipIf(found === null)("the cluster and its messages in a browser", () => {
  const window = new Window(found);
  let page: Page;

  async function open(fragment: string, options: BrowserContextOptions = {}, html?: string): Promise<void> {
    page = await window.show(html ?? pageOf(report, await pageBundle()), { ...options, fragment });
  }

  async function openView(name: "cluster" | "messages", more = "", options: BrowserContextOptions = {}) {
    await open(`#view=${name}${more}`, options);
    await page.locator(`.view.${name} .plot text`).first().waitFor();
  }

  const place = () => page.locator(".view.cluster .instant").textContent();
  const index = async () => Number(await page.locator(".view.cluster").getAttribute("data-index"));
  const cause = () => page.locator(".cause").textContent();

  test("executes the run again with the digest of Node's", async () => {
    await openView("cluster");
    const words = await page.locator(".view.cluster .digest").textContent();
    expect(words).toContain(`digest ${report.digest}: equal to the one in the report`);
    expect(await place()).toContain(`of ${report.counts.events.toLocaleString("en")}`);
  });

  test("says so when it comes to another digest", async () => {
    const other = pageOf({ ...report, digest: "0000000000000000" }, await pageBundle());
    await open("#view=cluster", {}, other);
    await page.locator(".digest.differs").first().waitFor();
    expect(await page.locator(".digest.differs").first().textContent()).toContain(report.digest);
  });

  test("executes nothing before a view asks for it", async () => {
    await open("");
    expect(await page.locator(".view.cluster").isVisible()).toBe(false);
    expect(await page.locator(".view.cluster *").count()).toBe(1);
    expect(await page.locator("#workspace").isVisible()).toBe(true);
  });

  test("begins where the answer came that fits nowhere", async () => {
    await openView("cluster");
    expect(report.outcome).toBe("illegal");
    const wrong = await page.evaluate("document.querySelector('.view.cluster .mark.violation') !== null");
    expect(wrong).toBe(true);
    expect(await cause()).toMatch(/^c\d hears from n\d: result of request/);
  });

  test("goes event by event, in strides and to both ends by keys", async () => {
    await openView("cluster", "&t=1000000");
    const start = await index();
    await page.keyboard.press("ArrowRight");
    expect(await index()).toBe(start + 1);
    await page.keyboard.press("Shift+ArrowRight");
    expect(await index()).toBe(start + 26);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Shift+ArrowLeft");
    expect(await index()).toBe(start);
    await page.keyboard.press("Home");
    expect(await place()).toContain("event 1 of");
    expect(await cause()).toBe("n1 starts.");
    await page.keyboard.press("ArrowLeft");
    expect(await index()).toBe(0);
    await page.keyboard.press("End");
    expect(await index()).toBe(Number(await page.locator(".slider").getAttribute("max")));
  });

  test("goes back to exactly what it was", async () => {
    await openView("cluster", "&t=2000000");
    const look = () => page.locator(".view.cluster").innerText();
    const [start, before] = [String(await index()), await look()];
    for (const key of ["ArrowRight", "Shift+ArrowRight", "e", "End", "Home"]) await page.keyboard.press(key);
    expect(await look()).not.toBe(before);
    await page.locator(".slider").fill(start);
    expect(await look()).toBe(before);
  });

  test("jumps to elections, crashes and what went wrong, and back with Shift", async () => {
    await openView("cluster");
    await page.keyboard.press("Home");
    await page.keyboard.press("e");
    expect(await page.locator(".effects").textContent()).toMatch(/becomes candidate/);
    const first = await index();
    await page.keyboard.press("e");
    expect(await index()).toBeGreaterThan(first);
    await page.keyboard.press("Shift+E");
    expect(await index()).toBe(first);
    await page.keyboard.press("c");
    expect(await cause()).toMatch(/^n\d crashes\.$/);
    await page.keyboard.press("v");
    expect(await cause()).toMatch(/^c\d hears from n\d: result/);
  });

  test("plays and pauses by the space bar", async () => {
    await openView("cluster", "&t=0");
    await page.keyboard.press("Home");
    await page.getByLabel("Speed").selectOption("250");
    await page.locator(".view.cluster .cause").click();
    await page.keyboard.press(" ");
    await expect.poll(index).toBeGreaterThan(20);
    await page.keyboard.press(" ");
    const stopped = await index();
    await page.waitForTimeout(200);
    expect(await index()).toBe(stopped);
  });

  test("is found again by its address, down to one of several events of an instant", async () => {
    await openView("cluster");
    await page.keyboard.press("Home");
    for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowRight");
    const [at, words] = [await index(), await cause()];
    const address = () => page.evaluate("location.hash") as Promise<string>;
    await expect.poll(address).toContain("e=4");
    const hash = await address();
    await page.context().close();
    await open(hash);
    await page.locator(".view.cluster .plot text").first().waitFor();
    expect([await index(), await cause()]).toEqual([at, words]);
  });

  test("follows a link that is pasted into the open page", async () => {
    await openView("cluster", "&t=1000000");
    const before = await place();
    await page.evaluate("location.hash = '#view=cluster&t=4000000'");
    await expect.poll(place).toMatch(/^(3,9\d\d|4,000)\.\d{3} ms/);
    expect(before).toMatch(/^(9\d\d|1,000)\.\d{3} ms/);
  });

  test("has the result on paper, whatever view is shown", async () => {
    await openView("cluster");
    expect(await page.locator("#problems").isVisible()).toBe(false);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#problems").isVisible()).toBe(true);
    expect(await page.locator(".tabs, .view.cluster").filter({ visible: true }).count()).toBe(0);
  });

  test("tells a picked server's log with its commands", async () => {
    await openView("cluster");
    await page.locator("th.server button", { hasText: "n2" }).click();
    expect(await page.locator(".beside h2").first().textContent()).toBe("n2");
    expect(await page.locator(".commands li").count()).toBeGreaterThan(3);
    expect(await page.locator("th.server [aria-pressed=true]").textContent()).toBe("n2");
  });

  test("has tabs that arrow keys walk, and one tab stop for all of them", async () => {
    await open("");
    const selected = () => page.locator("[role=tab][aria-selected=true]").textContent();
    expect(await selected()).toBe("Timeline");
    await page.getByRole("tab", { name: "Timeline" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await selected()).toBe("Cluster");
    await page.locator(".view.cluster .plot text").first().waitFor();
    const before = await index();
    await page.keyboard.press("ArrowRight");
    expect(await selected()).toBe("Messages");
    await page.keyboard.press("ArrowRight");
    expect(await selected()).toBe("Raw");
    await page.keyboard.press("ArrowRight");
    expect(await selected()).toBe("Result");
    expect(await page.locator("#objects").isVisible()).toBe(true);
    await page.keyboard.press("End");
    expect(await selected()).toBe("Raw");
    expect(await page.locator("[role=tab][tabindex='0']").count()).toBe(1);
    expect(await page.locator("[role=tabpanel]:visible").count()).toBe(1);
    // The arrows that walked through the tabs were not steps of the cluster.
    expect(await index()).toBe(before);
  });

  test("draws messages around what went wrong, and tells each of them by arrow keys", async () => {
    await openView("messages");
    const count = await page.locator(".lamport .arrow").count();
    expect(count).toBeGreaterThan(8);
    expect(await page.locator(".lamport .plot *").count()).toBeLessThanOrEqual(600);
    await page.locator(".lamport").focus();
    await page.keyboard.press("ArrowRight");
    const first = await page.locator(".detail").textContent();
    expect(first).toMatch(/^[nc]\d to [nc]\d: .*Sent at [\d,.]+ ms, /);
    await page.keyboard.press("ArrowRight");
    expect(await page.locator(".detail").textContent()).not.toBe(first);
    expect(await page.locator(".arrow.picked").count()).toBe(1);
    await page.keyboard.press("Escape");
    expect(await page.locator(".arrow.picked").count()).toBe(0);
  });

  test("tells the message under the pointer", async () => {
    await openView("messages");
    const d = (await page.locator(".lamport .arrow:not(.stopped)").nth(3).getAttribute("d"))!;
    const [, x1, y1, x2, y2] = /^M([\d.]+) ([\d.]+) L([\d.]+) ([\d.]+)/.exec(d)!.map(Number);
    await page.locator(".lamport .plot").scrollIntoViewIfNeeded();
    const box = (await page.locator(".lamport .plot").boundingBox())!;
    await page.mouse.move(box.x + x1! + (x2! - x1!) * 0.7, box.y + y1! + (y2! - y1!) * 0.7);
    expect(await page.locator(".detail").textContent()).toMatch(/Sent at/);
  });

  test("moves and zooms the diagram by keys, and shows heartbeats only when asked to", async () => {
    await openView("messages");
    const span = async () => (await page.locator(".view.messages .place").textContent())!.split(":")[0];
    const start = await span();
    await page.keyboard.press("d");
    expect(await span()).not.toBe(start);
    await page.keyboard.press("a");
    expect(await span()).toBe(start);
    for (let times = 0; times < 5; times++) await page.keyboard.press("s");
    expect(await page.locator(".arrow.heartbeats").count()).toBe(0);
    await page.getByRole("button", { name: "heartbeats" }).click();
    expect(await page.locator(".arrow.heartbeats").count()).toBeGreaterThan(0);
    await page.getByRole("button", { name: "votes" }).click();
    expect(await page.locator(".arrow.votes").count()).toBe(0);
  });

  test("goes from a moment of the cluster to its messages, and from a message to its moment", async () => {
    await openView("cluster", "&t=3000000");
    const time = (await place())!.split(", event")[0];
    await page.getByRole("button", { name: "Messages around here" }).click();
    await page.locator(".lamport .arrow").first().waitFor();
    await page.locator(".lamport").focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("button", { name: "Cluster at this moment" }).click();
    expect(await page.locator(".view.cluster").isVisible()).toBe(true);
    expect((await place())!.split(", event")[0]).not.toBe(time);
  });

  test("explains that a history from elsewhere cannot be executed again", async () => {
    const { operations, objects, clients, counts } = sampleReport();
    const words = { linlab: "0.1.0", outcome: "ok", sentence: "One order.", violation: null } as const;
    const drawn = { ...words, operations, objects, clients, counts, bands: [], servers: [] };
    const about = { file: "h.edn", format: "jepsen-edn", model: "kv", command: "npx linlab check h.edn" };
    await open("#view=cluster", {}, historyPageOf(drawn, about, await pageBundle()));
    await page.locator(".view.cluster .nothing").waitFor();
    expect(await page.locator(".view.cluster").innerText()).toContain("no run to execute again");
    await page.getByRole("tab", { name: "Messages" }).click();
    await page.locator(".view.messages .nothing").waitFor();
    expect(await page.locator("svg.plot:visible, .controls").count()).toBe(0);
  });

  test.each(["light", "dark"] as const)("fits a phone in %s: nothing sticks out", async (colorScheme) => {
    const phone = { viewport: { width: 390, height: 844 }, colorScheme };
    for (const view of ["cluster", "messages"] as const) {
      if (view === "messages") await page.context().close();
      await openView(view, "", phone);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    }
  });
});

function brokenRun(): Report {
  for (let seed = 1; seed < 200; seed++) {
    const made = run(seed, { ...defaultOptions, mutant: "anyReplicaReads" }).report;
    if (made.outcome === "illegal" && made.faults.crash! > 0) return made;
  }
  throw new Error("no seed of 200 broke it");
}
