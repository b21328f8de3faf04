/** Where packing finds and puts its files. */

import { fileURLToPath } from "node:url";

export const MANIFEST = placed("package.json");

/** The checkout's manifest, while another one takes its place. */
export const CHECKOUT_MANIFEST = placed("package.checkout.json");

/** As tsconfig.build.json has it. */
export const BUILT = placed("dist");

function placed(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}
