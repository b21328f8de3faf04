/** The commands that golden scripts are made of. A command's usage is its grammar too. */

import { Raft } from "../../../src/raft/index.ts";
import { Mistake } from "./script.ts";
import type { Stage, Which } from "./stage.ts";

/** What the words in capitals stand for; each is handed to the command as text. */
const PARTS: Readonly<Record<string, string>> = {
  NAMES: String.raw`(\w+(?: \w+)*)`,
  NAME: String.raw`(\w+)`,
  NUMBER: String.raw`(\d+)`,
  TERMS: String.raw`([1-9]\d*(?: [1-9]\d*)*)`,
  COMMAND: String.raw`(\S+)`,
  SIDES: String.raw`(\w+(?: (?:\w+|\|))* \w+)`,
  "[first|last] FROM -> TO": String.raw`(?:(first|last) )?(\w+|\*) -> (\w+|\*)`,
};

type Perform = (stage: Stage, ...words: string[]) => void;

/** Figure 8 is about what happens without this rule of section 5.4.2: entries of older terms count too. */
class CountsOldTerms extends Raft {
  protected override advanceCommitIndex(): void {
    this.commitTo(Math.max(this.commitIndex, this.replicatedIndex()));
  }
}

const COMMANDS: Readonly<Record<string, Perform>> = {
  // Before anything happens: who takes part, and what the paper's Figure 2 does not have.
  "servers NAMES in term NUMBER": (stage, names, term) => stage.cast.servers(names!.split(" "), Number(term)),
  "servers NAMES": (stage, names) => stage.cast.servers(names!.split(" "), 0),
  "NAME holds TERMS": (stage, name, terms) => stage.cast.holds(name!, terms!.split(" ").map(Number)),
  "members NAMES": (stage, names) => stage.cast.members(names!.split(" ")),
  "with singleServerChange": (stage) => stage.cast.set({ features: { singleServerChange: true } }),
  "with preVote": (stage) => stage.cast.set({ features: { preVote: true } }),
  "with checkQuorum": (stage) => stage.cast.set({ features: { checkQuorum: true } }),
  "with leases": (stage) => stage.cast.set({ lease: { driftBound: 100_000 } }),
  "with maxBatch NUMBER": (stage, most) => stage.cast.set({ limits: { maxBatch: Number(most) } }),
  "with window NUMBER": (stage, most) => stage.cast.set({ limits: { window: Number(most) } }),
  "with chunk NUMBER": (stage, most) => stage.cast.set({ limits: { chunk: Number(most) } }),
  "without the rule of section 5.4.2": (stage) => stage.cast.set({ Raft: CountsOldTerms }),

  "NAME times out": (stage, name) => stage.timesOut(name!),
  "NAME beats": (stage, name) => stage.beats(name!),
  "NAME proposes COMMAND": (stage, name, command) => stage.proposes(name!, command!),
  "NAME reads as NUMBER": (stage, name, id) => stage.reads(name!, Number(id)),
  "NAME hands over to NAME": (stage, name, to) => stage.handsOver(name!, to!),
  "NAME is asked for members NAMES": (stage, name, names) => stage.changes(name!, names!.split(" ")),
  "NAME compacts": (stage, name) => stage.compacts(name!),
  "NAME crashes": (stage, name) => stage.crashes(name!, 0),
  "NAME crashes after NUMBER writes": (stage, name, kept) => stage.crashes(name!, Number(kept)),
  "entry NUMBER of NAME rots": (stage, index, name) => stage.rots(name!, Number(index)),
  "NAME restarts": (stage, name) => stage.restarts(name!),
  "NAME's disk stalls": (stage, name) => stage.stalls(name!),
  "NAME's disk goes on": (stage, name) => stage.goesOn(name!),

  "deliver [first|last] FROM -> TO": (stage, ...link) => stage.deliver(...meant(link)),
  "drop [first|last] FROM -> TO": (stage, ...link) => stage.drop(...meant(link)),
  "fail [first|last] FROM -> TO": (stage, ...link) => stage.fail(...meant(link)),
  "repeat [first|last] FROM -> TO": (stage, ...link) => stage.repeat(...meant(link)),
  settle: (stage) => stage.settle(),
  "cut SIDES": (stage, sides) => stage.cut(sides!.split(" | ").map((side) => side.split(" "))),
  heal: (stage) => stage.heal(),
  show: (stage) => stage.show(),
};

/** Performs one command and returns what it has caused. Throws a Mistake that says what was expected. */
export function perform(stage: Stage, line: string): readonly string[] {
  for (const [grammar, command] of GRAMMARS) {
    const words = grammar.exec(line);
    if (words === null) continue;
    command(stage, ...words.slice(1));
    return stage.told();
  }
  throw new Mistake(`${JSON.stringify(line)}: expected\n  ${expectedFor(line).join("\n  ")}`);
}

const GRAMMARS = Object.entries(COMMANDS).map(([usage, command]) => [grammarOf(usage), command] as const);

function grammarOf(usage: string): RegExp {
  let grammar = usage;
  for (const [part, pattern] of Object.entries(PARTS)) grammar = grammar.replaceAll(part, pattern);
  return new RegExp(`^${grammar}$`);
}

/** The usages that share a word with what was written, or else all. */
function expectedFor(line: string): readonly string[] {
  const usages = Object.keys(COMMANDS);
  const words = new Set(line.split(" "));
  const close = usages.filter((usage) => usage.split(" ").some((word) => words.has(word)));
  return close.length > 0 ? close : usages;
}

/** FROM and TO may be *, which is anybody. */
function meant([which, from, to]: readonly (string | undefined)[]): [Which, string | null, string | null] {
  const end = (name: string | undefined) => (name === undefined || name === "*" ? null : name);
  return [(which as Which | undefined) ?? "all", end(from), end(to)];
}
