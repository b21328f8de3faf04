import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { pageBundle } from "../../lab/cli/bundle.ts";
import type { Report } from "../../lab/run/report.ts";
import { standalone, unpack } from "../../visualizer/columns.ts";
import { type Drawn, pageOf } from "../../visualizer/index.ts";
import {
  byName,
  byteCount,
  embeddedJson,
  html,
  milliseconds,
  shorten,
  squeeze,
  visible,
} from "../../visualizer/text.ts";
import { HOSTILE } from "./hostile.ts";
import { sampleReport } from "./sample.ts";

const bundle = await pageBundle();
const small = { script: "0", style: "", scriptHash: "sha256-s", styleHash: "sha256-t" };

/** The report with every text that a client or a user could have chosen replaced by a hostile one. */
function hostileReport(): Report {
  const report = sampleReport({ outcome: "illegal" });
  const pick = (index: number): string => HOSTILE[index % HOSTILE.length]!;
  const operations = report.operations.map((each, index) => ({
    ...each,
    words: pick(index),
    kind: pick(index + 3),
  }));
  const bands = report.bands.map((each, index) => ({ ...each, label: pick(index), kind: pick(index + 5) }));
  const objects = [
    ...report.objects,
    ...HOSTILE.map((object) => ({ ...report.objects[0]!, object, partials: [] })),
  ];
  return {
    ...report,
    operations,
    bands,
    objects,
    sentence: pick(0),
    replay: pick(3),
    faults: JSON.parse('{"__proto__": 2}'),
  };
}

function embedded(page: string): Drawn {
  const [, json] = /<script type="application\/json" id="report"[^>]*>([^<]*)<\/script>/.exec(page) ?? [];
  const drawn = unpack<Drawn>(JSON.parse(json ?? "null"));
  return { ...drawn, operations: drawn.operations.map(standalone) };
}

describe("the page as text", () => {
  test("carries the report so that it comes back exactly, hostile values included", () => {
    const { recorded, ...report } = hostileReport();
    const page = pageOf({ ...report, recorded: recorded! }, small);
    expect(JSON.stringify(embedded(page))).toBe(JSON.stringify(report));
  });

  test("has no element that a value wrote", () => {
    const page = pageOf(hostileReport(), small);
    expect(page.match(/<script/g)).toHaveLength(3);
    expect(page.match(/<\/script/g)).toHaveLength(3);
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page).not.toMatch(/<img|<svg onload|<!--/);
  });

  test("says verdict, sentence, replay and what went wrong without any script", () => {
    const report = sampleReport({ outcome: "illegal" });
    const body = pageOf(report, small).replace(/<script[\s\S]*?<\/script>/g, "");
    for (const text of [
      "Not linearizable",
      html(report.sentence),
      html(report.replay),
      "fits nowhere after 43 operations",
    ]) {
      expect(body).toContain(text);
    }
  });

  test.each([
    { outcome: "ok" as const, title: "Linearizable" },
    { outcome: "illegal" as const, title: "Not linearizable" },
    { outcome: "unknown" as const, title: "Undecided" },
    { outcome: "invariant" as const, title: "Invariant broken" },
    { outcome: "liveness" as const, title: "Liveness missed" },
  ])("says $title of a run that is $outcome", ({ outcome, title }) => {
    expect(pageOf(sampleReport({ outcome }), small)).toContain(`<h1>${title}<`);
  });

  test("of an undecided run has no table of what went wrong", () => {
    expect(pageOf(sampleReport({ outcome: "unknown" }), small)).not.toContain('id="problems"');
  });

  test("weighs less than 400 KB without its report, the lab that runs it again included", () => {
    const report = sampleReport();
    const fixed = Buffer.byteLength(pageOf(report, bundle)) - Buffer.byteLength(JSON.stringify(report));
    expect(fixed).toBeLessThan(400_000);
  });

  test("allows nothing but the script and style whose hashes it names", () => {
    const page = pageOf(sampleReport(), bundle);
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const [, script = ""] = /<\/script>\n<script>([\s\S]*)<\/script>\n<\/body>/.exec(page) ?? [];
    const hash = createHash("sha256").update(script).digest("base64");
    expect(policy).toContain(`script-src 'sha256-${hash}';`);
    expect(policy).toMatch(/^default-src 'none'; .*require-trusted-types-for 'script'$/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });
});

describe("the bundle", () => {
  test("is the same when it comes from the cache", async () => {
    expect(await pageBundle()).toEqual(bundle);
  });
});

describe("text", () => {
  test.each(HOSTILE)("%j comes back from a script element exactly", (value) => {
    const text = embeddedJson({ [value]: value });
    expect(text).not.toMatch(/[<\u2028\u2029\0]/);
    expect(JSON.stringify(JSON.parse(text))).toBe(
      JSON.stringify(JSON.parse(JSON.stringify({ [value]: value }))),
    );
  });

  test.each([
    { text: "plain → ünïcode 漢字", shown: "plain → ünïcode 漢字" },
    { text: "a\u202eb", shown: "a‹U+202E›b" },
    { text: "\0\ud800\u2028", shown: "‹U+0000›‹U+D800›‹U+2028›" },
    { text: "pair 😀", shown: "pair 😀" },
  ])("shows $shown", ({ text, shown }) => {
    expect(visible(text)).toBe(shown);
  });

  test.each([
    { text: "abc", limit: 3, shown: "abc" },
    { text: "abcd", limit: 3, shown: "abc… (4 characters)" },
    { text: "😀😀😀", limit: 2, shown: "😀😀… (6 characters)" },
  ])("shortens $text to $shown", ({ text, limit, shown }) => {
    expect(shorten(text, limit)).toBe(shown);
  });

  test.each([
    { text: "abcdefgh", limit: 8, shown: "abcdefgh" },
    { text: "abcdefgh", limit: 6, shown: "abc…gh" },
    { text: "ab😀cdef😀gh", limit: 8, shown: "ab😀…gh" },
    { text: "ab😀cdef😀gh", limit: 6, shown: "ab…gh" },
  ])("squeezes $text into $limit as $shown", ({ text, limit, shown }) => {
    expect(squeeze(text, limit)).toBe(shown);
  });

  test("puts k2 before k10", () => {
    expect(["k10", "b", "k2", "a"].sort(byName)).toEqual(["a", "b", "k2", "k10"]);
  });

  test.each([
    { value: 0, shown: "0.000 ms" },
    { value: 999, shown: "0.999 ms" },
    { value: 3_214_563, shown: "3,214.563 ms" },
    { value: -1_500, shown: "-1.500 ms" },
  ])("writes $value microseconds as $shown", ({ value, shown }) => {
    expect(milliseconds(value)).toBe(shown);
  });

  test.each([
    { bytes: 999, shown: "999 B" },
    { bytes: 1_500, shown: "1.5 kB" },
    { bytes: 2_340_000, shown: "2.3 MB" },
  ])("writes $bytes bytes as $shown", ({ bytes, shown }) => {
    expect(byteCount(bytes)).toBe(shown);
  });

  test("escapes what markup is made of", () => {
    expect(html(`<a href="x" id='y'>&`)).toBe("&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
  });
});
