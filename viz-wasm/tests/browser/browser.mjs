// Debian's Chromium with a fresh profile, and a page that remembers everything that went wrong in it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
];

/** `flags` go to Chromium beside the usual ones. */
export async function launch(flags = []) {
  const profile = await mkdtemp(join(tmpdir(), "messwerk-browser-"));
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: [...FLAGS, ...flags] });
  const browser = context.browser();
  return {
    context,
    /** A page of this size; `problems` collects console errors, exceptions and requests to anywhere but the hub. */
    async page(address, { width = 1280, height = 800, scale = 1, colorScheme = "light", locale = "de-DE", reducedMotion = "no-preference" } = {}) {
      const own = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, colorScheme, locale, reducedMotion });
      const page = await own.newPage();
      page.problems = [];
      page.on("console", (message) => message.type() === "error" && page.problems.push(`${message.text()} ${message.location().url ?? ""}`.trim()));
      page.on("pageerror", (error) => page.problems.push(String(error)));
      page.on("request", (request) => new URL(request.url()).hostname !== "127.0.0.1" && page.problems.push(`foreign request ${request.url()}`));
      await page.goto(address);
      return page;
    },
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
