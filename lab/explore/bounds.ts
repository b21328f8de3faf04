/** How far an exploration goes. A claim that nothing is wrong holds within these numbers and not beyond. */

/** What a path through a world uses up: each has a most of its own. */
export const ALLOWANCES = [
  "commands",
  "crashes",
  "losses",
  "delays",
  "stalls",
  "compactions",
  "reads",
] as const;

export type Allowance = (typeof ALLOWANCES)[number];

/** How much of each is used. */
export type Spent = Readonly<Record<Allowance, number>>;

export interface Bounds extends Spent {
  readonly servers: number;
  /** The highest term that an election may begin. */
  readonly terms: number;
  /** How many of everything but commands one path may have together. */
  readonly incidents: number;
  /** Thesis, section 9.6. Time does not pass, so a follower never refuses because it has heard a leader. */
  readonly preVote: boolean;
  /** Thesis, section 10.2.1: a leader may have sent more than it has answers to when the next step begins. */
  readonly pipelining: boolean;
}

/** 157,256 worlds and 22 s of a core (measured). Late messages would make several times as many of them. */
export const defaultBounds: Bounds = {
  servers: 3,
  commands: 2,
  terms: 3,
  crashes: 1,
  losses: 1,
  delays: 0,
  stalls: 1,
  compactions: 1,
  reads: 1,
  incidents: 1,
  preVote: false,
  pipelining: false,
};

export const NOTHING_SPENT: Spent = Object.freeze({
  commands: 0,
  crashes: 0,
  losses: 0,
  delays: 0,
  stalls: 0,
  compactions: 0,
  reads: 0,
});

/** True if a path that has spent this may have one more. */
export function affords(bounds: Bounds, spent: Spent, what: Allowance): boolean {
  if (spent[what] >= bounds[what]) return false;
  return what === "commands" || incidentsOf(spent) < bounds.incidents;
}

function incidentsOf({ crashes, losses, delays, stalls, compactions, reads }: Spent): number {
  return crashes + losses + delays + stalls + compactions + reads;
}

/** "3 servers, 2 commands, terms <= 3, 1 crash". */
export function boundsText(bounds: Bounds): string {
  const isCounted = (what: Allowance) => what !== "commands" && bounds[what] > 0 && bounds.incidents > 0;
  const counted = ALLOWANCES.filter(isCounted);
  const incidents = counted.map((what) => countText(bounds[what], what));
  const parts = [
    countText(bounds.servers, "servers"),
    countText(bounds.commands, "commands"),
    `terms <= ${bounds.terms}`,
    ...incidents,
  ];
  const sum = counted.reduce((total, what) => total + bounds[what], 0);
  if (sum > bounds.incidents) parts.push(`of these ${bounds.incidents} on a path`);
  if (bounds.preVote) parts.push("PreVote");
  if (bounds.pipelining) parts.push("pipelining");
  return parts.join(", ");
}

const SINGULAR: Readonly<Record<Allowance | "servers", string>> = {
  servers: "server",
  commands: "command",
  crashes: "crash",
  losses: "lost answer",
  delays: "late message",
  stalls: "slow write",
  compactions: "compaction",
  reads: "read",
};

const PLURAL: Partial<Record<Allowance | "servers", string>> = {
  losses: "lost answers",
  delays: "late messages",
  stalls: "slow writes",
};

function countText(count: number, what: Allowance | "servers"): string {
  return `${count} ${count === 1 ? SINGULAR[what] : (PLURAL[what] ?? what)}`;
}
