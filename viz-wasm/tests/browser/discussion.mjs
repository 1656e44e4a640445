// The page on which a class discusses its results, over simulated classes: the pictures of the class and of a chosen group, in both
// languages, on a projector and on a phone. `reports.mjs` runs it: the figures are those of the reports.

import assert from "node:assert/strict";
import { join } from "node:path";
import { check, until } from "./checks.mjs";

const PROJECTOR = { width: 1920, height: 1080, locale: "de-DE" };
const PHONE = { width: 390, height: 844, locale: "en-GB", colorScheme: "dark" };
const SHOTS = process.env.MESSWERK_SHOTS;

/** A lesson in which six groups have measured. */
async function measured(hub, template, seconds) {
  const lesson = await hub.lesson(template, { led: false });
  const pace = ["--things", "6", "--seed", "4", "--seconds", String(seconds), "--speed", "10", "--batch-ms", "1000", "--transport", "http", "--stagger", "0.5"];
  const { ended } = hub.simulate(["class", "--hub", hub.address, "--template", template, "--code", lesson.code, "--lesson", lesson.id, ...pace]);
  const { code, text } = await ended;
  assert.equal(code, 0, text);
  await until("results of all", async () => (await hub.get("GET", `/api/v1/lessons/${lesson.id}/outcomes`)).outcomes.length === 6);
  return lesson;
}

const shown = (page) => page.$eval("figure:not([hidden])", (figure) => ({ kind: figure.dataset.kind, said: figure.querySelector(".summary").textContent }));
const tab = async (page, within, name) => {
  await page.click(`${within} button:text-is("${name}")`);
  await until(`the picture ${name}`, async () => (await page.$eval("figure:not([hidden]) .summary", (summary) => summary.textContent.length)) > 20);
};
const whole = (page) => page.evaluate(() => ({ wide: document.documentElement.scrollWidth <= innerWidth, high: document.documentElement.scrollHeight <= innerHeight }));
const shot = async (page, name) => SHOTS && page.screenshot({ path: join(SHOTS, `discussion-${name}.png`) });

export async function discussion(hub, browser) {
  const [spring, lift] = await Promise.all([measured(hub, "spring", 15), measured(hub, "elevator", 30)]);
  const open = async (lesson, size, query = "") => {
    const page = await browser.page(`${hub.address}/b/${lesson.id}/results${query}`, size);
    await page.waitForSelector("#of-group button");
    return page;
  };

  await check("a class sees the points of all groups with fit and residuals, and what it found together", async () => {
    const page = await open(spring, PROJECTOR);
    await tab(page, "#of-class", "Ausgleichskurve");
    const scatter = await shown(page);
    assert.equal(scatter.kind, "scatter");
    assert.match(scatter.said, /6 Punkte\. Ausgleichskurve: Steigung = \d,\d+ ± \d,\d+ s²\/kg.*Die Punkte liegen im Mittel .* daneben/);
    const alone = await page.innerText("#together");
    assert.match(alone, /Federkonstante aus der Geraden\s= \d\d,\d+\s±\s\d,\d+\sN\/m/);
    assert.doesNotMatch(alone, /Steigung/, "what the picture says is not said twice");
    assert.deepEqual(await whole(page), { wide: true, high: true }, "on a projector everything is on one screen");
    await shot(page, "class-projector");
    await page.click("#language");
    await tab(page, "#of-class", "All results");
    assert.match(await page.innerText("#together"), /Found together:[^]*slope\s= .*\ss²\/kg, intercept/);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  await check("a group is chosen, and all have the same axes", async () => {
    const page = await open(spring, PROJECTOR);
    await tab(page, "#of-group", "Frequenzen");
    const first = (await shown(page)).said;
    assert.match(first, /^Spektrum: .* von 0 bis \d+(,\d+)? Hz\. Gipfel: \d,\d+ Hz\./);
    const asked = async (number) => (await hub.get("GET", `/api/v1/lessons/${spring.id}/discussion/group?number=${number}`)).figures.map(({ figure }) => figure);
    const [one, two] = [await asked(1), await asked(2)];
    assert.equal(one[1].top, two[1].top, "the same upright axis");
    assert.notDeepEqual(one[1].amplitudes, two[1].amplitudes);
    await page.selectOption("#group", "2");
    await until("the other group's spectrum", async () => (await shown(page)).said !== first);
    assert.match(page.url(), /group=2/);
    await page.reload();
    await page.waitForSelector("#of-group button[aria-pressed=true]");
    await until("the chosen group stays", async () => (await page.$eval("#group", (select) => select.value)) === "2");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  await check("a, v and s stand under one time cursor, on a phone and in the dark as well", async () => {
    const page = await open(lift, PHONE);
    await tab(page, "#of-group", "Motion");
    const { kind, said } = await shown(page);
    assert.equal(kind, "motion");
    assert.match(said, /m\/s²\..*m\/s\..* m\./);
    await page.focus("figure:not([hidden]) canvas");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    assert.match(await page.textContent("figure:not([hidden]) output"), /^\d+(\.\d+)? s: .*m\/s².*m\/s.*m/);
    assert.equal((await whole(page)).wide, true, "nothing sticks out");
    await shot(page, "motion-phone");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  await check("a group that is hidden is not to be chosen any more", async () => {
    const page = await open(spring, PROJECTOR, "?group=3");
    await tab(page, "#of-group", "Kurve");
    const { thing } = (await hub.get("GET", `/api/v1/lessons/${spring.id}/outcomes`)).outcomes.find(({ number }) => number === 3);
    await hub.order(spring.id, { do: "hide", thing });
    await until("it is gone from the list", async () => !(await page.$$eval("#group option", (all) => all.map(({ value }) => value))).includes("3"));
    assert.deepEqual(page.problems.filter((problem) => !problem.includes("404")), []);
    await page.context().close();
  });

  await check("a lesson of tables says on board and phone that nothing is recorded, and shows its results", async () => {
    const lesson = await hub.lesson("spring-masses", { led: false });
    const board = await browser.page(`${hub.address}/b/${lesson.id}`, PROJECTOR);
    const phone = await browser.page(`${hub.address}/j#c=${lesson.code}`, { ...PHONE, locale: "de-DE" });
    await phone.waitForFunction(() => document.body.innerText.includes("Trage deine Werte ein"));
    assert.doesNotMatch(await phone.innerText("body"), /phyphox/);
    const { thing } = (await hub.get("GET", `/api/v1/lessons/${lesson.id}/outcomes`)).pending[0];
    const table = Object.fromEntries([0.1, 0.2, 0.3, 0.4].flatMap((mass, n) => [[`m.${n + 1}`, mass], [`T.${n + 1}`, 2 * Math.PI * Math.sqrt((mass + 0.01) / 40)]]));
    await hub.get("PATCH", `/api/v1/things/${thing}`, table);
    await board.waitForFunction(() => document.querySelector("figure[data-figure=strip] .summary")?.textContent.includes("k = 40"));
    assert.match(await board.innerText("#entered"), /eingetragen, nicht aufgezeichnet/);
    assert.deepEqual(await board.$$eval("figure:not([hidden])", (all) => all.map((figure) => figure.dataset.figure)), ["strip"]);
    assert.deepEqual([...board.problems, ...phone.problems], []);
    await board.context().close();
    await phone.context().close();
  });
}
