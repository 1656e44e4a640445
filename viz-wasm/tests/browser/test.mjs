// The pages in a real browser against a fake hub: pictures are there and move, gaps stay gaps, keys, table and forms
// work, nothing is reported on the console and nobody else is called. `node test.mjs` (npm install before, once).

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { FakeHub } from "./hub.mjs";

const BOARD = "/b/0000000000abc";
let browser;
before(async () => (browser = await launch()));
// A browser that does not let go must not hold up the verdict: everything was judged before.
after(() => Promise.race([browser.close(), new Promise((done) => setTimeout(done, 5000))]));

/** Runs a check on a page of a hub; in the end nothing may have gone wrong in it. */
async function on(path, options, check) {
  const { hub: hubOptions, allow = [], ...pageOptions } = options;
  const hub = new FakeHub(hubOptions);
  const address = await hub.listen();
  const page = await browser.page(address + path, pageOptions);
  await check(page, hub);
  const problems = page.problems.filter((problem) => !allow.some((pattern) => pattern.test(problem)));
  await page.context().close();
  await hub.close();
  assert.deepEqual(problems, []);
}

const live = (page) => page.waitForSelector('#state[data-state="live"]');
/** Waits until a figure shows more than its frame: number of colours far from grey. */
const drawn = (page, figure) =>
  page.waitForFunction((name) => {
    const canvas = document.querySelector(`figure[data-figure=${name}] canvas`);
    if (!canvas?.width) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let coloured = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [red, green, blue] = [data[at], data[at + 1], data[at + 2]];
      if (Math.max(red, green, blue) - Math.min(red, green, blue) > 60) coloured += 1;
    }
    return coloured > 500;
  }, figure);
const picture = (page, figure) => page.evaluate((name) => document.querySelector(`figure[data-figure=${name}] canvas`).toDataURL(), figure);

for (const size of [{ width: 1920, height: 1080 }, { width: 390, height: 844, scale: 3 }]) {
  test(`the board draws every figure at ${size.width} px`, () =>
    on(BOARD, size, async (page) => {
      await live(page);
      for (const figure of ["tiles", "overlay", "strip"]) await drawn(page, figure);
      const sharp = await page.evaluate(() =>
        [...document.querySelectorAll("canvas")].every((canvas) => Math.abs(canvas.width - canvas.clientWidth * devicePixelRatio) <= 1),
      );
      assert.ok(sharp, "canvas pixels are device pixels");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, "nothing sticks out sideways");
      if (size.width === 1920) {
        const tall = await page.evaluate(() => document.documentElement.scrollHeight > innerHeight);
        assert.equal(tall, false, "a projector shows everything at once");
      }
      assert.equal(await page.textContent("#code"), "482 913");
      assert.equal(await page.textContent("#joined"), "30");
    }));
}

test("the curves move, stand still when paused, and go on", () =>
  on(BOARD, {}, async (page, hub) => {
    await drawn(page, "overlay");
    const differs = (before) =>
      page.waitForFunction((old) => document.querySelector("figure[data-figure=overlay] canvas").toDataURL() !== old, before);
    await differs(await picture(page, "overlay"));
    await page.click("#pause");
    // One last drawing may be on its way; after it nothing moves while the hub sends ten more frames.
    await hub.frames(3);
    const standing = await picture(page, "overlay");
    await hub.frames(10);
    assert.equal(await picture(page, "overlay"), standing);
    await page.click("#pause");
    await differs(standing);
  }));

test("a gap stays a gap in picture, table and sentence", () =>
  on("/j#482913", { hub: { things: 30 } }, async (page, hub) => {
    await drawn(page, "sweep");
    // The pupil's Thing falls silent: behind its last reading the picture stays empty, no line is drawn to now.
    hub.missing = (number, index) => number === 1 && index >= hub.fell;
    hub.fell = hub.newest();
    await page.waitForFunction(
      (wait) => {
        const canvas = document.querySelector("figure[data-figure=sweep] canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const [from, to] = [Math.round(canvas.width * 0.86), Math.round(canvas.width * 0.94)];
        let coloured = 0;
        for (let y = Math.round(canvas.height * 0.2); y < canvas.height * 0.7; y += 1) {
          for (let x = from; x < to; x += 1) {
            const at = 4 * (y * canvas.width + x);
            if (data[at + 2] - data[at] > 60) coloured += 1;
          }
        }
        return coloured === 0 && wait;
      },
      true,
      { timeout: 15000 },
    );
    await page.click("figure .tools button");
    // The table follows the picture once a second; the silence must come to stand at its end.
    const atEnd = () => [...document.querySelectorAll("figure table tbody tr")].at(-3)?.textContent.includes("keine");
    await page.waitForFunction(atEnd, null, { timeout: 15000 });
    const rows = await page.$$eval("figure table tbody tr", (all) => all.map((row) => row.textContent));
    assert.ok(rows.length > 20 && rows.length <= 200, `${rows.length} rows`);
  }));

test("the keyboard reads out points, highlights and leaves", () =>
  on(BOARD, { locale: "en-GB" }, async (page) => {
    await drawn(page, "overlay");
    await page.click("#pause");
    await page.focus("figure[data-figure=overlay] canvas");
    const readout = () => page.textContent("figure[data-figure=overlay] output");
    const helped = (figure) => page.$eval(`figure[data-figure=${figure}] .keys`, (keys) => keys.getBoundingClientRect().width > 200);
    await page.keyboard.press("Home");
    assert.deepEqual([await helped("overlay"), await helped("strip")], [true, false], "what the keys do stands where they work");
    await page.keyboard.press("End");
    const end = await readout();
    assert.match(end, /^1 .*: [−0-9.]+ rad\/s/);
    await page.keyboard.press("ArrowLeft");
    assert.notEqual(await readout(), end);
    await page.keyboard.press("ArrowDown");
    assert.match(await readout(), /^2 /);
    const before = await picture(page, "tiles");
    await page.keyboard.press("Enter");
    await page.waitForFunction((old) => document.querySelector("figure[data-figure=tiles] canvas").toDataURL() !== old, before);
    await page.keyboard.press("Escape");
    assert.match(await readout(), /phones with data/);
    await page.focus("figure[data-figure=strip] canvas");
    await page.keyboard.press("Home");
    assert.match(await page.textContent("figure[data-figure=strip] output"), /^20 .*g = 2\.43/);
  }));

test("every figure has words and a table", () =>
  on(BOARD, { locale: "en-GB" }, async (page) => {
    await drawn(page, "strip");
    for (const figure of ["tiles", "overlay", "strip"]) {
      const root = `figure[data-figure=${figure}]`;
      await page.waitForFunction((at) => /phone/.test(document.querySelector(`${at} .summary`).textContent), root);
      const named = await page.$eval(`${root} canvas`, (canvas) =>
        canvas.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).textContent).join(" "),
      );
      assert.ok(named.length > 20, named);
      await page.click(`${root} .tools button`);
      const rows = await page.$$eval(`${root} tbody tr`, (all) => all.length);
      assert.ok(rows >= 29 && rows <= 200, `${figure}: ${rows}`);
      await page.click(`${root} .tools button`);
    }
  }));

test("a click on a tile reads it out", () =>
  on(BOARD, { width: 1920, height: 1080 }, async (page) => {
    await drawn(page, "tiles");
    await page.click("figure[data-figure=tiles] canvas", { position: { x: 200, y: 140 } });
    assert.match(await page.textContent("figure[data-figure=tiles] output"), /^1 /);
  }));

test("language and colours switch", () =>
  on(BOARD, {}, async (page) => {
    await drawn(page, "strip");
    assert.equal(await page.textContent("#pause"), "Anhalten");
    await page.click("#language");
    assert.equal(await page.textContent("#pause"), "Pause");
    assert.equal(await page.textContent("#title"), "Pendulum: how large is g?");
    await page.click("#theme");
    await page.waitForFunction(() => {
      const canvas = document.querySelector("figure[data-figure=strip] canvas");
      return canvas.getContext("2d").getImageData(0, 0, 1, 1).data[0] < 60;
    });
  }));

test("a lost hub is named, and found again by itself", () =>
  on(BOARD, { allow: [/WebSocket|ERR_CONNECTION_REFUSED/] }, async (page, hub) => {
    await live(page);
    const { port } = hub;
    await hub.close();
    await page.waitForSelector('#state[data-state="stopped"]');
    await hub.listen(port);
    await live(page);
  }));

for (const slow of [0, 1500]) {
  test(`a lesson that does not exist says so, also when the answer takes ${slow} ms`, () =>
    on("/b/0000000000xyz", { hub: { slow }, allow: [/WebSocket|404/] }, async (page) => {
      await page.waitForSelector('#state[data-state="gone"]');
      await page.waitForSelector("#gone:not([hidden]) >> text=gibt es nicht");
      const figures = await page.$$eval("figure", (all) => all.filter((figure) => figure.offsetParent).length);
      assert.equal(figures, 0, "no empty figures beside it");
    }));
}

test("a lesson that ends shows its results, says so and hides its code, and so it does to who comes later", () =>
  on(BOARD, {}, async (page, hub) => {
    await live(page);
    await drawn(page, "tiles");
    hub.end();
    const over = async () => {
      await page.waitForSelector('#state[data-state="ended"] >> text=/Stunde beendet \\d+:\\d+/');
      assert.equal(await page.isVisible("#hint"), false, "the code is free");
      assert.equal(await page.isVisible("#sending"), false, "nobody sends any more");
      assert.equal(await page.isVisible("#pause"), false, "what stands needs no pause");
      // The curves stand at the lesson's end.
      await drawn(page, "tiles");
      await drawn(page, "strip");
    };
    await over();
    await page.reload();
    await over();
    assert.match(await page.textContent("figure[data-figure=strip] .summary"), /25 Handys, Mittel g/);
  }));

test("what the hub wants its teacher to know stands on the board", () =>
  on(BOARD, { hub: { notices: ["guessing", "of_a_newer_hub", "problems"] } }, async (page) => {
    await page.waitForSelector("#notices:not([hidden])");
    assert.equal(await page.textContent("#notices"), "Jemand probiert Codes aus. Der Hub braucht jemanden, der nach ihm sieht: /readyz nennt, was zu tun ist.");
    await page.click("#language");
    assert.match(await page.textContent("#notices"), /^Somebody is guessing codes\. The hub needs/);
  }));

test("a phone whose clock is wrong is drawn on its own clock, and its tile says so", () =>
  on(BOARD, { locale: "en-GB", hub: { off: { 3: -600, 5: 400 } } }, async (page) => {
    await live(page);
    await page.waitForFunction(() => /Clock off: 3 \(clock −(60|61|59) s\), 5 \(clock \+(40|39|41) s\)/.test(document.querySelector("figure[data-figure=tiles] .summary").textContent), null, { timeout: 15000 });
    assert.match(await page.textContent("figure[data-figure=tiles] .summary"), /No data: 7, 17\./, "and counts as one with data");
  }));

test("the analysis has the same bits here as on the hub", () =>
  on(BOARD, {}, async (page) => {
    // The number that the native test holds; read there, so that the two cannot drift apart.
    const native = await readFile(new URL("../../../lessons/src/analysis/tests.rs", import.meta.url), "utf8");
    const expected = BigInt(native.match(/assert_eq!\(self_test\(\), (0x[0-9a-f_]+),/)[1].replaceAll("_", ""));
    const found = await page.evaluate(async () => {
      const wasm = await import("/assets/pkg/messwerk_viz_wasm.js");
      await wasm.default({ module_or_path: "/assets/pkg/messwerk_viz_wasm_bg.wasm" });
      return BigInt.asUintN(64, wasm.Board.self_test()).toString(16);
    });
    assert.equal(found, expected.toString(16));
  }));

test("nobody has joined yet: the code fills the screen", () =>
  on(BOARD, { hub: { things: 0 } }, async (page) => {
    await live(page);
    await page.waitForSelector("#welcome:not([hidden])");
    assert.equal(await page.textContent("#welcome-code"), "482 913");
  }));

test("charts that are not built say how to build them", () =>
  on(BOARD, { hub: { unbuilt: true }, allow: [/404/] }, (page) => page.waitForSelector("#unbuilt:not([hidden]) >> text=cargo xtask wasm")));

test("charts that are not built send a pupil to the teacher", () =>
  on("/j#482913", { width: 390, height: 844, hub: { unbuilt: true }, allow: [/404/] }, async (page) => {
    await page.waitForSelector("#unbuilt:not([hidden]) >> text=Sag deiner Lehrkraft Bescheid");
    assert.equal(await page.isVisible("#unbuilt code"), false, "the command is for whoever runs the hub");
    await page.click("#unbuilt summary");
    assert.equal(await page.isVisible("#unbuilt code"), true);
  }));

test("who waits because of wrong codes is let in by itself", () =>
  on("/j", { width: 390, height: 844, allow: [/429/] }, async (page, hub) => {
    let refused = 0;
    hub.refuse = () => (refused += 1) <= 1;
    await page.fill("#code", "482913");
    await page.click("#form button");
    await page.waitForSelector("#problem >> text=zu viele falsche Codes");
    await page.waitForSelector("#inside:not([hidden])");
  }));

test("a message of another version is a text on the page, not a dead page", () =>
  on(BOARD, { hub: { lesson: { property: "mood" } } }, async (page) => {
    await page.waitForSelector("#trouble:not([hidden])");
    assert.match(await page.textContent("#trouble"), /mood/);
  }));

test("a pupil joins by code, fills in the length, copies the address", () =>
  on("/", { width: 390, height: 844, allow: [/404/] }, async (page, hub) => {
    await page.fill("#code", "12 34");
    await page.click("#form button");
    assert.match(await page.textContent("#problem"), /sechs Ziffern/);
    await page.fill("#code", "111 111");
    await page.click("#form button");
    await page.waitForSelector("#problem >> text=läuft keine Stunde");
    const gap = await page.evaluate(() => document.getElementById("problem").getBoundingClientRect().top - document.getElementById("code").getBoundingClientRect().bottom);
    assert.ok(gap >= 6, `the message stands ${gap} px below the field`);
    await page.fill("#code", "482-913");
    await page.click("#form button");
    await page.waitForSelector("#inside:not([hidden])");
    assert.equal(new URL(page.url()).hash, "");
    assert.match(await page.inputValue("#http"), /\/i\/abcdefghijklmnopqrstuv$/);
    assert.equal(hub.joinedIn, "de");
    assert.equal(await page.inputValue("#topic-gyr"), "in/abcdefghijklmnopqrstuv/gyr");
    const sensors = await page.innerText("#streams");
    for (const said of ["Gyroskop (Drehrate), mindestens 20 Messwerte/s, in rad/s", "gyr_time, gyrX, gyrY, gyrZ", "pres_time, pres"]) {
      assert.ok(sensors.includes(said), `${said} is not in ${sensors}`);
    }
    await page.fill("#input-length_m", "9");
    await page.press("#input-length_m", "Enter");
    await page.waitForSelector("#input-length_m-note >> text=0,05 bis 5");
    await page.fill("#input-length_m", "0,421");
    await page.click("#input-length_m-save");
    await page.waitForSelector("#input-length_m-note >> text=Gespeichert");
    assert.deepEqual(hub.patched, [{ length_m: 0.421 }]);
    await page.waitForSelector("#own >> text=± ");
    await page.click("[data-copy=http]");
    await page.waitForFunction(() => document.getElementById("copied").textContent !== "");
    await page.reload();
    await page.waitForSelector("#inside:not([hidden])");
    await page.click("#leave");
    await page.waitForSelector("#enter:not([hidden])");
  }));

test("targets are large enough and every control has a name", async () => {
  for (const path of ["/", "/j", "/j#482913", BOARD]) {
    await on(path, { width: 390, height: 844 }, async (page) => {
      await page.waitForLoadState("networkidle", { timeout: 2000 }).catch(() => {});
      const faults = await page.$$eval("button, input, a.button", (all) =>
        all
          .filter((control) => control.offsetParent)
          .filter((control) => {
            const { width, height } = control.getBoundingClientRect();
            const name = control.getAttribute("aria-label") || control.textContent.trim() || control.labels?.[0]?.textContent.trim();
            return width < 44 || height < 43.5 || !name;
          })
          .map((control) => control.outerHTML),
      );
      assert.deepEqual(faults, [], path);
    });
  }
});

test("who prefers calm gets one picture a second", () =>
  on(BOARD, { reducedMotion: "reduce" }, async (page, hub) => {
    await drawn(page, "overlay");
    await page.evaluate(() => {
      const context = document.querySelector("figure[data-figure=overlay] canvas").getContext("2d");
      const fill = context.fillRect.bind(context);
      window.drawings = 0;
      context.fillRect = (...box) => {
        if (box[2] >= context.canvas.width) window.drawings += 1;
        fill(...box);
      };
    });
    await hub.frames(30);
    const changes = await page.evaluate(() => window.drawings);
    assert.ok(changes >= 1 && changes <= 4, `${changes} pictures in three seconds`);
  }));
