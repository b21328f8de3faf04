/** All views of the page beside one another, and the ways from one to the other: each can be told where to look next. */

import type { Drawn } from "../drawn.ts";
import type { Problem } from "../problem.ts";
import { Studio } from "./cluster/studio.ts";
import { ClusterView } from "./cluster/view.ts";
import { byId } from "./dom.ts";
import { fragmentNumber } from "./fragment.ts";
import { MessagesView } from "./messages/view.ts";
import { Tabs } from "./tabs.ts";

export class Views {
  private readonly cluster: ClusterView;
  private readonly messages: MessagesView;

  /** The page holds the timeline and the result; the others are made here. */
  constructor(drawn: Drawn, problems: readonly Problem[]) {
    const studio = new Studio(drawn);
    this.cluster = new ClusterView(studio, problems, (instant) => {
      this.messages.look(instant);
      tabs.show("messages");
    });
    this.messages = new MessagesView(studio, problems, (instant) => {
      this.cluster.look(instant);
      tabs.show("cluster");
    });
    // A link that was pasted into the open page leads there too: views are told before they are opened.
    window.addEventListener("hashchange", () => {
      const instant = fragmentNumber("t");
      if (instant !== null) this.look(instant);
    });
    const workspace = byId("workspace");
    workspace.after(this.cluster.panel, this.messages.panel);
    const result = { id: "result", name: "Result", panel: byId("result") };
    const timeline = { id: "timeline", name: "Timeline", panel: workspace };
    const tabs = new Tabs([result, timeline, this.cluster, this.messages], "timeline");
    workspace.before(tabs.list);
  }

  /** What the person looks at in one view, the others show when they are opened. */
  look(instant: number): void {
    this.cluster.look(instant);
    this.messages.look(instant);
  }
}
