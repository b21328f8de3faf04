/** Run in a process of its own: replays the failures in these files, and prints how many came out as they were. */

import { readFileSync } from "node:fs";
import { readFailure, replay } from "../../lab/replay/index.ts";

const same = process.argv
  .slice(2)
  .filter((file) => replay(readFailure(readFileSync(file, "utf8"), file)).isSameRun);
console.log(JSON.stringify(same.length));
