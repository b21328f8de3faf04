/** All views of the page beside one another, and the ways from one to the other: each can be told where to look next. */

import type { Item } from "../layout.ts";
import { Studio } from "./cluster/studio.ts";
import { Theatre } from "./cluster/view.ts";
import { byId } from "./dom.ts";
import { FilmView } from "./film-view.ts";
import { fragmentNumber } from "./fragment.ts";
import { Chart } from "./messages/view.ts";
import type { Model } from "./model.ts";
import { RawView } from "./raw/view.ts";
import { Tabs } from "./tabs.ts";

export class Views {
  private readonly cluster: FilmView;
  private readonly messages: FilmView;
  private readonly tabs: Tabs;

  /** The page holds the timeline and the result; the others are made here. */
  constructor({ report, judgement, problems }: Model, showInTimeline: (item: Item) => void) {
    const studio = new Studio(report);
    const raw = new RawView(report, judgement, showInTimeline);
    const showMessages = (instant: number) => {
      this.messages.look(instant);
      tabs.show("messages");
    };
    const showCluster = (instant: number) => {
      this.cluster.look(instant);
      tabs.show("cluster");
    };
    this.cluster = new FilmView(
      "cluster",
      "Cluster",
      studio,
      (panel, film) => new Theatre(panel, film, problems, showMessages),
    );
    this.messages = new FilmView(
      "messages",
      "Messages",
      studio,
      (panel, film) => new Chart(panel, film, problems, showCluster),
    );
    // A link that was pasted into the open page leads there too: views are told before they are opened.
    window.addEventListener("hashchange", () => {
      const instant = fragmentNumber("t");
      if (instant !== null) this.look(instant);
    });
    const workspace = byId("workspace");
    workspace.after(this.cluster.panel, this.messages.panel, raw.panel);
    const result = { id: "result", name: "Result", panel: byId("result") };
    const timeline = { id: "timeline", name: "Timeline", panel: workspace };
    const tabs = new Tabs([result, timeline, this.cluster, this.messages, raw], "timeline");
    workspace.before(tabs.list);
    this.tabs = tabs;
  }

  open(view: string): void {
    this.tabs.show(view);
  }

  /** What the person looks at in one view, the others show when they are opened. */
  look(instant: number): void {
    this.cluster.look(instant);
    this.messages.look(instant);
  }
}
