/** `porcupine-ts/worker` in Node: a worker thread that `checkAsync` can use as it is. */
import { parentPort } from "node:worker_threads";
import { serve } from "../async/index.ts";

if (parentPort === null) throw new Error("porcupine-ts/worker is a script for a worker: new Worker(...)");
serve(parentPort);
