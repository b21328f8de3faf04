/** Files that the command line reads and writes. What appears is whole. */

import { access, constants, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../../src/base/index.ts";

/** Throws InputError. */
export async function readText(file: string): Promise<string> {
  try {
    // A byte order mark, and what an editor leaves after the last line, are nobody's data.
    return `${(await readFile(file, "utf8")).replace(/^\uFEFF/, "").trimEnd()}\n`;
  } catch (error) {
    throw new InputError(`cannot read ${file}: ${reason(error)}`);
  }
}

/** Before the work begins, not after it: throws InputError if nothing could be written there. */
export async function prepareDirectory(directory: string, flag = "--out"): Promise<void> {
  try {
    await makeDirectory(resolve(directory));
    await access(directory, constants.W_OK);
  } catch (error) {
    throw new InputError(`${flag} ${directory}: cannot write there: ${reason(error)}`);
  }
}

/** By hand: with `recursive`, Node 20 tries for ever where a directory is there and refuses children, as /proc does. */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(directory)).isDirectory()) return;
    const parent = dirname(directory);
    if (code !== "ENOENT" || (await exists(parent))) throw error;
    await makeDirectory(parent);
    await mkdir(directory);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Writes drafts and then renames them, so that a full disk or a signal leaves no half-written file behind. */
export async function writeAll(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
  const drafts = [...files].map(([name, content]) => ({
    draft: join(directory, `.${name}.${process.pid}.draft`),
    file: join(directory, name),
    content,
  }));
  try {
    for (const { draft, content } of drafts) await writeFile(draft, content);
    for (const { draft, file } of drafts) await rename(draft, file);
  } catch (error) {
    for (const { draft } of drafts) await rm(draft, { force: true });
    const { dest, path } = error as { dest?: string; path?: string };
    throw new InputError(`cannot write ${dest ?? path ?? directory}: ${reason(error)}`);
  }
}

/** Into a directory that is there. Throws InputError. */
export async function writeText(file: string, content: string): Promise<void> {
  await writeAll(dirname(file), new Map([[basename(file), content]]));
}

/** In words, why a file cannot be read or written. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
    EROFS: "the file system is read-only",
    ENOTDIR: "part of the path is not a directory",
    EEXIST: "it is a file, not a directory",
    EISDIR: "it is a directory, not a file",
    ENOSPC: "no space left",
  };
  return known[code ?? ""] ?? message;
}
