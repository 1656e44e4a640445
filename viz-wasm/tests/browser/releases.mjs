// Sharing as a teacher does it, at two real hubs: see what would leave, release it, hand the file to another school, say that its
// source is known, withdraw. axe looks at every state. `node releases.mjs` (MESSWERK_HUB names the program; SHOTS a folder for pictures).

import assert from "node:assert/strict";
import { readFile, writeFile, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { check, finish, until } from "./checks.mjs";
import { RealHub } from "./realhub.mjs";

const AXE = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const GROUPS = 12;

const [school, other] = [await RealHub.start(), await RealHub.start()];
for (const hub of [school, other]) await hub.setUp();
const browser = await launch();

/** A page of a hub's teacher. */
async function teacher(hub, path, width = 820) {
  const page = await hub.teacher(browser, path, { width, height: 1180 });
  await page.waitForFunction(() => document.querySelector("#language")?.textContent);
  return page;
}

let shots = 0;
const look = (name, page) =>
  check(`${name}: axe finds nothing, nothing sticks out`, async () => {
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
    const found = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `release-${(shots += 1)}.png`), fullPage: true });
    assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target)}`), []);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 1);
  });

const shown = (page, selector) => page.waitForSelector(`${selector}:not([hidden])`, { timeout: 10_000 });
const said = async (page, selector, pattern) => until(`${selector} says ${pattern}`, async () => pattern.test((await page.textContent(selector)) ?? ""), 10_000);
/** A button that asks whether one is sure takes no tap for a moment. */
async function twice(page, selector) {
  await page.click(selector);
  await page.waitForSelector(`${selector}[data-sure]:not([data-rests])`, { timeout: 5000 });
  await page.click(selector);
}

// A class that timed its pendulums by hand.
const lesson = await school.get("POST", "/api/v1/lessons", { template: "pendulum" });
for (let group = 0; group < GROUPS; group += 1) {
  const { thing, token } = await school.get("POST", "/api/v1/join", { code: lesson.code });
  const inputs = { length_m: 0.5, T: 1.419 + 0.002 * (group % 7) };
  const answer = await fetch(`${school.address}/api/v1/things/${thing}`, { method: "PATCH", headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(inputs) });
  assert.ok(answer.ok, await answer.text());
}

const page = await teacher(school, `/t/${lesson.id}/release`);
await check("an open lesson is refused in German, with the fix", async () => {
  await shown(page, "#make");
  await page.fill("#label", "Gymnasium am See, 9b");
  await page.click("#look");
  await said(page, "#problem", /Beenden Sie sie zuerst/);
});
await look("refused", page);
await school.get("POST", `/api/v1/lessons/${lesson.id}/end`);
let json;
await check("what would leave is seen in words and word by word", async () => {
  await page.click("#look");
  await shown(page, "#seen");
  await said(page, "#said", /Gymnasium am See, 9b[\s\S]*12 Ergebnisse, Mittelwert 9,\d+ m\/s²/);
  await page.click("#seen summary");
  json = JSON.parse(await page.textContent("#json"));
  assert.equal(json.n, GROUPS);
});
await look("preview", page);
await check("who changes a wish looks again", async () => {
  await page.fill("#region", "Schleswig-Holstein");
  assert.equal(await page.isHidden("#seen"), true);
  await page.click("#look");
  await said(page, "#said", /\(Schleswig-Holstein\)/);
  json = JSON.parse(await page.textContent("#json"));
});
await check("just that is released", async () => {
  await page.click("#release");
  await page.waitForSelector(`#own [data-release="${json.id}"]`, { timeout: 10_000 });
  const own = await school.get("GET", "/api/v1/releases");
  assert.deepEqual(own.own[0].release, json);
});
await look("released", page);
await check("a second time is refused with the reason", async () => {
  await page.click("#look");
  await said(page, "#problem", /schon freigegeben/);
});

const file = join(await mkdtemp(join(tmpdir(), "messwerk-release-")), `${json.id}.release`);
await check("the file is downloaded", async () => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(`#own [data-release="${json.id}"] a`)]);
  assert.equal(download.suggestedFilename(), `${json.id}.release`);
  await download.saveAs(file);
});

const there = await teacher(other, "/releases", 390);
await check("another school takes it in; its source is unknown", async () => {
  await shown(there, "#own-none");
  await there.setInputFiles("#file", file);
  await said(there, "#status", /Die Quelle ist unbekannt/);
  await said(there, `#foreign [data-release="${json.id}"]`, /unbekannte Quelle[\s\S]*nicht verwendet/);
});
await look("an unknown source, on a phone", there);
await check("a broken file is refused with a sentence", async () => {
  const bad = `${file}.bad`;
  await writeFile(bad, (await readFile(file)).subarray(0, 500));
  await there.setInputFiles("#file", bad);
  await said(there, "#problem", /beschädigt/);
});
await check("a teacher's word makes the source known", async () => {
  await there.click(`#foreign [data-release="${json.id}"] button:has-text("immer glauben")`);
  await said(there, `#foreign [data-release="${json.id}"]`, /Gymnasium am See, 9b/);
  await until("it is used", async () => (await other.get("GET", "/api/v1/releases")).foreign[0].used);
});
await check("in English, too", async () => {
  await there.click("#language");
  await said(there, "h1", /Releases/);
  await said(there, `#foreign [data-release="${json.id}"] .meta`, /12 results, mean 9\.\d+ m\/s²/);
});
await look("a known source", there);
await check("withdrawn, after a second tap", async () => {
  await page.reload();
  await page.waitForSelector(`#own [data-release="${json.id}"]`);
  await twice(page, `#own [data-release="${json.id}"] button.danger`);
  await said(page, "#status", /Der Katalog sagt es weiter/);
  await shown(page, "#own-none");
});
// A school that publishes, and a town's hub that subscribes to it and passes on what it releases.
const configured = async (text) => {
  const folder = await mkdtemp(join(tmpdir(), "messwerk-hub-"));
  await writeFile(join(folder, "messwerk.toml"), text);
  return RealHub.start({ folder });
};
const lake = await configured('[sharing]\npublish = true\nlabel = "Schule am See"\n');
await lake.setUp();
const { id: draft } = await lake.get("POST", "/api/v1/drafts", { files: {} });
const { files } = await lake.get("GET", `/api/v1/drafts/${draft}`);
await lake.get("POST", "/api/v1/templates", { files });
const { key } = (await lake.get("GET", "/catalog.json")).hub;
const town = await configured(`[sharing]\npublish = true\nrepublish = true\n[[sharing.subscribe]]\nurl = "${lake.address}/catalog.json"\nkey = "${key}"\n`);
await town.setUp();
const fetched = await teacher(town, "/releases", 390);
await check("a template of another shelf is seen with its trust, and comes only when it is taken", async () => {
  await fetched.click("#pull");
  await shown(fetched, "#subscriptions details");
  await fetched.click("#subscriptions summary");
  await said(fetched, "[data-offer]", /unbekannte Quelle, ohne Unterschrift[\s\S]*1\.0\.0 · CC/);
  assert.equal((await town.ask("GET", "/api/v1/templates/my-lesson")).status, 404);
});
await look("a template on offer, on a phone", fetched);
await check("taken onto the shelf after a second tap, with its trust said", async () => {
  await twice(fetched, "[data-offer] button");
  await said(fetched, "#status", /ist aufgenommen \(unbekannte Quelle, ohne Unterschrift\)/);
  await said(fetched, "[data-offer]", /steht schon in Ihrem Regal/);
  assert.ok(await fetched.isVisible("[data-offer]"), "what was opened stays open");
  assert.equal((await town.get("GET", "/api/v1/templates/my-lesson")).source, "imported");
});
await check("what the school releases is in the town's catalogue, too", async () => {
  const made = await lake.get("POST", "/api/v1/lessons", { template: "pendulum" });
  for (let group = 0; group < GROUPS; group += 1) {
    const { thing, token } = await lake.get("POST", "/api/v1/join", { code: made.code });
    const body = JSON.stringify({ length_m: 0.5, T: 1.419 + 0.002 * (group % 7) });
    await fetch(`${lake.address}/api/v1/things/${thing}`, { method: "PATCH", headers: { authorization: `Bearer ${token}` }, body });
  }
  await lake.get("POST", `/api/v1/lessons/${made.id}/end`);
  const wish = { label: "Schule am See, 9b", public: true };
  const { id, sha256 } = await lake.get("POST", `/api/v1/lessons/${made.id}/releases/preview`, wish);
  await lake.get("POST", `/api/v1/lessons/${made.id}/releases`, { wanted: wish, id, sha256 });
  await until("the town has it", async () => {
    await fetched.click("#pull");
    return (await fetched.$(`#foreign [data-release="${id}"]`)) !== null;
  });
  await said(fetched, `#foreign [data-release="${id}"]`, /steht auch im Katalog dieses Hubs/);
  const [listed] = (await town.get("GET", "/catalog.json")).releases;
  assert.deepEqual([listed.id, listed.key], [id, key]);
});
await look("passed on", fetched);

// What was refused on purpose stands on the console as the browser's own line.
for (const [name, one] of [["releasing", page], ["taking in", there], ["fetching", fetched]]) {
  await check(`${name}: nothing else on the console, nobody else called`, () => assert.deepEqual(one.problems.filter((problem) => !/40[0-9]/.test(problem)), []));
}

await browser.close();
for (const hub of [school, other, lake, town]) await hub.close();
finish();
