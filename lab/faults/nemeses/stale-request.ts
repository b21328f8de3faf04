/** A copy of a request arrives when its client has long had the answer, and has gone on: it must not be done again. */

import { meant } from "./meant.ts";
import type { Nemesis } from "./nemesis.ts";

export const staleRequest: Nemesis = {
  name: "staleRequest",
  does: "a copy of a write that comes much later",
  mark: "an old request is superseded",
  servers: 1,
  classes: ["duplication"],
  needs: {},

  *round(stage) {
    const leader = yield* stage.led();
    const isWrite = meant("clerkRequest", { to: leader }, ({ operation }) => operation.kind !== "get");
    const copies = stage.copy(isWrite, 1);
    yield* stage.until("a write has come", () => copies.count > 0);
    const { from: client, payload } = copies.met[0]!;
    const isLater = meant("result", { to: client }, ({ request }) => request > payload.request);
    const later = stage.watch(isLater);
    const times = stage.random.between(1, 3);
    yield* stage.until("its client has had later answers", () => later.count >= times);
    yield* stage.release(copies);
  },
};
