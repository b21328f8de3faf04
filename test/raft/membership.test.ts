/** Who votes, and how that changes: section 6 of the paper, chapter 4 of the thesis. */

import { describe, expect, test } from "vitest";
import {
  type Command,
  type Configuration,
  configurationOf,
  isConfiguration,
  Raft,
  type RaftMessage,
} from "../../src/raft/index.ts";
import { isQuorum, quorumIndex } from "../../src/raft/quorum.ts";
import { entries, timing } from "./bench.ts";
import { cut, Group, type GroupOptions } from "./group.ts";

const T = timing.electionTimeout;
const ALL = ["n1", "n2", "n3", "n4", "n5"];
const OLD = ["n1", "n2", "n3"];
const single = { features: { preVote: false, checkQuorum: false, singleServerChange: true } };
const preVote = { features: { preVote: true, checkQuorum: false } };

/** n1 leads n1, n2, n3 in term 1 and has committed an entry of it; n4 and n5 are spare and empty. */
function led(options: Partial<GroupOptions> = {}): Group {
  const group = new Group(
    ALL.map(() => []),
    0,
    { voters: OLD, ...options },
  );
  group.expire("n1");
  group.settle();
  group.propose("n1", "x");
  group.settle();
  return group;
}

/** The configurations in a server's log, "old / new" for a joint one. */
function inLog({ log }: Raft): readonly string[] {
  return log
    .slice(log.snapshotIndex + 1, log.lastIndex)
    .map(({ command }) => command)
    .filter(isConfiguration)
    .map(worded);
}

function worded({ voters, outgoing }: Configuration): string {
  return `${outgoing === null ? "" : `${outgoing.join(" ")} / `}${voters.join(" ")}`;
}

/** True for a message with such an entry. */
function carries(payload: RaftMessage, is: (command: Command) => boolean): boolean {
  return payload.kind === "appendEntries" && payload.entries.some(({ command }) => is(command));
}

/** Delivers what passes until nothing does, and keeps the rest for later. */
function settleBut(group: Group, held: ReturnType<typeof cut>): Group["mail"] {
  const kept: Group["mail"] = [];
  group.settle((envelope) => {
    if (!held(envelope)) return false;
    kept.push(envelope);
    return true;
  });
  return kept;
}

describe("a quorum", () => {
  const joint = configurationOf(["n3", "n4", "n5"], OLD);

  test.each([
    ["of one configuration is a majority of it", configurationOf(OLD), ["n1", "n3"], true],
    ["has nobody else in it", configurationOf(OLD), ["n1", "n4", "n5"], false],
    ["of a joint one is a majority of both", joint, ["n1", "n3", "n4"], true],
    ["of a joint one is not one of the new alone", joint, ["n3", "n4", "n5"], false],
    ["of a joint one is not one of the old alone", joint, OLD, false],
    ["of a joint one may be the servers of both", configurationOf(["n2", "n3"], OLD), ["n2", "n3"], true],
  ])("%s", (_, configuration, who, is) => {
    expect(isQuorum(new Set(who), configuration)).toBe(is);
  });

  test("has reached what both majorities have", () => {
    const reached = (server: string) => ({ n1: 9, n2: 8, n3: 7, n4: 3, n5: 2 })[server] ?? 0;
    expect(quorumIndex(configurationOf(OLD), reached)).toBe(8);
    expect(quorumIndex(joint, reached)).toBe(3);
  });
});

describe("a change of the membership", () => {
  test("goes by way of both configurations, and everybody ends up with the new one", () => {
    const group = led();
    group.change("n1", "n1", "n4", "n5");
    group.settle();
    group.expire("n1");
    group.settle();
    for (const id of ["n1", "n4", "n5"]) {
      expect(inLog(group.raft(id))).toEqual(["n1 n2 n3 / n1 n4 n5", "n1 n4 n5"]);
      expect(group.raft(id).configuration).toEqual(configurationOf(["n1", "n4", "n5"]));
    }
    expect(group.raft("n2").configuration.outgoing).toEqual(OLD);
  });

  test("one server at a time, if the option says so: newcomers first", () => {
    const group = led(single);
    group.change("n1", "n1", "n4", "n5");
    group.settle();
    const steps = ["n1 n2 n3 n4", "n1 n2 n3 n4 n5", "n1 n3 n4 n5", "n1 n4 n5"];
    expect(inLog(group.raft("n1"))).toEqual(steps);
  });

  test("one server at a time, the leader last", () => {
    const group = led(single);
    group.change("n1", "n3");
    group.settle();
    expect(inLog(group.raft("n1"))).toEqual(["n1 n3", "n3"]);
    expect(group.raft("n1").role).toBe("follower");
  });

  test("waits while leadership is handed over: the successor would lack its next entry", () => {
    const group = led();
    group.change("n1", "n1", "n2", "n4");
    const held = settleBut(group, ({ message: { payload } }) => {
      return payload.kind === "appendEntriesReply" && payload.matchIndex === 2;
    });
    group.step("n1", { kind: "transfer", to: "n3" });
    for (const envelope of held) group.deliver(envelope);
    group.settle(cut("n1>n3"));
    expect(inLog(group.raft("n1"))).toEqual(["n1 n2 n3 / n1 n2 n4"]);
    group.run(2 * T, ({ from, message: { payload } }) => from === "n1" && payload.kind === "timeoutNow");
    expect(inLog(group.raft("n1"))).toEqual(["n1 n2 n3 / n1 n2 n4", "n1 n2 n4"]);
  });

  test("takes effect when it is appended: what the old majority has alone is not committed any more", () => {
    const group = led();
    group.change("n1", "n1", "n4", "n5");
    // The joint configuration is on n1 alone.
    group.settle(({ message: { payload } }) => carries(payload, isConfiguration));
    const { commitIndex } = group.raft("n1");
    expect(worded(group.raft("n1").configuration)).toBe("n1 n2 n3 / n1 n4 n5");
    group.propose("n1", "y");
    group.run(T, cut("n1-n4", "n1-n5"));
    expect(group.raft("n2").log.lastIndex).toBe(group.raft("n1").log.lastIndex);
    expect(group.raft("n1").commitIndex).toBe(commitIndex);
    group.run(T);
    expect(group.leader!.commitIndex).toBe(group.leader!.log.lastIndex);
  });

  test("is undone when its entry is cut off the log", () => {
    const group = led();
    group.change("n1", "n1", "n4");
    const lost = cut("n1>n2", "n1>n3");
    group.settle(lost);
    expect(worded(group.raft("n4").configuration)).toBe("n1 n2 n3 / n1 n4");
    group.crash("n1");
    group.expire("n2");
    group.settle();
    group.propose("n2", "y");
    group.start("n1");
    group.run(T);
    expect(worded(group.raft("n1").configuration)).toBe("n1 n2 n3");
    expect(inLog(group.raft("n1"))).toEqual([]);
  });

  test.each([
    ["without an entry of its own term that is committed", "has committed nothing in its term"],
    ["while another is under way", "is changing the membership already"],
    ["to nobody", "would have no members"],
    ["to the members that it has", "has these members"],
    ["to a leader who hands over", "hands over"],
    ["to who does not lead", "does not lead"],
  ])("is refused %s", (when, why) => {
    const group = led();
    let members = ["n1", "n2", "n4"];
    let asked = "n1";
    if (why === "has committed nothing in its term") {
      group.expire("n2");
      group.settle();
      asked = "n2";
    } else if (why === "is changing the membership already") group.change("n1", "n1", "n2", "n5");
    else if (why === "would have no members") members = [];
    else if (why === "has these members") members = ["n3", "n1", "n2"];
    else if (why === "hands over") group.step("n1", { kind: "transfer", to: "n2" });
    else asked = "n3";
    expect(group.raft(asked).refusalOf(members), when).toBe(why);
    const { lastIndex } = group.raft(asked).log;
    group.change(asked, ...members);
    expect(group.raft(asked).log.lastIndex).toBe(lastIndex);
  });

  test("begins with an entry of the own term, and then it is no longer refused", () => {
    const group = led();
    group.expire("n2");
    group.settle();
    group.propose("n2", "y");
    group.settle();
    expect(group.raft("n2").refusalOf(["n1", "n2"])).toBeNull();
  });

  test("that its leader did not finish, the next one does", () => {
    const group = led();
    group.change("n1", "n2", "n3", "n4");
    // The joint configuration is on n1, n2, n3 and n4 when n1 crashes, and nobody knows that it is committed.
    group.settle(
      ({ message: { payload } }) => payload.kind === "appendEntriesReply" && payload.matchIndex >= 2,
    );
    expect(worded(group.raft("n2").configuration)).toBe("n1 n2 n3 / n2 n3 n4");
    group.crash("n1");
    group.expire("n2");
    group.settle();
    expect(group.raft("n2").role).toBe("leader");
    group.propose("n2", "y");
    group.settle();
    expect(inLog(group.raft("n4"))).toEqual(["n1 n2 n3 / n2 n3 n4", "n2 n3 n4"]);
  });
});

describe("a learner", () => {
  test("gets the log and counts for nothing until it has caught up", () => {
    const group = led();
    group.change("n1", "n1", "n2", "n3", "n4");
    group.settle(
      ({ from, message: { payload } }) => from === "n4" && "matchIndex" in payload && payload.matchIndex > 0,
    );
    expect(group.raft("n4").log.lastIndex).toBe(1);
    expect(group.raft("n1").learners).toEqual(["n4"]);
    group.propose("n1", "y");
    group.settle(cut("n1-n2", "n1-n3"));
    expect(group.raft("n1")).toMatchObject({ commitIndex: 1, configuration: { voters: OLD } });
  });

  test("catches up in rounds, the last of which is shorter than an election timeout", () => {
    const group = led();
    group.change("n1", "n1", "n2", "n3", "n4");
    group.settle(cut("n4>n1"));
    group.propose("n1", "y");
    // The answer comes late, and meanwhile there is more to catch up with.
    group.run(T + 500, cut("n1-n4"));
    const ledTerm = group.leader!.currentTerm;
    group.run(T / 2);
    expect(group.leader!.currentTerm).toBe(ledTerm);
    group.run(T);
    expect(inLog(group.raft("n4")).at(-1)).toBe("n1 n2 n3 n4");
  });

  test("that never catches up is given up, and another change may begin", () => {
    const group = led();
    group.change("n1", "n1", "n2", "n3", "n4");
    group.run(21 * T, cut("n1-n4"));
    expect(group.raft("n1").learners).toEqual([]);
    expect(group.raft("n1").refusalOf(["n1", "n2"])).toBeNull();
    expect(inLog(group.raft("n1"))).toEqual([]);
  });

  test("holds no election, and is not told to hold one", () => {
    const group = led();
    group.change("n1", "n1", "n2", "n3", "n4");
    group.settle(cut("n4>n1"));
    group.step("n1", { kind: "transfer", to: "n4" });
    expect(group.raft("n1").acceptsProposals).toBe(true);
    group.expire("n4");
    group.settle();
    expect(group.raft("n4")).toMatchObject({ role: "follower", currentTerm: 1 });
  });
});

describe("a leader that is removed", () => {
  test("leads until the new configuration is committed, without counting itself, and then steps down", () => {
    const group = led();
    group.change("n1", "n2", "n3", "n4");
    group.settle(({ message: { payload } }) =>
      carries(payload, (command) => isConfiguration(command) && command.outgoing === null),
    );
    expect(inLog(group.raft("n1")).at(-1)).toBe("n2 n3 n4");
    // Of n2, n3 and n4 one has it: with itself that would make two.
    group.run(timing.heartbeatInterval, cut("n1-n3", "n1-n4"));
    expect(group.raft("n1")).toMatchObject({ role: "leader", commitIndex: 2 });
    group.run(timing.heartbeatInterval, cut("n1-n4"));
    expect(group.raft("n1")).toMatchObject({ role: "follower", commitIndex: 3, leaderId: null });
    group.run(3 * T);
    expect(group.leader!.id).not.toBe("n1");
    expect(group.raft("n1").role).toBe("follower");
  });

  test("may be needed once more: nobody else has the new configuration (thesis, section 4.2.2)", () => {
    const group = led({ ...single, voters: ["n1", "n2"] });
    group.change("n1", "n2");
    group.settle(cut("n1-n2"));
    expect(group.raft("n1")).toMatchObject({ role: "leader", configuration: { voters: ["n2"] } });
    group.crash("n1", 1);
    group.start("n1");
    // n2's log is shorter, so n1 does not vote for it.
    group.expire("n2");
    group.settle();
    expect(group.raft("n2").role).toBe("candidate");
    group.expire("n1");
    group.settle();
    expect(group.raft("n1").role).toBe("leader");
    group.propose("n1", "y");
    group.settle();
    expect(group.raft("n1").role).toBe("follower");
    expect(group.raft("n2").configuration.voters).toEqual(["n2"]);
  });
});

describe("a server that was removed", () => {
  /** n3 is out and has not heard of it: for it the joint configuration still counts. */
  function removed(options: Partial<GroupOptions> = {}): Group {
    const group = led(options);
    group.change("n1", "n1", "n2", "n4");
    group.settle();
    group.run(timing.heartbeatInterval);
    expect(worded(group.raft("n3").configuration)).toBe("n1 n2 n3 / n1 n2 n4");
    expect(worded(group.raft("n4").configuration)).toBe("n1 n2 n4");
    return group;
  }

  test.each([
    ["with PreVote", preVote],
    ["without PreVote", {}],
  ])("disturbs nobody who hears the leader: %s", (_, options) => {
    const group = removed(options);
    let campaigns = 0;
    group.run(20 * T, ({ from, message: { payload } }) => {
      if (from === "n3" && payload.kind === "requestVote") campaigns++;
      return false;
    });
    expect(campaigns).toBeGreaterThan(10);
    expect(group.raft("n1")).toMatchObject({ role: "leader", currentTerm: 1 });
    expect(group.raft("n3").role).not.toBe("leader");
  });

  test("helps nobody to a majority", () => {
    const group = removed();
    group.run(3 * T, cut("n1-n2", "n1-n4", "n2-n4"));
    for (const id of ["n2", "n4"]) expect(group.raft(id).role).not.toBe("leader");
  });

  test("is heard when nobody leads, and loses by its log", () => {
    const group = removed();
    group.propose("n1", "y");
    group.settle();
    group.crash("n1");
    group.now += 3 * T;
    group.expire("n3");
    group.settle();
    expect(group.raft("n3").role).toBe("candidate");
    expect(group.raft("n2").currentTerm).toBe(group.raft("n3").currentTerm);
  });

  test("that answers late is not asked about any more", () => {
    const group = led();
    group.change("n1", "n1", "n2", "n4");
    const late = settleBut(group, cut("n3>n1"));
    for (const envelope of late) group.deliver(envelope);
    group.settle();
    expect(worded(group.raft("n1").configuration)).toBe("n1 n2 n4");
    expect(group.raft("n1").matchIndexOf("n3")).toBe(0);
  });
});

describe("the configuration comes back", () => {
  /** n1, n2 and n4 are the members. */
  function changed(): Group {
    const group = led();
    group.change("n1", "n1", "n2", "n4");
    group.settle();
    group.expire("n1");
    group.settle();
    return group;
  }

  test("after a crash from the log", () => {
    const group = changed();
    group.crash("n4");
    group.start("n4");
    expect(worded(group.raft("n4").configuration)).toBe("n1 n2 n4");
  });

  test("after a crash from a snapshot, as it was at the snapshot's end", () => {
    const group = changed();
    group.compact("n1", 2);
    group.settle();
    expect(worded(group.raft("n1").configuration)).toBe("n1 n2 n4");
    expect(worded(group.raft("n1").snapshot!.configuration!)).toBe("n1 n2 n3 / n1 n2 n4");
    group.compact("n1", 3);
    group.settle();
    group.crash("n1");
    group.start("n1");
    expect(group.raft("n1").log.lastIndex).toBe(group.raft("n1").log.snapshotIndex);
    expect(worded(group.raft("n1").configuration)).toBe("n1 n2 n4");
  });

  test("with a snapshot from the leader", () => {
    const group = changed();
    group.compact("n1");
    group.settle();
    group.change("n1", "n1", "n2", "n4", "n5");
    group.settle(cut("n5>n1"));
    group.expire("n1");
    group.settle(({ from, message: { payload } }) => {
      return from === "n5" && payload.kind === "installSnapshotReply";
    });
    expect(worded(group.raft("n5").configuration)).toBe("n1 n2 n4");
    group.expire("n1");
    group.settle();
    expect(group.raft("n5").log.snapshotIndex).toBe(3);
    expect(worded(group.raft("n5").snapshot!.configuration!)).toBe("n1 n2 n4");
    expect(worded(group.raft("n5").configuration)).toBe("n1 n2 n4 n5");
  });

  test("as it was before any change, where there was none", () => {
    const group = led();
    group.compact("n1");
    group.settle();
    expect(group.raft("n1").snapshot!.configuration).toBeNull();
    group.crash("n1");
    group.start("n1");
    expect(worded(group.raft("n1").configuration)).toBe("n1 n2 n3");
  });
});

describe("of two changes of one server, majorities need not meet (raft-dev, July 2015)", () => {
  class ChangesAtOnce extends Raft {
    protected override mayChange(): boolean {
      return true;
    }
  }

  /** n1 adds n5 to four servers and is cut off; n2 takes out n1 with n3's vote; n1 comes back with n5's. */
  function play(RaftClass: typeof Raft): Group {
    const group = new Group([entries(1), entries(1), entries(1), entries(1), entries(1)], 1, {
      ...single,
      voters: ["n1", "n2", "n3", "n4"],
      Raft: RaftClass,
    });
    group.expire("n1");
    group.settle();
    const others = cut("n1-n2", "n1-n3", "n1-n4");
    group.change("n1", "n1", "n2", "n3", "n4", "n5");
    group.settle(others);
    group.expire("n2");
    group.settle(others);
    group.change("n2", "n2", "n3", "n4");
    group.settle(cut("n1-n2", "n1-n3", "n1-n4", "n2-n4"));
    group.expire("n1");
    group.settle(cut("n1-n2", "n1-n3"));
    group.expire("n1");
    group.settle(cut("n1-n2", "n1-n3"));
    group.propose("n1", "y");
    group.settle(cut("n1-n2", "n1-n3"));
    return group;
  }

  test("without the rule, two leaders commit different entries at one index", () => {
    const group = play(ChangesAtOnce);
    expect(group.member("n2").applied[1]).toBeDefined();
    expect(group.member("n1").applied[1]).toBeDefined();
    expect(group.member("n1").applied[1]).not.toEqual(group.member("n2").applied[1]);
  });

  test("with it, neither begins", () => {
    const group = play(Raft);
    expect(ALL.flatMap((id) => inLog(group.raft(id)))).toEqual([]);
  });
});
