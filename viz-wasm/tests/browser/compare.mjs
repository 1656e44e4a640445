// Two simulated classes with a planted difference, and two without: the page names the right verdict, in both languages, on a phone and
// on a projector, with the keyboard alone. `node compare.mjs` (MESSWERK_HUB and MESSWERK_SIM name the programs; MESSWERK_SHOTS a
// folder for pictures).

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

/** A lesson in which a simulated class has measured; g is what its planet has. */
async function measured(g, seed, things = 10) {
  const lesson = await hub.lesson("pendulum", { led: false });
  const phones = ["--things", String(things), "--seconds", "20", "--speed", "10", "--transport", "http", "--stagger", "0.5", "--seed", String(seed)];
  const { ended } = hub.simulate(["class", "--hub", hub.address, "--code", lesson.code, "--lesson", lesson.id, "--truth", `g=${g}`, ...phones]);
  const { code, text } = await ended;
  assert.equal(code, 0, text);
  await until("results of all", async () => (await hub.get("GET", `/api/v1/lessons/${lesson.id}/outcomes`)).outcomes.length >= things - 1);
  return lesson;
}

const [here, there, elsewhere] = [await measured(9.81, 11), await measured(9.81, 12), await measured(10.3, 13)];
await hub.get("POST", `/api/v1/lessons/${here.id}/end`);

async function open(size, path = "/t/compare") {
  const page = await hub.teacher(browser, path, size);
  await page.waitForSelector("#lessons li");
  return page;
}

const shot = async (page, name) => SHOTS && page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
const choose = (page, lesson) => page.check(`#lesson-${lesson.id}`);
const name = (page, lesson, label) => page.fill(`li:has(#lesson-${lesson.id}) input[type=text]`, label);
const headline = (page, pattern) => page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#headline").textContent), pattern.source);
const drawn = (page) => page.waitForFunction(() => { const image = document.querySelector("#figure"); return image.complete && image.naturalWidth > 0; });
/** axe finds nothing. */
async function accessible(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target)}`), []);
}
const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

await check("a planted difference is found and said in words", async () => {
  const page = await open(PROJECTOR);
  await choose(page, here);
  assert.equal(await page.textContent("#hint"), "Wählen Sie mindestens zwei Klassen.");
  await choose(page, elsewhere);
  await name(page, here, "8a");
  await name(page, elsewhere, "8b");
  await headline(page, /^„8b“ und „8a“ unterscheiden sich: „8b“ liegt im Mittel um 0,\d+ m\/s² höher \(Spielraum: 0,\d+ bis 0,\d+ m\/s²\)/);
  assert.equal(await page.getAttribute("#headline", "data-verdict"), "differ");
  await drawn(page);
  assert.equal(await page.textContent("#excluded"), "Alle Ergebnisse zählen, keines wurde ausgeschlossen.");
  assert.match(await page.textContent("#decided"), /Welch/);
  assert.deepEqual(await page.$$eval("#numbers tr th", (cells) => cells.map((cell) => cell.textContent)), ["8b", "8a"]);
  assert.deepEqual(await page.$$eval("#numbers .origin", (cells) => cells.map((cell) => /läuft noch/.test(cell.textContent))), [true, false]);
  assert.match(await page.textContent("#differences"), /8b − 8a.*0,\d+.*unterscheiden sich/s);
  await shot(page, "compare-projector");
  for (const view of ["box", "histogram", "difference"]) {
    await page.check(`#view-${view}`);
    await page.waitForFunction((wanted) => document.querySelector("#figure").getAttribute("src").includes(`/${wanted}.svg`), view);
    await drawn(page);
    await shot(page, `compare-${view}`);
  }
  await page.click("#language");
  await headline(page, /^“8b” and “8a” differ: “8b” is higher by 0\.\d+ m\/s² on average/);
  assert.equal(await page.textContent("h1"), "Compare classes");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("classes that do not differ are not said to", async () => {
  const page = await open(PHONE);
  await choose(page, here);
  await choose(page, there);
  await headline(page, /stimmen überein|lässt sich noch nicht sagen/);
  await drawn(page);
  assert.ok((await wide(page)) <= 1, `sticks out by ${await wide(page)} px`);
  await shot(page, "compare-phone");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("three classes are corrected, and the address brings them back", async () => {
  const page = await open(PROJECTOR, `/t/compare#${new URLSearchParams([["c", `${here.id}:8a`], ["c", `${there.id}:8b`], ["c", `${elsewhere.id}:8c: hinten`]])}`);
  await headline(page, /^3 Paare: unterscheiden sich \(2\), /);
  assert.equal(await page.$$eval("#pairs li", (items) => items.length), 3);
  assert.match(await page.textContent("#decided"), /3 Paare verglichen.*Holm/s);
  assert.match(await page.textContent("#numbers"), /8c: hinten/);
  await drawn(page);
  await shot(page, "compare-three");
  await page.reload();
  await headline(page, /^3 Paare: /);
  await page.uncheck(`#lesson-${here.id}`);
  await page.uncheck(`#lesson-${there.id}`);
  await page.waitForSelector("#answer", { state: "hidden" });
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("the keyboard is enough", async () => {
  const page = await open(PROJECTOR);
  await page.focus("#template");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.type("9c");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await headline(page, /„9c“/);
  await page.focus("#view-strip");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector("#figure").getAttribute("src").includes("/box.svg"));
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("a class that gets more results is judged anew, one that is erased is named", async () => {
  const late = await hub.lesson("pendulum", { led: false });
  const page = await open(PHONE, `/t/compare#c=${late.id}%3A9d&c=${elsewhere.id}%3A8b`);
  await headline(page, /Zu wenige Ergebnisse.*„9d“ hat 0/);
  for (let count = 0; count < 4; count += 1) {
    const joined = await hub.get("POST", "/api/v1/join", { code: late.code });
    const period = 2 * Math.PI * Math.sqrt(0.5 / (9.78 + 0.02 * count));
    await hub.get("PATCH", `/api/v1/things/${joined.thing}`, { length_m: 0.5, T: period });
  }
  await headline(page, /„8b“ und „9d“ unterscheiden sich/);
  await hub.ask("DELETE", `/api/v1/lessons/${late.id}`);
  await page.waitForFunction(() => document.querySelector("#answer").hidden);
  await page.context().close();
});

/** A lesson that is over, in which a class timed pendulums by hand; g is what it found. */
async function timed(at, g, groups) {
  const lesson = await at.get("POST", "/api/v1/lessons", { template: "pendulum" });
  for (let group = 0; group < groups; group += 1) {
    const { thing, token } = await at.get("POST", "/api/v1/join", { code: lesson.code });
    const inputs = { length_m: 0.5, T: 2 * Math.PI * Math.sqrt(0.5 / (g + 0.01 * ((group % 5) - 2))) };
    const answer = await fetch(`${at.address}/api/v1/things/${thing}`, { method: "PATCH", headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(inputs) });
    assert.ok(answer.ok, await answer.text());
  }
  await at.get("POST", `/api/v1/lessons/${lesson.id}/end`);
  return lesson;
}

await check("a release of another school is compared once its source is believed, and until it is withdrawn", async () => {
  const school = await RealHub.start();
  await school.setUp();
  const [theirs, own] = [await timed(school, 9.95, 12), await timed(hub, 9.81, 6)];
  const wanted = { label: "Schule am See", public: false };
  const { id, sha256 } = await school.get("POST", `/api/v1/lessons/${theirs.id}/releases/preview`, wanted);
  await school.get("POST", `/api/v1/lessons/${theirs.id}/releases`, { wanted, id, sha256 });
  const file = await school.ask("GET", `/api/v1/releases/${id}/file`);
  const headers = { cookie: hub.cookie, origin: hub.address, "sec-fetch-site": "same-origin" };
  const taken = await fetch(`${hub.address}/api/v1/releases`, { method: "POST", headers, body: await file.arrayBuffer() });
  assert.equal(taken.status, 201, await taken.text());
  const page = await open(PROJECTOR);
  const row = `li:has(#release-${id})`;
  await page.waitForSelector(row);
  assert.match(await page.textContent(row), /Schule am See, Woche \d+-W\d+.*12 Ergebnisse · unbekannte Quelle · wird nicht verwendet/s);
  assert.ok(await page.isDisabled(`#release-${id}`));
  await hub.get("PUT", `/api/v1/releases/${id}/use`, { used: true, source: "Schule am See" });
  await page.reload();
  await page.waitForSelector(row);
  await choose(page, own);
  await page.check(`#release-${id}`);
  await name(page, own, "8b");
  await headline(page, /„Schule am See“ und „8b“ unterscheiden sich/);
  assert.match(await page.textContent("#numbers"), /8b.*Stunde dieses Hubs.*Schule am See.*bekannte Quelle: Schule am See/s);
  assert.match(await page.textContent("#assumed"), /nur Anzahl, Mittelwert und Streuung bekannt/);
  await page.check("#view-histogram");
  await drawn(page);
  await shot(page, "compare-release");
  await accessible(page);
  await page.click("#language");
  await headline(page, /“Schule am See” and “8b” differ/);
  assert.match(await page.textContent("#numbers"), /known source: Schule am See/);
  assert.deepEqual(page.problems, []);
  // It goes from here; whoever has chosen it is told, and can take it out.
  await hub.ask("DELETE", `/api/v1/releases/${id}`);
  await page.reload();
  await page.waitForFunction(() => /This release is not here/.test(document.querySelector("#problem").textContent));
  assert.match(await page.textContent(row), /not here any more/);
  await page.uncheck(`#release-${id}`);
  await page.waitForFunction(() => document.querySelector("#problem").textContent === "");
  await page.context().close();
  await school.close();
});

await check("whether the result goes with a number of each class", async () => {
  const north = [];
  for (const g of [9.78, 9.8, 9.83, 9.84]) north.push(await timed(hub, g, 5));
  const page = await open(PROJECTOR, `/t/compare#${new URLSearchParams(north.map(({ id }, index) => ["c", `${id}:9${"abcd"[index]}`]))}`);
  await headline(page, /^6 Paare/);
  await page.click("#across-part summary");
  await page.fill("#across-name", "Breite");
  await page.fill("#across-unit", "°");
  for (const [index, latitude] of ["40", "47,5", "54", "60"].entries()) await page.fill(`#across-${north[index].id}`, latitude);
  await page.waitForFunction(() => /^Je größer „Breite“, desto größer das Ergebnis: Es nimmt um 0,003/.test(document.querySelector("#across-headline").textContent));
  await page.waitForFunction(() => { const image = document.querySelector("#across-figure"); return image.complete && image.naturalWidth > 0; });
  assert.match(await page.textContent("#across-rows"), /9b47,5.*9a40/s);
  assert.match(await page.textContent("#across-decided"), /nicht, dass die eine die Ursache der anderen ist/);
  await shot(page, "compare-across");
  await accessible(page);
  // The address brings it back, and what is no number is marked.
  await page.reload();
  await page.waitForFunction(() => /^Je größer „Breite“/.test(document.querySelector("#across-headline").textContent));
  await page.fill(`#across-${north[0].id}`, "im Norden");
  assert.equal(await page.getAttribute(`#across-${north[0].id}`, "aria-invalid"), "true");
  await page.waitForFunction(() => /^Zu wenige Klassen für eine Gerade: 3 /.test(document.querySelector("#across-headline").textContent));
  await page.setViewportSize({ width: 390, height: 844 });
  assert.ok((await wide(page)) <= 1, `sticks out by ${await wide(page)} px`);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

await check("nobody but a teacher compares", async () => {
  const page = await browser.page(`${hub.address}/t/compare`, PHONE);
  await page.waitForURL(/\/login\?next=%2Ft%2Fcompare/);
  await page.context().close();
});

await browser.close();
await hub.close();
finish();
