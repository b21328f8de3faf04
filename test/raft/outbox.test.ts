import { expect, test } from "vitest";
import { Outbox } from "../../src/raft/outbox.ts";

const record = { currentTerm: 1, votedFor: null, snapshot: null, from: 1, entries: [] };

// Found by the durability law over the default run's seed 19: an acknowledgement left with the write before its own.
test("a write without messages does not take along those of the next step", () => {
  const outbox = new Outbox();
  const [first] = outbox.take(record);
  outbox.sendDurably({
    kind: "reply",
    to: "n1",
    call: 1,
    payload: { kind: "requestVoteReply", preVote: false, term: 1, voteGranted: true },
  });
  const [second] = outbox.take(record);
  expect(first).toMatchObject({ mark: 1, thenSend: [] });
  expect(second).toMatchObject({ mark: 2, thenSend: [{ to: "n1" }] });
});
