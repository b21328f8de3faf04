/** A page of ours in a real browser: what is shown is all that it may ask for, and it may complain of nothing. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type FoundBrowser, launch } from "../browser.ts";

export interface Showing extends BrowserContextOptions {
  /** With its #. */
  readonly fragment?: string;
}

export class Window {
  private readonly folder = mkdtempSync(join(tmpdir(), "linlab-page-"));
  private browser!: Browser;
  private shown!: Page;
  /** Whatever the page complained of or asked the network for, broken policies included; empty after every test. */
  readonly noise: string[] = [];

  /** Call within `describe`: it opens with the first of its tests, and closes after the last. */
  constructor(found: FoundBrowser | null) {
    beforeAll(async () => {
      this.browser = await launch(found!);
    });
    afterEach(async () => {
      await this.shown.context().close();
      expect(this.noise.splice(0)).toEqual([]);
    });
    afterAll(async () => {
      await this.browser.close();
      rmSync(this.folder, { recursive: true });
    });
  }

  /** Writes the page to a file, as people have it, and opens that. */
  async show(html: string, { fragment = "", ...options }: Showing = {}): Promise<Page> {
    const file = join(this.folder, "page.html");
    writeFileSync(file, html);
    const url = pathToFileURL(file).href;
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: "reduce",
      ...options,
    });
    this.shown = await context.newPage();
    this.shown.on("console", (message) => this.noise.push(`${message.type()}: ${message.text()}`));
    this.shown.on("pageerror", (error) => this.noise.push(error.message));
    this.shown.on("request", (request) => {
      // A blob is the page's own: files that it offers are read from it.
      if (request.url().replace(/#.*/, "") !== url && !request.url().startsWith("blob:null/"))
        this.noise.push(request.url());
    });
    await this.shown.goto(`${url}${fragment}`);
    return this.shown;
  }
}
