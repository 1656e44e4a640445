// Templates in the browser, against a real hub: a new one is written in form and text, checked while it is typed, tried with a class,
// saved, published, begun as a lesson, exported, taken in elsewhere, forked, thrown away and had back. `node editor.mjs`

import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { launch } from "./browser.mjs";
import { check, finish, until } from "./checks.mjs";
import { PASSWORD, RealHub } from "./realhub.mjs";

const AXE = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SIZES = [{ width: 390, height: 844 }, { width: 1440, height: 900 }];
const SHOTS = process.env.MESSWERK_SHOTS;
const hub = await RealHub.start();
await hub.setUp();
const browser = await launch();

const open = (path, size = SIZES[1]) => hub.teacher(browser, path, { ...size, locale: "de-DE" });

const says = (page, selector, pattern) => until(`${selector} says ${pattern}`, async () => pattern.test((await page.textContent(selector)) ?? ""));
const tab = (page, name) => page.click(`#tabs [role=tab]:text-is("${name}")`);

/** axe finds nothing, nothing sticks out sideways, every target is large enough, no text is missing. */
async function faultless(page, what) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${what}-${page.viewportSize().width}.png` });
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`), [], what);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 1, `${what} sticks out`);
  const nameless = await page.evaluate(() => [...document.body.querySelectorAll("main *")].filter((one) => one.childElementCount === 0 && one.closest("pre") === null && /^[a-z]+-[a-z]+(-[a-z0-9]+)+$/.test(one.textContent)).map((one) => one.outerHTML));
  assert.deepEqual(nameless, [], `${what}: no text is missing`);
}

await check("every part of the editor and the library, on a phone and on a large screen", async () => {
  for (const size of SIZES) {
    const page = await open("/t/editor", size);
    await page.click("#begin-new");
    await says(page, "#verdict", /Alles in Ordnung/);
    await faultless(page, "form");
    await tab(page, "lesson.toml");
    await faultless(page, "text");
    await page.click("#preview");
    await page.waitForSelector("#figures img");
    await tab(page, "Dateien");
    await faultless(page, "files");
    await page.goto(`${hub.address}/t`);
    await page.waitForSelector("#templates > li");
    await faultless(page, "library");
    await page.click('#templates > li:has-text("Fadenpendel") button.quiet');
    await page.waitForSelector("#detail[open]");
    await faultless(page, "detail");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});

let page;
await check("a template is written: form and text are the same, mistakes are named with their line", async () => {
  page = await open("/t/editor");
  await page.click("#begin-new");
  await says(page, "#verdict", /Alles in Ordnung/);
  await page.fill("#field-title-de", "Handy auf dem Tisch");
  await page.fill("#field-top-id", "tisch");
  await page.fill("#field-top-grades1", "9");
  await page.selectOption("#field-top-subject", "general");
  await tab(page, "lesson.toml");
  const plan = await page.inputValue("#text");
  for (const line of ['de = "Handy auf dem Tisch"', 'id = "tisch"', "grades = [7, 9]", 'subject = "general"', "# The step whose result the class compares."]) {
    assert.ok(plan.includes(line), line);
  }
  await page.fill("#text", plan.replace('op = "mean"', 'op = "meen"'));
  await says(page, "#verdict", /1 Fehler/);
  const at = plan.split("\n").findIndex((line) => line.startsWith("op =")) + 1;
  await says(page, "#findings", new RegExp(`Zeile ${at}`));
  assert.match(await page.textContent("#lines [data-level=error]"), new RegExp(`${at}`));
  await tab(page, "de.md");
  await page.click("#findings .where");
  assert.equal(await page.getAttribute('#tabs [aria-selected="true"]', "data-wrong"), "", "the finding leads to its file");
  const line = await page.$eval("#text", (area) => area.value.slice(0, area.selectionStart).split("\n").length);
  assert.equal(line, at, "and to its line");
  await page.keyboard.press("Control+z");
  await says(page, "#verdict", /Alles in Ordnung/);
});

await check("it is tried with a class, and a fixture that contradicts is named", async () => {
  await page.click("#preview");
  await page.waitForSelector("#figures img");
  assert.equal(await page.$$eval("#outcomes tbody tr", (rows) => rows.length), 8);
  await says(page, "#outcomes", /9,\d+ ± .* m\/s²/);
  assert.ok((await page.$$eval("#figures img", (all) => all.map((image) => image.complete && image.naturalWidth > 0 && image.alt.length > 20))).every(Boolean));
  await tab(page, "fixtures/good.toml");
  await page.fill("#text", (await page.inputValue("#text")).replace("value = 9.81", "value = 12"));
  await says(page, "#findings", /Heraus kam/);
  await says(page, "#preview-how", /seither geändert/);
  await page.click("#undo");
  await says(page, "#verdict", /Alles in Ordnung/);
});

await check("it is saved by itself, found again, and nobody is overwritten unseen", async () => {
  await page.click("#save");
  await says(page, "#saved", /Gespeichert/);
  const address = page.url();
  const other = await open("/t/editor");
  await other.click('#drafts li:has-text("Handy auf dem Tisch") button');
  await other.waitForSelector("#findings li, #verdict[data-level=ok]");
  await other.fill("#field-top-minutes", "30");
  await other.click("#save");
  await says(other, "#saved", /Gespeichert/);
  await page.click('#tabs [role=tab]:text-is("Formular")');
  await page.fill("#field-top-minutes", "60");
  await page.click("#save");
  await says(page, "#saved", /woanders geändert/);
  page.on("dialog", (dialog) => dialog.accept());
  await page.reload();
  await says(page, "#saved", /Gespeichert/);
  assert.equal(page.url(), address);
  assert.equal(await page.inputValue("#field-top-minutes"), "30");
  await other.context().close();
});

await check("it is published, begun as a lesson, exported, and taken in by another school", async () => {
  page.problems.length = 0;
  await page.click("#publish");
  await says(page, "#toasts", /tisch 1\.0\.0/);
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("#export")]);
  const path = await file.path();
  const library = await open("/t");
  await library.fill("#search", "tisch");
  await says(library, "#found", /passt|passen/);
  await library.click('#templates > li:has-text("Handy auf dem Tisch") button:text-is("Stunde beginnen")');
  await library.waitForURL(/\/t\/[0-9a-z]+$/);
  await says(library, "#title", /Handy auf dem Tisch/);
  const school = await RealHub.start();
  try {
    await school.setUp();
    const there = await browser.page(`${school.address}/login`, { locale: "de-DE" });
    await there.fill("#password", PASSWORD);
    await Promise.all([there.waitForURL(/\/t$/), there.press("#password", "Enter")]);
    await there.waitForSelector("#templates > li");
    await there.setInputFiles("#import-file", { name: "tisch.lesson", mimeType: "application/zip", buffer: await readFile(path) });
    await says(there, "#toasts", /unbekannte Quelle/);
    await says(there, "#detail-title", /Handy auf dem Tisch/);
    await says(there, "#detail-texts", /Vorwissen/);
    await there.click("#detail-withdraw");
    await says(there, "#toasts", /aus der Bibliothek genommen/);
    await there.click("#toasts button");
    await there.waitForSelector('#templates > li:has-text("Handy auf dem Tisch")');
    await there.setInputFiles("#import-file", { name: "evil.lesson", mimeType: "application/zip", buffer: Buffer.from("no zip") });
    await says(there, "#problem", /zip/i);
    await there.context().close();
  } finally {
    await school.close();
  }
  await library.context().close();
});

await check("a template of the hub is forked with its origin, and a draft thrown away comes back", async () => {
  const library = await open("/t");
  await library.waitForSelector("#templates > li");
  await library.click('#templates > li:has-text("Fadenpendel") button.quiet');
  await library.click("#detail-fork");
  await library.waitForURL(/\/t\/editor#/);
  await says(library, "#origin", /pendulum.*Messwerk/);
  await says(library, "#verdict", /in Ordnung|Hinweis/);
  await library.click("#remove");
  await library.waitForTimeout(800);
  await library.click("#remove");
  await says(library, "#toasts", /gelöscht/);
  await library.click("#toasts button");
  await library.waitForSelector('#drafts li:has-text("Fadenpendel")');
  assert.deepEqual(library.problems, []);
  await library.context().close();
});

await browser.close();
await hub.close();
await rm(hub.folder, { recursive: true, force: true });
finish();
