// Every plain figure of tests/plain/ on a canvas in a real browser: the chart contract of figures.mjs (heading, named canvas,
// sentence, table, CSV, keys, finger, tones, nothing by colour alone), newer data, and what is refused. `node plain.mjs`

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { check, finish, toldApart, until } from "./checks.mjs";
import { FakeHub } from "./hub.mjs";

const DATA = join(dirname(fileURLToPath(import.meta.url)), "../plain");
const figures = {};
for (const file of (await readdir(DATA)).sort()) figures[file.replace(".json", "")] = JSON.parse(await readFile(join(DATA, file), "utf8"));

const hub = new FakeHub();
const address = await hub.listen();
const browser = await launch();
const page = await browser.page(`${address}/bench/plain.html`, { width: 1000, height: 800, locale: "en-GB" });
await page.waitForFunction(() => window.ready);

const picture = (name) => page.$eval(`figure[data-figure=${name}] canvas`, (canvas) => canvas.toDataURL());

for (const [name, data] of Object.entries(figures)) {
  const root = `figure[data-figure=${name}]`;
  await check(`${name}: picture, words and table`, async () => {
    assert.equal(await page.evaluate(([name, data]) => window.show(name, data), [name, data]), true);
    await until("the sentence has words", async () => ((await page.textContent(`${root} .summary`)) ?? "").length > 20);
    const told = await page.$eval(`${root} canvas`, (canvas) => ({
      role: canvas.getAttribute("role"),
      name: canvas.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).textContent.trim()),
      live: canvas.closest("figure").querySelector(".summary").getAttribute("aria-live"),
    }));
    assert.equal(told.role, "img");
    assert.ok(told.name.every((part) => part.length > 2), String(told.name));
    assert.equal(told.live, "polite", "a result is said when it changes");
    assert.equal((await page.$$(`${root} [data-tool=pause]`)).length, 0, "what stands needs no pause");
    for (const language of ["de", "en"]) {
      const once = await page.evaluate(([data, language]) => window.once(data, { language, theme: "dark" }), [data, language]);
      assert.ok(once.inked > 4000, `${once.inked} pixels are drawn`);
      assert.ok(once.title && once.summary.endsWith("."), once.summary);
      assert.ok(once.table.rows.length >= 1 && once.table.rows.length <= 200 && once.table.columns.length >= 3);
      assert.ok(once.table.rows.every((row) => row.length === once.table.columns.length));
    }
  });
  await check(`${name}: keys read out points, and what is read out is seen`, async () => {
    const before = await picture(name);
    await page.focus(`${root} canvas`);
    await page.keyboard.press("Home");
    const first = await page.textContent(`${root} output`);
    assert.ok(first.length > 3, first);
    await until("the picture shows it", async () => (await picture(name)) !== before);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("End");
    assert.ok((await page.textContent(`${root} output`)).length > 3);
    await page.keyboard.press("Escape");
    assert.equal(await page.textContent(`${root} output`), await page.textContent(`${root} .summary`));
    await until("the picture is as before", async () => (await picture(name)) === before);
  });
  await check(`${name}: table and CSV`, async () => {
    await page.click(`${root} [data-tool=table]`);
    const table = await page.$eval(`${root} table`, (found) => ({ rows: found.tBodies[0].rows.length, heads: found.querySelectorAll("thead th[scope=col]").length, caption: found.caption.textContent }));
    assert.ok(table.rows >= 1 && table.rows <= 200 && table.heads >= 3 && table.caption.length > 2);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`${root} .table button`)]);
    const stream = await download.createReadStream();
    let csv = "";
    for await (const part of stream) csv += part;
    const lines = csv.trim().split("\r\n");
    assert.ok(lines.length - 1 >= table.rows, `${lines.length} lines of CSV, ${table.rows} rows`);
    await page.click(`${root} [data-tool=table]`);
  });
  await check(`${name}: it can be heard, and the key ends it`, async () => {
    await page.click(`${root} [data-tool=listen]`);
    const said = await page.textContent(`${root} output`);
    assert.match(said, /Playing|nothing to hear/);
    assert.equal(/nothing/.test(said), name === "phone" || name === "map_night", "only axes alone and a map without tracks are silent");
    await page.keyboard.press("Escape");
    await until("it is silent", async () => (await page.getAttribute(`${root} [data-tool=listen]`, "aria-pressed")) === "false");
  });
  await check(`${name}: nothing can be read from colour alone`, async () => {
    await toldApart(page, `${root} canvas`);
  });
}

await check("under one time cursor all three panels say their value", async () => {
  const root = "figure[data-figure=motion]";
  await page.focus(`${root} canvas`);
  await page.keyboard.press("Home");
  for (let step = 0; step < 40; step += 1) await page.keyboard.press("ArrowRight");
  assert.match(await page.textContent(`${root} output`), /^4.*s: a = .*m\/s², v = 0\.9.*m\/s, s = .*m$/);
  await page.keyboard.press("Escape");
});
await check("a finger reads out the point below it", async () => {
  const box = await (await page.$("figure[data-figure=spectrum] canvas")).boundingBox();
  await page.click("figure[data-figure=spectrum] canvas", { position: { x: box.width * 0.27, y: box.height * 0.5 } });
  assert.match(await page.textContent("figure[data-figure=spectrum] output"), /^2\.\d Hz: /);
});
await check("newer data replace the older, and an error leaves them", async () => {
  const before = await picture("phone_reading");
  await page.evaluate((data) => window.show("phone_reading", { ...data, reading: [0, -9.8, 0] }), figures.phone_reading);
  await until("the vector turns", async () => (await picture("phone_reading")) !== before);
  const after = await picture("phone_reading");
  assert.equal(await page.evaluate(() => window.show("phone_reading", { kind: "pie" })), false);
  assert.match(await page.textContent("#trouble"), /there is no kind `pie`/);
  assert.equal(await picture("phone_reading"), after);
});
await check("the language changes words and pictures", async () => {
  const before = await picture("box");
  await page.click("#language");
  await until("the box speaks German", async () => /Kasten/.test((await page.textContent("figure[data-figure=box] .summary")) ?? ""));
  await until("and is drawn so", async () => (await picture("box")) !== before);
});
await check("nothing went wrong", () => assert.deepEqual(page.problems, []));
await page.context().close();
await hub.close();
await Promise.race([browser.close(), new Promise((done) => setTimeout(done, 5000))]);
finish();
