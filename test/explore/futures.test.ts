/** What all the claims of an exploration rest on: worlds of one digest have the same future, whatever their names. */

import { expect, test } from "vitest";
import { type Bounds, defaultBounds, explore } from "../../lab/explore/index.ts";
import { movesOf } from "../../lab/explore/move.ts";
import { isWrong, play } from "../../lab/explore/play.ts";
import { Stage } from "../../lab/explore/stage.ts";
import { digestOf, type Renaming, renamingsOf } from "../../lab/explore/symmetry.ts";
import { Parts, type World } from "../../lab/explore/world.ts";
import { only } from "./bounded.ts";

const SERVERS = ["n1", "n2", "n3"];
const renamings = renamingsOf(SERVERS);

test.each<Partial<Bounds>>([
  { terms: 2, commands: 0, crashes: 1 },
  { terms: 1, commands: 1, delays: 1 },
  { terms: 1, commands: 1, stalls: 1, crashes: 1 },
  { terms: 1, commands: 1, compactions: 1, losses: 1 },
  { terms: 1, commands: 1, pipelining: true, reads: 1 },
])("worlds of one digest have the same future within %j", (given) => {
  const bounds = { ...defaultBounds, ...only(given) };
  const futures = new Map<string, string>();
  for (const { world, next } of everyWorld(bounds)) {
    const future = [...new Set(next.map((each) => nameOf(each, renamings)))].sort().join(" ");
    const name = nameOf(world, renamings);
    expect(futures.get(name) ?? future).toBe(future);
    futures.set(name, future);
  }
  expect(explore({ bounds }).states).toBe(futures.size);
});

/** Without symmetry: worlds that differ in names are others. */
function* everyWorld(bounds: Bounds): Generator<{ world: World; next: readonly World[] }> {
  const stage = new Stage(SERVERS, bounds, new Parts(renamings[0]!));
  const worlds = [stage.first()];
  const seen = new Set(worlds.map((world) => nameOf(world, renamings.slice(0, 1))));
  for (const world of worlds) {
    const next = movesOf(world, bounds).map((move) => play(stage, world, move));
    const good = next.filter((each): each is World => !isWrong(each));
    expect(good.length).toBe(next.length);
    for (const each of good) {
      const name = nameOf(each, renamings.slice(0, 1));
      if (!seen.has(name)) worlds.push(each);
      seen.add(name);
    }
    yield { world, next: good };
  }
}

function nameOf(world: World, among: readonly Renaming[]): string {
  const { high, low } = digestOf(world, among);
  return `${high} ${low}`;
}
