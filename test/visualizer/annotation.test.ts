/** What a test says about its run: from the recorder over files and matchers into the picture, and nowhere into a verdict. */

import type { Page } from "playwright-core";
import { type Annotation, check, HistoryError, importHistory, kv, writeHistory } from "porcupine-ts";
import { Recording } from "porcupine-ts/record";
import { describe, expect, inject, test } from "vitest";
import { pageBundle } from "../../lab/cli/bundle.ts";
import { drawnOf } from "../../lab/cli/sketch.ts";
import { detailOf } from "../../visualizer/detail.ts";
import type { Drawn } from "../../visualizer/drawn.ts";
import { historyPageOf } from "../../visualizer/index.ts";
import { judgementOf } from "../../visualizer/judgement.ts";
import { itemAt, sceneOf } from "../../visualizer/layout.ts";
import { rankedOf } from "../../visualizer/ranked.ts";
import type { FoundBrowser } from "../browser.ts";
import { HOSTILE } from "./hostile.ts";
import { Window } from "./window.ts";

const file = { file: "a.ndjson", format: "ndjson", model: "kv", command: "npx linlab check a.ndjson" };

/** A put and a get, and what was said meanwhile; the clock stands at the number of the event, in milliseconds. */
function recorded(): Recording<unknown, unknown> {
  let now = 1_000_000;
  const recording = new Recording<unknown, unknown>(() => {
    now += 1000;
    return now;
  });
  const put = recording.invoke("a", { kind: "put", key: "x", value: "1" });
  recording.annotate({ text: "killed n2" });
  recording.respond(put, { kind: "done" });
  const get = recording.invoke("b", { kind: "get", key: "x" });
  recording.annotate({ text: "b is slow", client: "b", from: 1_001_500, until: 1_004_000 });
  recording.annotate({ text: "in the middle", at: 1_003_000 });
  recording.respond(get, { kind: "value", value: "1" });
  return recording;
}

function drawn(recording: Recording<unknown, unknown>): Drawn {
  const history = recording.history as never;
  return drawnOf(kv as never, history, check(kv, history), "ok", { annotations: recording.annotations });
}

describe("an annotation", () => {
  test("is about now, an instant or a stretch, and about everybody or one client", () => {
    expect(recorded().annotations).toEqual([
      { text: "killed n2", from: 1_002_000, until: 1_002_000, client: null },
      { text: "b is slow", from: 1_001_500, until: 1_004_000, client: "b" },
      { text: "in the middle", from: 1_003_000, until: 1_003_000, client: null },
    ]);
  });

  test("travels in a history's first line", () => {
    const { annotations, history } = recorded();
    const text = writeHistory({ model: "kv", annotations }, history);
    const imported = importHistory(text, "a.ndjson");
    expect(imported.annotations).toEqual(annotations);
    expect(imported.history).toEqual(history);
  });

  test.each([
    ['"soon"', "annotations: expected a list"],
    ["[7]", 'annotations[0]: expected a "text"'],
    ["[null]", 'annotations[0]: expected a "text"'],
    ['[{"text":"a","from":2,"until":1}]', 'annotations[0]: expected "from" and "until"'],
    ['[{"text":"a","from":0,"until":1,"client":5}]', "annotations[0]: expected a client's name or null"],
  ])("that is %s is refused by file and line", (json, message) => {
    const text = `{"format":"porcupine-ts-history","version":1,"model":"kv","annotations":${json}}\n`;
    expect(() => importHistory(text, "a.ndjson")).toThrow(HistoryError);
    expect(() => importHistory(text, "a.ndjson")).toThrow(`a.ndjson:1: ${message}`);
  });

  test("stands where it was said, in a row of its own or its client's, and says so when asked", () => {
    const report = drawn(recorded());
    const scene = sceneOf(report, []);
    const rows = scene.lanes.filter(({ kind }) => kind === "note");
    expect(rows.map(({ name, pieces }) => [name, pieces.map(({ from, until }) => [from, until])])).toEqual([
      ["b", [[500, 3000]]],
      [
        "notes",
        [
          [1000, 1000],
          [2000, 2000],
        ],
      ],
    ]);
    const item = itemAt(scene, 1990, rows[1]!.top + 5, 50)!;
    expect(item).toEqual({ kind: "note", note: 2 });
    const detail = detailOf(item, report, judgementOf(report));
    expect([detail.title, detail.words, detail.rows]).toEqual([
      "Annotation",
      "in the middle",
      [["at", "2.000 ms"]],
    ]);
  });

  test("keeps its place among the calls in rank time, and in a history without usable times", () => {
    const { drawn: ranked } = rankedOf(drawn(recorded()));
    const [put] = ranked.operations;
    const [killed] = ranked.annotations!;
    expect(killed!.from).toBeGreaterThan(put!.call);
    expect(killed!.from).toBeLessThan(put!.return!);
    const timeless = recorded();
    const history = timeless.history.map((event) => ({ ...event, time: event.time / 1e6 }));
    const annotations = timeless.annotations.map((each) => ({
      ...each,
      from: each.from / 1e6,
      until: each.until / 1e6,
    }));
    const untimed = drawnOf(kv as never, history, check(kv, history as never), "ok", { annotations });
    expect(untimed.annotations!.map(({ from }) => from)).toEqual([500, 500, 1500]);
  });
});

const found: FoundBrowser | null = inject("browser");

describe.skipIf(found === null)("an annotation on the page", () => {
  const window = new Window(found);
  let page: Page;

  async function open(annotations: readonly Annotation[], fragment = ""): Promise<void> {
    const html = historyPageOf({ ...drawn(recorded()), annotations }, file, await pageBundle());
    page = await window.show(html, { fragment });
  }

  test("is named beside the rows, told by pointer and panel, and in the saved picture and the tables", async () => {
    await open(drawn(recorded()).annotations!);
    expect(await page.locator("#stage .names").textContent()).toContain("notes");
    expect(await page.locator(".legend").textContent()).toContain("said by the test");
    const row = (await page.locator("#stage .names .name", { hasText: "notes" }).boundingBox())!;
    const surface = (await page.locator("#stage .surface").boundingBox())!;
    const [from, until] = await Promise.all(
      ["data-from", "data-until"].map(async (name) =>
        Number(await page.locator("#stage").getAttribute(name)),
      ),
    );
    const share = (1000 - from!) / (until! - from!);
    await page.mouse.click(surface.x + surface.width * share, row.y + row.height / 2);
    expect(await page.locator("#panel .words").textContent()).toBe("killed n2");
    expect(await page.locator("#annotations").textContent()).toContain("b is slow");
    await page.getByRole("tab", { name: "Raw" }).click();
    await page.getByRole("button", { name: "Annotations 3" }).click();
    await page.locator(".grid tbody button").nth(1).click();
    expect(await page.locator("#panel .words").textContent()).toBe("b is slow");
  });

  test("may say anything and do nothing", async () => {
    const notes = HOSTILE.map((text, at) => ({ text, client: text, from: at * 100, until: at * 100 + 50 }));
    await open(notes, "#view=raw&table=annotations");
    expect(await page.locator(".grid").textContent()).toContain(HOSTILE[0]);
    await page.getByRole("tab", { name: "Timeline" }).click();
    expect(await page.evaluate("window.ran")).toBeUndefined();
  });
});
