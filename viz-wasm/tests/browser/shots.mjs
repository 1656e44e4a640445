// Pictures of every page for the eye: node shots.mjs FOLDER

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { FakeHub } from "./hub.mjs";

const folder = process.argv[2] ?? "shots";
await mkdir(folder, { recursive: true });
const SIZES = [
  { name: "phone", width: 390, height: 844, scale: 2 },
  { name: "board", width: 1920, height: 1080, scale: 1 },
];
const PAGES = [
  { name: "board", path: "/b/0000000000abc", things: 30 },
  { name: "board5", path: "/b/0000000000abc", things: 5 },
  { name: "empty", path: "/b/0000000000abc", things: 0 },
  { name: "join", path: "/j#482913", things: 30 },
  { name: "start", path: "/", things: 0 },
];
const only = process.argv[3];
const browser = await launch();
for (const { name, path, things } of PAGES) {
  if (only && only !== name) continue;
  const hub = new FakeHub({ things });
  const address = await hub.listen();
  for (const size of SIZES) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await browser.page(address + path, { ...size, colorScheme, locale: colorScheme === "light" ? "de-DE" : "en-GB" });
      await page.waitForTimeout(2500);
      await page.screenshot({ path: join(folder, `${name}-${size.name}-${colorScheme}.png`), fullPage: size.name === "phone" });
      if (page.problems.length) console.log(name, size.name, colorScheme, page.problems);
      await page.context().close();
    }
  }
  await hub.close();
}
await browser.close();
