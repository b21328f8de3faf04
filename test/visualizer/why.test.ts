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

  test.each(WIDTHS)("says apart from one another how much is cut out, %s", (name, width) => {
    const times = [0, 30, 4000, 4001, 5400, 5401, 9000].map((each) => 100_000 + 1000 * each);
    const read = { ...STALE[2]!, from: times[6]!, until: times[6]! + 30_000 };
    const calls = [0, 2, 4].map((i) => {
      const value = i === 0 ? "v1" : `w${i}`;
      const input = { kind: "put", key: "k8", value } as const;
      return { ...STALE[0]!, input, from: times[i]!, until: times[i + 1]! };
    });
    const report = reportOf([...calls, read], undefined);
    const svg = pictureOf(sceneOfProof(report, proofOf(report)!, width), new Map(), name);
    const cuts = [...svg.matchAll(/class="cut" x="([\d.]+)"[^>]*>([^<]*)</g)];
    expect(cuts.length).toBeGreaterThan(1);
    for (const [, , words] of cuts) expect(words).toMatch(/^… [\d,]+ ms …$/);
    for (const [i, [, x, words]] of cuts.slice(1).entries()) {
      const [, before] = cuts[i]!;
      expect(Math.abs(Number(x) - Number(before))).toBeGreaterThan(words!.length * 6);
    }
  });

  test("marks as cut off only whom a fault set apart", () => {
    const report = reportOf(STALE, SEEN);
    const { servers } = sceneOfProof(report, proofOf(report)!, 940);
    expect(servers.map(({ faults }) => faults.length)).toEqual([1, 0, 0]);
  });

  test("of a cut through all of them marks who is on a side that is no majority", () => {
    const base = reportOf(STALE, SEEN);
    const [band] = base.bands;
    const groups = [["n2", "c1"], ["n1", "n3", "c2"], []];
    const cut = { ...band!, nodes: groups.flat(), groups };
    const report = { ...base, bands: [cut] };
    const { servers } = sceneOfProof(report, proofOf(report)!, 940);
    expect(servers.map(({ faults }) => faults.length)).toEqual([0, 1, 0]);
  });
});

describe("the view", () => {
  test("says in words all that the picture shows", async () => {
    const said = textOf(whySection(reportOf(STALE, SEEN)));
    await expect(`${said.replaceAll(/ (?=[A-Z][a-z]+ )/g, "\n").trim()}\n`).toMatchFileSnapshot(
      "golden/why-stale.txt",
    );
    for (const words of [
      "These 3 operations on k8 contradict each other",
      "Because n1, leader of term 4, answered get k8 from its own state",
      'impossible : k8 is "v2"',
      "When n1 answered ③, at 3,019.000 ms",
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

  test("shows the servers when the answer was given that the client took", () => {
    const [given] = SEEN.answers;
    const lost = { ...given!, server: "n3", at: 3_018_000, isTaken: false };
    const answers = [lost, { ...given!, isTaken: true }];
    const said = (reason: typeof SEEN.reason) =>
      textOf(whySection(reportOf(STALE, { ...SEEN, reason, answers })));
    expect(said(null)).toContain("When n1 answered ③, at 3,019.000 ms");
    expect(said({ ...SEEN.reason!, node: "n3", at: 3_018_000 })).toContain("When n1 answered ③");
  });

  test("marks a deed that was done twice in both places", () => {
    const reason = { ...SEEN.reason!, earlier: { node: "n2", at: 3_012_000 } };
    const section = whySection(reportOf(STALE, { ...SEEN, reason }));
    expect(textOf(section)).toContain("(A1 on n2 at 3,012.000 ms; A2 on n1 at 3,019.000 ms)");
    expect(section.match(/>A1</g)).toHaveLength(2);
    expect(section.match(/>A2</g)).toHaveLength(2);
  });

  test("says likely where a rule is not exact", () => {
    const reason = { ...SEEN.reason!, certainty: "likely" as const };
    expect(textOf(whySection(reportOf(STALE, { ...SEEN, reason })))).toContain("Likely because n1");
  });

  test("of a broken invariant shows the servers side by side and what led there", () => {
    const said = textOf(whySection(brokenReport()));
    expect(said).toContain("Election safety, broken on n1 and n2: a term has at most one leader");
    expect(said).toContain("put different entries at the same index");
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
    const said = textOf(whySection(sampleReport()));
    expect(said).toContain("Why this is fine");
    expect(said).toContain("there is one order of its operations");
  });

  test("of a mutant that nobody noticed says that it is on, and not that all is fine", () => {
    const base = sampleReport();
    const said = textOf(whySection({ ...base, options: { ...base.options, mutant: "noSessions" } }));
    expect(said).toContain("No violation observed The mutant noSessions is on");
    expect(said).not.toContain("fine");
  });

  test("says of every letter in the picture what it stands for, before the picture", () => {
    const section = whySection(reportOf(STALE, SEEN));
    const head = section.slice(0, section.indexOf("<figure"));
    expect(textOf(head)).toMatch(/A Because n1, leader .* B Also: n3 voted for n1 and for n2 in term 5/);
  });

  test("names first the faults that struck the culprit when it happened, and counts those that it leaves out", () => {
    const base = reportOf(STALE, SEEN);
    const band = (label: string, at: number, until: number, nodes: string[]) => ({
      kind: "partition",
      label,
      at,
      until,
      nodes,
    });
    const others = Array.from({ length: 12 }, (_, i) => band(`early ${i}`, 1_000_000 + i, 1_100_000, ["n1"]));
    const bands = [
      ...others,
      band("elsewhere", 3_000_000, 3_100_000, ["n3"]),
      band("cut off", 3_001_000, 3_100_000, ["n1"]),
    ];
    const faults = textOf(whySection({ ...base, bands })).split("Faults meanwhile")[1]!;
    expect(faults).toMatch(/^ +cut off .*, on n1 when it happened +elsewhere .* early 0 .* and 6 more/);
    expect(faults).not.toContain("early 6");
  });

  test("marks what a culprit's disk lacks, if that is what is wrong", () => {
    const base = brokenReport();
    const ending = base.why!.ending.map((each) => ({ ...each, onDisk: each.id === "n3" ? 12 : 29 }));
    const about = (name: string) =>
      whySection({ ...base, violation: { ...base.violation!, name }, why: { ...base.why!, ending } });
    const section = about("durability law");
    expect(section.match(/<strong class="wrong">29<\/strong>/g)).toHaveLength(2);
    expect(section).not.toContain(">12</strong>");
    expect(about("election safety")).not.toContain(`<strong class="wrong">`);
    expect(whySection(base)).not.toContain("Disk ends");
  });

  test("has marks explained that are there, and no others", () => {
    const legend = (report: typeof SEEN | undefined) =>
      whySection(reportOf(STALE, report)).match(/<figcaption>.*<\/figcaption>/)![0];
    expect(legend(SEEN)).toMatch(/messages.*letters/);
    expect(legend(undefined)).not.toMatch(/messages|letters/);
    expect(legend(SEEN)).not.toContain("vertical line");
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
