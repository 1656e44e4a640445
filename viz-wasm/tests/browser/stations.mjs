// Weather stations on a real hub in a real browser: everybody looks, a teacher makes one, a device sends, charts, rose and comparison say
// what was sent, an unknown device gets its mapping by clicks; both languages, phone and projector, axe, keyboard.
// `node stations.mjs` (MESSWERK_HUB names the program; MESSWERK_SHOTS a folder for pictures).

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

const hub = await RealHub.start();
const browser = await launch();
await hub.setUp();

/** Values of a station at an hour: a day's course, wind that turns, a counter of rain. */
function weather(hour, more) {
  const day = Math.sin(((hour - 9) / 24) * 2 * Math.PI);
  const round = (value) => Math.round(value * 10) / 10;
  return [
    ["temperature", "Cel", round(12 + 6 * day + more)], ["relative_humidity", "%RH", round(70 - 20 * day)], ["pressure", "hPa", round(1004 + 5 * Math.sin(hour / 40))],
    ["wind_speed", "m/s", round(Math.abs(4 * Math.sin(hour / 7)))], ["wind_direction", "deg", (240 + 3 * hour + 720) % 360],
    ["rain_total", "mm", Math.floor(hour / 5) * 0.3],
  ];
}

/** A station with ten days of values every half hour up to now, from which four hours are missing. */
async function station(settings, more = 0) {
  const made = await hub.get("POST", "/api/v1/stations", { format: "senml", latitude: 54.3, longitude: 10.1, elevation_m: 12, ...settings });
  const now = Math.floor(Date.now() / 1000 / 1800) * 1800;
  for (let day = 10; day >= 1; day -= 1) {
    const pack = [];
    for (let half = 0; half < 48; half += 1) {
      const at = now - day * 86_400 + (half + 1) * 1800;
      if (day === 1 && half >= 10 && half < 18) continue;
      for (const [n, u, v] of weather((10 - day) * 24 + half / 2, more)) pack.push({ n, u, t: at, v });
    }
    const answer = await fetch(`${hub.address}/s/${made.key}`, { method: "POST", headers: { "content-type": "application/senml+json" }, body: JSON.stringify(pack) });
    assert.equal(answer.status, 200, await answer.text());
  }
  return made;
}

const roof = await station({ name: "Schuldach", note: "Nordseite, Klasse 9b" });
await station({ name: "Wetterdienst" }, 1.5);

/** A few readings of a station, some hours old. */
async function sent(settings, readings) {
  const made = await hub.get("POST", "/api/v1/stations", { format: "senml", ...settings });
  const now = Math.floor(Date.now() / 1000);
  const pack = readings.map(([n, u, v, hours]) => ({ n, u, v, t: now - Math.round(hours * 3600) }));
  const answer = await fetch(`${hub.address}/s/${made.key}`, { method: "POST", headers: { "content-type": "application/senml+json" }, body: JSON.stringify(pack) });
  assert.equal(answer.status, 200, await answer.text());
  return made;
}

// It sends every hour, last one and a half hours ago, and stands south-west of everything; its counter has two days.
const slow = await sent(
  { name: "Stündlich", latitude: -33.45, longitude: -70.667, elevation_m: 520 },
  Array.from({ length: 40 }, (_, place) => 40.5 - place).flatMap((hours) => [["temperature", "Cel", 20, hours], ["rain_total", "mm", Math.floor(41 - hours) * 0.2, hours]]),
);
await hub.get("POST", "/api/v1/stations", { name: "Keller", public: false });

async function open(size, path, { teacher = false } = {}) {
  const page = teacher ? await hub.teacher(browser, path, size) : await browser.page(hub.address + path, size);
  // Whoever is not signed in is told so once, which a browser writes down.
  await page.waitForLoadState("networkidle");
  page.problems.length = 0;
  return page;
}

const shot = async (page, name) => SHOTS && page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
const says = (page, selector, pattern) => page.waitForFunction(([where, source]) => new RegExp(source, "s").test(document.querySelector(where)?.textContent ?? ""), [selector, pattern.source]);
const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
async function accessible(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target)}`), []);
}

await check("everybody sees the public stations, and no other", async () => {
  const page = await open(PHONE, "/w");
  await says(page, "#stations", /Schuldach.*Wetterdienst/);
  assert.ok(!(await page.textContent("#stations")).includes("Keller"));
  assert.equal(await page.isVisible("#new"), false);
  await says(page, "#stations", /Temperatur \d+,\d.°C.*gehört/);
  await accessible(page);
  assert.ok((await wide(page)) <= 1, `sticks out by ${await wide(page)} px`);
  await shot(page, "stations-phone");
  await page.click("#stations a");
  await says(page, "#title", /Schuldach/);
  await page.context().close();
});

for (const [name, size] of [["phone", PHONE], ["projector", PROJECTOR]]) {
  await check(`a station's page shows values, course and wind (${name})`, async () => {
    const page = await open(size, `/w/${roof.id}`);
    await says(page, "#heard", /gehört/);
    await says(page, "#tiles", /Temperatur.*°C.*Luftfeuchte.*%/);
    await says(page, "figure[data-figure=series] .summary", /Temperatur in °C, einzelne Messwerte.*1 Lücke/);
    await page.click("#range-all");
    await says(page, "figure[data-figure=series] .summary", /Temperatur in °C, Stundenwerte.*kleinster Wert.*größter/);
    await says(page, "figure[data-figure=rose] .summary", /am häufigsten aus.*Windstille/);
    await says(page, "#covered", /9\d(,\d)? % der Zeit/);
    await shot(page, `station-${name}`);
    await page.selectOption("#stream", { label: "Regenzähler" });
    await page.click("#range-month");
    await says(page, "figure[data-figure=series] .summary", /Niederschlag in mm, Tageswerte.*zusammen 1[34],\d+ mm/);
    await shot(page, `station-rain-${name}`);
    await page.selectOption("#stream", { label: "Temperatur" });
    await page.selectOption("#other", { label: "Wetterdienst" });
    await says(page, "#agreement", /Wetterdienst liegt im Mittel um 1,5.K höher als Schuldach/);
    await says(page, "#numbers", /Korrelation1,000.*Verzögerungkeine \(Korrelation 1,000\)/);
    await says(page, "figure[data-figure=difference] .summary", /Wetterdienst − Schuldach in K/);
    await accessible(page);
    assert.ok((await wide(page)) <= 1, `sticks out by ${await wide(page)} px`);
    await shot(page, `station-compare-${name}`);
    await page.click("figure[data-figure=series] [data-tool=table]");
    await says(page, "figure[data-figure=series] table", /Beginn \(Ortszeit\).*Mittel/);
    await page.click("#language");
    await says(page, "#agreement", /Wetterdienst is higher than Schuldach by 1\.5.K/);
    await says(page, "figure[data-figure=series] .summary", /Temperature in °C, hourly values/);
    await accessible(page);
    await page.click("#theme");
    await shot(page, `station-dark-${name}`);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
}

await check("a slow station is not silent, its counter is rain per hour, and its place says where", async () => {
  const page = await open(PHONE, `/w/${slow.id}`);
  await says(page, "#heard", /^gehört/);
  assert.equal(await page.locator("#tiles [data-old]").count(), 0);
  await says(page, "#about", /33,450°.S, 70,667°.W, 520 m/);
  await page.selectOption("#stream", { label: "Regenzähler" });
  await page.click("#range-all");
  await says(page, "figure[data-figure=series] .summary", /Niederschlag in mm, Stundenwerte/);
  await page.selectOption("#other", { label: "Schuldach" });
  await says(page, "#agreement", /Schuldach misst im Mittel .*mm in der Stunde (mehr|weniger) als Stündlich/);
  await says(page, "#compare-how", /Stundensummen/);
  // The list stays the one that is open.
  await page.evaluate(() => (document.querySelector("#other option").dataset.same = ""));
  await page.waitForResponse((answer) => answer.url().endsWith(`/api/v1/stations/${slow.id}`), { timeout: 20_000 });
  await page.waitForTimeout(300);
  assert.equal(await page.locator("#other option[data-same]").count(), 1);
  await page.context().close();
});

await check("a page whose first request fails goes on at the next", async () => {
  const page = await browser.page(`${hub.address}/help`, PROJECTOR);
  let tries = 0;
  await page.route(`**/api/v1/stations/${roof.id}`, (route) => ((tries += 1) === 1 ? route.abort() : route.continue()));
  await page.goto(`${hub.address}/w/${roof.id}`);
  await page.waitForFunction(() => document.querySelector("#trouble").textContent !== "");
  await page.waitForFunction(() => /Temperatur in °C/.test(document.querySelector("figure[data-figure=series] .summary")?.textContent ?? ""), undefined, { timeout: 30_000 });
  assert.equal(await page.textContent("#trouble"), "");
  await page.selectOption("#other", { label: "Wetterdienst" });
  await says(page, "#agreement", /Wetterdienst/);
  await page.context().close();
});

await check("the address brings back what was chosen", async () => {
  const page = await open(PROJECTOR, `/w/${roof.id}#range=week&channel=&property=pressure`);
  await says(page, "figure[data-figure=series] .summary", /Luftdruck.*Stundenwerte/);
  await page.selectOption("#stream", { label: "Windrichtung" });
  await page.selectOption("#other", { label: "Wetterdienst" });
  await says(page, "#agreement", /Wetterdienst und Schuldach sind im Mittel gleich/);
  const lags = await page.evaluate(async () => {
    const { Comparison } = await import("/assets/station/compare.js");
    const both = { name: "B", station: { name: "A" } };
    return [2, -3].map((hours) => Comparison.prototype.lag.call(both, hours, "0,9"));
  });
  assert.deepEqual(lags, ["B folgt A um 2 h (Korrelation dann 0,9)", "B geht A um 3 h voraus (Korrelation dann 0,9)"]);
  await page.focus("#range-week");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.includes("range=month"));
  await page.context().close();
});

await check("a teacher makes a station, sees what arrives, maps it and erases it", async () => {
  const page = await open(PROJECTOR, "/w", { teacher: true });
  await says(page, "#stations", /Keller/);
  await page.click("#new summary");
  await page.fill("#name", "Eigenbau");
  await accessible(page);
  await page.click("#make");
  await page.waitForSelector("#made:not([hidden])");
  const key = await page.textContent("#key");
  await says(page, "#how", new RegExp(`/s/${key}`));
  const door = await hub.get("GET", "/api/v1/me");
  await says(page, "#how", new RegExp(`Server127.0.0.1Port${door.plain_port}Pfad.*versteht nur der Computer`));
  await shot(page, "stations-made");
  await page.click("#made-link");
  await says(page, "#title", /Eigenbau/);
  const send = () => fetch(`${hub.address}/s/${key}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ out: { t: 50, p: 29.92 }, id: 7 }) });
  await send();
  await page.click("#arrived summary");
  await page.click("text=out.t = 50");
  await page.selectOption("#map-0-unit", "[degF]");
  assert.equal(await page.textContent("#map-0-unit option:checked"), "°F");
  await page.click("#try");
  await says(page, "#tried", /Temperatur \(Hauptsensor\): 10,0.°C/);
  await accessible(page);
  await shot(page, "station-mapping");
  // Somebody else has set a format and a note since: it is asked first, and the note stays.
  const id = decodeURIComponent(new URL(page.url()).pathname.split("/").pop());
  const { settings } = await hub.get("GET", `/api/v1/stations/${id}`);
  await hub.get("PUT", `/api/v1/stations/${id}`, { ...settings, format: "tasmota", note: "am Zaun" });
  await page.click("#keep");
  await says(page, "#replacing-warning", /Tasmota/);
  await accessible(page);
  await page.click("#replace-no");
  assert.equal((await hub.get("GET", `/api/v1/stations/${id}`)).format, "tasmota");
  await page.click("#keep");
  await page.click("#replace-yes");
  await says(page, "#tried", /Gespeichert/);
  const kept = await hub.get("GET", `/api/v1/stations/${id}`);
  assert.deepEqual([kept.format, kept.note], ["mapping", "am Zaun"]);
  await send();
  await until("the reading", async () => (await hub.get("GET", "/api/v1/stations")).find((one) => one.name === "Eigenbau").latest !== null);
  await says(page, "#tiles", /Temperatur10,0.°C/);
  await says(page, "figure[data-figure=series] .summary", /Temperatur in °C/);
  await page.click("#settings summary");
  await page.fill("#note", "neben dem Teich");
  await page.click("#form button[type=submit]");
  await says(page, "#about", /neben dem Teich/);
  // Who writes a new name keeps the note that somebody else has written meanwhile.
  await hub.get("PUT", `/api/v1/stations/${id}`, { ...(await hub.get("GET", `/api/v1/stations/${id}`)).settings, note: "neben dem Baum" });
  await page.fill("#name", "Eigenbau 2");
  await page.click("#form button[type=submit]");
  await says(page, "#title", /Eigenbau 2/);
  await says(page, "#about", /neben dem Baum/);
  await page.click("#device summary");
  assert.deepEqual(page.problems, []);
  await page.route("**/key", (route) => route.abort(), { times: 1 });
  await page.click("#renew");
  await page.waitForSelector("#key-problem:not(:empty)", { state: "visible" });
  // The browser writes the broken request down.
  page.problems.length = 0;
  await page.click("#renew");
  await says(page, "#key-shown", /Schlüssel/);
  assert.equal(await page.textContent("#key-problem"), "");
  assert.equal((await send()).status, 401);
  await page.click("#rejected summary");
  await accessible(page);
  await shot(page, "station-teacher");
  await page.click("#erase");
  await page.click("#erase-yes");
  await page.waitForURL(`${hub.address}/w`);
  await says(page, "#stations", /Schuldach/);
  assert.ok(!(await page.textContent("#stations")).includes("Eigenbau"));
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

/** A station of which the newest reading is long over: three days of hours in March 2025. */
const past = await (async () => {
  const made = await hub.get("POST", "/api/v1/stations", { name: "Alte Wetterhütte", format: "senml" });
  const end = Date.UTC(2025, 2, 14, 12) / 1000;
  const pack = Array.from({ length: 72 }, (_, hour) => end - hour * 3600).flatMap((t, hour) => [
    { n: "temperature", u: "Cel", t, v: 8 + (hour % 5) }, { n: "wind_speed", u: "m/s", t, v: 3 }, { n: "wind_direction", u: "deg", t, v: 250 },
    { n: "sunshine", u: "s", t, v: hour % 2 ? 3600 : 0 },
  ]);
  const answer = await fetch(`${hub.address}/s/${made.key}`, { method: "POST", headers: { "content-type": "application/senml+json" }, body: JSON.stringify(pack) });
  assert.equal(answer.status, 200, await answer.text());
  return made;
})();

await check("of a station that is long silent the newest data is shown, and a button leads to today", async () => {
  const page = await open(PHONE, `/w/${past.id}`);
  await says(page, "#tiles-title", /Zuletzt, 14\. März 2025/);
  await says(page, "#newest-words", /Die neuesten Daten sind vom 14\. März 2025\./);
  await says(page, "figure[data-figure=series] .summary", /Temperatur in °C, einzelne Messwerte/);
  await says(page, "figure[data-figure=rose] .summary", /am häufigsten aus/);
  for (const range of ["week", "month", "year", "all"]) {
    await page.click(`#range-${range}`);
    await says(page, "figure[data-figure=series] .summary", /Temperatur in °C.*kleinster Wert/);
    await says(page, "figure[data-figure=rose] .summary", /am häufigsten aus/);
  }
  await page.click("#range-day");
  await accessible(page);
  await shot(page, "station-old-phone");
  await page.click("#newest-turn");
  await says(page, "#covered", /In diesem Zeitraum gibt es keine Messwerte/);
  await page.waitForSelector("#no-wind:not([hidden])");
  assert.deepEqual([await page.isVisible("figure[data-figure=series]"), await page.isVisible("figure[data-figure=rose]")], [false, false]);
  await says(page, "#newest-turn", /Zu den neuesten Daten/);
  await page.click("#newest-turn");
  await page.waitForSelector("figure[data-figure=rose]:not([hidden])");
  assert.equal(await page.inputValue("#until"), "");
  assert.equal(await page.textContent("#trouble"), "");
  // Sunshine is told in hours, and a file says whose numbers of what it has.
  await says(page, "#tiles", /Sonnenschein0,00.h/);
  await page.selectOption("#stream", { label: "Sonnenschein" });
  await page.click("#range-week");
  await says(page, "figure[data-figure=series] .summary", /Sonnenschein in h, Stundenwerte.*zusammen 36(,0+)? h/);
  await page.click("figure[data-figure=series] [data-tool=table]");
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("figure[data-figure=series] .scroll button, figure[data-figure=series] div button:text('CSV')")]);
  assert.equal(file.suggestedFilename(), "messwerk-Alte-Wetterhütte-Sonnenschein.csv");
  await page.click("#language");
  await says(page, "#newest-words", /The newest data is of 14 March 2025|The newest data is of March 14, 2025/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("what came without a format is said, with what it looks like and a button to take that", async () => {
  const made = await hub.get("POST", "/api/v1/stations", { name: "Noch offen" });
  const send = (tempf) => fetch(`${hub.address}/s/${made.key}/data/report/`, {
    method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `PASSKEY=0123&stationtype=GW1000&dateutc=now&tempf=${tempf}&humidity=50&baromabsin=29.5&model=GW1000`,
  });
  for (const tempf of [50, 51, 52]) await send(tempf);
  const stranger = await open(PHONE, `/w/${made.id}`);
  await says(stranger, "#heard", /sendet, aber nichts wird gespeichert/);
  assert.equal(await stranger.isVisible("#unset"), false);
  await stranger.context().close();
  const page = await open(PROJECTOR, `/w/${made.id}`, { teacher: true });
  await says(page, "#unset-title", /3 Nachrichten kamen an\. Gespeichert ist davon nichts/);
  await says(page, "#unset-guess", /Sie sehen aus wie Ecowitt/);
  await says(page, "#rejected-title", /alles, was kam/);
  await page.click("#rejected summary");
  assert.match(await page.textContent("#rejected-none"), /erst gespeichert, wenn ein Format gewählt ist/);
  await accessible(page);
  await shot(page, "station-unset");
  await page.click("#unset-take");
  await page.waitForSelector("#unset", { state: "hidden" });
  assert.equal((await hub.get("GET", `/api/v1/stations/${made.id}`)).format, "ecowitt");
  await send(59);
  await says(page, "#tiles", /Temperatur15,0.°C/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("fields are guessed, one is the time, and a decimal comma is seen", async () => {
  const made = await hub.get("POST", "/api/v1/stations", { name: "Felder" });
  const sent = { stamp: "2026-01-03T11:43:33", temp: "12,5", hum: "55", indoor: { temp: "21,0" }, batt: 3.7 };
  const send = () => fetch(`${hub.address}/s/${made.key}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(sent) });
  await send();
  const page = await open(PROJECTOR, `/w/${made.id}`, { teacher: true });
  await says(page, "#unset-title", /1 Nachricht kam an/);
  await page.click("#unset-other");
  for (const field of ["temp = 12,5", "hum = 55", "indoor.temp = 21,0", "stamp = 2026-01-03T11:43:33", "batt = 3.7"]) await page.click(`#payloads >> text="${field}"`);
  const rows = await page.$$eval("#fields li", (items) => items.map((item) => [...item.querySelectorAll("select, input")].map((one) => one.value)));
  assert.deepEqual(rows, [["temperature", "Cel", ""], ["relative_humidity", "%RH", ""], ["temperature", "Cel", "indoor"], ["time", "local"], ["voltage", "V", ""]]);
  assert.equal(await page.isChecked("#map-comma"), true);
  await page.click("#try");
  await says(page, "#tried", /Temperatur \(Hauptsensor\): 12,5.°C, 03\.01\.2026, 11:43/);
  await page.uncheck("#map-comma");
  await page.click("#try");
  await says(page, "#tried", /temp: Das ist keine Zahl\./);
  await page.check("#map-comma");
  await accessible(page);
  await shot(page, "station-mapping-time");
  await page.click("#keep");
  await says(page, "#tried", /Gespeichert/);
  const { context } = (await hub.get("GET", `/api/v1/stations/${made.id}`)).settings;
  assert.deepEqual([context.mapping.comma, context.mapping.time, context.zone], [true, { path: "stamp", kind: "local" }, "Europe/Berlin"]);
  assert.equal((await send()).status, 200);
  await says(page, "#newest-words", /3\. Januar 2026/);
  // What was kept is there again.
  await page.reload();
  // With the keyboard, and not before the chart is there: it moves what is below it, from under a pointer, too.
  await says(page, "figure[data-figure=series] .summary", /Temperatur|Luftfeuchte/);
  await page.focus("#arrived summary");
  await page.keyboard.press("Enter");
  await page.click('#payloads >> text="batt = 3.7" >> nth=0');
  assert.equal(await page.locator("#fields li").count(), 5);
  assert.equal(await page.inputValue("#map-0-property"), "time");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("a zone that is none is told in the page's language; the zone counts for local times, too; rejects are German", async () => {
  const page = await open(PHONE, "/w", { teacher: true });
  await page.click("#new summary");
  await page.fill("#name", "Funk");
  await page.selectOption("#format", "rtl_433");
  await page.fill("#zone", "Berlin");
  await page.click("#make");
  await says(page, "#problem", /„Berlin“ ist keine Zeitzone\. Schreiben Sie sie wie Europe\/Berlin\./);
  assert.equal(await page.getAttribute("#zone", "aria-invalid"), "true");
  await accessible(page);
  await page.fill("#zone", "europe/vienna");
  await page.click("#make");
  await page.waitForSelector("#made:not([hidden])");
  const key = await page.textContent("#key");
  const id = (await page.getAttribute("#made-link", "href")).split("/").pop();
  const { settings } = await hub.get("GET", `/api/v1/stations/${id}`);
  assert.deepEqual([settings.time_zone, settings.context.zone], ["Europe/Vienna", "Europe/Vienna"]);
  await fetch(`${hub.address}/s/${key}`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"time":"2026-11-23 10:00:00","model":"Nexus-TH","id":42,"temperature_C":8.1}' });
  await page.goto(`${hub.address}/w/${id}`);
  await says(page, "#rejected-title", /\(1\)/);
  await page.click("#rejected summary");
  await says(page, "#rejections", /Nexus-TH 42: gehört nicht zu den eigenen Sensoren\./);
  // A zone that the API set apart from the station's stays.
  await hub.get("PUT", `/api/v1/stations/${id}`, { ...settings, context: { ...settings.context, zone: "UTC" } });
  await page.reload();
  await page.click("#settings summary");
  await page.fill("#note", "am Mast");
  await page.click("#form button[type=submit]");
  await says(page, "#saved", /Gespeichert/);
  assert.equal((await hub.get("GET", `/api/v1/stations/${id}`)).settings.context.zone, "UTC");
  await page.click("header a[href='/sky']");
  await page.click("header a[href='/w']");
  await says(page, "#stations", /Funk/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await browser.close();
await hub.close();
finish();
