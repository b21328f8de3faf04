/** The page's own data, read from the page: there is nowhere else that it could come from. */

import { type Packed, unpack } from "../columns.ts";
import type { Drawn } from "../drawn.ts";
import { byId } from "./dom.ts";

/** Throws what the browser throws if somebody changed the data. */
export async function readData(): Promise<Drawn> {
  const holder = byId("report");
  const text = holder.textContent ?? "";
  const json = holder.dataset.packed === "gzip" ? await gunzip(text) : text;
  return unpack(JSON.parse(json) as Packed<Drawn>);
}

async function gunzip(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
