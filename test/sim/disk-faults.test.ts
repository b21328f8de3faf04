/** What a crash leaves of a write that it cuts. */

import { describe, expect, test } from "vitest";
import { Disk, defaultDiskTiming, type Storage } from "../../lab/sim/index.ts";
import { KeyedRandom, type Persist } from "../../src/base/index.ts";

/** Words in a list; a cut write leaves so many letters and a "~". */
const words: Storage<string, string[]> = {
  empty: () => [],
  write: (image, word) => void image.push(word),
  parts: (word) => word.length,
  tear: (image, word, letters) => void image.push(`${word.slice(0, letters)}~`),
};

const diskOf = (seed: number) =>
  new Disk<never, string, string[]>("n1", words, defaultDiskTiming, new KeyedRandom(seed, 7), null);

function written(disk: Disk<never, string, string[]>, ...records: string[]): void {
  records.forEach((record, i) => {
    disk.write({ kind: "persist", mark: i + 1, record, thenSend: [] } as Persist<never, string>);
  });
}

describe("a crash", () => {
  test("cuts at most the first write that it loses, wherever, and never one that was synced", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      const disk = diskOf(seed);
      written(disk, "safe");
      disk.beginSync();
      disk.endSync();
      written(disk, "abc", "def");
      disk.crash(null);
      seen.add(disk.image.join(" "));
      expect(disk.torn).toBe(disk.image.at(-1)!.endsWith("~") ? 1 : 0);
    }
    const cut = ["safe ~", "safe a~", "safe ab~", "safe abc ~", "safe abc d~", "safe abc de~"];
    expect(seen).toEqual(new Set(["safe", "safe abc", "safe abc def", ...cut]));
  });

  test("cuts nothing on a disk that lets itself not be cut", () => {
    const whole = { empty: words.empty, write: words.write };
    for (let seed = 0; seed < 100; seed++) {
      const disk = new Disk<never, string, string[]>(
        "n1",
        whole,
        defaultDiskTiming,
        new KeyedRandom(seed, 7),
        null,
      );
      written(disk, "abc");
      disk.crash(null);
      expect(["", "abc"]).toContain(disk.image.join(" "));
    }
  });
});
