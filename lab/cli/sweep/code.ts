/**
 * A fingerprint of the code that decides what a run comes to. Who edits a rule of Raft and sweeps again must not be
 * told what the old one came to, and the version is the same all the while.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** package.json pins what they depend on. */
const DECISIVE = [
  "package.json",
  "src",
  "checker",
  "lab/sim",
  "lab/faults",
  "lab/workload",
  "lab/cluster",
  "lab/oracles",
  "lab/marks",
  "lab/run",
  "lab/spec",
  "lab/sweep",
];

/** 16 hexadecimal digits, the same on every machine that has the same sources. */
export function codeFingerprint(): string {
  const hash = createHash("sha256");
  for (const path of DECISIVE.flatMap(filesOf)) {
    // A checkout may have turned its line ends into the host's.
    const text = readFileSync(join(ROOT, path), "utf8").replaceAll("\r\n", "\n");
    hash.update(`${path}\n${text.length}\n${text}`);
  }
  return hash.digest("hex").slice(0, 16);
}

function filesOf(path: string): readonly string[] {
  if (path.endsWith(".json")) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, encoding: "utf8" })
    .map((name) => `${path}/${name.replaceAll("\\", "/")}`)
    .filter((name) => /\.(ts|js|mjs)$/.test(name) && !name.includes("node_modules/"))
    .sort();
}
