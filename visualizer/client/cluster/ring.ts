/** The ring of servers as an element. */

import { layOutRing } from "../../cluster/ring.ts";
import type { Scene } from "../../cluster/scene.ts";
import { counted } from "../../text.ts";
import { element } from "../dom.ts";
import { drawPicture, svgElement } from "../picture.ts";

export class RingView {
  readonly element = element("figure", "ring");
  private readonly svg = svgElement("plot");
  private readonly more = element("figcaption", "more");
  private readonly clients: readonly string[];

  constructor(clients: readonly string[]) {
    this.clients = clients;
    this.svg.setAttribute("role", "img");
    this.element.append(this.svg, this.more);
  }

  draw(scene: Scene): void {
    const picture = layOutRing(scene, this.clients);
    drawPicture(this.svg, picture);
    this.svg.setAttribute("aria-label", spoken(scene));
    this.more.textContent = picture.left === 0 ? "" : `${counted(picture.left, "message")} more under way`;
  }
}

function spoken({ servers, cuts }: Scene): string {
  const states = servers.map(({ id, frame }) => {
    const { role, condition, term } = frame;
    return `${id} ${condition === "up" ? role : condition}, term ${term}`;
  });
  const links =
    cuts.length === 0 ? "" : `; cut: ${cuts.map(({ from, to }) => `${from} to ${to}`).join(", ")}`;
  return `${states.join("; ")}${links}`;
}
