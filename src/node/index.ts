/** The same actors in a real process: the real clock, a real file, and Maelstrom's protocol for a network. */
export { type Body, ERROR, type Json } from "./body.ts";
export { Driver, type Surroundings } from "./driver.ts";
export { Journal } from "./journal.ts";
export { Node, type NodeOptions } from "./node.ts";
export { serve } from "./serve.ts";
export { pack } from "./wire.ts";
