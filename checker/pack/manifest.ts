/**
 * The manifest that is shipped, from the checkout's: the same doors, leading to what was built. Its scripts stay, so
 * that a packing that was ended half-way is put right by the next one.
 */

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export type Manifest = { readonly [name: string]: Json };

export function packed(manifest: Manifest): Manifest {
  return {
    ...manifest,
    exports: doors(manifest.exports!),
    sideEffects: scripted(manifest.sideEffects!),
  };
}

/** Every source becomes a script with its declarations, under whatever condition it stands. */
function doors(door: Json): Json {
  if (typeof door === "string" && door.endsWith(".ts")) {
    return { types: built(door, ".d.ts"), default: built(door, ".js") };
  }
  if (door === null || typeof door !== "object" || Array.isArray(door)) return door;
  return Object.fromEntries(Object.entries(door).map(([name, each]) => [name, doors(each)]));
}

function scripted(files: Json): Json {
  return Array.isArray(files) ? files.map((file) => built(file, ".js")) : files;
}

function built(source: string, extension: string): string {
  return source.replace(/^\.\//, "./dist/").replace(/\.ts$/, extension);
}
