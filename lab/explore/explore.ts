/**
 * Every world that can be reached within bounds, the nearest first: so the path to the first violation is one of the
 * shortest. The same exploration always counts the same.
 */

import { assert, type NodeId } from "../../src/base/index.ts";
import { intendedSystem, type System } from "../cluster/index.ts";
import { type Bounds, defaultBounds } from "./bounds.ts";
import { type Move, movesOf } from "./move.ts";
import { isWrong, play } from "./play.ts";
import { sentenceOf } from "./sentence.ts";
import { Stage, type Wrong } from "./stage.ts";
import { digestOf, type Renaming, renamingsOf } from "./symmetry.ts";
import { Table } from "./table.ts";
import { Parts, type World } from "./world.ts";

interface Violation extends Wrong {
  /** How it comes about, a sentence for each step. */
  readonly script: readonly string[];
}

export interface Exploration {
  /** Exhausted: all worlds within the bounds were seen, and nothing is wrong in any of them. */
  readonly outcome: "exhausted" | "violation" | "budget";
  readonly bounds: Bounds;
  /** Different worlds, of which none is another one renamed. */
  readonly states: number;
  /** Steps that were played. */
  readonly transitions: number;
  /** Of the farthest world that was seen. */
  readonly depth: number;
  /** Of all worlds together, 16 hexadecimal digits: systems that reach the same worlds have the same one. */
  readonly space: string;
  /** Null unless the outcome is one. */
  readonly violation: Violation | null;
}

export interface ExploreOptions {
  readonly bounds?: Partial<Bounds>;
  /** Most worlds to see. */
  readonly budget?: number;
  readonly system?: Pick<System, "Raft">;
  /** Called after every so many worlds with how many there are. */
  readonly onProgress?: (states: number, depth: number) => void;
}

/** Some minutes, and about 2 GB: worlds share their servers, which leaves about 1 kB for each (measured). */
export const DEFAULT_BUDGET = 1_000_000;

export function explore(options: ExploreOptions = {}): Exploration {
  return new Explorer(options).run();
}

class Explorer {
  private readonly bounds: Bounds;
  private readonly budget: number;
  private readonly renamings: readonly Renaming[];
  private readonly stage: Stage;
  private readonly root: World;
  private readonly onProgress: ExploreOptions["onProgress"];
  private readonly seen = new Table();
  /** By world: where it was found from, and how. */
  private readonly parents: number[] = [];
  private readonly moves: (Move | null)[] = [];
  /** Worlds that have yet to be looked at. */
  private frontier: World[] = [];
  private transitions = 0;
  private depth = 0;
  private spaceHigh = 0;
  private spaceLow = 0;

  constructor({ bounds, budget = DEFAULT_BUDGET, system = intendedSystem, onProgress }: ExploreOptions) {
    this.bounds = { ...defaultBounds, ...bounds };
    this.budget = budget;
    this.onProgress = onProgress;
    const servers = Array.from({ length: this.bounds.servers }, (_, i): NodeId => `n${i + 1}`);
    this.renamings = renamingsOf(servers);
    this.stage = new Stage(servers, this.bounds, new Parts(this.renamings[0]!), system.Raft);
    this.root = this.stage.first();
  }

  run(): Exploration {
    this.meet(this.root, -1, null);
    let number = 0;
    for (let depth = 0; this.frontier.length > 0; depth++) {
      this.depth = depth;
      const layer = this.frontier;
      this.frontier = [];
      for (const world of layer) {
        for (const move of movesOf(world, this.bounds)) {
          const next = play(this.stage, world, move);
          this.transitions++;
          if (isWrong(next)) return this.result("violation", this.violation(next, number, move));
          this.meet(next, number, move);
        }
        number++;
        if (this.seen.size > this.budget) return this.result("budget", null);
      }
      this.onProgress?.(this.seen.size, depth);
    }
    return this.result("exhausted", null);
  }

  private meet(world: World, parent: number, move: Move | null): void {
    const { high, low } = digestOf(world, this.renamings);
    const known = this.seen.size;
    this.seen.add(high, low);
    if (this.seen.size === known) return;
    this.parents.push(parent);
    this.moves.push(move);
    this.frontier.push(world);
    this.spaceHigh = (this.spaceHigh + high) | 0;
    this.spaceLow = (this.spaceLow + low) | 0;
  }

  /** Plays the path once more, to tell it. */
  private violation(wrong: Wrong, last: number, lastMove: Move): Violation {
    const path = [lastMove];
    for (let at = last; this.moves[at] !== null; at = this.parents[at]!) path.unshift(this.moves[at]!);
    const script: string[] = [];
    let world = this.root;
    for (const move of path) {
      const next = play(this.stage, world, move);
      assert(isWrong(next) === (move === lastMove), "a path must lead to the same violation again");
      const after = isWrong(next) ? null : next;
      script.push(sentenceOf({ move, before: world, after, heard: this.stage.heard }));
      if (!isWrong(next)) world = next;
    }
    return { ...wrong, script };
  }

  private result(outcome: Exploration["outcome"], violation: Violation | null): Exploration {
    const { bounds, transitions, depth } = this;
    const states = Math.min(this.seen.size, this.budget);
    const space = [this.spaceHigh, this.spaceLow].map((half) => (half >>> 0).toString(16).padStart(8, "0"));
    return { outcome, bounds, states, transitions, depth, space: space.join(""), violation };
  }
}
