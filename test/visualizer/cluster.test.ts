import { describe, expect, test } from "vitest";
import { makeSchedule } from "../../lab/faults/index.ts";
import { defaultOptions, type RunOptions, run } from "../../lab/run/index.ts";
import { RaftLog } from "../../src/raft/index.ts";
import { happeningAt } from "../../visualizer/cluster/event.ts";
import { entryAt, type Film, type Flight, frameAt, momentAt } from "../../visualizer/cluster/film.ts";
import { landmarksOf, nextLandmark } from "../../visualizer/cluster/landmark.ts";
import { logWindow } from "../../visualizer/cluster/logs.ts";
import { Postbox } from "../../visualizer/cluster/postbox.ts";
import { film, likeness } from "../../visualizer/cluster/reexecution.ts";
import { type Rerun, rerunOf } from "../../visualizer/cluster/rerun.ts";
import { layOutRing } from "../../visualizer/cluster/ring.ts";
import { sceneAt } from "../../visualizer/cluster/scene.ts";
import { Scroll } from "../../visualizer/cluster/scroll.ts";
import { svgText } from "../../visualizer/shape.ts";
import { footage } from "./footage.ts";

const HEARTBEAT = {
  kind: "appendEntries",
  term: 1,
  leaderId: "n1",
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [],
  leaderCommit: 0,
} as const;

function runnable(rerun: Rerun): Extract<Rerun, { kind: "run" }> {
  if (rerun.kind === "nothing") throw new Error(rerun.why);
  return rerun;
}

describe("a run that is executed again", () => {
  const RUNS: readonly (readonly [seed: number, options: RunOptions])[] = [
    [1, defaultOptions],
    [2, { ...defaultOptions, encode: true, refinement: true }],
    [3, { ...defaultOptions, mutant: "noSessions" }],
    [4, { ...defaultOptions, nemesis: "figure8" }],
  ];

  test.each(RUNS)("of seed %i has the digest and the number of events of its report", (seed, options) => {
    const { report } = run(seed, options);
    const rerun = runnable(rerunOf(report));
    const made = film(rerun);
    expect(made.digest).toBe(report.digest);
    expect(made.events).toBe(report.counts.events);
    expect(likeness(rerun, made)).toMatchObject({ equal: true });
  });

  test("with the schedule of a file needs no file", () => {
    const fault = { kind: "crash", target: { kind: "all" } } as const;
    const schedule = makeSchedule([{ at: 900_000, until: 2_000_000, fault }]);
    const given = { file: "mine.json", schedule };
    const { report } = run(5, defaultOptions, { given });
    const saved = JSON.parse(JSON.stringify(report));
    expect(film(runnable(rerunOf(saved))).digest).toBe(report.digest);
    expect(rerunOf({ ...report, schedule: null })).toMatchObject({ kind: "nothing" });
  });

  test("of another seed is told from the report's", () => {
    const { report } = run(1, defaultOptions);
    const rerun = { ...runnable(rerunOf(report)), seed: 2, linlab: "0.0.9" };
    const { equal, words } = likeness(rerun, film(rerun));
    expect(equal).toBe(false);
    expect(words).toContain("differs");
    expect(words).toContain("0.0.9");
  });

  test("shows servers as the report's rows do, at every instant", () => {
    const { report } = run(3, { ...defaultOptions, mutant: "noSessions" });
    const made = film(runnable(rerunOf(report)));
    let compared = 0;
    for (const { id, spans } of report.servers) {
      for (const { from, until, status, term } of spans) {
        if (until - from < 2) continue;
        // Between two events nothing changes, so the middle is as good as any instant.
        const frame = frameAt(made, id, momentAt(made, until - 1));
        const state = { up: frame.role, down: "crashed", paused: "paused" }[frame.condition];
        expect({ id, from, status: state }).toEqual({ id, from, status });
        if (status !== "crashed") expect(frame.term).toBe(term);
        expect(frame.role === null).toBe(status === "crashed");
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(20);
    for (const frames of made.frames.values()) {
      const moments = frames.map(({ moment }) => moment);
      expect(new Set(moments).size).toBe(moments.length);
    }
  });

  test("loses sight of no message: what is delivered was sent, and every sent one has an end", () => {
    const delivered: number[] = [];
    const { report } = run(1, defaultOptions, {
      listener: ({ kind, time }) => (kind === "deliver" ? delivered.push(time) : 0),
    });
    const made = film(runnable(rerunOf(report)));
    const arrived = made.flights.filter(({ fate }) => fate === "arrived").map(({ endedAt }) => endedAt);
    expect(arrived.sort((a, b) => a - b)).toEqual(delivered);
    for (const { sent, ended } of made.flights) expect(ended).toBeGreaterThanOrEqual(sent);
  });

  test.each([
    ["a history from a file", {}],
    ["a report of a scripted test", { replay: "npx linlab suite --seed 1 -t 4A" }],
  ])("is impossible for %s, and the reason is said", (_, parts) => {
    const { report } = run(1, defaultOptions);
    const { seed: _seed, ...history } = report;
    const drawn = "replay" in parts ? { ...report, ...parts } : history;
    const rerun = rerunOf(drawn);
    expect(rerun.kind).toBe("nothing");
    expect(rerun.kind === "nothing" && rerun.why).toMatch(/run/);
  });
});

describe("a log over time", () => {
  const entry = (term: number) => ({ term, command: null });

  test("keeps every version as it was: appended to, cut, overwritten, compacted, replaced", () => {
    const log = new RaftLog();
    const scroll = new Scroll();
    const versions: { terms: number[]; recorded: ReturnType<Scroll["record"]> }[] = [];
    const record = () => {
      const recorded = scroll.record(log);
      const terms: number[] = [];
      for (let index = log.snapshotIndex + 1; index <= log.lastIndex; index++) terms.push(log.termAt(index));
      versions.push({ terms, recorded });
    };
    record();
    for (const term of [1, 1, 2, 2, 3]) {
      log.append(entry(term));
      record();
    }
    log.truncateFrom(4);
    record();
    log.append(entry(4));
    log.append(entry(4));
    record();
    // In one step, as a follower does that was on another branch.
    log.truncateFrom(4);
    for (let nth = 0; nth < 3; nth++) log.append(entry(5));
    record();
    log.replaceUpTo(2, 1);
    record();
    log.append(entry(5));
    record();
    log.replaceUpTo(9, 6);
    record();
    log.append(entry(7));
    record();
    for (const { terms, recorded } of versions) {
      const { first, last } = recorded;
      const kept = Array.from({ length: last - first + 1 }, (_, i) => entryAt(recorded, first + i).term);
      expect(kept).toEqual(terms);
    }
  });

  test("that did not change is the same object, and one that grew shares its array", () => {
    const log = new RaftLog([entry(1)]);
    const scroll = new Scroll();
    const before = scroll.record(log);
    expect(scroll.record(log)).toBe(before);
    log.append(entry(1));
    const after = scroll.record(log);
    expect(after).not.toBe(before);
    expect(after.entries).toBe(before.entries);
    expect([before.last, after.last]).toEqual([1, 2]);
  });
});

describe("a message", () => {
  const at = (moment: number) => ({ moment, time: moment * 1_000 });

  test.each([
    ["arrived", (box: Postbox) => box.arrived("n1", "n2", HEARTBEAT, at(3)), 3],
    ["lost", (box: Postbox) => box.stopped("lost", at(1)), 1],
    ["blocked", (box: Postbox) => box.stopped("blocked", at(1)), 1],
    ["missed", (box: Postbox) => box.crashed("n2", at(2)), 2],
    ["open", () => {}, 5],
  ] as const)("is %s", (fate, befall, ended) => {
    const box = new Postbox();
    box.sent("n1", "n2", false, HEARTBEAT, at(1));
    befall(box);
    expect(box.end(at(5))).toMatchObject([{ fate, sent: 1, ended }]);
  });

  test("to a server that is down is missed at once, and not when it is up again", () => {
    const box = new Postbox();
    box.crashed("n2", at(0));
    box.sent("n1", "n2", false, HEARTBEAT, at(1));
    box.started("n2");
    box.sent("n1", "n2", false, { ...HEARTBEAT }, at(2));
    expect(box.end(at(5)).map(({ fate }) => fate)).toEqual(["missed", "open"]);
  });

  test("that arrives twice is there twice", () => {
    const box = new Postbox();
    box.sent("n1", "n2", false, HEARTBEAT, at(1));
    box.arrived("n1", "n2", HEARTBEAT, at(3));
    box.arrived("n1", "n2", HEARTBEAT, at(4));
    expect(box.end(at(5))).toMatchObject([
      { copy: false, ended: 3 },
      { copy: true, ended: 4 },
    ]);
  });

  test("to several is followed to each of them", () => {
    const box = new Postbox();
    for (const to of ["n2", "n3"]) box.sent("n1", to, false, HEARTBEAT, at(1));
    box.arrived("n1", "n3", HEARTBEAT, at(3));
    expect(box.end(at(5)).map(({ to, fate }) => [to, fate])).toEqual([
      ["n2", "open"],
      ["n3", "arrived"],
    ]);
  });

  test("that answers a heartbeat is one, and one that answers entries is not", () => {
    const box = new Postbox();
    const write = { ...HEARTBEAT, entries: [{ term: 1, command: null }] };
    const answer = {
      kind: "appendEntriesReply",
      term: 1,
      success: true,
      matchIndex: 1,
      conflict: null,
    } as const;
    for (const payload of [HEARTBEAT, write]) {
      box.sent("n1", "n2", false, payload, at(1));
      box.arrived("n1", "n2", payload, at(2));
    }
    for (let nth = 0; nth < 2; nth++) box.sent("n2", "n1", true, { ...answer }, at(3));
    expect(box.end(at(5)).map(({ heartbeat }) => heartbeat)).toEqual([true, false, true, false]);
  });

  test("that is held for long is under way all the while", () => {
    const box = new Postbox();
    box.sent("n1", "n2", false, HEARTBEAT, at(1));
    expect(box.end(at(2_000))).toMatchObject([{ fate: "open", ended: 2_000 }]);
  });

  test("for which nobody waited is not under way for ever", () => {
    const box = new Postbox();
    const answer = { kind: "notLeader", hint: null } as const;
    box.sent("n1", "c1", true, answer, at(1));
    expect(box.end(at(2_000))).toMatchObject([{ fate: "unwanted", ended: 1 }]);
    const crashing = new Postbox();
    crashing.sent("n1", "n2", true, { ...answer }, at(1));
    crashing.sent("n1", "n2", true, { ...answer }, at(1_900));
    crashing.crashed("n2", at(2_000));
    expect(crashing.end(at(2_001)).map(({ fate }) => fate)).toEqual(["unwanted", "missed"]);
  });
});

describe("a scene", () => {
  test("has the links that are cut, by how many faults whatever", () => {
    const cuts = (index: number) => sceneAt(footage, index).cuts.map(({ from, to }) => `${from}>${to}`);
    expect(cuts(2)).toEqual([]);
    expect(cuts(3)).toEqual(["n1>n3", "n3>n1", "n3>n2"]);
    expect(cuts(4)).toEqual(["n1>n3", "n3>n1", "n3>n2"]);
    expect(cuts(6)).toEqual(["n1>n3", "n3>n1"]);
  });

  test("has messages from when they leave until before they arrive", () => {
    const under = (index: number) =>
      sceneAt(footage, index).flights.map((each) => footage.flights.indexOf(each));
    expect(under(0)).toEqual([]);
    expect(under(1)).toEqual([0]);
    expect(under(2)).toEqual([2]);
    expect(under(4)).toEqual([3, 5, 6, 7]);
    expect(under(9)).toEqual([]);
  });

  test("counts the votes that a candidate has heard of", () => {
    const votes = (index: number) => sceneAt(footage, index).servers[0]!.votes;
    expect(votes(0)).toEqual([]);
    expect(votes(1)).toEqual(["n1"]);
    expect(votes(2)).toEqual(["n1"]);
    expect(votes(3)).toEqual(["n1", "n2"]);
    const [, , answer] = footage.flights;
    const asked = { ...answer!, from: "n3", payload: { ...answer!.payload, preVote: true } } as Flight;
    const film = { ...footage, flights: [...footage.flights, asked] };
    expect(sceneAt(film, 3).servers[0]!.votes).toEqual(["n1", "n2"]);
  });

  test("is drawn as a ring with roles, cuts and messages", async () => {
    const picture = layOutRing(sceneAt(footage, 4), footage.clients);
    await expect(svgText(picture, "A cluster after an election")).toMatchFileSnapshot(
      "golden/cluster-ring.svg",
    );
  });

  test("tells what happened and what came of it", () => {
    expect(happeningAt(footage, 1)).toEqual({
      cause: "The timer of n1 goes off.",
      effects: ["n1 becomes candidate, term 2", "n1 votes for n1", "n1 to n2, n3: RequestVote"],
    });
    expect(happeningAt(footage, 8)).toEqual({ cause: "n3 crashes.", effects: [] });
    const { cause, effects } = happeningAt(footage, 3);
    expect(cause).toBe("n1 hears from n2: RequestVote reply: vote granted, term 2.");
    expect(effects.slice(0, 2)).toEqual(["n1 becomes leader, term 2", "n1 appends entry 2"]);
  });

  test("has logs side by side, each entry as far as its server knows it to be", () => {
    const { indexes, rows } = logWindow(sceneAt(footage, 4).servers, 12, null);
    expect(indexes).toEqual([1, 2]);
    expect(rows.map((row) => row.map(({ standing }) => standing))).toEqual([
      ["applied", "appended"],
      ["applied", "none"],
      ["applied", "none"],
    ]);
    expect(rows[0]!.map(({ term }) => term)).toEqual([1, 2]);
  });

  test("shows a window of long logs that ends where it is told, and snapshots as such", () => {
    const [server] = sceneAt(footage, 0).servers;
    const entries = Array.from({ length: 90 }, () => ({ term: 4, command: { kind: "noop" } }));
    const log = { first: 11, last: 100, origin: 11, entries };
    const frame = { ...server!.frame, log, commitIndex: 60, lastApplied: 40 };
    const servers = [{ ...server!, frame }];
    expect(logWindow(servers, 10, null).indexes).toEqual([91, 92, 93, 94, 95, 96, 97, 98, 99, 100]);
    // Of what is in every snapshot only the last index is shown.
    expect(logWindow(servers, 10, 5).indexes).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    const ends = [null, 5, 60].map((end) => logWindow(servers, 10, end));
    expect(ends.map(({ isFirst, isLast }) => [isFirst, isLast])).toEqual([
      [false, true],
      [true, false],
      [false, false],
    ]);
    const short = [{ ...server!, frame: { ...frame, log: { ...log, first: 97 } } }];
    expect(logWindow(short, 10, null).indexes).toEqual([96, 97, 98, 99, 100]);
    const standing = (end: number) => logWindow(servers, 1, end).rows[0]![0]!.standing;
    expect([10, 11, 40, 41, 60, 61].map(standing)).toEqual([
      "snapshot",
      "applied",
      "applied",
      "committed",
      "committed",
      "appended",
    ]);
  });
});

describe("landmarks", () => {
  const wrong = [{ at: 6_700, label: "get x fits nowhere" }];

  test("are elections, crashes of servers and what went wrong, in order", () => {
    const found = landmarksOf(footage, wrong).map(({ moment, label }) => `${moment} ${label}`);
    expect(found).toEqual([
      "1 n1 stands for term 2",
      "3 n1 leads term 2",
      "5 get x fits nowhere",
      "8 n3 crashes",
    ]);
  });

  test("are visited round and round, both ways", () => {
    const all = landmarksOf(footage, wrong);
    const next = (moment: number, direction: 1 | -1) =>
      nextLandmark(all, "election", moment, direction)?.moment;
    expect([next(0, 1), next(1, 1), next(3, 1), next(3, -1), next(1, -1)]).toEqual([1, 3, 1, 1, 3]);
    expect(nextLandmark([], "crash", 0, 1)).toBeNull();
  });

  test("of a real run that broke lead to the moment of the answer", () => {
    const options = { ...defaultOptions, mutant: "anyReplicaReads" };
    const report = firstIllegal(options);
    const made: Film = film(runnable(rerunOf(report)));
    const bad = report.operations.find(({ return: at }) => at !== null)!;
    const [landmark] = landmarksOf(made, [{ at: bad.return!, label: "" }]).filter(
      ({ kind }) => kind === "violation",
    );
    const { cause } = happeningAt(made, landmark!.moment);
    expect(made.moments[landmark!.moment]!.time).toBe(bad.return);
    expect(cause).toContain(`${bad.client} hears from`);
  });
});

function firstIllegal(options: RunOptions): ReturnType<typeof run>["report"] {
  for (let seed = 1; seed < 60; seed++) {
    const { report } = run(seed, options);
    if (report.outcome === "illegal") return report;
  }
  throw new Error("no seed of 60 broke it");
}
