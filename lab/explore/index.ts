/** All interleavings of coarse steps of the real servers, within small bounds. */
export { ALLOWANCES, type Bounds, boundsText, defaultBounds } from "./bounds.ts";
export { DEFAULT_BUDGET, type Exploration, explore, type ExploreOptions } from "./explore.ts";
export { MOST_COMMANDS } from "./play.ts";
