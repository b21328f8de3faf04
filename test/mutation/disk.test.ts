/** Disks on which things go wrong: within the model nothing comes of it, and of every bug and every lie something does. */

import { describe, expect, test } from "vitest";
import { defaultOptions, investigated, run } from "../../lab/run/index.ts";

const on = (disks: (typeof defaultOptions)["disks"], seed: number) =>
  run(seed, { ...defaultOptions, disks }).report;

test("cut writes, failed fsyncs and rot harm nobody", () => {
  const struck = { fsync: 0, rot: 0 };
  for (let seed = 1; seed <= 60; seed++) {
    const { outcome, faults, sentence, replay } = on("faulty", seed);
    expect(outcome, `${sentence} ${replay}`).toBe("ok");
    struck.fsync += faults.fsync!;
    struck.rot += faults.rot!;
  }
  expect(struck.fsync).toBeGreaterThan(30);
  expect(struck.rot).toBeGreaterThan(30);
});

describe("no server can be built for", () => {
  test("an fsync that lies, and the lab says that it did", () => {
    const { report } = investigated(run(3, { ...defaultOptions, disks: "lying" }));
    expect([report.violation?.name, report.why?.reason?.rule]).toEqual(["durability law", "disk-lied"]);
  });

  test("a disk that comes back empty, and a server that is not new refuses to start on it", () => {
    expect(firstOf("wiped")).toMatch(/^n\d refuses to start: it is no new server, and its disk is empty/);
  });

  test("a write that goes astray, and a server that finds it refuses to start", () => {
    expect(firstOf("misdirected")).toMatch(/^n\d refuses to start: where entry \d+ of its log should stand/);
  });
});

/** What is said of the first seed of which anything is. */
function firstOf(disks: "wiped" | "misdirected"): string {
  for (let seed = 1; seed <= 20; seed++) {
    const { violation } = on(disks, seed);
    if (violation === null) continue;
    expect(violation.name).toBe("own disk");
    return violation.message;
  }
  return "nothing";
}
