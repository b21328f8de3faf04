/** The Raw view: everything as tables, and as files for other tools. */

import { writeHistory } from "porcupine-ts";
import type { Drawn } from "../../drawn.ts";
import type { Judgement } from "../../judgement.ts";
import type { Item } from "../../layout.ts";
import { type Sheet, sheetsOf } from "../../raw/sheet.ts";
import { eventsOf, type PackedRecord } from "../../record.ts";
import { counted, grouped } from "../../text.ts";
import { readRecord } from "../data.ts";
import { button, element } from "../dom.ts";
import { fragment, setFragment } from "../fragment.ts";
import { nameOfPage, saveFile } from "../save/file.ts";
import type { View } from "../tabs.ts";
import { Grid } from "./grid.ts";

export class RawView implements View {
  readonly id = "raw";
  readonly name = "Raw";
  readonly panel = element("section", "view raw");
  private readonly report: Drawn;
  private readonly judgement: Judgement;
  private readonly show: (item: Item) => void;
  private readonly said = element("p", "said");
  private readonly place = element("div", "");
  private sheets: readonly Sheet[] = [];
  private choices: readonly HTMLButtonElement[] = [];
  private shown: Sheet | null = null;

  /** \`show\` leads to a row's place in the timeline. */
  constructor(report: Drawn, judgement: Judgement, show: (item: Item) => void) {
    this.report = report;
    this.judgement = judgement;
    this.show = show;
    this.said.setAttribute("role", "status");
  }

  open(): void {
    if (this.shown !== null) return;
    this.sheets = sheetsOf(this.report, this.judgement);
    this.choices = this.sheets.map((sheet) => {
      const choice = button(`${sheet.name} `, () => this.choose(sheet));
      choice.append(element("span", "count", grouped(sheet.count)));
      return choice;
    });
    const choices = element("div", "buttons", ...this.choices);
    choices.setAttribute("role", "group");
    choices.setAttribute("aria-label", "Tables");
    const files = element(
      "div",
      "buttons",
      button("History as NDJSON", () => void this.saveHistory()),
    );
    files.setAttribute("role", "group");
    files.setAttribute("aria-label", "Files");
    this.panel.append(element("div", "raw-bar", choices, files), this.said, this.place);
    this.choose(this.sheets.find(({ id }) => id === fragment("table")) ?? this.sheets[0]!);
  }

  private choose(sheet: Sheet): void {
    if (sheet === this.shown) return;
    const isFirst = this.shown === null;
    this.shown = sheet;
    this.sheets.forEach((each, index) => {
      this.choices[index]!.setAttribute("aria-pressed", String(each === sheet));
    });
    const nothing = element("p", "digest nothing", "No client called anything.");
    const grid = sheet.count === 0 ? nothing : new Grid(sheet, (index) => this.show(sheet.item(index))).root;
    this.place.replaceChildren(grid);
    if (!isFirst) setFragment("table", sheet.id);
  }

  /** As `linlab check` and every other reader of the format takes it. */
  private async saveHistory(): Promise<void> {
    try {
      const record: PackedRecord | null = await readRecord();
      if (record === null) {
        this.said.textContent =
          "This page does not carry its history as data: its values are not JSON, or an earlier version of linlab made the report.";
        return;
      }
      const events = eventsOf(this.report.operations, record);
      const name = `${nameOfPage()}.history.ndjson`;
      saveFile(name, "application/x-ndjson", writeHistory(record.header, events));
      this.said.textContent = `${name}: ${counted(events.length, "event")}, which npx linlab check reads.`;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.said.textContent = `The history in this page is damaged, so no file was written: ${message}`;
    }
  }
}
