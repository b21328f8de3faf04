/**
 * `linlab node --maelstrom` with a disk of its own choice, by environment variables: DIE_AFTER_WRITING is a piece of a
 * record's JSON, and when such a record is on disk the process kills itself before anybody hears of it. JOURNAL may be
 * "forgetful", which writes nothing, or "hasty", which says that it wrote and does so much later.
 */

import { Journal, serve } from "../../src/node/index.ts";

const { DIE_AFTER_WRITING: last, JOURNAL: kind, DATA: data = null } = process.env;

class Mortal<DiskRecord> extends Journal<DiskRecord> {
  override append(records: readonly DiskRecord[], done: () => void): void {
    const isLast = last !== undefined && JSON.stringify(records).includes(last);
    super.append(records, () => {
      if (isLast) process.kill(process.pid, "SIGKILL");
      else done();
    });
  }
}

class Forgetful<DiskRecord> extends Journal<DiskRecord> {
  override append(_records: readonly DiskRecord[], done: () => void): void {
    setImmediate(done);
  }
}

class Hasty<DiskRecord> extends Journal<DiskRecord> {
  override append(records: readonly DiskRecord[], done: () => void): void {
    setImmediate(done);
    setTimeout(() => super.append(records, () => {}), 3_600_000);
  }
}

const JOURNALS: Readonly<Record<string, typeof Journal>> = { forgetful: Forgetful, hasty: Hasty };

await serve({ data, Journal: JOURNALS[kind ?? ""] ?? Mortal });
