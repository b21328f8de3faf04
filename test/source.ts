/** The project's own source files, for the tests that keep it tidy. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Comments and the insides of strings blanked out, so that a search finds code only. */
  readonly code: string;
  /** Files of the project that it imports, or bare names such as "d3" and "node:fs". */
  readonly imports: readonly string[];
}

/** Every TypeScript file under these folders, in order of their paths. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
    )
    .filter((path) => !path.includes("node_modules"))
    .sort()
    .map(read);
}

function read(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), "utf8");
  return { path, text, code: blank(text), imports: importsOf(path, text) };
}

function importsOf(path: string, text: string): readonly string[] {
  const names = [
    ...text.matchAll(/^(?:import|export)\s[\w*{},\s]*?\bfrom "([^"]+)"/gm),
    ...text.matchAll(/^import "([^"]+)"/gm),
    ...text.matchAll(/\bimport\("([^"]+)"\)/g),
  ];
  return names.map(([, name]) => resolve(path, name!));
}

function resolve(path: string, name: string): string {
  if (!name.startsWith(".")) return name;
  return posix.normalize(posix.join(dirname(path), name));
}

/** Keeps line breaks, so that positions still name lines. Template literals keep what stands in their ${...}. */
function blank(text: string): string {
  const pattern = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
  return text.replace(pattern, (match) => {
    if (match.startsWith("`"))
      return (match.match(/\$\{[^}]*\}/g) ?? []).join(" ") + match.replace(/[^\n]/g, "");
    return match.replace(/[^\n]/g, " ");
  });
}
