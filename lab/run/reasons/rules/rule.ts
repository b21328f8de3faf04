/** What a rule is: a small predicate over one kind of deed, and the sentence that it says of a deed that breaks it. */

import { type Configuration, isQuorum } from "../../../../src/raft/index.ts";
import type { Deed, WrongClock } from "../deed.ts";

export type DeedOf<Kind extends Deed["kind"]> = Extract<Deed, { readonly kind: Kind }>;

export interface Rule {
  /** What went wrong, such as `voted-twice`. */
  readonly name: string;
  /** Exact: no correct system does this, ever. Likely: a correct one may, so something else may be to blame. */
  readonly certainty: "exact" | "likely";
  readonly of: Deed["kind"];
  /** What to say of this deed; null if it breaks nothing. Asked of deeds of its kind only. */
  says(deed: Deed): string | null;
}

/** A rule that no correct system breaks. */
export function exact<Kind extends Deed["kind"]>(
  name: string,
  of: Kind,
  says: (deed: DeedOf<Kind>) => string | null,
): Rule {
  return { name, certainty: "exact", of, says: (deed) => says(deed as DeedOf<Kind>) };
}

/** A rule that a correct system may break too, in bad times. */
export function likely<Kind extends Deed["kind"]>(
  name: string,
  of: Kind,
  says: (deed: DeedOf<Kind>) => string | null,
): Rule {
  return { ...exact(name, of, says), certainty: "likely" };
}

/** True if these elect, commit and confirm where this configuration rules. */
export function areQuorum(who: readonly string[], configuration: Configuration): boolean {
  return isQuorum(new Set(who), configuration);
}

/** How many of the members these are: "2 of 5"; in a joint configuration "2 of 3 new members and 1 of 3 old ones". */
export function shareWords(who: readonly string[], { voters, outgoing }: Configuration): string {
  const of = (members: readonly string[]) =>
    `${members.filter((id) => who.includes(id)).length} of ${members.length}`;
  return outgoing === null ? of(voters) : `${of(voters)} new members and ${of(outgoing)} old ones`;
}

/** "n1, n2 and n3"; "nobody". */
export function namesIn(nodes: readonly string[]): string {
  if (nodes.length === 0) return "nobody";
  const last = nodes.at(-1)!;
  return nodes.length === 1 ? last : `${nodes.slice(0, -1).join(", ")} and ${last}`;
}

/** Whose clock it was. */
export function clockWords(wrong: WrongClock | null): string {
  if (wrong === null) return "although every clock kept within its bound";
  const { id, how, counted, passed } = wrong;
  const ran = counted === 0 ? "stood still" : counted < 0 ? "went back" : `ran ${how}`;
  const [own, right] = [counted, passed].map((length) => Math.round(length / 1000));
  return `${id}'s clock ${ran}: it counted ${own} ms while ${right} ms passed`;
}

/** Such as 12 ms. */
export function milliseconds(microseconds: number): string {
  return `${Math.round(microseconds / 1000)} ms`;
}
