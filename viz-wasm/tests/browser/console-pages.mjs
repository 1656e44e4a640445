// The teacher's pages against a hub that plays every state: what is shown, in both languages, how it behaves when the hub refuses or is
// gone, with the keyboard, on small and enlarged screens, and that axe finds nothing. `node console-pages.mjs`

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
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
      if (width > 400) return;
      await page.setViewportSize({ width: 320, height: 640 });
      await until("nothing sticks out at 320 px", async () => (await page.evaluate(() => document.documentElement.scrollWidth)) === 320, 3000);
    });
  }
}

await on("on a small screen what sticks gives way", CONSOLE, { hub: { things: 12, phase: "measuring", trouble: true }, width: 320, height: 256 }, async (page) => {
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
  assert.deepEqual(hub.made, { template: "pendulum", version: "1.0.0", led: true, seats: 12 });
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
  for (const word of ["dabei", "warten", "senden", "still, weg", "Pakete fehlen", "ungesendet", "abgelehnt", "Uhrenfehler"]) assert.ok(counters.includes(word), word);
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

const EDGE = 700;
/** Clicks a place, not a control: whatever stands there then gets it. From within, so that a slow machine stretches no double click. */
const taps = (page, selector, ...pauses) =>
  page.evaluate(async ([name, waits]) => {
    const box = document.querySelector(name).getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const tap = () => document.elementFromPoint(x, y)?.closest("button, a")?.click();
    tap();
    for (const wait of waits) {
      await new Promise((done) => setTimeout(done, wait));
      tap();
    }
  }, [selector, pauses]);
const orders = (hub) => hub.orders.map((order) => order.do);

await on("a double click starts and stops once", CONSOLE, { hub: { things: 3 } }, async (page, hub) => {
  await page.waitForSelector("#next-action[data-name=start]");
  await taps(page, "#next-action", 60, 120, 180);
  await page.waitForSelector("#next-action[data-name=stop]", { timeout: 9000 });
  assert.deepEqual(orders(hub), ["start"]);
  await page.waitForTimeout(EDGE + 100);
  await taps(page, "#next-action", 60, 180, 250);
  await page.waitForSelector("#next-action[data-name=start]");
  await page.waitForTimeout(EDGE + 200);
  assert.deepEqual(orders(hub), ["start", "stop"]);
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press(" ");
  await page.keyboard.press(" ");
  await page.waitForTimeout(300);
  await page.keyboard.press(" ");
  await page.waitForTimeout(300);
  assert.deepEqual(orders(hub), ["start", "stop", "start"], "nor do two taps on the space bar");
});

await on("no double click ends a lesson, however fast or long; two deliberate taps do", CONSOLE, { hub: { things: 3 } }, async (page, hub) => {
  await page.waitForSelector("#next-action[data-name=start]");
  await taps(page, "#end", 30, 80, 150, 300, 300, 300);
  assert.deepEqual(orders(hub), []);
  assert.equal(await page.textContent("#end"), "Wirklich beenden?");
  await page.waitForTimeout(EDGE + 100);
  await taps(page, "#end");
  await lastOrder(hub, { do: "end" });
  // Nor does one erase what it ended.
  await page.waitForSelector("#erase");
  await page.locator("#erase").dblclick();
  await page.waitForTimeout(EDGE);
  assert.equal(hub.erased, undefined);
});

await on("a double click erases no lesson in the overview", "/t", { hub: { lessons: [{ ...STORED[0], id: LESSON }] } }, async (page, hub) => {
  await page.waitForSelector("#ended .danger");
  await page.locator("#ended .danger").dblclick();
  await page.waitForTimeout(EDGE);
  assert.equal(hub.erased, undefined);
  // A key that is held down is one press.
  await page.reload();
  await page.focus("#ended .danger");
  for (let press = 0; press < 8; press += 1) {
    await page.keyboard.down("Enter");
    await page.waitForTimeout(150);
  }
  await page.keyboard.up("Enter");
  assert.equal(hub.erased, undefined);
});

for (const width of [1366, 800]) {
  await on(`the buttons keep their places through a lesson (${width} px)`, CONSOLE, { hub: { things: 3 }, width, height: 900 }, async (page, hub) => {
    const places = {};
    const note = async (when) => (places[when] = await page.evaluate(() => ["#next-action", "#end", "#others"].map((name) => {
      // Within their card: the page may have been scrolled.
      const [box, card] = [document.querySelector(name), document.querySelector("#act")].map((element) => element.getBoundingClientRect());
      return [box.x - card.x, box.y - card.y, box.width, box.height].map(Math.round).join(" ");
    })));
    await page.waitForSelector("#next-action[data-name=start]");
    await note("lobby");
    await page.click("#do-rehearse");
    await page.waitForSelector("#next-action[data-name=abort]");
    await note("countdown");
    assert.equal(await page.getAttribute("#do-rehearse", "aria-disabled"), "true");
    await page.waitForSelector("#next-action[data-name=stop-rehearsal]", { timeout: 9000 });
    await note("rehearsal");
    await page.click("#next-action");
    await page.waitForSelector("#next-action[data-name=start]");
    await page.click("#next-action");
    await page.waitForSelector("#next-action[data-name=stop]", { timeout: 9000 });
    await note("measuring");
    await page.click("#next-action");
    await page.waitForSelector("#do-undo");
    await note("stopped");
    for (const [when, where] of Object.entries(places)) assert.deepEqual(where, places.lobby, when);
    assert.deepEqual(orders(hub), ["start", "stop", "start", "stop"]);
  });
}

await on("a long address breaks, and covers nothing", CONSOLE, { hub: { things: 3 }, width: 1366, height: 768 }, async (page, hub) => {
  await page.waitForSelector("#next-action[data-name=start]");
  const { lesson } = hub;
  hub.lesson = () => {
    const told = lesson.call(hub);
    return { ...told, join: { ...told.join, url: `https://hub.${"physik".repeat(9)}.example:8080/j#t=abcdefghijklmnopqrstuv` } };
  };
  hub.tell();
  const before = await page.locator("#invite").boundingBox();
  await page.context().grantPermissions(["clipboard-write"]);
  await page.click("#copy-join");
  await says(page, "#copied", /./);
  const after = await page.locator("#invite").boundingBox();
  assert.equal(after.width, before.width);
  assert.ok(await page.$eval("#copied", (copied) => copied.scrollWidth <= copied.clientWidth));
});

await on("what a phone still has is told on its card and before the end", CONSOLE, { hub: { things: 3, phase: "stopped" } }, async (page, hub) => {
  const { presence } = hub;
  // Cut off 16 s before the stop; its page had said that everything was sent.
  hub.presence = () => presence.call(hub).map((thing) => (thing.number === 2 ? { ...thing, source: "web", state: "joined", permission: "granted", unsent_s: 0, heard_ms: (Number(hub.now()) - hub.takes[0].ends) / 1000 + 16_000 } : thing));
  hub.tell();
  await says(page, "#things > li:nth-child(2) .chip", /weg/);
  await says(page, "#things > li:nth-child(2)", /etwa 1[67] s noch nicht gesendet/);
  await says(page, "#counters", /1still, weg|still, weg1/);
  await says(page, "#owing", /1 Gerät hat noch nicht alles gesendet \(1[67] s\)/);
  hub.presence = () => presence.call(hub).map((thing) => (thing.number === 2 ? { ...thing, source: "web", unsent_s: 4.5 } : thing));
  hub.tell();
  await says(page, "#owing", /\([45] s\)/);
  hub.presence = presence;
  hub.tell();
  await until("nobody owes anything", async () => !(await page.isVisible("#owing")));
});

await on("numbers and cards tell one story", CONSOLE, { hub: { things: 6, phase: "measuring" } }, async (page, hub) => {
  const { presence, counters } = hub;
  hub.presence = () => presence.call(hub).map((thing) => ({ ...thing, state: thing.number === 1 ? "silent" : "sending" }));
  // As it was seen once: the hub counts the silent one among those that wait.
  hub.counters = () => ({ ...counters.call(hub), waiting: 1, silent: 0 });
  hub.tell();
  await says(page, "#things > li:first-child .chip", /still/);
  const number = (word) => page.locator("#counters > div", { hasText: word }).locator("dd").textContent();
  await until("one is silent", async () => (await number("still")) === "1");
  assert.equal(await number("warten"), "0");
});

await on("what was taken back says so and has no dead button; by hand is named, and excluded with run 0", CONSOLE, { hub: { things: 3, phase: "stopped" } }, async (page, hub) => {
  const { outcomes } = hub;
  const change = (more) => {
    hub.outcomes = () => {
      const all = outcomes.call(hub);
      all.outcomes.forEach((one) => Object.assign(one, more));
      return all;
    };
    hub.tell();
  };
  change({ excluded: "Messung zurückgenommen. / Measurement taken back.", undone: true });
  await says(page, "#things > li:first-child", /zählt nicht: Messung zurückgenommen/);
  assert.equal(await page.locator("#things > li:first-child .tool", { hasText: /Zählt/ }).isVisible(), false);
  change({ run: 0, by_hand: true });
  await says(page, "#things > li:first-child", /von Hand/);
  const first = page.locator("#things > li").first();
  await first.getByRole("button", { name: /^Zählt nicht/ }).click();
  await first.getByRole("button", { name: "Handy verrutscht" }).click();
  await lastOrder(hub, { do: "exclude", run: 0, reason: "Handy verrutscht" });
});

await on("the result of a group that handed its phone on stays to be looked at, and can be excluded", CONSOLE, { hub: { things: 3, phase: "stopped" } }, async (page, hub) => {
  await page.waitForSelector("#things > li");
  const { lesson } = hub;
  hub.lesson = () => {
    const told = lesson.call(hub);
    return { ...told, things: told.things.slice(1), past: told.things.slice(0, 1) };
  };
  hub.tell();
  const last = page.locator("#things > li").nth(2);
  await until("it says so", async () => /weitergegeben/.test(await last.innerText()));
  assert.equal(await last.locator(".tool:visible").count(), 1);
  await says(page, "#counters", /2\/35/);
  await last.getByRole("button", { name: /^Zählt nicht/ }).click();
  await last.getByRole("button", { name: "Handy verrutscht" }).click();
  await lastOrder(hub, { do: "exclude", thing: id(1), reason: "Handy verrutscht" });
});

await on("one result alone has its own uncertainty, with a word", CONSOLE, { hub: { things: 1, phase: "stopped" } }, async (page) => {
  await says(page, "#class-result", /g = 9,\d+\s±\s0,\d+/);
  await says(page, "#class-note", /eigene Standardunsicherheit/);
});

await on("in an ended lesson nobody is remarkable for not being there", CONSOLE, { hub: { things: 6, phase: "ended" } }, async (page, hub) => {
  const { presence } = hub;
  hub.presence = () => presence.call(hub).map((thing) => ({ ...thing, state: "away", heard_ms: 400_000 }));
  hub.tell();
  await page.waitForSelector("#things > li");
  await page.waitForTimeout(300);
  assert.equal(await page.isVisible("#only"), false);
  assert.equal(await page.locator("#things .chip:visible").count(), 0, "no card says who is there");
  assert.doesNotMatch(await page.textContent("#things"), /zuletzt/);
  assert.doesNotMatch(await page.textContent("#status"), /Beitreten ist möglich/);
});

await on("one that was brought back is awaited until it is heard of", CONSOLE, { hub: { things: 3 } }, async (page, hub) => {
  const { presence } = hub;
  hub.entries.push({ at: Number(hub.now()) - 5e6, who: "teacher", what: "thing.restore", detail: id(1) });
  hub.presence = () => presence.call(hub).map((thing) => (thing.number === 1 ? { ...thing, heard_ms: 9000 } : thing));
  hub.tell();
  await says(page, "#things > li:first-child", /meldet sich noch nicht/);
  hub.presence = presence;
  hub.tell();
  await until("it is back", async () => !/meldet sich noch nicht/.test(await page.textContent("#things > li:first-child")));
});

await on("the log names everybody as they were called then", CONSOLE, { hub: { things: 2 } }, async (page, hub) => {
  const now = Number(hub.now());
  const name = hub.things()[0].nickname;
  for (const [at, what, detail] of [[-9e6, "thing.join", id(1)], [-6e6, "thing.rename", `${id(1)} Grau Igel A → Rot Igel B`], [-5e6, "thing.pause", id(1)], [-3e6, "thing.rename", `${id(1)} Rot Igel B → ${name}`], [-1e6, "thing.resume", id(1)]]) hub.entries.push({ at: now + at, who: "teacher", what, detail });
  await page.reload();
  await page.click("#log-part > summary");
  for (const line of ["Beigetreten: Grau Igel A", "Neuer Name: Grau Igel A → Rot Igel B", "Gerät pausiert: Rot Igel B", `Gerät misst weiter: ${name}`]) await until(line, async () => (await page.textContent("#log")).includes(line));
});

await on("a tap that no hub answers is told beside the button", CONSOLE, { hub: { things: 3, phase: "measuring" }, allow: [/WebSocket|REFUSED|EMPTY|RESET/] }, async (page, hub) => {
  await page.waitForSelector('#state[data-state="live"]');
  const { port } = hub;
  await hub.close();
  await says(page, "#next-hint", /letzte bekannte Stand/);
  await page.click("#next-action");
  await says(page, "#next-hint", /wahrscheinlich nicht angekommen/);
  assert.equal(await page.getAttribute("#next-action", "data-name"), "stop");
  await hub.listen(port);
  await page.waitForSelector('#state[data-state="live"]', { timeout: 15_000 });
  await page.click("#next-action");
  await says(page, "#phase", /Gestoppt/);
  assert.doesNotMatch(await page.textContent("#next-hint"), /angekommen/);
});

await on("a hub that stays away takes the page nowhere", CONSOLE, { hub: { things: 14 }, width: 390, height: 844, allow: [/WebSocket|REFUSED|EMPTY|RESET/] }, async (page, hub) => {
  await page.waitForSelector('#state[data-state="live"]');
  await hub.close();
  await page.waitForSelector("#trouble:not([hidden])");
  await page.evaluate(() => scrollTo({ top: 1500, behavior: "instant" }));
  await page.waitForTimeout(5000);
  assert.equal(await page.evaluate(() => Math.round(scrollY)), 1500);
});

await on("a network that swallows everything is noticed within seconds", "/help", { hub: { things: 3 }, allow: [/WebSocket|REFUSED|EMPTY|RESET|TIMED/] }, async (page, hub) => {
  const wires = new Set();
  let hole = false;
  const server = createServer((near) => {
    const far = connect(hub.port, "127.0.0.1");
    for (const [from, to] of [[near, far], [far, near]]) {
      wires.add(from);
      from.on("error", () => {});
      // What was open when the network went stays dead, and nobody is told.
      from.on("data", (data) => ((near.dead ||= hole) ? undefined : to.write(data)));
      from.on("close", () => near.dead || to.destroy());
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  await page.goto(`http://127.0.0.1:${server.address().port}${CONSOLE}`);
  const board = await page.context().newPage();
  await board.goto(`http://127.0.0.1:${server.address().port}/b/${LESSON}`);
  await page.waitForSelector('#state[data-state="live"]');
  await board.waitForSelector('#state[data-state="lobby"]');
  hole = true;
  const state = (of) => of.getAttribute("#state", "data-state");
  await until("the console says so", async () => (await state(page)) === "offline", 14_000);
  await until("the board says so", async () => (await state(board)) === "offline", 30_000);
  hole = false;
  await until("the console is back", async () => (await state(page)) === "live", 20_000);
  for (const wire of wires) wire.destroy();
  server.close();
});

await on("what failed once in the overview is asked for again", "/help", { hub: {}, allow: [/ERR_FAILED/] }, async (page, hub) => {
  let asked = 0;
  await page.route("**/api/v1/me", (route) => (asked++ === 0 ? route.abort() : route.continue()));
  await page.goto(`http://127.0.0.1:${hub.port}/t`);
  await says(page, "#problem", /antwortet nicht/);
  await page.waitForSelector("#templates > li", { timeout: 10_000 });
  await says(page, "#problem", /^$/);
});

await on("without encryption: templates that only a browser measures are marked, the way out is a link, and the notice goes for this visit", "/t", { hub: { secure: false } }, async (page) => {
  await page.route("**/api/v1/templates", async (route) => {
    const all = await (await route.fetch()).json();
    await route.fulfill({ json: [...all, { ...all[2], id: "noise", sensors: [{ stream: "sound", unit: "dB", min_hz: 4, sources: ["web"] }] }] });
  });
  await page.reload();
  const noise = page.locator("#templates > li").nth(3);
  await noise.waitFor();
  assert.match(await noise.innerText(), /Hier nicht mit Handys/);
  assert.equal(await page.locator("#templates .notice:visible").count(), 1);
  assert.equal(await page.getAttribute("#insecure a", "href"), "/help#https");
  await page.click("#insecure-read");
  assert.equal(await page.isVisible("#insecure"), false);
  await page.reload();
  await page.waitForSelector("#templates > li");
  assert.equal(await page.isVisible("#insecure"), false);
  await page.goto(new URL("/help#https", page.url()).href);
  assert.ok(await page.isVisible("#https"));
});

await on("a lesson that no phone can measure says so on its console", CONSOLE, { hub: { things: 2, secure: false, lesson: { join: { code: "123456", url: "http://192.168.1.5:8080/j#t=abc", qr: `/api/v1/lessons/${LESSON}/qr/join.svg`, wifi: null, phyphox: null } } } }, async (page) => {
  await says(page, "#insecure", /können Handys nicht messen/);
  assert.equal(await page.isVisible("#insecure-read"), false);
});

await on("signing in before the set-up says what to do and nothing more", "/login", { hub: { signedIn: false }, allow: [/40[13]/] }, async (page) => {
  await page.route("**/api/v1/me", (route) => route.fulfill({ status: 401, json: { title: "x", status: 401, setup_needed: true } }));
  await page.reload();
  await page.waitForSelector("#setup-needed:not([hidden])");
  assert.doesNotMatch(await page.innerText("#setup-needed"), /am Ende der Adresse/);
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
