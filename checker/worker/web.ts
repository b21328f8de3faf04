/** `porcupine-ts/worker` in a browser: a worker that `checkAsync` can use as it is. */
import { serve, type WebPort } from "../async/index.ts";

serve(globalThis as unknown as WebPort);
