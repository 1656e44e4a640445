// Printed reports of a real hub: pages that work without scripts, in both languages, that axe finds nothing in, and that become a
// PDF of A4 sheets with their figures. `node reports.mjs [FOLDER]` leaves the PDF files in that folder, to be looked at.
// Then the page on which a class discusses the same figures (discussion.mjs). (MESSWERK_HUB and MESSWERK_SIM name the programs.)

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { check, finish } from "./checks.mjs";
import { discussion } from "./discussion.mjs";
import { RealHub } from "./realhub.mjs";

const [folder] = process.argv.slice(2);
const AXE = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const hub = await RealHub.start();
const browser = await launch();
await hub.setUp();
const token = hub.cookie;
const { id, code } = await hub.get("POST", "/api/v1/lessons", { template: "pendulum" });

/** A pendulum timed by hand: as long as said, and as far from the right period. */
async function timed(length, wrong) {
  const { thing, token: own } = await hub.get("POST", "/api/v1/join", { code, lang: "de" });
  const period = 2 * Math.PI * Math.sqrt(length / 9.81) * (1 + wrong);
  const answer = await hub.ask("PATCH", `/api/v1/things/${thing}`, { length_m: length, T: period });
  assert.equal(answer.status, 200, await answer.text());
  return { thing, token: own };
}

/** A pendulum recorded: twelve seconds of a swing at 50 Hz. */
async function swung(length) {
  const { thing, token: own, ingest_url: url } = await hub.get("POST", "/api/v1/join", { code, lang: "de" });
  await hub.get("PATCH", `/api/v1/things/${thing}`, { length_m: length });
  const omega = Math.sqrt(9.81 / length);
  const t = Array.from({ length: 900 }, (_, i) => Number((i * 0.02).toFixed(3)));
  const gyrX = t.map((s, i) => 0.6 * Math.exp(-0.01 * s) * Math.cos(omega * s) + 0.004 * Math.sin(i * 12.9898));
  const flat = t.map((_, i) => 0.003 * Math.sin(i * 78.233));
  const answer = await fetch(new URL(url, hub.address), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ t, gyrX, gyrY: flat, gyrZ: gyrX }) });
  assert.equal(answer.ok, true, await answer.text());
  return { thing, token: own };
}

const recorded = await swung(0.62);
for (let n = 0; n < 17; n += 1) await timed(0.4 + 0.03 * n, 0.006 * Math.sin(n * 2.4));
const outlier = await timed(0.9, 0.05);
await hub.get("PUT", `/api/v1/things/${outlier.thing}/runs/0/exclusion`, { reason: "am Tisch <b>angestoßen</b>" });

/** A page as a browser without scripts has it, signed in as the teacher. */
async function open(path, { scripts = false, width = 1000, locale = "de-DE" } = {}) {
  const context = await browser.context.browser().newContext({ javaScriptEnabled: scripts, viewport: { width, height: 1200 }, locale });
  const [name, value] = token.split("=");
  // The hub's own machine gets the cookie that is for secure connections only.
  await context.addCookies([{ name, value, url: hub.address.replace("http:", "https:"), secure: true }]);
  const page = await context.newPage();
  page.problems = [];
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  page.on("request", (request) => new URL(request.url()).hostname !== "127.0.0.1" && page.problems.push(`foreign request ${request.url()}`));
  const answer = await page.goto(hub.address + path);
  assert.equal(answer.status(), 200, path);
  return page;
}

const sheets = (pdf) => (pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;

async function printed(name, path, options, least, most) {
  const page = await open(path, options);
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  if (folder) await writeFile(join(folder, `${name}.pdf`), pdf);
  const box = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/.exec(pdf.toString("latin1"));
  assert.ok(Math.abs(box[1] - 595) < 2 && Math.abs(box[2] - 842) < 2, `A4, not ${box[0]}`);
  assert.ok(sheets(pdf) >= least && sheets(pdf) <= most, `${sheets(pdf)} sheets`);
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

const report = `/t/lessons/${id}/report`;

await check("the class's report has result, figures and reasons, in both languages, without scripts", async () => {
  for (const [lang, words] of [["de", ["Ergebnis der Klasse", "95-%-Intervall", "Nicht gezählt", "am Tisch <b>angestoßen</b>", "Literaturwert: 9,81 m/s²"]], ["en", ["Result of the class", "95 % interval", "Not counted", "Literature value: 9.81 m/s²"]]]) {
    const page = await open(`${report}?lang=${lang}`);
    const said = await page.innerText("body");
    for (const word of words) assert.ok(said.includes(word), `${word} in ${said}`);
    assert.equal(await page.locator("b").count(), 0, "a reason is a text");
    assert.ok((await page.locator("figure svg").count()) >= 2, "points and bars");
    assert.equal(await page.locator("tbody tr").count(), 19);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});

await check("a group's report has what it entered, its curve and its place in the class", async () => {
  const page = await open(`${report}/${recorded.thing}?lang=de`);
  const said = await page.innerText("body");
  for (const word of ["Bericht einer Gruppe", "0,62 m", "Euer Ergebnis", "g = 9,8", "So wurde ausgewertet", "g = 4π²", "Zum Vergleich: die Klasse"]) assert.ok(said.includes(word), `${word} in ${said}`);
  assert.ok((await page.locator("figure svg").count()) >= 2);
  await page.context().close();
});

await check("points have their fit and residuals, and what was predicted is there", async () => {
  const lesson = await hub.get("POST", "/api/v1/lessons", { template: "spring-masses" });
  const { thing } = await hub.get("POST", "/api/v1/join", { code: lesson.code, lang: "de" });
  const masses = [0.15, 0.2, 0.25, 0.3, 0.35];
  const entered = Object.fromEntries(masses.flatMap((mass, n) => [[`m.${n + 1}`, mass], [`T.${n + 1}`, 2 * Math.PI * Math.sqrt((mass + 0.011) / 40.8) * (1 + 0.002 * Math.sin(n * 2.4))]]));
  await hub.get("PATCH", `/api/v1/things/${thing}`, { "predict.origin": 2, ...entered });
  const path = `/t/lessons/${lesson.id}/report/${thing}?lang=de`;
  const page = await open(path);
  const said = await page.innerText("body");
  for (const word of ["etwas darüber", "k = 4", "N/m", "Ausgleichsgerade: T² über m"]) assert.ok(said.includes(word), `${word} in ${said}`);
  assert.match(await page.locator("figure svg desc").first().innerHTML(), /5/);
  assert.ok((await page.locator("figure svg").count()) >= 2, "the points, and the class's strip");
  await page.context().close();
  await printed("spring-de", path, {}, 1, 4);
});

await check("axe finds nothing in them, and nothing sticks out of a phone", async () => {
  for (const path of [report, `${report}/${recorded.thing}`]) {
    const page = await open(path, { scripts: true, width: 390 });
    await page.evaluate(AXE);
    const found = await page.evaluate(() => globalThis.axe.run(document));
    assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" ")}`), []);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 1);
    await page.context().close();
  }
});

await check("they become sheets of A4", async () => {
  await printed("class-de", `${report}?lang=de`, {}, 2, 4);
  await printed("group-en", `${report}/${recorded.thing}?lang=en`, { locale: "en-GB" }, 1, 3);
  await printed("all-de", `/t/lessons/${id}/reports?lang=de`, {}, 20, 60);
});

await check("a phone's form opens its own report and no other", async () => {
  const form = (body) => fetch(`${hub.address}/report`, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams(body) });
  const own = await form({ token: recorded.token, lang: "de" });
  assert.equal(own.status, 200);
  assert.match(own.headers.get("content-security-policy"), /script-src 'self'/);
  assert.ok((await own.text()).includes("Bericht einer Gruppe"));
  assert.equal((await form({ token: "A".repeat(22) })).status, 401);
});

await discussion(hub, browser);

await browser.close();
await hub.close();
finish();
