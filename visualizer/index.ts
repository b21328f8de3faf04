/** The public face of the visualizer: one function from a report to a page. */

export { type PageBundle, pageOf } from "./page.ts";
