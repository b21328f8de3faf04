/** What the commands are made of and the vitest matcher needs as well: the page of a history. */

export { pageBundle } from "./bundle.ts";
export { drawnOf } from "./sketch.ts";
