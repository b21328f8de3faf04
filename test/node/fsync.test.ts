/** Power loss cannot be had in a test. So this one listens to what the journal asks of the host, and in which order. */

import type * as fs from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { text } from "../../src/codec/index.ts";
import { Journal } from "../../src/node/index.ts";
import { temporaryDirectory } from "./process.ts";

const { asked, disk } = vi.hoisted(() => ({ asked: [] as string[], disk: { fails: false } }));

vi.mock("node:fs", async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    writeSync(...args: Parameters<typeof fs.writeSync>) {
      asked.push("write");
      return real.writeSync(...args);
    },
    fsyncSync(file: number) {
      asked.push("fsync at once");
      real.fsyncSync(file);
    },
    fsync(file: number, done: (error: Error | null) => void) {
      asked.push("fsync");
      real.fsync(file, (error) => {
        asked.push("synced");
        done(disk.fails ? new Error("EIO: i/o error, fsync") : error);
      });
    },
  };
});

test("a record is called durable after an fsync that began when it was written", async () => {
  const journal = new Journal(join(temporaryDirectory(), "n1.journal"), text);
  expect(asked).toEqual(["write", "fsync at once", "fsync at once"]);
  asked.length = 0;
  await new Promise<void>((resolve) => {
    journal.append(["a"], () => {
      asked.push("done");
      resolve();
    });
  });
  expect(asked).toEqual(["write", "fsync", "synced", "done"]);
});

test("a failed fsync is the end: it is thrown where nobody can go on, and the record is never called durable", async () => {
  const journal = new Journal(join(temporaryDirectory(), "n1.journal"), text);
  disk.fails = true;
  const thrown = new Promise<Error>((resolve) => {
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.once("uncaughtException", (error) => {
      for (const other of others) process.on("uncaughtException", other);
      resolve(error);
    });
  });
  const done = vi.fn();
  journal.append(["a"], done);
  expect((await thrown).message).toMatch(/n1\.journal cannot keep the node's state: EIO/);
  expect(done).not.toHaveBeenCalled();
});
