/**
 * Takes the place of d3-transition in the bundle: d3-zoom asks it only to stop what moves, and on this page nothing
 * does. With it the page's script would be longer by a thirtieth.
 */

import { selection } from "d3";

selection.prototype.interrupt = function interrupted() {
  return this;
};

export function interrupt(): void {}
