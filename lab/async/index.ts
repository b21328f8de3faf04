/**
 * The lab for async classes of one's own: `linlab/async`. Apart from `linlab/lab`, which is synchronous like all that is
 * simulated: async code needs a host that says when it has come to rest, so it has an edge, a folder and a door of its
 * own. See lab/own/README.md.
 */

export type { AsyncClient, AsyncClientClass } from "./client.ts";
export type { ClientContext, Context, KeyedDisk } from "./context.ts";
export { type AsyncOptions, type AsyncSystem, runAsync, sweepAsync } from "./run.ts";
export type { AsyncServer, AsyncServerClass } from "./server.ts";
export { type Turn, task } from "./turn.ts";
