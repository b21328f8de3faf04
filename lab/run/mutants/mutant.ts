/** What an entry of the catalogue says. */

import { type Clocks, type Disks, intendedSystem, type Settings, type System } from "../../cluster/index.ts";

export interface Mutant {
  readonly name: string;
  /** Where the rule stands, and what becomes of it. */
  readonly breaks: string;
  /** The report or the rule that it is modelled on; nothing is copied from there. */
  readonly source: string;
  /** Who must notice: the history check, or the invariant or liveness bound of this name; "assertion": the code itself. */
  readonly oracle: string;
  /** Others that see the same thing at the same instant, so that chance decides which is named. */
  readonly also: readonly string[];
  /** What makes it rarer than the rule is important; null if nothing does. */
  readonly masks: string | null;
  /** Why nobody can tell it from the system as it is meant to be; null if somebody can. */
  readonly equivalent: Equivalence | null;
  readonly system: System;
  /** What a run must have on, or the rule plays no part in it. */
  readonly needs: Needs;
}

/** Some of a run's options, by their names there. */
interface Needs extends Partial<Pick<Settings, "reads">> {
  readonly membership?: boolean;
  readonly clocks?: Clocks;
  readonly disks?: Disks;
}

interface Equivalence {
  readonly argument: string;
  /** The bounds within which every interleaving was tried; null while none were. */
  readonly exhausted: string | null;
}

/** What a file of the catalogue writes down: what is not said is as in most entries. */
export interface Entry extends Pick<Mutant, "name" | "breaks" | "source" | "oracle"> {
  readonly also?: readonly string[];
  readonly masks?: string;
  readonly equivalent?: string;
  readonly needs?: Needs;
  /** The part of the system that has the bug. */
  readonly part: Partial<System>;
}

export function mutantOf({ part, also = [], masks, equivalent, needs = {}, ...entry }: Entry): Mutant {
  return {
    ...entry,
    also,
    needs,
    masks: masks ?? null,
    equivalent: equivalent === undefined ? null : { argument: equivalent, exhausted: null },
    system: { ...intendedSystem, ...part },
  };
}

/**
 * True if this oracle is one that must notice it. Whatever breaks Raft takes a step that Raft's specification has not;
 * of the servers around it, of clerks and of disks the specification says nothing.
 */
export function isExpected({ oracle, also, system }: Mutant, name: string): boolean {
  if (name === "refinement" && system.Raft !== intendedSystem.Raft) return true;
  return name === oracle || also.includes(name);
}
