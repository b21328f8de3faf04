/** For everybody: what a checker of accessibility finds, what keys alone reach, and what paper and a lack of script leave. */

import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, inject, test } from "vitest";
import { pageBundle } from "../../lab/cli/bundle.ts";
import { defaultOptions, investigated, run } from "../../lab/run/index.ts";
import type { Report } from "../../lab/run/report.ts";
import { pageOf } from "../../visualizer/index.ts";
import { milliseconds } from "../../visualizer/text.ts";
import type { FoundBrowser } from "../browser.ts";
import { sampleReport } from "./sample.ts";
import { brokenReport, reportOf, SEEN, STALE } from "./why-sample.ts";
import { type Showing, Window } from "./window.ts";

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

const found: FoundBrowser | null = inject("browser");

/** Nobody called anything. */
function emptyReport(): Report {
  const report = sampleReport({ outcome: "unknown" });
  const counts = { ...report.counts, operations: 0, acknowledged: 0, indeterminate: 0, pending: 0 };
  const sentence = "Nothing was acknowledged, so there is nothing to judge.";
  const recorded = { ...report.recorded!, history: [] };
  return { ...report, sentence, counts, recorded, operations: [], objects: [] };
}

const REPORTS: Readonly<Record<string, () => Report>> = {
  ok: () => sampleReport(),
  illegal: () => reportOf(STALE, SEEN),
  broken: brokenReport,
  unknown: () => sampleReport({ outcome: "unknown" }),
  empty: emptyReport,
};

const VIEWS = ["result", "timeline", "cluster", "messages", "raw"];

describe.skipIf(found === null)("for everybody", () => {
  const window = new Window(found);
  let page: Page;

  async function open(report: Report, options: Showing = {}): Promise<void> {
    page = await window.show(pageOf(report, await pageBundle()), options);
  }

  /** What axe has against the page as it is now, of those that keep people out. */
  async function serious(): Promise<readonly string[]> {
    if ((await page.evaluate("typeof axe")) === "undefined") await page.evaluate(axe.source);
    const { violations } = (await page.evaluate("axe.run()")) as { violations: readonly Finding[] };
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
      );
  }

  const cases = Object.keys(REPORTS).flatMap((name) =>
    (["light", "dark"] as const).map((colorScheme) => ({ name, colorScheme })),
  );

  test.each(cases)(
    "axe finds nothing serious in any view of $name, $colorScheme",
    async ({ name, colorScheme }) => {
      await open(REPORTS[name]!(), { colorScheme });
      for (const view of VIEWS) {
        await page.locator(`#tab-${view}`).click();
        expect([view, ...(await serious())]).toEqual([view]);
      }
    },
  );

  test("axe finds nothing serious in the cluster and the messages of a run", async () => {
    const { report } = run(3, { ...defaultOptions, mutant: "anyReplicaReads" });
    await open(report, { fragment: "#view=cluster" });
    await page.locator(".cluster .digest", { hasText: "equal" }).waitFor();
    expect(await serious()).toEqual([]);
    await page.locator("#tab-messages").click();
    await page.locator("section.messages svg").first().waitFor();
    expect(await serious()).toEqual([]);
  });

  test("axe finds nothing serious on a phone", async () => {
    await open(reportOf(STALE, SEEN), { viewport: { width: 390, height: 844 } });
    expect(await serious()).toEqual([]);
  });

  test("keys alone lead from opening to the reason on the servers' side, and to every view, in a few presses", async () => {
    await open(investigated(run(3, { ...defaultOptions, mutant: "anyReplicaReads" })).report);
    // A reader's next heading is one press; the reason is the text after the second.
    expect(await page.locator("h1, h2").nth(1).getAttribute("id")).toBe("why-heading");
    expect(await page.locator("#why-heading ~ *").first().getAttribute("id")).toBe("reason");
    const seen: string[] = [];
    for (let press = 1; press <= 12; press++) {
      await page.keyboard.press("Tab");
      seen.push(
        (await page.evaluate("document.activeElement.id || document.activeElement.className")) as string,
      );
      const inView = await page.evaluate(`(() => {
        const { top, bottom } = document.getElementById("reason").getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      })()`);
      if (press === 1) expect(inView).toBe(true);
    }
    expect(seen.join(" ")).toContain("tab-timeline");
    // From there the cluster at the moment of the violation is two arrows away.
    await page.locator("#tab-timeline").focus();
    await page.keyboard.press("ArrowRight");
    await page.locator(".cluster .digest", { hasText: "equal" }).waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("tab-cluster");
  });

  test.each([
    { on: "a desktop", viewport: { width: 1440, height: 900 } },
    { on: "a phone", viewport: { width: 390, height: 844 } },
  ])(
    "12 presses lead to the reason, and on to the cluster at the violation, on $on",
    async ({ viewport }) => {
      const { report } = investigated(run(3, { ...defaultOptions, mutant: "anyReplicaReads" }));
      await open(report, { viewport });
      let presses = 0;
      const press = async (key: string) => {
        presses++;
        await page.keyboard.press(key);
      };
      const isSeen = `(() => {
      const { top, bottom } = document.getElementById("reason").getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    })()`;
      const isOnTab = `document.activeElement.getAttribute("role") === "tab"`;
      while (!(await page.evaluate(isSeen)) && presses <= 12) await press("PageDown");
      while (!(await page.evaluate(isOnTab)) && presses <= 12) await press("Tab");
      await press("ArrowRight");
      await page.locator(".cluster .digest", { hasText: "equal" }).waitFor();
      expect(await page.evaluate("document.activeElement.id")).toBe("tab-cluster");
      // It opens where the impossible reply came.
      const [wrong] = report.objects.flatMap(({ explanation }) =>
        explanation?.kind === "violation" ? explanation.core.filter(({ isImpossible }) => isImpossible) : [],
      );
      expect(await page.locator(".cluster .instant").textContent()).toContain(milliseconds(wrong!.return!));
      expect(presses).toBeLessThanOrEqual(12);
    },
  );

  test("nothing traps the focus: Tab comes through every view and out again", async () => {
    for (const view of VIEWS) {
      await open(sampleReport(), { fragment: `#view=${view}` });
      const places = new Set<string>();
      for (let press = 0; press < 90 && !places.has("BODY"); press++) {
        await page.keyboard.press("Tab");
        places.add((await page.evaluate("document.activeElement.tagName")) as string);
      }
      expect([view, places.has("BODY")]).toEqual([view, true]);
      if (view !== VIEWS.at(-1)) await page.context().close();
    }
  });

  test.each(["ok", "illegal", "broken", "unknown", "empty"])(
    "%s is at most two pages of paper",
    async (name) => {
      await open(REPORTS[name]!());
      expect(pages(await page.pdf({ format: "A4" }))).toBeLessThanOrEqual(2);
    },
  );

  test.each([
    ["anyReplicaReads", 3],
    ["readWithoutQuorum", 22],
  ])("so is a run of %s that went wrong for real", async (mutant, seed) => {
    await open(investigated(run(seed, { ...defaultOptions, mutant })).report);
    expect(pages(await page.pdf({ format: "A4" }))).toBeLessThanOrEqual(2);
  });

  test("verdict, sentence, core and reason stand without script", async () => {
    await open(reportOf(STALE, SEEN), { javaScriptEnabled: false });
    for (const id of ["verdict", "reason", "why"])
      expect(await page.locator(`#${id}`).isVisible()).toBe(true);
    expect(await page.locator("#why").innerText()).toContain("put k8");
  });

  test("with forced colours what is pressed, chosen and wrong is still told apart", async () => {
    await open(sampleReport({ outcome: "illegal" }), { forcedColors: "active" });
    const differs = (a: string, b: string) =>
      page.evaluate(`(() => {
        const looks = (q) => { const s = getComputedStyle(document.querySelector(q)); return s.backgroundColor + s.borderColor + s.borderBottomWidth + s.outlineStyle; };
        return looks(${JSON.stringify(a)}) !== looks(${JSON.stringify(b)});
      })()`);
    expect(await differs('.tab[aria-selected="true"]', '.tab[aria-selected="false"]')).toBe(true);
    expect(await differs('#chips [aria-pressed="true"]', '#chips [aria-pressed="false"]')).toBe(true);
    await page.locator("#fit").focus();
    expect(await differs("#fit", "#zoom-in")).toBe(true);
    expect(await page.locator("h1").textContent()).toContain("Not linearizable");
  });

  test("for who wants things to stay still the view jumps instead of gliding", async () => {
    await open(sampleReport());
    await page.keyboard.press("w");
    await page.keyboard.press("0");
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    expect(Number(await page.locator("#stage").getAttribute("data-from"))).toBeLessThanOrEqual(0);
    expect(await page.evaluate("document.getAnimations().length")).toBe(0);
  });
});

function pages(pdf: Buffer): number {
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}
