// Pictures of the plain figures for the eye and for docs/gallery/. First the drawings, then the pictures:
// `GALLERY=FOLDER cargo nextest run -p messwerk-viz-wasm -E 'test(gallery)' && node plain-gallery.mjs FOLDER [PATTERN] [TYPE]`;
// TYPE is png (default) or jpg.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./browser.mjs";

const [folder, pattern = ".", type = "png"] = process.argv.slice(2);
const browser = await launch();
const page = await browser.page("about:blank");
for (const file of (await readdir(folder)).filter((name) => name.endsWith(".svg") && new RegExp(pattern).test(name))) {
  const [, width] = file.match(/-(\d+)-/) ?? [];
  await page.setViewportSize(width === "390" ? { width: 390, height: 500 } : { width: 1280, height: 720 });
  await page.goto(pathToFileURL(join(folder, file)).href);
  const options = type === "jpg" ? { type: "jpeg", quality: 72 } : {};
  await page.screenshot({ path: join(folder, file.replace(/svg$/, type)), ...options });
}
await Promise.race([browser.close(), new Promise((done) => setTimeout(done, 5000))]);
process.exit(0);
