// Two simulated classes with a planted difference, and two without: the page names the right verdict, in both languages, on a phone and
// on a projector, with the keyboard alone. `node compare.mjs` (MESSWERK_HUB and MESSWERK_SIM name the programs; MESSWERK_SHOTS a
// folder for pictures).

import assert from "node:assert/strict";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { check, finish, until } from "./checks.mjs";
import { RealHub } from "./realhub.mjs";

const PHONE = { width: 390, height: 844, locale: "de-DE" };
const PROJECTOR = { width: 1920, height: 1080, locale: "de-DE" };
const SHOTS = process.env.MESSWERK_SHOTS;

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
  const page = await browser.page(`${hub.address}/login`, size);
  await hub.login(page);
  await page.goto(hub.address + path);
  page.problems.length = 0;
  await page.waitForSelector("#lessons li");
  return page;
}

const shot = async (page, name) => SHOTS && page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
const choose = (page, lesson) => page.check(`#lesson-${lesson.id}`);
const name = (page, lesson, label) => page.fill(`li:has(#lesson-${lesson.id}) input[type=text]`, label);
const headline = (page, pattern) => page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#headline").textContent), pattern.source);
const drawn = (page) => page.waitForFunction(() => { const image = document.querySelector("#figure"); return image.complete && image.naturalWidth > 0; });
const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

await check("a planted difference is found and said in words", async () => {
  const page = await open(PROJECTOR);
  await choose(page, here);
  assert.equal(await page.textContent("#hint"), "Wählen Sie mindestens zwei Stunden.");
  await choose(page, elsewhere);
  await name(page, here, "8a");
  await name(page, elsewhere, "8b");
  await headline(page, /^„8b“ und „8a“ unterscheiden sich: „8b“ liegt im Mittel um 0,\d+ m\/s² höher \(Spielraum: 0,\d+ bis 0,\d+ m\/s²\)/);
  assert.equal(await page.getAttribute("#headline", "data-verdict"), "differ");
  await drawn(page);
  assert.equal(await page.textContent("#excluded"), "Alle Ergebnisse zählen, keines wurde ausgeschlossen.");
  assert.match(await page.textContent("#decided"), /Welch/);
  assert.deepEqual(await page.$$eval("#numbers tr th", (cells) => cells.map((cell) => cell.textContent)), ["8b", "8a"]);
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

await check("nobody but a teacher compares", async () => {
  const page = await browser.page(`${hub.address}/t/compare`, PHONE);
  await page.waitForURL(/\/login\?next=%2Ft%2Fcompare/);
  await page.context().close();
});

await browser.close();
await hub.close();
finish();
