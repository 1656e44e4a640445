// The page of the sky at a real hub: what anybody sees without elements, with fresh and with old ones; what a teacher enters; that the
// browser computes the hub's numbers, bit for bit; axe. `node sky.mjs` (MESSWERK_HUB names the program; MESSWERK_SHOTS a folder for pictures).

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { check, finish, until } from "./checks.mjs";
import { RealHub } from "./realhub.mjs";

const PHONE = { width: 390, height: 844, locale: "de-DE" };
const PROJECTOR = { width: 1920, height: 1080, locale: "de-DE" };
const SHOTS = process.env.MESSWERK_SHOTS;
const AXE = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SCHOOL = { name: "Gymnasium Kiel", latitude: 54.32, longitude: 10.14, elevation_m: 12, time_zone: "Europe/Berlin" };

/** Elements of an orbit like the station's, of no real object, for a time some days ago. */
const elements = (days, more = {}) => ({
  OBJECT_NAME: "ISS (ZARYA)", OBJECT_ID: "1998-067A", EPOCH: new Date(Date.now() - days * 86_400_000).toISOString().replace("Z", "000"),
  MEAN_MOTION: 15.49, ECCENTRICITY: 0.0004, INCLINATION: 51.64, RA_OF_ASC_NODE: 120, ARG_OF_PERICENTER: 60, MEAN_ANOMALY: 300,
  EPHEMERIS_TYPE: 0, CLASSIFICATION_TYPE: "U", NORAD_CAT_ID: 25544, ELEMENT_SET_NO: 999, REV_AT_EPOCH: 1, BSTAR: 0.0002,
  MEAN_MOTION_DOT: 0.0001, MEAN_MOTION_DDOT: 0, ...more,
});

const NOAA = elements(1, { NORAD_CAT_ID: 43013, OBJECT_NAME: "NOAA 20", OBJECT_ID: "2017-073A", MEAN_MOTION: 14.2, INCLINATION: 98.7 });

const hub = await RealHub.start();
const browser = await launch();
await hub.setUp();

const shot = async (page, name) => SHOTS && page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
const text = (page, selector) => page.textContent(selector);
async function open(size, { teacher = false, path = "/sky" } = {}) {
  const page = teacher ? await hub.teacher(browser, path, size) : await browser.page(hub.address + path, size);
  await page.waitForFunction(() => document.querySelector("#language")?.textContent);
  return page;
}
/** axe finds nothing, and nothing sticks out sideways. */
async function accessible(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target} ${node.failureSummary}`)}`), []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 1, `sticks out by ${wide} px`);
}
const fact = (page, key) => page.$eval(`#now dt[data-key="${key}"] + dd`, (cell) => cell.textContent);
const flying = (page) => page.waitForSelector("#now dd");

await check("without elements and place the page says what is missing, and draws day and night", async () => {
  const page = await open(PHONE);
  await page.waitForSelector("#none:not([hidden])");
  await page.waitForSelector("#placeless:not([hidden])");
  await page.waitForSelector("#map canvas");
  assert.match(await text(page, "#map .summary"), /Tag und Nacht|Weltkarte/);
  assert.ok(await page.isHidden("#passes-part") && (await page.isHidden("#sun-part")));
  await page.click("#none .to-enter");
  await page.waitForSelector("#stranger:not([hidden])");
  assert.ok(await page.isHidden("#entering"), "a stranger enters nothing");
  await accessible(page);
  await shot(page, "sky-nothing-phone");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("a teacher enters the place and pastes elements, with the keyboard alone; what is wrong is told", async () => {
  const page = await open(PROJECTOR, { teacher: true });
  await page.waitForSelector("#none:not([hidden])");
  await page.focus("#enter summary");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#entering:not([hidden])");
  await page.focus("#elements");
  await page.keyboard.insertText("1 25544U nonsense");
  await page.focus("#elements-form [type=submit]");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#elements-said.error");
  assert.match(await text(page, "#elements-said"), /^Das sind keine lesbaren Bahndaten\. Der Hub sagt dazu: This is neither OMM/);
  await page.fill("#elements", JSON.stringify([elements(0.4)]));
  await page.focus("#elements-form [type=submit]");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#known li");
  assert.equal(await text(page, "#elements-said"), "1 Satellit übernommen.");
  assert.match(await text(page, "#known li"), /^ISS \(ZARYA\) \(Nummer 25544\), 10 Stunden alt, von einer Lehrkraft/);
  await flying(page);
  assert.ok(await page.isHidden("#passes-part"), "nobody said where the school stands");
  await page.fill("#school-name", SCHOOL.name);
  await page.fill("#school-latitude", "vierundfünfzig");
  await page.fill("#school-longitude", "10,14");
  await page.press("#school-longitude", "Enter");
  await page.waitForSelector("#school-said.error");
  assert.equal(await page.getAttribute("#school-latitude", "aria-invalid"), "true");
  await page.fill("#school-latitude", "54,32");
  await page.fill("#school-elevation", "zwölf");
  await page.press("#school-elevation", "Enter");
  await page.waitForSelector("#school-elevation[aria-invalid=true]");
  await page.waitForSelector("#school-latitude:not([aria-invalid])");
  assert.match(await text(page, "#school-said"), /Die Höhe ist eine Zahl in Metern/);
  assert.equal((await (await fetch(`${hub.address}/api/v1/sky/satellites`)).json()).school.latitude, null);
  await page.fill("#school-elevation", "12");
  await page.press("#school-elevation", "Enter");
  await page.waitForSelector("#passes li");
  await page.waitForSelector("#sun dd");
  assert.equal(await text(page, "#school-said"), "Gespeichert.");
  const { school } = await (await fetch(`${hub.address}/api/v1/sky/satellites`)).json();
  assert.deepEqual(school, { ...SCHOOL, entered: true });
  await accessible(page);
  await shot(page, "sky-teacher-projector");
  // What was refused stands on the console as a 400.
  assert.deepEqual(page.problems.filter((problem) => !/400/.test(problem)), []);
  await page.context().close();
});

await check("the position moves each second and is the hub's, bit for bit", async () => {
  const page = await open(PROJECTOR);
  await flying(page);
  const before = await fact(page, "sky-range");
  await until("another distance", async () => (await fact(page, "sky-range")) !== before, 6000);
  assert.match(await fact(page, "sky-speed"), /^7,\d\d\skm\/s \(2[78]\.\d{3}\skm\/h\)$/);
  assert.match(await fact(page, "sky-height"), /^4\d\d\skm$/);
  assert.match(await text(page, "#age"), /^Bahndaten: 10 Stunden alt$/);
  assert.match(await fact(page, "sky-light"), /Sonne|Schatten/);
  const time = Date.now();
  const asked = await (await fetch(`${hub.address}/api/v1/sky/25544?at=${time * 1000}`)).json();
  const here = await page.evaluate(async ([omm, school, at]) => {
    const wasm = await import("/assets/pkg/messwerk_viz_sky.js");
    await wasm.default({ module_or_path: "/assets/pkg/messwerk_viz_sky_bg.wasm" });
    const sky = new wasm.Sky(omm);
    sky.stand(...school);
    return { at: [...sky.at(at)], next: [...sky.track(at, 1)], past: [...sky.track(at, -1)], footprint: [...sky.footprint(at)] };
  }, [JSON.stringify(asked.omm), [SCHOOL.latitude, SCHOOL.longitude, SCHOOL.elevation_m], time]);
  const { position, look, sun, lit } = asked;
  const natively = [position.latitude, position.longitude, position.height_km, position.heading, position.speed, position.ground_speed,
    sun[1], sun[0], Number(lit), look.azimuth, look.elevation, look.range_km];
  assert.deepEqual(here.at.slice(0, natively.length), natively);
  const flat = (points, from) => points.flatMap((point) => point.slice(from, from + 2));
  assert.deepEqual(here.next, flat(asked.next, 1));
  assert.deepEqual(here.past, flat(asked.past, 1));
  assert.deepEqual(here.footprint, flat(asked.footprint, 0));
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("the digest over orbits, passes and the Sun is the native one", async () => {
  // The number that the native test holds; read there, so that the two cannot drift apart.
  const native = await readFile(new URL("../../../lessons/src/sky/tests.rs", import.meta.url), "utf8");
  const expected = BigInt(native.match(/assert_eq!\(self_test\(\), (0x[0-9a-f_]+),/)[1].replaceAll("_", ""));
  const page = await open(PHONE);
  const found = await page.evaluate(async () => {
    const wasm = await import("/assets/pkg/messwerk_viz_sky.js");
    await wasm.default({ module_or_path: "/assets/pkg/messwerk_viz_sky_bg.wasm" });
    return BigInt.asUintN(64, wasm.Sky.self_test()).toString(16);
  });
  assert.equal(found, expected.toString(16));
  await page.context().close();
});

await check("passes are the hub's, in the school's time whatever the browser's, with a countdown", async () => {
  const page = await open({ ...PHONE, locale: "en-GB" });
  await page.waitForSelector("#passes li");
  const now = Date.now() * 1000;
  const { passes } = await (await fetch(`${hub.address}/api/v1/sky/25544/passes?from=${now - 86_400_000_000}&days=10`)).json();
  const [coming, over] = [passes.filter(({ set }) => set.time > now), passes.filter(({ set }) => set.time <= now).reverse()];
  assert.ok(over.length > 1, "an orbit like this passes Kiel several times a day");
  const same = async (list, wanted, was) => {
    const shown = await page.$$eval(`${list} li`, (items) => items.map((item) => [...item.querySelectorAll("dd, .chip")].map((cell) => cell.textContent)));
    assert.equal(shown.length, wanted.length, list);
    shown.forEach((cells, index) => {
      const { rise, culmination, set, visible, unseen } = wanted[index];
      [rise, culmination, set].forEach(({ local }, place) => assert.ok(cells[place].startsWith(local.slice(11, 19)), `${cells[place]} instead of ${local}`));
      assert.ok(cells[1].includes(`${Math.round(culmination.look.elevation)}°`), cells[1]);
      assert.match(cells[3], visible ? /o be seen from \d\d:\d\d to/ : unseen === "shadow" ? /shadow/ : /bright/);
      assert.equal(/^Was /.test(cells[3]), was, cells[3]);
    });
  };
  await same("#passes", coming.slice(0, 12), false);
  assert.deepEqual(await page.$$eval("#passes li:first-child dt", (cells) => cells.map((one) => one.textContent)), ["Above 10°", "Highest", "Below 10°"]);
  // What is over stays, to compare with what was seen.
  assert.equal(await text(page, "#over-title"), `Over: in the last 24 hours (${over.length})`);
  await page.focus("#over-title");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#over li");
  await same("#over", over, true);
  assert.match(await text(page, "#over li h3"), /\(over\)$/);
  await page.focus("#visible-only");
  await page.keyboard.press("Space");
  await same("#passes", coming.filter(({ visible }) => visible), false);
  await same("#over", over.filter(({ visible }) => visible), true);
  await shot(page, "sky-visible-phone");
  await accessible(page);
  await page.uncheck("#visible-only");
  const first = await text(page, "#countdown");
  assert.match(first, /^\d\d:\d\d:\d\d$/);
  await until("the countdown counts", async () => (await text(page, "#countdown")) !== first, 4000);
  await accessible(page);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("the Sun: today and a chosen day, the year as curve and table, another place beside it", async () => {
  const page = await open(PROJECTOR);
  await page.waitForSelector("#sun dd");
  await page.fill("#date", "2026-06-21");
  await page.dispatchEvent("#date", "change");
  const sun = await (await fetch(`${hub.address}/api/v1/sky/sun?date=2026-06-21`)).json();
  await until("sunrise in June", async () => (await text(page, "#sun")).includes(sun.events[0].local.slice(11, 16)));
  assert.match(await text(page, "#sun"), /Tageslänge17\sh 1\d\smin/);
  await page.selectOption("#beside", "svalbard");
  await until("two curves", async () => /Spitzbergen/.test(await text(page, "#year .summary")) || /Spitzbergen/.test(await text(page, "#year")), 8000).catch(() => {});
  await page.click("#year [data-tool=table]");
  await page.waitForSelector("#year table");
  assert.match(await text(page, "#year table"), /Spitzbergen/);
  await page.click("#year [data-tool=table]");
  await shot(page, "sky-june-projector");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("years that the hub does not hand out stop nothing, and no curve stands under another's name", async () => {
  const page = await open(PROJECTOR, { path: "/help" });
  const years = "**/api/v1/sky/year*";
  await page.route(years, (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: '{"detail": "Sehr viele fragen."}' }));
  await page.goto(`${hub.address}/sky`);
  await until("it is said", async () => (await text(page, "#problem")) === "Sehr viele fragen.");
  await page.waitForSelector("#passes li");
  const first = await text(page, "#countdown");
  await until("the countdown counts", async () => (await text(page, "#countdown")) !== first, 4000);
  assert.ok(await page.isHidden("#sun"));
  await page.unroute(years);
  await page.selectOption("#beside", "quito");
  await page.waitForSelector("#sun dd");
  await page.waitForSelector("#year canvas");
  assert.equal(await text(page, "#problem"), "");
  await page.click("#year [data-tool=table]");
  await until("Quito beside the school", async () => /Quito/.test(await text(page, "#year table")));
  await page.route(years, (route) => route.abort());
  await page.selectOption("#beside", "rome");
  await until("it is said", async () => (await text(page, "#problem")) !== "");
  await until("the school's curve alone", async () => !/Quito|Rom/.test(await text(page, "#year table")));
  assert.ok(await page.isVisible("#sun dd"), "the day is still the day");
  await page.fill("#date", "2031-05-01");
  await page.dispatchEvent("#date", "change");
  await page.waitForSelector("#sun", { state: "hidden" });
  await page.unroute(years);
  await page.fill("#date", "2031-05-02");
  await page.dispatchEvent("#date", "change");
  await until("Rome beside the school", async () => /Rom/.test(await text(page, "#year table")));
  assert.deepEqual(page.problems.filter((problem) => !/503|ERR_FAILED/.test(problem)), []);
  await page.context().close();
});

await check("what answers late does not replace what was asked after it", async () => {
  await hub.get("POST", "/api/v1/sky/elements", [NOAA]);
  const page = await open(PHONE, { path: "/help" });
  let late = 0;
  await page.route(/\/api\/v1\/sky\/25544(\/passes.*)?$/, async (route) => {
    const answer = await route.fetch();
    await new Promise((done) => setTimeout(done, 2000));
    await route.fulfill({ response: answer }).catch(() => {});
    late += 1;
  });
  const asked = page.waitForRequest(/25544$/);
  await page.goto(`${hub.address}/sky`);
  await asked;
  await page.evaluate(() => (location.hash = "#43013"));
  await until("the other satellite", async () => (await text(page, "#now-title")) === "NOAA 20 jetzt");
  await until("late answers", async () => late > 1);
  await page.waitForTimeout(500);
  assert.equal(await text(page, "#now-title"), "NOAA 20 jetzt");
  assert.match(await text(page, "#next"), /NOAA 20/);
  assert.match(await fact(page, "sky-height"), /^[78]\d\d\skm$/);
  assert.equal(await text(page, "#problem"), "");
  assert.deepEqual(page.problems, []);
  await page.context().close();
  await hub.get("DELETE", "/api/v1/sky/43013");
});

await check("polar night is said", async () => {
  await hub.get("PUT", "/api/v1/sky/school", { ...SCHOOL, name: "Tromsø", latitude: 69.65, longitude: 18.96, time_zone: "Europe/Oslo" });
  const page = await open(PHONE);
  await page.waitForSelector("#sun dd");
  await page.fill("#date", "2026-12-21");
  await page.dispatchEvent("#date", "change");
  await page.waitForSelector("#polar:not([hidden])");
  assert.equal(await text(page, "#polar"), "Polarnacht: Die Sonne geht nicht auf.");
  assert.match(await text(page, "#sun"), /Höchster Stand\d\d:\d\d, \d,\d° unter dem Horizont/);
  assert.ok(!/[-−]\d/.test(await text(page, "#sun")), await text(page, "#sun"));
  await until("passes are looked for", async () => /steigt hier nie über 10°\.$/.test(await text(page, "#next")));
  await accessible(page);
  assert.deepEqual(page.problems, []);
  await page.context().close();
  await hub.get("PUT", "/api/v1/sky/school", SCHOOL);
});

for (const [name, size] of [["phone", PHONE], ["projector", PROJECTOR]]) {
  for (const theme of ["light", "dark"]) {
    await check(`axe finds nothing, and nothing sticks out: ${name}, ${theme}`, async () => {
      const page = await open(size, { path: `/sky?theme=${theme}` });
      await page.waitForSelector("#passes li");
      await page.waitForSelector("#sun dd");
      await page.waitForTimeout(500);
      await shot(page, `sky-${name}-${theme}`);
      await accessible(page);
      await page.click("#language");
      await until("English", async () => (await text(page, "h1")) === "The sky over the school");
      await accessible(page);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }
}

await check("old elements: the warning says how old they are and what to do", async () => {
  await hub.get("DELETE", "/api/v1/sky/25544");
  await hub.get("POST", "/api/v1/sky/elements", [elements(9), NOAA]);
  const page = await open(PHONE);
  await page.waitForSelector("#old:not([hidden])");
  assert.match(await text(page, "#old-title"), /^Die Bahndaten von ISS \(ZARYA\) sind 9,0 Tage alt$/);
  assert.match(await text(page, "#old"), /um Minuten falsch.*Eine Lehrkraft kann neue eingeben/s);
  assert.ok(!(await text(page, "#old")).includes("celestrak"), "a visitor fetches nothing");
  await shot(page, "sky-old-phone");
  await page.selectOption("#satellite", "43013");
  await page.waitForSelector("#old", { state: "hidden" });
  await until("the other satellite", async () => (await text(page, "#now-title")) === "NOAA 20 jetzt");
  await page.reload();
  await until("the address names it", async () => (await text(page, "#now-title")) === "NOAA 20 jetzt");
  await accessible(page);
  assert.deepEqual(page.problems, []);
  // A link within the page is no other satellite.
  await page.click("header nav a[href='#passes-part']");
  await page.waitForTimeout(1500);
  assert.equal(await text(page, "#now-title"), "NOAA 20 jetzt");
  // It has long since fallen: a sentence, and nothing of the satellite before.
  await hub.get("POST", "/api/v1/sky/elements", [elements(3000, { NORAD_CAT_ID: 40001, OBJECT_NAME: "GONE", MEAN_MOTION: 16.2, BSTAR: 0.05 })]);
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#satellite").options.length === 3);
  await page.selectOption("#satellite", "40001");
  await until("it is said", async () => /kein Ort mehr berechnen/.test(await text(page, "#problem")));
  assert.ok((await page.isHidden("#now-part")) && (await page.isHidden("#passes-list")));
  assert.deepEqual(page.problems.filter((problem) => !/409/.test(problem)), []);
  await page.context().close();
});

await check("elements of more than thirty days tell a place by and large, and no passes", async () => {
  await hub.get("DELETE", "/api/v1/sky/40001");
  await hub.get("DELETE", "/api/v1/sky/25544");
  await hub.get("POST", "/api/v1/sky/elements", [elements(45)]);
  const page = await open(PHONE, { path: "/sky#25544" });
  await flying(page);
  await page.waitForSelector("#withheld:not([hidden])");
  assert.match(await text(page, "#withheld"), /Überflüge stehen hier nicht: Die Bahndaten von ISS \(ZARYA\) sind 45,0 Tage/);
  assert.match(await text(page, "#old"), /Ort nur noch ungefähr/);
  assert.match(await text(page, "#age"), /Ort nur ungefähr$/);
  assert.ok(await page.isHidden("#passes-list"));
  await accessible(page);
  await shot(page, "sky-far-phone");
  await page.selectOption("#satellite", "43013");
  await page.waitForSelector("#passes li");
  assert.ok(await page.isHidden("#withheld"));
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("made-up satellites are marked as such wherever they stand", async () => {
  await hub.ask("POST", "/api/v1/stations/demo");
  const page = await open(PHONE, { path: "/sky#99901" });
  await flying(page);
  await page.waitForSelector("#made-up:not([hidden])");
  assert.match(await text(page, "#made-up"), /DEMO STATION ist erfunden/);
  assert.equal(await text(page, "#now-title"), "DEMO STATION (simuliert) jetzt");
  assert.match(await text(page, "#satellite option:checked"), /DEMO STATION \(simuliert\)/);
  await page.waitForSelector("#passes li");
  assert.ok(await page.isVisible("#passes-made-up"));
  assert.match(await text(page, "#next"), /DEMO STATION \(simuliert\)/);
  assert.match(await text(page, "#next-visible"), /simuliert$/);
  assert.ok((await page.isHidden("#old")) && !(await page.locator("main").innerText()).includes("celestrak"));
  await accessible(page);
  await shot(page, "sky-demo-phone");
  // While it passes, the next time by eye is another pass.
  const { next } = await page.evaluate(async () => {
    const { Passes } = await import("/assets/sky/passes.js");
    const minute = 60e6;
    const at = (from) => ({ rise: { time: from, look: { azimuth: 0, elevation: 10 } }, set: { time: from + 6 * minute, look: { azimuth: 90, elevation: 10 } }, culmination: { time: from + 3 * minute, look: { azimuth: 45, elevation: 40 } }, visible: [from, from + 6 * minute] });
    const passes = new Passes(() => 0);
    Object.assign(passes, { there: true, passes: [at(-minute), at(26 * 60 * minute)], satellite: { name: "S" }, norad: 1 });
    passes.list();
    passes.tick();
    return { next: document.getElementById("next-visible").textContent };
  });
  assert.match(next, /2\. Januar/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("the start page and the library lead here", async () => {
  const start = await open(PHONE, { path: "/" });
  await start.click("footer a[href='/sky']");
  await start.waitForSelector("#now dd");
  await start.context().close();
  const library = await open(PROJECTOR, { teacher: true, path: "/t" });
  await library.click("header nav a[href='/sky']");
  await library.waitForSelector("#now dd");
  assert.ok(await library.isVisible("#library"));
  await library.goto(`${hub.address}/t`);
  await library.click("header nav a[href='/w']");
  await library.waitForSelector("#stations", { state: "attached" });
  await library.context().close();
});

await check("after signing in, the way goes back to sky and stations, and nowhere else", async () => {
  const page = await open(PROJECTOR, { teacher: true, path: "/help" });
  const ways = [
    ["/sky", "/sky"], ["/w", "/w"], ["/w/0123456789abc", "/w/0123456789abc"], ["/t/compare", "/t/compare"],
    ["//127.0.0.2/w", "/t"], ["/w//127.0.0.2", "/t"], ["/w/../sky", "/t"], ["https://127.0.0.2/w", "/t"], ["/sky@127.0.0.2", "/t"],
  ];
  for (const [next, wanted] of ways) {
    await page.evaluate((way) => location.assign(`/login?next=${encodeURIComponent(way)}`), next);
    await page.waitForURL((url) => url.pathname !== "/login" && url.pathname !== "/help");
    assert.equal(page.url(), hub.address + wanted, next);
    await page.goto(`${hub.address}/help`);
  }
  await page.context().close();
});

await Promise.race([browser.close(), new Promise((done) => setTimeout(done, 5000))]);
await hub.close();
finish();
