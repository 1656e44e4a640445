// The chart contract, which axe does not see: every figure on every page that has one has a heading, a named canvas, a
// sentence, a table of at most 200 rows, all values as CSV, keys with a visible focus, a way to stop it, patterns besides colour, and tones.
// `node figures.mjs`

import assert from "node:assert/strict";
import { launch } from "./browser.mjs";
import { check, finish, toldApart, until } from "./checks.mjs";
import { ConsoleHub, LESSON } from "./consolehub.mjs";
import { FakeHub } from "./hub.mjs";
import { PhoneHub } from "./phonehub.mjs";
import { sensors } from "./sensors.mjs";
import { pitch, score } from "../../www/sound.js";

const browser = await launch();

/** Where figures are: a page, how it comes to show them, and which of them move. */
const PLACES = [
  { name: "board", hub: () => new FakeHub({ things: 30 }), path: "/b/0000000000abc", figures: ["tiles", "overlay", "strip"], pause: "#pause" },
  { name: "board at the end", hub: () => new FakeHub({ things: 12 }), path: "/b/0000000000abc", figures: ["tiles", "strip"], prepare: (page, hub) => hub.end() },
  {
    name: "phone", hub: () => new PhoneHub(), path: "/j#t=LESSONTOKENLESSONTOKEN", figures: ["sweep"], pause: "[data-tool=pause]", size: { width: 390, height: 844 },
    prepare: async (page, hub, phone) => {
      await page.waitForFunction(() => document.body.dataset.screen === "lobby");
      await page.click("#do-allow");
      await page.click("#do-check");
      await page.waitForSelector("#do-preview");
      hub.begin();
    },
  },
  { name: "console", hub: () => new ConsoleHub({ things: 6, phase: "stopped" }), path: `/t/${LESSON}`, figures: ["strip"] },
];

/** Remembers what a page plays instead of playing it. */
const deaf = () => {
  globalThis.tones = [];
  globalThis.silenced = 0;
  const set = AudioParam.prototype.setValueAtTime;
  AudioParam.prototype.setValueAtTime = function (value, at) {
    globalThis.tones.push([value, at]);
    return set.call(this, value, at);
  };
  const close = AudioContext.prototype.close;
  AudioContext.prototype.close = function () {
    globalThis.silenced += 1;
    return close.call(this);
  };
};

async function contract(place, page, hub, name) {
  const root = `figure[data-figure=${name}]`;
  const at = (what) => `${place.name}, ${name}: ${what}`;
  const count = (selector) => page.$$eval(`${root} ${selector}`, (all) => all.length);
  await check(at("heading, named canvas, sentence"), async () => {
    await page.waitForSelector(`${root} canvas`);
    await until("the sentence has words", async () => ((await page.textContent(`${root} .summary`)) ?? "").length > 15);
    const told = await page.$eval(`${root} canvas`, (canvas) => ({
      role: canvas.getAttribute("role"),
      name: canvas.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).textContent.trim()),
      keys: document.getElementById(canvas.getAttribute("aria-describedby")).textContent,
      tab: canvas.tabIndex,
    }));
    assert.equal(told.role, "img");
    assert.ok(told.name.every((part) => part.length > 3), String(told.name));
    assert.match(told.keys, /Escape/);
    assert.equal(told.tab, 0);
    assert.equal(await count("figcaption h2"), 1);
  });
  await check(at("keys read out points and leave; the focus is seen"), async () => {
    await page.focus(`${root} canvas`);
    // The browser takes a focus for the keyboard's once a key was pressed.
    await until("a point is read out", async () => {
      await page.keyboard.press("End");
      return ((await page.textContent(`${root} output`)) ?? "").length > 3;
    });
    const outline = await page.$eval(`${root} canvas`, (canvas) => getComputedStyle(canvas).outlineStyle);
    assert.notEqual(outline, "none");
    const end = await page.textContent(`${root} output`);
    await page.keyboard.press("Home");
    await until("Home reads out another", async () => (await page.textContent(`${root} output`)) !== end);
    await page.keyboard.press("Escape");
    // The sentence of this moment; the one below the figure is up to five seconds older.
    const begins = (said) => said.slice(0, 8);
    assert.equal(begins(await page.textContent(`${root} output`)), begins(await page.textContent(`${root} .summary`)), "Escape says the sentence again");
  });
  await check(at("table of at most 200 rows, and all values as CSV"), async () => {
    await page.click(`${root} [data-tool=table]`);
    const table = await page.$eval(`${root} table`, (found) => ({ rows: found.tBodies[0].rows.length, heads: found.querySelectorAll("thead th[scope=col]").length, caption: found.caption.textContent }));
    assert.ok(table.rows >= 1 && table.rows <= 200, `${table.rows} rows`);
    assert.ok(table.heads >= 4 && table.caption.length > 3);
    assert.equal(await page.isVisible(`${root} canvas`), false);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`${root} .table button`)]);
    assert.match(download.suggestedFilename(), /\.csv$/);
    const stream = await download.createReadStream();
    let csv = "";
    for await (const part of stream) csv += part;
    assert.match(csv, /^\ufeff?number,nickname,/);
    assert.ok(csv.trim().split("\r\n").length >= 2, csv.slice(0, 200));
    await page.click(`${root} [data-tool=table]`);
    assert.equal(await page.isVisible(`${root} canvas`), true);
  });
  await check(at("tones between 200 and 1200 Hz, from left to right, and a key that ends them"), async () => {
    await page.evaluate(() => (globalThis.tones.length = globalThis.silenced = 0));
    await page.click(`${root} [data-tool=listen]`);
    const tones = await page.evaluate(() => globalThis.tones.filter(([value]) => value > 2).map(([value]) => value));
    assert.ok(tones.length >= 1 && tones.every((hertz) => hertz >= 199.9 && hertz <= 1200.1), String(tones.slice(0, 9)));
    assert.equal(await page.getAttribute(`${root} [data-tool=listen]`, "aria-pressed"), "true");
    assert.match(await page.textContent(`${root} output`), /Escape|nothing|nichts/);
    await page.keyboard.press("Escape");
    await until("it is silent", async () => (await page.evaluate(() => globalThis.silenced)) === 1);
    assert.equal(await page.getAttribute(`${root} [data-tool=listen]`, "aria-pressed"), "false");
  });
  await check(at("nothing can be read from colour alone: drawn without it, it says as much"), async () => {
    await toldApart(page, `${root} canvas`);
  });
}

for (const place of PLACES) {
  const hub = place.hub();
  const address = await hub.listen();
  const page = await browser.page("about:blank", { width: 1600, height: 900, locale: "en-GB", ...place.size });
  page.problems.length = 0;
  await page.addInitScript(deaf);
  const phone = place.name === "phone" ? await sensors(page) : undefined;
  await phone?.set();
  await page.goto(address + place.path);
  await check(`${place.name} is there`, () => place.prepare?.(page, hub, phone));
  if (phone) await page.waitForTimeout(3000);
  for (const name of place.figures) await contract(place, page, hub, name);
  if (place.pause) {
    await check(`${place.name}: what moves can be stopped`, async () => {
      const canvas = `figure[data-figure=${place.figures[0]}] canvas`;
      const picture = () => page.$eval(canvas, (found) => found.toDataURL());
      await page.click(place.pause);
      await page.waitForTimeout(500);
      const standing = await picture();
      await page.waitForTimeout(1000);
      assert.equal(await picture(), standing);
      await page.click(place.pause);
      await until("it moves again", async () => (await picture()) !== standing);
    });
  }
  await check(`${place.name}: nothing went wrong`, () => assert.deepEqual(page.problems, []));
  phone?.still();
  await page.context().close();
  await hub.close();
}

await check("equal steps of a value are equal steps of the pitch", () => {
  assert.deepEqual([pitch(0, 0, 1), pitch(1, 0, 1), pitch(2, 0, 1), pitch(-1, 0, 1)].map(Math.round), [200, 1200, 1200, 200]);
  assert.equal(Math.round(pitch(0.5, 0, 1)), Math.round(Math.sqrt(200 * 1200)));
  assert.ok(Number.isFinite(pitch(3, 3, 3)), "one value alone");
});
await check("gaps are silent and time goes from left to right", () => {
  const tones = score({ values: [0, null, 1, NaN, 0.5], low: 0, high: 1 });
  assert.deepEqual(tones.map((tone) => tone.pan), [-1, 0, 1]);
  assert.ok(tones.every((tone, place) => place === 0 || tone.at > tones[place - 1].at));
  assert.ok(score({ values: Array(120).fill(1), low: 0, high: 2 }).at(-1).at < 6, "a long curve takes five seconds");
});
await Promise.race([browser.close(), new Promise((done) => setTimeout(done, 5000))]);
finish();
