/** The public face of the visualizer: from a run's report, or a history from a file, to a page. */

export type { Drawn } from "./drawn.ts";
export { historyPageOf, type PageBundle, pageOf } from "./page.ts";
