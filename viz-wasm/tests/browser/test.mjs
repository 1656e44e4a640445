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
      await page.click(`${root} [data-tool=table]`);
      const rows = await page.$$eval(`${root} tbody tr`, (all) => all.length);
      assert.ok(rows >= 29 && rows <= 200, `${figure}: ${rows}`);
      await page.click(`${root} [data-tool=table]`);
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
    await page.waitForSelector("#pause >> text=Pause");
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

test("whatever else stands in its address, the board asks only for what the hub knows", () =>
  on(`${BOARD}?lang=en&theme=light&property=gyr&utm=x&window_ms=`, { locale: "de-DE" }, async (page, hub) => {
    await live(page);
    assert.deepEqual(hub.asked, { window_ms: "100", property: "gyr" });
    await page.waitForSelector("#pause >> text=Pause");
    assert.equal(await page.getAttribute("html", "data-theme"), "light");
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
    await page.waitForSelector("#notices >> text=Somebody");
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

test("a message of another version is a text on the page, not a dead page", () =>
  on(BOARD, { hub: { lesson: { property: "mood" } } }, async (page) => {
    await page.waitForSelector("#trouble:not([hidden])");
    assert.match(await page.textContent("#trouble"), /mood/);
  }));

test("targets are large enough and every control has a name", async () => {
  for (const path of ["/", "/j", "/privacy", "/check", "/help", BOARD]) {
    await on(path, { width: 390, height: 844, allow: [/404|WebSocket/] }, async (page) => {
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

const LED = { led: true, phase: "lobby", lobby: "open", take: null };
const take = (begins, more) => ({ number: 1, begins, ends: null, rehearsal: false, undone: false, ...more });
const us = () => Date.now() * 1000;

for (const [width, height] of [[1920, 1080], [1366, 768], [820, 1180], [390, 844]]) {
  for (const code of ["482913", "K7MF-2QXD"]) {
    test(`before the start, code ${code} and QR fill the board at ${width} px`, () =>
      on(BOARD, { width, height, hub: { things: 12, wifi: "Schule", phyphox: true, lesson: LED } }, async (page, hub) => {
        hub.code = code;
        hub.change({});
        await page.waitForFunction((wanted) => document.getElementById("welcome-code").textContent.replace(" ", "") === wanted, code);
        await page.waitForFunction(() => document.getElementById("qr").naturalWidth > 0 && document.getElementById("wifi-qr").naturalWidth > 0 && document.getElementById("phyphox-qr").naturalWidth > 0);
        const boxes = await page.evaluate(() =>
          Object.fromEntries(["qr", "wifi-qr", "phyphox-qr", "welcome-code", "address-large", "names"].map((id) => [id, document.getElementById(id).getBoundingClientRect().toJSON()])),
        );
        if (width > 1000) assert.ok(boxes.qr.height >= 0.3 * height, `the QR has ${boxes.qr.height} of ${height} px`);
        for (const other of ["wifi-qr", "phyphox-qr"]) assert.ok(boxes[other].height > 80 && boxes[other].height < 0.8 * boxes.qr.height, `${other} has ${boxes[other].height} of ${boxes.qr.height} px`);
        for (const [name, box] of Object.entries(boxes)) assert.ok(box.left >= 0 && box.right <= width, `${name} sticks out: ${box.left} to ${box.right}`);
        assert.equal(await page.textContent("#address-large"), `127.0.0.1:${hub.port}/j`, "without the token");
        assert.equal(await page.textContent("#words"), "Otter · Mond");
        assert.equal(await page.$$eval("#names li", (all) => all.length), 12);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(sideways <= 0, `${sideways} px too wide`);
        if (width > 1000) {
          const down = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
          assert.ok(down <= 0, `${down} px too high`);
        }
      }));
  }
}

for (const [width, height] of [[1920, 1080], [1366, 768], [1280, 720], [390, 844]]) {
  for (const wifi of [undefined, "Schule"]) {
    test(`without HTTPS the app's code is the largest at ${width} px${wifi ? ", beside the Wi-Fi's" : ""}`, () =>
      on(BOARD, { width, height, hub: { things: 12, wifi, phyphox: true, lesson: LED } }, async (page, hub) => {
        hub.code = "K7MF2QXD";
        // With HTTPS first: the weights change with the lesson, not with the page.
        hub.change({ join: { ...hub.join(), url: "https://messwerk.schule.de/j#t=abcdefghijklmnopqrstuv" } });
        const shown = (way) => page.waitForSelector(`${way}:not([hidden]) img`);
        await Promise.all([shown("#scan"), shown("#phyphox")]);
        const height_of = (id) => page.$eval(id, (one) => one.getBoundingClientRect().height);
        assert.ok((await height_of("#qr")) > 1.3 * (await height_of("#phyphox-qr")));
        hub.change({ join: { ...hub.join(), url: "http://192.168.178.123:8080/j#t=abcdefghijklmnopqrstuv" } });
        await page.waitForSelector("#welcome[data-app]");
        assert.ok((await height_of("#phyphox-qr")) > 1.3 * (await height_of("#qr")), "the way that can measure is the larger one");
        assert.match(await page.textContent("#phyphox-how"), /In der App phyphox.*\+ → QR-Code/);
        assert.match(await page.textContent("#scan-how"), /von Hand/);
        assert.equal(await page.textContent("#welcome-code"), "K7MF-2QXD", "in two groups");
        const apart = await page.evaluate(() => {
          const [code, small, large] = ["welcome-code", "qr", "phyphox-qr"].map((id) => document.getElementById(id).getBoundingClientRect());
          const over = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
          return [over(code, small), over(code, large), document.documentElement.scrollWidth > innerWidth, innerWidth > 1000 && document.documentElement.scrollHeight > innerHeight];
        });
        assert.deepEqual(apart, [false, false, false, false]);
      }));
  }
}

for (const [width, height] of [[1920, 1080], [1366, 768], [1280, 720]]) {
  for (const locale of ["de-DE", "en-GB"]) {
    test(`the title stays whole at ${width} px in ${locale}, also frozen and with everything in the header`, () =>
      on(BOARD, { width, height, locale, hub: { things: 30, alignment: 8.4, lesson: { ...LED, phase: "measuring", take: take(us() - 5_000_000, { number: 12 }) } } }, async (page, hub) => {
        hub.title = { de: "Fadenpendel: Fallbeschleunigung mit dem Handy", en: "Pendulum: acceleration of gravity with the phone" };
        hub.code = "K7MF2QXD";
        const join = { ...hub.join(), url: "http://192.168.178.123:8080/j" };
        const whole = async () => {
          await page.waitForFunction((title) => document.getElementById("title").textContent === title, hub.title[locale.slice(0, 2)]);
          const found = await page.evaluate(() => {
            const [title, header] = [document.getElementById("title"), document.querySelector("header")];
            const line = parseFloat(getComputedStyle(title).lineHeight);
            const boxes = [...header.querySelectorAll("h1, p, dl > div, button")].filter((one) => one.offsetParent && one.textContent).map((one) => one.getBoundingClientRect());
            const over = (one, other) => one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1;
            return {
              cut: title.scrollWidth > title.clientWidth + 1 || title.scrollHeight > title.clientHeight + 1 || getComputedStyle(title).overflow !== "visible",
              lines: Math.round(title.clientHeight / line),
              share: header.getBoundingClientRect().height / innerHeight,
              covered: boxes.filter((one, place) => boxes.some((other, at) => at !== place && over(one, other))).length,
              out: boxes.filter((box) => box.right > innerWidth + 1).length,
            };
          });
          assert.ok(!found.cut && found.lines <= 2 && found.share <= 0.2 && found.covered === 0 && found.out === 0, JSON.stringify(found));
        };
        hub.change({ join });
        await whole();
        hub.change({ frozen: us(), take: take(us() - 5_000_000, { rehearsal: true }) });
        await page.waitForSelector('#state[data-state="frozen"]');
        await whole();
      }));
  }
}

test("a new name stands in the lobby at once, and its words follow the language", () =>
  on(BOARD, { width: 1920, height: 1080, hub: { things: 14, lesson: LED } }, async (page, hub) => {
    await page.waitForSelector("#names li >> text=und 2 weitere");
    const things = hub.things();
    hub.change({ things: things.map((thing) => (thing.number === 9 ? { ...thing, nickname: "Lila Kranich Q" } : thing)) });
    await page.waitForSelector("#names li >> text=Lila Kranich Q");
    await page.click("#language");
    await page.waitForSelector("#names li >> text=and 2 more");
  }));

test("who reads a table keeps the place: cells change where they stand, and not while it is paused or read with the keyboard", () =>
  on(BOARD, { width: 1920, height: 1080, locale: "en-GB", hub: { things: 5 } }, async (page) => {
    await drawn(page, "tiles");
    await page.click("figure[data-figure=tiles] [data-tool=table]");
    const cells = () => page.$$eval("figure[data-figure=tiles] td", (all) => all.map((cell) => cell.textContent).join("|"));
    await page.$eval("figure[data-figure=tiles] table", (table) => (table.dataset.mine = "yes"));
    const before = await cells();
    await page.waitForFunction((old) => [...document.querySelectorAll("figure[data-figure=tiles] td")].map((cell) => cell.textContent).join("|") !== old, before, { timeout: 9000 });
    assert.equal(await page.getAttribute("figure[data-figure=tiles] table", "data-mine"), "yes", "the same table with other numbers");
    await page.focus("figure[data-figure=tiles] [data-tool=table]");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement.closest(".table") !== null), "the keyboard is in the table");
    const read = await cells();
    await page.waitForTimeout(6000);
    assert.equal(await cells(), read);
  }));

test("a curve that has just begun says so, and a second later what it shows", () =>
  on(BOARD, { locale: "en-GB", hub: { things: 3, gaps: false } }, async (page, hub) => {
    await live(page);
    const frame = hub.frame.bind(hub);
    [hub.silent, hub.frame] = [true, () => frame(0, 0)];
    await page.reload();
    await live(page);
    const begin = hub.newest();
    hub.frame = (from, to) => frame(Math.max(from, begin), Math.max(to, begin));
    hub.silent = false;
    const says = (what) => page.waitForFunction((wanted) => document.querySelector("figure[data-figure=tiles] .summary").textContent.includes(wanted), what, { timeout: 4000 });
    await says("Collecting");
    await says("from ");
  }));

test("the countdown counts on its own and gives way to the figures", () =>
  on(BOARD, { hub: { things: 5, lesson: LED } }, async (page, hub) => {
    await page.waitForSelector("#welcome:not([hidden])");
    hub.change({ phase: "countdown", take: take(us() + 2_600_000) });
    await page.waitForSelector("#countdown:not([hidden])");
    assert.equal(await page.textContent("#seconds"), "3");
    assert.equal(await page.textContent("#announce"), "Die Messung beginnt in 3 Sekunden.");
    await page.waitForFunction(() => document.getElementById("seconds").textContent === "1");
    // The hub's word is late: nobody waits for it.
    await page.waitForSelector('body[data-view="figures"]', { timeout: 4000 });
    assert.equal(await page.isVisible("#countdown"), false);
    assert.equal(await page.textContent("#take"), "Messung 1");
    await drawn(page, "overlay");
  }));

test("frozen and stopped stand, and say so; a rehearsal is named", () =>
  on(BOARD, { hub: { things: 5, lesson: { ...LED, phase: "measuring", take: take(us() - 5_000_000, { rehearsal: true }) } } }, async (page, hub) => {
    await drawn(page, "overlay");
    assert.match(await page.textContent("#take"), /Probe/);
    hub.change({ frozen: us() });
    await page.waitForSelector('#state[data-state="frozen"] >> text=Bild steht seit');
    await hub.frames(3);
    const standing = await picture(page, "overlay");
    await hub.frames(8);
    assert.equal(await picture(page, "overlay"), standing);
    hub.change({ frozen: null });
    await live(page);
    await page.waitForFunction((old) => document.querySelector("figure[data-figure=overlay] canvas").toDataURL() !== old, standing);
    hub.change({ phase: "stopped", take: take(us() - 5_000_000, { ends: us() - 1_000_000 }) });
    await page.waitForSelector('#state[data-state="halted"]');
    await hub.frames(3);
    const stopped = await picture(page, "overlay");
    await hub.frames(8);
    assert.equal(await picture(page, "overlay"), stopped);
  }));

test("who is hidden is not drawn, and comes back", () =>
  on(BOARD, { locale: "en-GB", hub: { things: 5 } }, async (page, hub) => {
    await drawn(page, "tiles");
    const things = hub.things();
    hub.change({ things: things.map((thing) => ({ ...thing, hidden: thing.number === 2 })) });
    const rows = async (figure) => {
      await page.click(`figure[data-figure=${figure}] [data-tool=table]`);
      const found = await page.$$eval(`figure[data-figure=${figure}] tbody tr`, (all) => all.map((row) => row.cells[0].textContent));
      await page.click(`figure[data-figure=${figure}] [data-tool=table]`);
      return found.filter((cell) => /^\d+$/.test(cell)).sort();
    };
    await page.waitForFunction(() => !document.querySelector("figure[data-figure=tiles] .summary").textContent.includes(" of 5 "));
    assert.deepEqual(await rows("tiles"), ["1", "3", "4", "5"]);
    assert.deepEqual(await rows("strip"), ["1", "3", "4", "5"]);
    hub.change({ things });
    assert.deepEqual(await rows("tiles"), ["1", "2", "3", "4", "5"]);
  }));

test("250 Things stand on sheets that are turned by button and by key", () =>
  on(BOARD, { width: 1920, height: 1080, locale: "en-GB", hub: { things: 250, lesson: { ...LED, phase: "measuring", take: take(us()) } } }, async (page) => {
    await page.waitForSelector("figure[data-figure=tiles] h2 >> text=(1/");
    await page.click("[data-tool=on]");
    await page.waitForSelector("figure[data-figure=tiles] h2 >> text=(2/");
    await page.focus("figure[data-figure=tiles] canvas");
    await page.keyboard.press("PageDown");
    await page.waitForSelector("figure[data-figure=tiles] h2 >> text=(3/");
    assert.match(await page.textContent("figure[data-figure=tiles] output"), /Page 3 of/);
    await page.keyboard.press("PageUp");
    await page.keyboard.press("PageUp");
    await page.waitForSelector("figure[data-figure=tiles] h2 >> text=(1/");
    assert.equal(await page.getAttribute("[data-tool=back]", "aria-disabled"), "true");
  }));

test("the last row reads it: type of 1/30, lines of 4 px, the class's result larger still", () =>
  on(BOARD, { width: 1920, height: 1080, hub: { things: 30, alignment: 8.4 } }, async (page, hub) => {
    await drawn(page, "tiles");
    const small = () =>
      page.$$eval("header p, header dd, header dt, header h1, figcaption h2, .result h2, .result li, .result p", (all) =>
        all.filter((one) => one.offsetParent && one.textContent.trim()).map((one) => [one.textContent.trim(), parseFloat(getComputedStyle(one).fontSize)]).filter(([, size]) => size < 35.9),
      );
    assert.deepEqual(await small(), []);
    const drawing = await page.evaluate(async () => {
      const found = { fonts: [], lines: [] };
      for (const canvas of document.querySelectorAll("canvas")) {
        const context = canvas.getContext("2d");
        const [fill, stroke] = [context.fillText.bind(context), context.stroke.bind(context)];
        context.fillText = (...rest) => (found.fonts.push(parseFloat(/(\d+(\.\d+)?)px/.exec(context.font)[1])), fill(...rest));
        if (canvas.closest("[data-figure=tiles]")) context.stroke = () => (found.lines.push(context.lineWidth), stroke());
      }
      document.querySelector("#fit").click();
      await new Promise((done) => setTimeout(done, 700));
      return { type: Math.min(...found.fonts), line: Math.max(...found.lines) };
    });
    assert.ok(drawing.type >= 35.9, `type of ${drawing.type} px`);
    assert.ok(drawing.line >= 4, `lines of ${drawing.line} px`);
    assert.match(await page.textContent("#clocks"), /± 8,4 ms/);
    hub.end();
    await page.waitForSelector("#answers li >> text=g = ");
    assert.deepEqual(await small(), []);
    const size = await page.$eval("#answers li", (one) => parseFloat(getComputedStyle(one).fontSize));
    assert.ok(size >= 80, `the result has ${size} px`);
  }));
