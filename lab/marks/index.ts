/** The situations that a run should get into sometimes. */

export { MARKS, Marks } from "./marks.ts";
