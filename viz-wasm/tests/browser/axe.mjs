// Every page of a real hub, in every role, both languages and both themes, through a whole lesson: axe finds nothing (WCAG 2.2 A
// and AA, best practice), nothing sticks out sideways, and nobody but the hub is called. `node axe.mjs`
// (MESSWERK_HUB names the program). What axe does not see of figures is checked in test.mjs.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { launch } from "./browser.mjs";
import { check, finish, until } from "./checks.mjs";
import { RealHub } from "./realhub.mjs";
import { sensors } from "./sensors.mjs";

const AXE = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const PHONE = { width: 390, height: 844 };
const TABLET = { width: 820, height: 1180 };
const PROJECTOR = { width: 1920, height: 1080 };

const hub = await RealHub.start();
const browser = await launch();

/** A page of somebody. */
async function open(path, size, role = "stranger") {
  const like = { ...size, locale: "de-DE" };
  const page = role === "teacher" ? await hub.teacher(browser, path, like) : await browser.page(hub.address + path, like);
  // The switches work once the words are there.
  await page.waitForFunction(() => document.querySelector("#language")?.textContent);
  return page;
}

/** What axe and the ruler find on a page as it stands. */
async function faults(page) {
  // Into the page's own world: its policy allows no script from us, and axe needs none of it.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return [
    ...found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target} ${node.failureSummary}`).slice(0, 3).join(" | ")}`),
    ...(wide > 1 ? [`sticks out by ${wide} px`] : []),
  ];
}

/** Looks at a page in both languages and both themes, and leaves it as it was. */
const look = (name, page) =>
  check(name, async () => {
    const all = [];
    for (const [language, theme] of [["de", "light"], ["en", "light"], ["en", "dark"], ["de", "dark"]]) {
      for (const [id, key, wanted] of [["language", "lang", language], ["theme", "theme", theme]]) {
        const has = () => page.evaluate((of) => (of === "lang" ? document.documentElement.lang : document.documentElement.dataset.theme), key);
        if ((await has()) !== wanted) await page.$eval(`#${id}`, (button) => button.click());
        await until(`${key} is ${wanted}`, async () => (await has()) === wanted);
      }
      // Colours that are on their way from one theme to the other are nobody's. What is folded away never arrives: nobody waits for it.
      await page.evaluate(() => Promise.race([Promise.allSettled(document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity).map((one) => one.finished)), new Promise((done) => setTimeout(done, 1000))]));
      all.push(...(await faults(page)).map((fault) => `${language}, ${theme}: ${fault}`));
    }
    assert.deepEqual([...new Set(all)], []);
  });

/** Opens a page, looks at it, closes it; nothing may have gone wrong in it. */
async function visit(name, path, size, { role, allow = [], ready = async () => {} } = {}) {
  const page = await open(path, size, role);
  await check(`${name} opens`, () => ready(page));
  await look(name, page);
  await check(`${name}: nothing on the console, nobody else called`, () =>
    assert.deepEqual(page.problems.filter((problem) => !allow.some((pattern) => pattern.test(problem))), []),
  );
  await page.context().close();
}

const [, secret] = await hub.said(/\/setup#([\w-]+)/);
await visit("first set-up", `/setup#${secret}`, TABLET);
await hub.setUp();

await visit("start", "/", PHONE);
await visit("start on a wide screen", "/", PROJECTOR);
await visit("login", "/login", TABLET, { allow: [/401/] });
await visit("join by code", "/j", PHONE);
await visit("privacy", "/privacy", PHONE, { ready: (page) => page.waitForSelector("#sections section") });
await visit("check", "/check", PHONE, { ready: (page) => page.waitForSelector("#findings li") });
await visit("help", "/help", PHONE);
await visit("the sky, of which nobody said anything yet", "/sky", PHONE, { ready: (page) => page.waitForSelector("#none:not([hidden])") });
await visit("help on a tablet", "/help", TABLET);
await visit("an address that nothing is at", "/no/such/page", PHONE, { allow: [/404/] });
await visit("board of no lesson", "/b/0000000000xyz", PROJECTOR, { allow: [/WebSocket|404/], ready: (page) => page.waitForSelector("#gone:not([hidden])") });
await visit("library", "/t", TABLET, { role: "teacher" });

const lesson = await hub.lesson("pendulum");
const board = await open(`/b/${lesson.id}`, PROJECTOR);
const small = await open(`/b/${lesson.id}`, PHONE);
const console_ = await open(`/t/${lesson.id}`, { width: 1280, height: 900 }, "teacher");
await board.waitForSelector("#welcome:not([hidden])");
await look("board: nobody there", board);
await look("console: nobody there", console_);

const phone = await open(`/j#c=${lesson.code}`, PHONE);
const motion = await sensors(phone);
await motion.swing({ period: 1.3 });
const stop = () => motion.still();
await check("a phone is in", () => until("its name stands on the board", async () => (await board.$$("#names li")).length === 1, 15000));
await look("phone: waiting", phone);
await look("board: lobby", board);
await look("board on a phone: lobby", small);
await look("console: lobby", console_);

await check("the sensors can be asked for", async () => {
  await phone.click("#do-allow");
  await motion.set();
  await phone.waitForTimeout(800);
});
await look("phone: sensors", phone);

await hub.order(lesson.id, { do: "start", countdown_s: 10, rehearsal: false });
await check("the countdown covers the board", () => board.waitForSelector("#countdown:not([hidden])", { timeout: 3000 }));
await look("board: countdown", board);
await look("phone: countdown or measuring", phone);
await check("the figures come after it", () => board.waitForSelector('body[data-view="figures"]', { timeout: 15000 }));
await phone.waitForTimeout(3000);
for (const [name, page] of [["board", board], ["board on a phone", small], ["phone", phone], ["console", console_]]) await look(`${name}: measuring`, page);
await check("the board's tables", async () => {
  for (const button of await board.$$("[data-tool=table]")) await button.click();
});
await look("board: figures as tables", board);
for (const button of await board.$$("[data-tool=table]")) await button.click();

await hub.order(lesson.id, { do: "freeze" });
await check("frozen is told", () => board.waitForSelector('#state[data-state="frozen"]'));
await look("board: frozen", board);
await hub.order(lesson.id, { do: "unfreeze" });
await hub.order(lesson.id, { do: "stop" });
await check("stopped is told", () => board.waitForSelector('#state[data-state="halted"]'));
for (const [name, page] of [["board", board], ["phone", phone], ["console", console_]]) await look(`${name}: stopped`, page);

await hub.order(lesson.id, { do: "lock_lobby" });
await visit("join while the door is closed", `/j#c=${lesson.code}`, PHONE, { allow: [/409/] });

await hub.order(lesson.id, { do: "end" });
await check("the end is told", () => board.waitForSelector('body[data-view="ended"]'));
for (const [name, page] of [["board", board], ["board on a phone", small], ["phone", phone], ["console", console_]]) await look(`${name}: ended`, page);
await visit("library with a lesson", "/t", TABLET, { role: "teacher" });
await visit("releases: nothing yet", "/releases", PHONE, { role: "teacher", ready: (page) => page.waitForSelector("#own-none:not([hidden])") });
await visit("releases: one to be made", `/t/${lesson.id}/release`, TABLET, { role: "teacher", ready: (page) => page.waitForSelector("#make:not([hidden])") });
await visit("comparing, without lessons of one kind", "/t/compare", PHONE, { role: "teacher", ready: (page) => page.waitForSelector("#lessons li, #none:not([hidden])") });

motion.still();
for (const [name, page, allow] of [["board", board, []], ["console", console_, []], ["phone", phone, []]]) {
  await check(`${name}: nothing on the console, nobody else called, a whole lesson long`, () =>
    assert.deepEqual(page.problems.filter((problem) => !allow.some((pattern) => pattern.test(problem))), []),
  );
}
await Promise.race([browser.close(), new Promise((done) => setTimeout(done, 5000))]);
await hub.close();
finish();
