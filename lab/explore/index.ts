/** All interleavings of coarse steps of the real servers, within small bounds. */
export { ALLOWANCES, type Bounds, boundsText, defaultBounds } from "./bounds.ts";
export { DEFAULT_BUDGET, type Exploration, type ExploreOptions, explore } from "./explore.ts";
export { explorable, exploreMutant } from "./mutant.ts";
export { MOST_COMMANDS } from "./play.ts";
