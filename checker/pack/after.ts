/** Makes the checkout what it was: after packing, and before, if somebody had ended a packing half-way. */

import { existsSync, renameSync, rmSync } from "node:fs";
import { BUILT, CHECKOUT_MANIFEST, MANIFEST } from "./places.ts";

if (existsSync(CHECKOUT_MANIFEST)) renameSync(CHECKOUT_MANIFEST, MANIFEST);
rmSync(BUILT, { recursive: true, force: true });
