/** A history cut into the subhistories of its objects, and those put together so that each message is worth its while. */
import { type History, type HistoryEvent, type Model, operationsOf } from "../index.ts";

type Events = readonly HistoryEvent<unknown, unknown>[];

/** Each object's events, objects in the order of first appearance. Throws HistoryError if the history is malformed. */
export function subhistories(
  model: Model<unknown, unknown, unknown>,
  history: History<unknown, unknown>,
): Events[] {
  const objects = new Map<string, HistoryEvent<unknown, unknown>[]>();
  const objectOf = new Map<number, HistoryEvent<unknown, unknown>[]>();
  for (const { operation, input } of operationsOf(history)) {
    const name = model.objectOf(input);
    const events = objects.get(name) ?? [];
    objects.set(name, events);
    objectOf.set(operation, events);
  }
  for (const event of history) objectOf.get(event.operation)!.push(event);
  return [...objects.values()];
}

/** From so many events on, a message costs little beside what it asks for. */
const ENOUGH_EVENTS = 1_000;

/** Nobody knows which objects are hard, so that each worker should come back for more a few times. */
const BATCHES_FOR_EACH = 8;

/** Numbers of objects that are checked together. The largest come first, so that no worker is left alone with one. */
export function batchesOf(objects: readonly Events[], workers: number): readonly (readonly number[])[] {
  const all = objects.reduce((sum, { length }) => sum + length, 0);
  const size = Math.min(ENOUGH_EVENTS, all / (workers * BATCHES_FOR_EACH));
  const bySize = objects.map((_, index) => index);
  bySize.sort((a, b) => objects[b]!.length - objects[a]!.length || a - b);
  const batches: number[][] = [];
  let room = 0;
  for (const index of bySize) {
    if (room <= 0) {
      batches.push([]);
      room = size;
    }
    batches.at(-1)!.push(index);
    room -= objects[index]!.length;
  }
  return batches;
}
