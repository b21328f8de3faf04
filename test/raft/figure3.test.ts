/** Figure 3, its five properties: each is broken by a deliberate bug here, and the watcher of all other tests says so. */

import { describe, expect, test } from "vitest";
import {
  CommitWithoutMajority,
  NoPrevTermCheck,
  NoUpToDateCheck,
  ReadBeforeOwnEntry,
  VoteTwice,
} from "../../lab/run/mutants/raft.ts";
import { type Entry, Raft } from "../../src/raft/index.ts";
import { entries } from "./bench.ts";
import { Figure3 } from "./figure3.ts";
import { cut, Group } from "./group.ts";

/** Takes back what it appended last. */
class RewritesItsLog extends Raft {
  protected override appendAsLeader(command: unknown): void {
    if (this.log.lastIndex > this.commitIndex) this.truncateFrom(this.log.lastIndex);
    super.appendAsLeader(command);
  }
}

/** Takes all that it has for committed, whatever the leader says. */
class CommitsItsWholeLog extends Raft {
  protected override commitTo(): void {
    super.commitTo(this.log.lastIndex);
  }
}

interface Break {
  readonly Raft: typeof Raft;
  readonly logs?: readonly (readonly Entry[])[];
  readonly script: (group: Group, figure3: Figure3) => void;
  readonly message: string;
}

const empty: readonly (readonly Entry[])[] = [[], [], []];

const BREAKS: Readonly<Record<string, Break>> = {
  "Election Safety (section 5.2)": {
    Raft: VoteTwice,
    script: (group) => {
      group.expire("n1");
      group.expire("n2");
      group.settle(cut("n1-n2"));
    },
    message: "Election Safety: n1 and n2 lead 1",
  },
  "Leader Append-Only (section 5.3)": {
    Raft: RewritesItsLog,
    script: (group) => {
      group.expire("n1");
      group.settle();
      group.propose("n1", "x");
      group.propose("n1", "y");
    },
    message: "Leader Append-Only: n1 leads 1 and has lost x of term 1 at 1",
  },
  "Log Matching (section 5.3)": {
    Raft: NoPrevTermCheck,
    logs: [entries(2), entries(1), entries(1)],
    script: (group, figure3) => {
      group.expire("n1");
      group.settle();
      group.propose("n1", "x");
      group.settle();
      figure3.logsMatch();
    },
    message: "Log Matching: 2@1 of term 2 and 1@1 of term 1 at 1",
  },
  "Leader Completeness (section 5.4)": {
    Raft: NoUpToDateCheck,
    script: (group) => {
      group.expire("n1");
      group.settle();
      group.propose("n1", "x");
      group.settle(cut("n1-n3"));
      group.expire("n3");
      group.settle();
    },
    message: "Leader Completeness: n3 leads 2 without x of term 1 at 1",
  },
  "Leader Completeness, by what was never on a majority (section 5.3)": {
    Raft: CommitWithoutMajority,
    script: (group) => {
      group.expire("n1");
      group.settle();
      group.propose("n1", "x");
      group.settle(cut("n1-n2", "n1-n3"));
      group.expire("n2");
      group.settle(cut("n1-n2", "n1-n3"));
    },
    message: "Leader Completeness: n2 leads 2 without x of term 1 at 1",
  },
  "State Machine Safety (section 5.4.3)": {
    Raft: CommitsItsWholeLog,
    logs: [entries(1), entries(1), entries(1, 2)],
    script: (group) => {
      group.expire("n1");
      group.settle();
      group.propose("n1", "x");
      group.settle();
    },
    message: "State Machine Safety: index 2 was 2@2 of term 2, n2 has x of term 3",
  },
  "and linearizable reads (section 8)": {
    Raft: ReadBeforeOwnEntry,
    script: (group, figure3) => {
      group.expire("n1");
      group.settle();
      group.propose("n1", "x");
      group.settle();
      group.crash("n1");
      group.expire("n2");
      group.settle();
      figure3.asked(1);
      group.step("n2", { kind: "read", id: 1 });
      group.settle();
    },
    message: "n2 would answer read 1 after 0 of 1 committed entries",
  },
};

describe("Figure 3 is watched:", () => {
  test.each(Object.entries(BREAKS))("%s", (_, { Raft: Mutant, logs = empty, script, message }) => {
    const play = (Server: typeof Raft) => {
      const term = Math.max(0, ...logs.flat().map((entry) => entry.term));
      const group = new Group(logs, term, { Raft: Server });
      script(group, new Figure3(group));
    };
    expect(() => play(Mutant)).toThrow(message);
    expect(() => play(Raft)).not.toThrow();
  });
});
