/** The page's own data, read from the page: there is nowhere else that it could come from. */

import { type Packed, unpack } from "../columns.ts";
import type { Drawn } from "../drawn.ts";
import type { PackedRecord } from "../record.ts";
import { checksum } from "../text.ts";
import { byId } from "./dom.ts";

/** Throws if somebody changed the data. */
export async function readData(): Promise<Drawn> {
  return unpack((await read(byId("report"))) as Packed<Drawn>);
}

/** What it takes to write the history out again; null if the page does not carry it. */
export async function readRecord(): Promise<PackedRecord | null> {
  const holder = document.getElementById("record");
  return holder === null ? null : ((await read(holder)) as PackedRecord);
}

async function read(holder: HTMLElement): Promise<unknown> {
  const text = holder.textContent ?? "";
  if (checksum(text) !== holder.dataset.sum) throw new Error("it is not what was written");
  return JSON.parse(holder.dataset.packed === "gzip" ? await gunzip(text) : text);
}

async function gunzip(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
