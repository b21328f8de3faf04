/**
 * The cluster as a picture: servers in a ring, clients in a row below, cut links struck through, messages where they
 * are on their way. Roles and kinds differ by shape and word as well as by colour.
 */

import type { NodeId } from "../../src/base/index.ts";
import { Labels } from "../labels.ts";
import { label, line, type Picture, px, type Shape } from "../shape.ts";
import { squeeze } from "../text.ts";
import type { Flight } from "./film.ts";
import { kindOf } from "./kind.ts";
import type { Scene, ServerScene, Way } from "./scene.ts";
import { shortWords } from "./words.ts";

const WIDTH = 520;
const RADIUS = 122;
const CENTRE = { x: WIDTH / 2, y: 168 };
const NODE = 26;
const CLIENT = 13;
const CLIENT_ROW = 372;
const HEIGHT = 404;
/** The two directions of a link run side by side. */
const LANE = 5;
/** More than so many messages at once are a cloud that nobody reads: the rest is counted. */
const MOST_MESSAGES = 40;
const LONGEST_LABEL = 18;

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface RingPicture extends Picture {
  /** Messages under way that are not drawn. */
  readonly left: number;
}

export function layOutRing(scene: Scene, clients: readonly NodeId[]): RingPicture {
  const places = placesOf(
    scene.servers.map(({ id }) => id),
    clients,
  );
  // What left last is what the moment is about.
  const drawn = scene.flights.slice(-MOST_MESSAGES);
  const labels = new Labels();
  const shapes = [
    ...links(scene, places),
    ...scene.cuts.flatMap((way) => cut(way, scene.cuts, places)),
    ...scene.servers.flatMap((server) => serverShapes(server, places.get(server.id)!, labels)),
    ...clients.flatMap((id) => clientShapes(id, places.get(id)!)),
    ...drawn.flatMap((flight) => message(flight, scene.moment.time, places, labels)),
  ];
  return { width: WIDTH, height: HEIGHT, shapes, left: scene.flights.length - drawn.length };
}

function placesOf(servers: readonly NodeId[], clients: readonly NodeId[]): ReadonlyMap<NodeId, Point> {
  const places = new Map<NodeId, Point>();
  servers.forEach((id, i) => {
    const angle = (2 * Math.PI * i) / servers.length - Math.PI / 2;
    places.set(id, { x: CENTRE.x + RADIUS * 1.35 * Math.cos(angle), y: CENTRE.y + RADIUS * Math.sin(angle) });
  });
  clients.forEach((id, i) => {
    places.set(id, { x: (WIDTH * (i + 1)) / (clients.length + 1), y: CLIENT_ROW });
  });
  return places;
}

function links({ servers }: Scene, places: ReadonlyMap<NodeId, Point>): readonly Shape[] {
  return servers.flatMap(({ id }, i) =>
    servers.slice(i + 1).map((other) => {
      const [a, b] = [places.get(id)!, places.get(other.id)!];
      return line("link", a.x, a.y, b.x, b.y);
    }),
  );
}

/** A link that is cut both ways is struck through in its middle, one that is cut one way near the end that hears nothing. */
function cut({ from, to }: Way, all: readonly Way[], places: ReadonlyMap<NodeId, Point>): readonly Shape[] {
  const [a, b] = [places.get(from), places.get(to)];
  if (a === undefined || b === undefined) return [];
  const both = all.some((way) => way.from === to && way.to === from);
  if (both && from > to) return [];
  const { x, y } = between(a, b, both ? 0.5 : 0.7);
  return [
    line("link cut", a.x, a.y, b.x, b.y),
    { tag: "path", name: "cross", place: { d: crossAt(x, y, 6) } },
  ];
}

function serverShapes({ id, frame, votes }: ServerScene, { x, y }: Point, labels: Labels): readonly Shape[] {
  const { role, condition, term } = frame;
  const state = condition === "up" ? role! : condition;
  const ring: readonly Shape[] =
    state === "leader" ? [{ tag: "circle", name: "halo", place: { cx: px(x), cy: px(y), r: NODE + 4 } }] : [];
  const counted = state === "candidate" ? `, ${votes.length} for it` : "";
  const text = `${state}, term ${term}${counted}`;
  const below = y + NODE + 17;
  labels.centre({ x, y: below }, text);
  return [
    ...ring,
    { tag: "circle", name: `server ${state}`, place: { cx: px(x), cy: px(y), r: NODE } },
    label(`id ${state}`, x, y + 5, id),
    label("role", x, below, text),
  ];
}

function clientShapes(id: NodeId, { x, y }: Point): readonly Shape[] {
  const place = { x: px(x - CLIENT), y: px(y - CLIENT), width: 2 * CLIENT, height: 2 * CLIENT, rx: 4 };
  return [{ tag: "rect", name: "client", place }, label("id", x, y + 4, id)];
}

function message(
  flight: Flight,
  now: number,
  places: ReadonlyMap<NodeId, Point>,
  labels: Labels,
): readonly Shape[] {
  const [a, b] = [places.get(flight.from)!, places.get(flight.to)!];
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const whole = Math.max(1, flight.endedAt - flight.sentAt);
  // Between the nodes, not under them.
  const part = 0.2 + 0.6 * Math.min(1, (now - flight.sentAt) / whole);
  const side = { x: (-(b.y - a.y) / length) * LANE, y: ((b.x - a.x) / length) * LANE };
  const at = between(a, b, part);
  const [x, y] = [at.x + side.x, at.y + side.y];
  const name = `message ${kindOf(flight)}${flight.reply ? " reply" : ""}`;
  const head = { d: headAt(x, y, (b.x - a.x) / length, (b.y - a.y) / length) };
  const shape: Shape = { tag: "path", name, place: head };
  const text = squeeze(shortWords(flight), LONGEST_LABEL);
  const free = !flight.heartbeat && labels.take({ x: x + 9, y: y + 4 }, text, WIDTH);
  return free ? [shape, label(name, x + 9, y + 4, text)] : [shape];
}

function between(a: Point, b: Point, part: number): Point {
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

/** A triangle that points where the message goes. */
function headAt(x: number, y: number, dx: number, dy: number): string {
  const point = (along: number, across: number) =>
    `${px(x + along * dx - across * dy)} ${px(y + along * dy + across * dx)}`;
  return `M${point(7, 0)} L${point(-5, 5)} L${point(-5, -5)} Z`;
}

function crossAt(x: number, y: number, r: number): string {
  return `M${px(x - r)} ${px(y - r)} L${px(x + r)} ${px(y + r)} M${px(x - r)} ${px(y + r)} L${px(x + r)} ${px(y - r)}`;
}
