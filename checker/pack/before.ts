/**
 * What `npm pack` does before it packs. The checkout runs from its TypeScript; whoever installs the package gets the
 * JavaScript and the declarations that tsc has just put into dist/, and a manifest that points at them. The checkout's
 * own manifest waits beside it until `after.ts` puts it back.
 */

import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packed } from "./manifest.ts";
import { BUILT, CHECKOUT_MANIFEST, MANIFEST } from "./places.ts";

/** tsc rewrites the imports of what it emits, but not those of declarations. */
for (const name of readdirSync(BUILT, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".d.ts")) continue;
  const file = join(BUILT, name);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/(\bfrom |\bimport\(|\bimport )"(\.[^"]*)\.ts"/g, '$1"$2.js"'));
}

const manifest = JSON.parse(readFileSync(MANIFEST, "utf8"));
renameSync(MANIFEST, CHECKOUT_MANIFEST);
writeFileSync(MANIFEST, `${JSON.stringify(packed(manifest), null, 2)}\n`);
