/** From a failure to the least that shows it: a script, its story, and a test. */
export { regressionTest } from "./regression.ts";
export { type Remaining, remainingOf } from "./remaining.ts";
export { type Shrunk, shrink } from "./shrink.ts";
export { storyOf } from "./story.ts";
