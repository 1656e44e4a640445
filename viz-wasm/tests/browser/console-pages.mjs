// The teacher's pages against a hub that plays every state: what is shown, in both languages, how it behaves when the hub refuses or is
// gone, with the keyboard, on small and enlarged screens, and that axe finds nothing. `node console-pages.mjs`

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { launch } from "./browser.mjs";
import { check, finish, until } from "./checks.mjs";
import { ConsoleHub, id, LESSON } from "./consolehub.mjs";

const CONSOLE = `/t/${LESSON}`;
const AXE = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await launch();
const now = Date.now() * 1000;
const STORED = [
  { id: "000000000000d", title: { de: "Fadenpendel", en: "Pendulum" }, state: "ended", phase: "ended", created: now - 9e9, ended: now - 6e9, things: 27, seats: 35, deletes: now + 72e9, kept: false },
  { id: "000000000000e", title: { de: "In Ruhe", en: "At rest" }, state: "recording", phase: "stopped", created: now - 9e8, ended: null, things: 3, seats: 35, deletes: null, kept: false, code: "123456" },
];

/** Runs a check on a page of a hub; in the end nothing may have gone wrong in it. */
const on = (name, path, options, run) =>
  check(name, async () => {
    const { hub: hubOptions, allow = [], ...pageOptions } = options;
    const hub = new ConsoleHub(hubOptions);
    const address = await hub.listen();
    const page = await browser.page(address + path, pageOptions);
    page.setDefaultTimeout(25_000);
    try {
      await run(page, hub);
      assert.deepEqual(page.problems.filter((problem) => !allow.some((pattern) => pattern.test(problem))), []);
    } finally {
      await page.context().close();
      await hub.close();
    }
  });

const says = (page, selector, pattern) => until(`${selector} says ${pattern}`, async () => pattern.test((await page.textContent(selector)) ?? ""));
const lastOrder = (hub, wanted) => until(`order ${JSON.stringify(wanted)}`, () => hub.orders.some((order) => Object.entries(wanted).every(([key, value]) => order[key] === value)));

// Every page and state, in both languages and themes: axe finds nothing, nothing sticks out, every target is large enough.
const PAGES = [
  ["start", "/", {}],
  ["set-up", "/setup#abc", { signedIn: false }],
  ["set-up without key", "/setup", { signedIn: false }],
  ["sign-in", "/login", { signedIn: false }],
  ["library", "/t", { lessons: STORED, secure: false }],
  ["console, nobody there", CONSOLE, { things: 0 }],
  ["console, lobby", CONSOLE, { things: 5 }],
  ["console, measuring, all kinds of trouble", CONSOLE, { things: 12, phase: "measuring", trouble: true }],
  ["console, stopped", CONSOLE, { things: 5, phase: "stopped" }],
  ["console, ended", CONSOLE, { things: 5, phase: "ended" }],
];
for (const [name, path, hub] of PAGES) {
  for (const [locale, colorScheme, width, height] of [["de-DE", "light", 390, 844], ["en-GB", "dark", 1280, 900]]) {
    await on(`${name}: axe, width and targets (${locale}, ${colorScheme}, ${width} px)`, path, { hub, locale, colorScheme, width, height, allow: [/401/] }, async (page) => {
      if (path === CONSOLE) await page.waitForSelector('#state[data-state="live"]');
      if (path === "/t") await page.waitForSelector("#templates > li");
      await page.waitForTimeout(300);
      for (const details of await page.$$("details:not([open]) > summary:visible")) await details.click();
      await page.evaluate(AXE);
      const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "nothing sticks out sideways");
      const small = await page.$$eval("button, input, select, a.button, summary", (all) =>
        all
          .filter((control) => control.offsetParent && control.type !== "checkbox")
          .filter((control) => control.getBoundingClientRect().height < 43.5 || control.getBoundingClientRect().width < 43.5)
          .map((control) => control.outerHTML),
      );
      assert.deepEqual(small, [], "targets");
      const nameless = await page.evaluate(() => [...document.body.querySelectorAll("*")].filter((element) => element.childElementCount === 0 && /^[a-z]+(-[a-z0-9]+)+$/.test(element.textContent)).map((element) => element.outerHTML));
      assert.deepEqual(nameless, [], "no text is missing");
    });
  }
}

await on("every page can be read at 320 px", CONSOLE, { hub: { things: 12, phase: "measuring", trouble: true }, width: 320, height: 256 }, async (page) => {
  await page.waitForSelector("#things > li");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  // What sticks must not cover what is read.
  assert.equal(await page.$eval("#top", (top) => getComputedStyle(top).position), "static");
});

await on("a code leads to the join page, a wrong one is named", "/", { hub: {}, width: 390, height: 844, allow: [/404/] }, async (page) => {
  await page.fill("#code", "12");
  await page.press("#code", "Enter");
  await says(page, "#problem", /Code/);
  await page.fill("#code", "482 913");
  await Promise.all([page.waitForURL(/\/j/), page.click("#form button[type=submit]")]);
});

await on("set-up: short, different, old, right", "/setup#wrong", { hub: { signedIn: false }, allow: [/40[13]/] }, async (page) => {
  await page.fill("#password", "kurz");
  assert.equal(await page.textContent("#strength-word"), "Zu kurz");
  await page.click("#save");
  await says(page, "#problem", /mindestens 10/);
  await page.fill("#password", "Pendel Feder Regen");
  assert.equal(await page.textContent("#strength-word"), "Sehr gut");
  await page.click("#save");
  await says(page, "#problem", /verschieden/);
  await page.click("#reveal");
  assert.equal(await page.getAttribute("#password", "type"), "text");
  await page.fill("#again", "Pendel Feder Regen");
  await page.click("#save");
  await says(page, "#problem", /gilt nicht mehr/);
  assert.ok(await page.isVisible("#old"), "and the way out is shown");
  await page.click("#language");
  await says(page, "#save", /Save password/);
});

await on("sign-in leads back to where one was, and nowhere else", CONSOLE, { hub: { signedIn: false, things: 2 }, allow: [/40[13]|WebSocket/] }, async (page) => {
  await page.waitForURL(/\/login\?next=/);
  await page.fill("#password", "falsch");
  await page.press("#password", "Enter");
  await says(page, "#problem", /stimmt nicht/);
  await page.fill("#password", "right secret one");
  await Promise.all([page.waitForURL(new RegExp(`${CONSOLE}$`)), page.press("#password", "Enter")]);
  await page.goto(`${new URL(page.url()).origin}/login?next=//example.org/`);
  await page.waitForURL(/\/t$/);
});

await on("the library begins a lesson with the size of the class", "/t", { hub: { lessons: STORED } }, async (page, hub) => {
  await page.waitForSelector("#templates > li");
  assert.equal(await page.locator("#templates > li").count(), 3);
  await page.click("#more");
  assert.equal(await page.inputValue("#seats"), "36");
  await page.fill("#seats", "none");
  await page.locator("#templates button").first().click();
  await says(page, "#problem", /ganze Zahl/);
  await page.fill("#seats", "12");
  await Promise.all([page.waitForURL(new RegExp(CONSOLE)), page.locator("#templates button").first().click()]);
  assert.deepEqual(hub.made, { template: "pendulum", led: true, seats: 12 });
});

await on("ended lessons say when they are erased, and are erased at the second tap", "/t", { hub: { lessons: [{ ...STORED[0], id: LESSON }] } }, async (page, hub) => {
  await says(page, "#ended", /Wird in 20 Stunden gelöscht/);
  const erase = page.locator("#ended .danger");
  await erase.click();
  assert.equal(await erase.textContent(), "Wirklich löschen?");
  assert.equal(hub.erased, undefined);
  await erase.click();
  await until("the lesson is erased", () => hub.erased);
});

await on("one big action, phase by phase", CONSOLE, { hub: { things: 4 } }, async (page, hub) => {
  await page.waitForSelector("#next-action[data-name=start]");
  await page.click("#next-action");
  await page.waitForSelector("#next-action[data-name=abort]");
  await says(page, "#next-hint", /Los in [123]/);
  await page.waitForSelector("#next-action[data-name=stop]", { timeout: 8000 });
  await page.click("#next-action");
  await says(page, "#phase", /Gestoppt/);
  await says(page, "#next-action", /Messung 2 starten/);
  await page.click("#do-undo");
  await page.click("#do-redo");
  await page.click("#do-freeze");
  await page.click("#do-unfreeze");
  await page.click("#do-lock-lobby");
  await until("a locked lobby shows no code", async () => !(await page.isVisible("#code")));
  await page.click("#do-open-lobby");
  await page.click("#end");
  assert.equal(await page.textContent("#end"), "Wirklich beenden?");
  await page.click("#end");
  await says(page, "#phase", /Beendet/);
  assert.deepEqual(hub.orders.map((order) => order.do), ["start", "stop", "undo_take", "redo_take", "freeze", "unfreeze", "lock_lobby", "open_lobby", "end"]);
});

await on("a tapped control shows that it is under way, and cannot be tapped twice", CONSOLE, { hub: { things: 4, slow: 700 } }, async (page, hub) => {
  await page.waitForSelector("#next-action[data-name=start]");
  await page.click("#do-freeze");
  assert.equal(await page.getAttribute("#do-freeze", "aria-busy"), "true");
  await page.click("#do-freeze");
  await page.waitForSelector("#do-unfreeze");
  assert.equal(hub.orders.length, 1);
});

await on("what the hub refuses is a sentence, and goes with the next success", CONSOLE, { hub: { things: 4 }, allow: [/409/] }, async (page, hub) => {
  await page.waitForSelector("#next-action[data-name=start]");
  hub.refuseOrder = "The lesson cannot do that now: stop first.";
  await page.click("#do-freeze");
  await says(page, "#trouble", /stop first/);
  hub.refuseOrder = null;
  await page.click("#do-freeze");
  await until("the sentence goes", async () => !(await page.isVisible("#trouble")));
});

await on("counters, reasons and notices in words", CONSOLE, { hub: { things: 12, phase: "measuring", trouble: true } }, async (page) => {
  await page.waitForSelector("#reasons > li");
  const counters = await page.innerText("#counters");
  for (const word of ["dabei", "warten", "senden", "still", "Lücken", "ungesendet", "abgelehnt", "Uhren auf"]) assert.ok(counters.includes(word), word);
  const why = await page.innerText("#why");
  assert.match(why, /42[\s\S]*unbekanntem Namen/);
  assert.match(why, /1\.240[\s\S]*kein Fehler/);
  assert.match(await page.innerText("#notices"), /Jemand probiert Codes aus/);
  const things = await page.innerText("#things");
  for (const said of ["Erlaubnis fehlt am Handy", "12,4 s noch nicht gesendet", "7 Pakete fehlen", "zuletzt vor 34 s", "± ", "phyphox"]) assert.ok(things.includes(said), said);
  await page.click("#only");
  assert.ok((await page.locator("#things > li").count()) < 12);
});

await on("one tap on a Thing: pause, rename, hide, remove and back", CONSOLE, { hub: { things: 3, phase: "measuring" } }, async (page, hub) => {
  const first = page.locator("#things > li").first();
  await first.getByRole("button", { name: /^Pause/ }).click();
  await says(page, "#things > li .chip", /pausiert/);
  await first.getByRole("button", { name: /^Weiter/ }).click();
  await first.getByRole("button", { name: /^Neuer Name/ }).click();
  await first.getByRole("button", { name: /^Verbergen/ }).click();
  await first.getByRole("button", { name: /^Zeigen/ }).click();
  await first.getByRole("button", { name: /^Entfernen/ }).click();
  await until("two are left", async () => (await page.locator("#things > li").count()) === 2);
  await page.getByRole("button", { name: "Rückgängig" }).click();
  await until("all are back", async () => (await page.locator("#things > li").count()) === 3);
  assert.deepEqual(hub.orders.map((order) => order.do), ["pause", "resume", "rename", "hide", "show", "remove", "restore"]);
  assert.ok(hub.orders.every((order) => order.thing === id(1)));
});

await on("a result is taken out with a reason, usual or own, and counted again", CONSOLE, { hub: { things: 3, phase: "stopped" } }, async (page, hub) => {
  const first = page.locator("#things > li").first();
  await first.getByRole("button", { name: /^Zählt nicht/ }).click();
  await first.getByRole("button", { name: "Handy verrutscht" }).click();
  await says(page, "#things", /zählt nicht: Handy verrutscht/);
  await first.getByRole("button", { name: /^Zählt doch/ }).click();
  await lastOrder(hub, { do: "exclude", reason: null });
  await first.getByRole("button", { name: /^Zählt nicht/ }).click();
  await first.getByLabel("Anderer Grund").fill("<b>Schnur</b> gerissen");
  await page.keyboard.press("Enter");
  await says(page, "#things", /<b>Schnur<\/b> gerissen/);
  await page.waitForSelector("#strip canvas");
  await says(page, "#class-result", /g = /);
});

await on("keys act only while nothing has the focus, and can be switched off", CONSOLE, { hub: { things: 3 } }, async (page, hub) => {
  await page.waitForSelector("#next-action[data-name=start]");
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("l");
  await lastOrder(hub, { do: "lock_lobby" });
  await page.keyboard.press("f");
  await lastOrder(hub, { do: "freeze" });
  await page.keyboard.press(" ");
  await lastOrder(hub, { do: "start" });
  const before = hub.orders.length;
  await page.focus("#theme");
  await page.keyboard.press("f");
  await page.waitForTimeout(200);
  assert.equal(hub.orders.length, before, "a control has the focus");
  await page.click("#keys-part > summary");
  await page.uncheck("#keys-on");
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("f");
  await page.waitForTimeout(200);
  assert.equal(hub.orders.length, before, "they are switched off");
});

await on("a lost hub is named, and found again by itself", CONSOLE, { hub: { things: 3 }, allow: [/WebSocket|REFUSED/] }, async (page, hub) => {
  await page.waitForSelector('#state[data-state="live"]');
  const { port } = hub;
  await hub.close();
  await page.waitForSelector('#state[data-state="stopped"]');
  await says(page, "#trouble", /Keine Verbindung zum Hub/);
  await hub.listen(port);
  await page.waitForSelector('#state[data-state="live"]', { timeout: 15000 });
  assert.equal(await page.isVisible("#trouble"), false);
});

await on("a session that is over leads to the sign-in page", CONSOLE, { hub: { things: 3 }, allow: [/401|WebSocket|REFUSED/] }, async (page, hub) => {
  await page.waitForSelector('#state[data-state="live"]');
  hub.signedIn = false;
  await page.click("#do-freeze");
  await page.waitForURL(/\/login\?next=%2Ft%2F/);
});

await on("language and colours switch", CONSOLE, { hub: { things: 3 } }, async (page) => {
  await page.waitForSelector("#next-action[data-name=start]");
  await page.click("#language");
  await says(page, "#next-action", /Start measurement 1/);
  await says(page, "#things", /Remove/);
  await page.click("#theme");
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
});

finish();
