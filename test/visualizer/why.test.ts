import { describe, expect, test } from "vitest";
import type { Report } from "../../lab/run/report.ts";
import { pageOf } from "../../visualizer/index.ts";
import { axisOver } from "../../visualizer/why/axis.ts";
import { proofOf } from "../../visualizer/why/proof.ts";
import { sceneOfProof, sceneOfViolation } from "../../visualizer/why/scene.ts";
import { pictureOf } from "../../visualizer/why/svg.ts";
import { whySection } from "../../visualizer/why/why.ts";
import { noteOf } from "../../visualizer/why/words.ts";
import { HOSTILE } from "./hostile.ts";
import { sampleReport } from "./sample.ts";
import { brokenReport, reportOf, SEEN, STALE } from "./why-sample.ts";

const bundle = { script: "0", style: "", scriptHash: "sha256-s", styleHash: "sha256-t" };
const WIDTHS = [
  ["wide", 940],
  ["narrow", 358],
] as const;

const missed = {
  ...brokenReport(),
  outcome: "liveness" as const,
  sentence:
    "Progress after healing broke at 12.000 s: c2 and c5 got no answer within 6.000 s of the healing.",
  violation: {
    ...{ kind: "liveness" as const, name: "progress after healing", at: 12_000_000, nodes: [] },
    message: "c2 and c5 got no answer within 6.000 s of the healing",
  },
};

const OUTCOMES: Readonly<Record<string, Report>> = {
  ok: sampleReport(),
  "a stale read": reportOf(STALE, SEEN),
  "a broken invariant": brokenReport(),
  "a missed bound": missed,
  undecided: sampleReport({ outcome: "unknown" }),
  "an empty history": {
    ...{
      ...sampleReport({ outcome: "unknown" }),
      operations: [],
      objects: [],
      recorded: { header: { model: "kv" }, history: [] },
    },
    sentence: "Nothing was acknowledged, so there is nothing to judge.",
  },
};

/** What a reader reads, tag by tag. */
function textOf(markup: string): string {
  const bare = markup.replace(/<svg[\s\S]*?<\/svg>/g, "").replace(/<[^>]*>/g, " ");
  return bare.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&gt;", ">").replace(/\s+/g, " ");
}

describe("the axis", () => {
  const edges = { left: 100, right: 900 };

  test("is to one scale where nothing is cut out", () => {
    const axis = axisOver([0, 200, 600, 1000], edges);
    expect(axis.breaks).toEqual([]);
    expect(axis.x(600) - axis.x(400)).toBeCloseTo(axis.x(200) - axis.x(0), 0);
  });

  test("cuts out a long stretch in which nothing happens, and keeps the scale of the rest", () => {
    const axis = axisOver([0, 1000, 500_000, 501_000], edges);
    expect(axis.breaks).toMatchObject([{ from: 1000, until: 500_000 }]);
    expect(axis.x(1000) - axis.x(0)).toBeCloseTo(axis.x(501_000) - axis.x(500_000), 0);
    expect(axis.x(500_000) - axis.x(1000)).toBe(30);
  });

  test("never goes back, and stays between its edges", () => {
    const axis = axisOver([5, 17, 40, 9000, 9010, 400_000, 400_300], edges);
    const places = Array.from({ length: 4001 }, (_, i) => axis.x(i * 101));
    expect(places.every((x, i) => i === 0 || x >= places[i - 1]!)).toBe(true);
    expect(Math.min(...places)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...places)).toBeLessThanOrEqual(900);
  });

  test("has ticks that keep apart from one another and from cuts", () => {
    const { ticks, breaks } = axisOver([0, 1000, 500_000, 501_000], edges);
    expect(ticks.length).toBeGreaterThan(2);
    for (const [i, { x }] of ticks.slice(1).entries()) expect(x - ticks[i]!.x).toBeGreaterThanOrEqual(96);
    for (const { x } of ticks) expect(Math.abs(x - (breaks[0]!.left + 15))).toBeGreaterThan(50);
  });

  test("of one instant is still an axis", () => {
    const axis = axisOver([700, 700], edges);
    expect(axis.x(700)).toBe(500);
  });
});

describe("the picture", () => {
  test.each(WIDTHS)("of a stale read, %s", async (name, width) => {
    const report = reportOf(STALE, SEEN);
    const proof = proofOf(report)!;
    const notes = new Map(proof.core.map((each) => [each.operation, noteOf(proof, each)]));
    const svg = pictureOf(sceneOfProof(report, proof, width), notes, name);
    await expect(lines(svg)).toMatchFileSnapshot(`golden/why-stale-${name}.svg`);
  });

  test.each(WIDTHS)("of a broken invariant, %s", async (name, width) => {
    const svg = pictureOf(sceneOfViolation(brokenReport(), width), new Map(), name);
    await expect(lines(svg)).toMatchFileSnapshot(`golden/why-broken-${name}.svg`);
  });

  test("leaves out who was asked in vain, and shows how far nobody knows a lost message came", () => {
    const report = reportOf(STALE, SEEN);
    const { messages } = sceneOfProof(report, proofOf(report)!, 940);
    expect(messages).toHaveLength(SEEN.messages.length - 1);
    expect(messages.filter(({ lost }) => lost)).toMatchObject([{ kind: "append" }]);
  });

  test("marks as cut off only whom a fault set apart", () => {
    const report = reportOf(STALE, SEEN);
    const { servers } = sceneOfProof(report, proofOf(report)!, 940);
    expect(servers.map(({ faults }) => faults.length)).toEqual([1, 0, 0]);
  });
});

describe("the view", () => {
  test("says in words all that the picture shows", async () => {
    const said = textOf(whySection(reportOf(STALE, SEEN)));
    await expect(`${said.replaceAll(/ (?=[A-Z][a-z]+ )/g, "\n").trim()}\n`).toMatchFileSnapshot(
      "golden/why-stale.txt",
    );
    for (const words of [
      "3 of 3 operations on k8 cannot all be true",
      "Because n1, leader of term 4, answered get k8 from its own state",
      'impossible : k8 is "v2"',
      "When n1 answered 3, at 3,019.000 ms",
      "One version behind",
      "isolate the leader (n1)",
      "n2 sends n1 its entry, which never arrived",
    ]) {
      expect(said).toContain(words);
    }
  });

  test("of each outcome is told with its verdict as a person would", async () => {
    const told = Object.entries(OUTCOMES).map(([name, report]) => {
      const [banner] = /<header[\s\S]*?<\/header>/.exec(pageOf(report, bundle))!;
      const why = whySection(report)
        .replaceAll(/<svg[\s\S]*?<\/svg>/g, "")
        .replaceAll(/<\/(p|h2|h3|li|tr|figcaption)>/g, "$&\n");
      const said = `${banner.replaceAll(/<\/(h1|p)>/g, "$&\n")}${why}`
        .split("\n")
        .map((each) => textOf(each).trim());
      return `# ${name}\n\n${said.filter((each) => each !== "").join("\n")}\n`;
    });
    await expect(told.join("\n")).toMatchFileSnapshot("golden/verdicts.txt");
  });

  test("says nothing of servers where nobody looked, and no reason where none fits", () => {
    const alone = { ...reportOf(STALE, undefined), servers: [], bands: [] };
    expect(textOf(whySection(alone))).not.toMatch(/Because|answered 3|messages|letters/);
    const silent = reportOf(STALE, { ...SEEN, reason: null, consequences: [] });
    expect(whySection(silent)).not.toContain("because");
  });

  test("says likely where a rule is not exact", () => {
    const reason = { ...SEEN.reason!, certainty: "likely" as const };
    expect(textOf(whySection(reportOf(STALE, { ...SEEN, reason })))).toContain("Likely because n1");
  });

  test("of a broken invariant shows the servers side by side and what led there", () => {
    const said = textOf(whySection(brokenReport()));
    expect(said).toContain("The invariant “election safety” broke on n1 and n2 at 3,012.000 ms");
    expect(said).toContain("Because n3 voted for n1 and for n2 in term 5");
    expect(said).toContain("n1 leader, term 5");
    expect(said).toContain("n1 and n2 both lead term 5");
  });

  test("draws nothing undecided as wrong", () => {
    const section = whySection(sampleReport({ outcome: "unknown" }));
    expect(section).toContain("Nothing here is known to be wrong");
    expect(section).not.toMatch(/impossible|wrong"|danger|<svg/);
  });

  test("of a run that is fine says what that means", () => {
    expect(textOf(whySection(sampleReport()))).toContain("there is one order of its operations");
  });

  test("shows hostile words and nothing else of them", () => {
    for (const value of HOSTILE) {
      const reason = { ...SEEN.reason!, words: value, node: value };
      const calls = STALE.map((call) => ({
        ...call,
        client: value,
        input: { ...call.input, key: value },
        output: call.output,
      }));
      const page = pageOf(reportOf(calls as typeof STALE, { ...SEEN, reason }), bundle);
      expect(page.match(/<script/g)).toHaveLength(3);
      expect(page).not.toMatch(/<img|<svg onload|<!--/);
    }
  });
});

/** One element a line, so that a change shows as a change of few lines. */
function lines(svg: string): string {
  return `${svg.replaceAll("><", ">\n<").trim()}\n`;
}
