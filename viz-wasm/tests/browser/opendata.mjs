// The teacher's part of /w that takes weather from elsewhere, on a real hub in a real browser: made-up weather by one button, files with how
// far they are and what became of them, feeds of a service that is played here; both languages, phone and projector, axe, keyboard.
// `node opendata.mjs` (MESSWERK_HUB names the program; MESSWERK_SHOTS a folder for pictures).

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { check, finish, until } from "./checks.mjs";
import { RealHub } from "./realhub.mjs";

const PHONE = { width: 390, height: 844, locale: "de-DE" };
const PROJECTOR = { width: 1920, height: 1080, locale: "de-DE" };
const SHOTS = process.env.MESSWERK_SHOTS;
const AXE = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const demo = (name) => new URL(`../../../hub/demo/${name}`, import.meta.url).pathname;

/** A service: the report of a day, which is new only once, and a house where nothing works but its rules. */
const report = await readFile(demo("99901-BEOB.csv"));
const service = createServer((request, response) => {
  if (request.url === "/robots.txt") return response.writeHead(200).end("User-agent: *\nCrawl-delay: 0.2\nDisallow: /boxes/\n");
  if (!request.url.endsWith("99901-BEOB.csv")) return response.writeHead(500).end();
  if (request.headers["if-none-match"] === '"1"') return response.writeHead(304).end();
  return response.writeHead(200, { "content-type": "text/csv", etag: '"1"' }).end(report);
});
await new Promise((done) => service.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${service.address().port}`;

const folder = await mkdtemp(join(tmpdir(), "messwerk-opendata-"));
const config = join(folder, "messwerk.toml");
await writeFile(config, [
  ["Nachbarort, DWD", "dwd-poi", 'station = "99901"'], ["Am Hafen", "brightsky", 'station = "01766"'], ["Satelliten", "celestrak", 'groups = ["stations"]'],
  ["Schulhof", "opensensemap", 'station = "b1"'],
].map(([name, kind, more]) => `[[feeds]]\nname = "${name}"\nkind = "${kind}"\n${more}\nbase = "${base}"\n`).join("\n"));
/** Ten minutes of a made-up year, as text: long enough to be ended in the middle. */
const long = ["STATIONS_ID;MESS_DATUM;QN;PP_10;TT_10;TM5_10;RF_10;TD_10;eor"];
for (let step = 0; step < 500_000; step += 1) {
  const stamp = new Date(Date.UTC(2010, 0, 1) + step * 600_000).toISOString().replaceAll(/[-:T]/g, "").slice(0, 12);
  long.push(`99901;${stamp};3;1010.${step % 10};${step % 30}.2;3.0;90.${step % 10};2.3;eor`);
}
await writeFile(join(folder, "produkt_zehn_min_tu.txt"), long.join("\n"));
// Hours, as the station has them already.
const gaps = ["STATIONS_ID;MESS_DATUM;QN_9;TT_TU;RF_TU;eor", "99901;2010010100;3;1.2;-999;eor", "99901;2010010101;3;1.4;-999;eor"];
await writeFile(join(folder, "produkt_gaps.txt"), gaps.join("\n"));
// The end of a zip in which nothing is.
await writeFile(join(folder, "other.zip"), Buffer.concat([Buffer.from("PK\x05\x06"), Buffer.alloc(18)]));
await writeFile(join(folder, "listing.zip"), "<!doctype html><title>Index of /climate</title>");
await writeFile(join(folder, "half.zip"), (await readFile(demo("stundenwerte_FF_99901_akt.zip"))).subarray(0, 20_000));

const hub = await RealHub.start();
const fed = await RealHub.start({ args: ["--config", config] });
const browser = await launch();
await hub.setUp();
await fed.setUp();

const shot = async (page, name) => SHOTS && page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
const says = (page, selector, pattern, time = 30_000) =>
  page.waitForFunction(([where, source]) => new RegExp(source, "s").test(document.querySelector(where)?.textContent ?? ""), [selector, pattern.source], { timeout: time });
/** axe finds nothing, and nothing sticks out sideways. */
async function accessible(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target} ${node.failureSummary}`)}`), []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 1, `sticks out by ${wide} px`);
}
async function open(size, at = hub, path = "/w") {
  const page = await at.teacher(browser, path, size);
  await page.waitForSelector("#opendata:not([hidden])");
  return page;
}
const first = "#files-list > li:first-child";

await check("only a teacher gets files from elsewhere", async () => {
  const page = await browser.page(`${hub.address}/w`, PHONE);
  await page.waitForSelector("#login:not([hidden])");
  assert.equal(await page.isVisible("#opendata"), false);
  await page.context().close();
});

await check("files make a new station; what became of each is said, also the second time", async () => {
  const page = await open(PROJECTOR);
  await page.click("#files > summary");
  await page.click("#files-form button[type=submit]");
  await says(page, "#files-problem", /zuerst Dateien wählen/);
  await page.setInputFiles("#files-input", ["TU", "RR"].map((name) => demo(`stundenwerte_${name}_99901_akt.zip`)));
  await page.click("#files-form button[type=submit]");
  await says(page, "#files-problem", /einen Namen geben/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "files-name");
  await page.fill("#files-name", "Übungsstadt");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("#files-list .chip[data-state=good]").length === 2, null, { timeout: 120_000 });
  await says(page, first, /stundenwerte_RR_99901_akt\.zip.*fertig.*DWD, Zip-Datei.*Zeilen gelesen: [\d.]+ Messwerte gespeichert, 0 waren schon da/);
  await says(page, "#files-said", /stundenwerte_\w+_99901_akt\.zip: fertig/);
  await says(page, "#stations", /Übungsstadt/);
  await page.click(`${first} summary`);
  await says(page, first, /Die Datei ist von der Station.*99901.*Ende von 60 Minuten|Ende von 60 Minuten.*Die Datei ist von der Station.*99901/);
  assert.match(await page.textContent(first), /Standort ab 2000-01-01: 51\.91.*55 mStandort ab 2015-01-01: 51\.96/);
  await accessible(page);
  await shot(page, "opendata-files-projector");
  await page.setInputFiles("#files-input", demo("stundenwerte_TU_99901_akt.zip"));
  await page.click("#files-form button[type=submit]");
  await says(page, first, /stundenwerte_TU.*fertig.*Alles schon da: Alle [\d.]+ Messwerte/, 120_000);
  await page.click("#language");
  await says(page, first, /done.*All here already/);
  assert.equal((await hub.get("GET", "/api/v1/stations")).filter(({ name }) => name === "Übungsstadt").length, 1);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("what is no such file is refused in words, and what is damaged is told", async () => {
  const page = await open(PHONE);
  await page.click("#files > summary");
  await page.selectOption("#files-station", { label: "Übungsstadt" });
  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["?"], "one.csv"));
    data.items.add(new File(["?"], "two.csv"));
    return data;
  });
  await page.dispatchEvent("#files-drop", "dragover", { dataTransfer: dropped });
  await page.dispatchEvent("#files-drop", "drop", { dataTransfer: dropped });
  assert.deepEqual(await page.$eval("#files-input", (input) => [...input.files].map(({ name }) => name)), ["one.csv", "two.csv"]);
  await page.setInputFiles("#files-input", [join(folder, "listing.zip"), join(folder, "half.zip"), config]);
  await page.click("#files-form button[type=submit]");
  await says(page, "#files-queue", /listing\.zip.*nicht angenommen.*Internetseite.*messwerk\.toml.*Diese Datei kennt der Hub nicht/);
  await says(page, first, /half\.zip.*nicht gelesen.*beschädigt oder unvollständig/);
  await page.setInputFiles("#files-input", demo("10minutenwerte_nieder_99901_akt.zip"));
  await page.click("#files-form button[type=submit]");
  await says(page, first, /10minutenwerte_nieder.*nicht gelesen.*doppelt zählen\. Legen Sie für diese Werte eine zweite Station an/);
  await accessible(page);
  await shot(page, "opendata-refused-phone");
  // A zip of something else, and a product in which places are empty.
  await page.setInputFiles("#files-input", [join(folder, "other.zip"), join(folder, "produkt_gaps.txt")]);
  await page.click("#files-form button[type=submit]");
  await says(page, first, /produkt_gaps\.txt.*fertig.*2 Zeilen gelesen: .*In der Datei leer: \d+\./);
  assert.ok(!/nicht gespeichert/.test(await page.textContent(first)), await page.textContent(first));
  await says(page, "#files-list > li:nth-child(2)", /other\.zip.*nicht gelesen.*Diese Datei kennt der Hub nicht/);
  await page.click("#theme");
  // Colours take a moment to be the others.
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState === "finished"));
  await accessible(page);
  await shot(page, "opendata-refused-phone-dark");
  await page.click("#files-queue > li:first-child button");
  await page.waitForFunction(() => document.querySelectorAll("#files-queue > li").length === 1);
  assert.equal(await page.evaluate(() => document.activeElement.id), "files-list-title");
  // The refusals themselves are what a browser writes down.
  assert.deepEqual(page.problems.filter((one) => !one.includes("400")), []);
  await page.context().close();
});

await check("a file shows how much of it has gone, and can be ended while it is sent and while it is read", async () => {
  const page = await open(PROJECTOR);
  await page.click("#files > summary");
  await page.fill("#files-name", "Lange Reihe");
  const network = await page.context().newCDPSession(page);
  await network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 });
  await page.setInputFiles("#files-input", join(folder, "produkt_zehn_min_tu.txt"));
  await page.click("#files-form button[type=submit]");
  await page.waitForFunction(() => document.querySelector("#files-queue progress")?.value > 0.03);
  await says(page, "#files-queue", /produkt_zehn_min_tu\.txt.*wird gesendet/);
  await accessible(page);
  await shot(page, "opendata-sending");
  await page.focus("#files-queue button");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("#files-queue > li").length === 0);
  await network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  assert.deepEqual(await page.$$eval("#files-list > li", (all) => all.length), 0);
  await page.setInputFiles("#files-input", join(folder, "produkt_zehn_min_tu.txt"));
  await page.click("#files-form button[type=submit]");
  await says(page, first, /wird gelesen.*Bisher [\d.]+ Zeilen/, 60_000);
  await accessible(page);
  await page.focus(`${first} > button`);
  await page.keyboard.press("Enter");
  await says(page, first, /abgebrochen.*Was bis dahin gespeichert war, bleibt.*Messwerte gespeichert/);
  // The button has gone; who stood on it stands on its file.
  assert.ok(await page.evaluate(() => document.activeElement.matches("#files-list > li")));
  await shot(page, "opendata-cancelled");
  await page.context().close();
});

await check("the page of a station leads to its files", async () => {
  const { id } = (await hub.get("GET", "/api/v1/stations")).find(({ name }) => name === "Übungsstadt");
  const page = await hub.teacher(browser, `/w/${id}`, PROJECTOR);
  await page.click("#hand-in");
  await page.waitForFunction((wanted) => document.querySelector("#files-station")?.value === wanted && document.querySelector("#files").open, id);
  await says(page, "#files-list", /half|beschädigt/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("one button makes weather up, and the list shows it", async () => {
  const page = await open(PHONE);
  await page.click("#demo > summary");
  await says(page, "#demo", /fünf Stationen.*Dieses Wetter gab es nie/);
  await page.focus("#demo-make");
  await page.keyboard.press("Enter");
  await says(page, "#demo-said", /werden angelegt/);
  await says(page, "#demo-said", /5 Stationen mit erfundenem Wetter sind da/, 300_000);
  assert.equal(await page.$$eval("#stations > li", (all) => all.filter((li) => li.textContent.includes("simuliert")).length), 5);
  await accessible(page);
  await shot(page, "opendata-demo-phone");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("without feeds the page says who names them", async () => {
  const page = await open(PHONE);
  await page.click("#feeds > summary");
  await says(page, "#feeds-none", /messwerk\.toml.*docs\/stations\.md/);
  await accessible(page);
  await page.context().close();
});

for (const [name, size] of [["phone", PHONE], ["projector", PROJECTOR]]) {
  await check(`feeds say how they are, and are asked (${name})`, async () => {
    await until("the first look", async () => (await fed.get("GET", "/api/v1/feeds")).every((feed) => feed.asked !== null), 60_000);
    const page = await open(size, fed);
    await page.click("#feeds > summary");
    await says(page, "#feeds-list", /Nachbarort, DWD.*in Ordnung.*Deutscher Wetterdienst.*Gefragt.*heute.*Etwas Neues.*heute.*Nächstes Mal.*in \d+ Minuten.*Dateien bisher1/);
    await says(page, "#feeds-list", /Am Hafen.*es klappt nicht.*noch nie.*klappte/);
    const ask = (feed) => page.click(`#feeds-list > li:has(b:text-is("${feed}")) button`);
    await ask("Nachbarort, DWD");
    await says(page, "#feeds-said", /„Nachbarort, DWD“ hatte nichts Neues/);
    await ask("Am Hafen");
    await says(page, "#feeds-said", /„Am Hafen“: Es klappte nicht/);
    await says(page, "#feeds-list", /Es klappte \d-mal hintereinander nicht: Der Dienst meldet den Fehler 500/);
    await says(page, "#feeds-list", /Schulhof.*nicht erlaubt.*127\.0\.0\.1 erlaubt Programmen diese Frage nicht \(robots\.txt\): \/boxes\/b1\. Bitten Sie den Dienst/);
    await says(page, "#feeds-list", /Am Hafen.*Pause, die der Dienst will0,2\ss/);
    await ask("Satelliten");
    await says(page, "#feeds-said", /„Satelliten“.*nicht so oft gefragt werden. Wieder ab \d\d:\d\d/);
    await accessible(page);
    await shot(page, `opendata-feeds-${name}`);
    await page.click("#language");
    await says(page, "#feeds-list", /in order.*Something new.*Ask now.*Schulhof.*not allowed.*does not allow programs to ask for this \(robots\.txt\): \/boxes\/b1/);
    await page.click('#feeds-list > li:has(b:text-is("Nachbarort, DWD")) a');
    await says(page, "#title", /Nachbarort, DWD/);
    assert.deepEqual(page.problems.filter((one) => !one.includes("429")), []);
    await page.context().close();
  });
}

await browser.close();
await hub.close();
await fed.close();
service.closeAllConnections();
service.close();
await rm(folder, { recursive: true, force: true });
finish();
