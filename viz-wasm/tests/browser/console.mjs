// A teacher's whole lesson in a real browser against the real hub: from the printed address to the erased lesson. The phones are
// plain HTTP senders with a pendulum of known length. `node console.mjs` with MESSWERK_HUB naming the hub.

import assert from "node:assert/strict";
import { launch } from "./browser.mjs";
import { check, finish, until } from "./checks.mjs";
import { PASSWORD, RealHub } from "./realhub.mjs";

const GRAVITY = 9.81;
const browser = await launch();
const hub = await RealHub.start();
const [, secret] = await hub.said(/\/setup#([\w-]+)/);
const page = await browser.page("about:blank", { width: 1280, height: 900 });
// A debug build hashes a password for seconds when the machine has other work.
page.setDefaultTimeout(20_000);
const at = (path) => page.goto(hub.address + path);
const says = (selector, pattern, time) => until(`${selector} says ${pattern}`, async () => pattern.test((await page.textContent(selector).catch(() => "")) ?? ""), time);
const card = (phone) => page.locator("#things > li", { hasText: phone.nickname });

/** A phone that posts a pendulum's rotation rate, half a second at a time, until it is stopped. */
class Phone {
  static async join(code, length) {
    const phone = Object.assign(new Phone(), { length, time: 0 });
    const answer = await hub.ask("POST", "/api/v1/join", { code, lang: "de" });
    assert.equal(answer.status, 201, await answer.clone().text());
    Object.assign(phone, await answer.json());
    await phone.post("PATCH", `/api/v1/things/${phone.thing}`, { length_m: length });
    return phone;
  }

  async post(method, path, body) {
    const headers = { "content-type": "application/json", authorization: `Bearer ${this.token}` };
    const answer = await fetch(hub.address + path, { method, headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  }

  /** Half a second of readings at 50 Hz. */
  send() {
    const omega = Math.sqrt(GRAVITY / this.length);
    const times = Array.from({ length: 25 }, (_, place) => this.time + place / 50);
    this.time += 0.5;
    const wobble = (time) => 0.5 * Math.sin(omega * time) + 0.002 * Math.sin(97 * time + this.length);
    return this.post("POST", `/i/${this.token}`, { gyr_time: times, gyrX: times.map(() => 0), gyrY: times.map(() => 0), gyrZ: times.map(wobble) });
  }
}

const phones = [];
let sending;
/** Lets all phones send in step with the clock. */
function measure() {
  sending = setInterval(() => phones.forEach((phone) => phone.send().catch(() => {})), 500);
}

let lesson;
let code;

await check("the printed address leads to the first password; an old one says so", async () => {
  await at("/setup#AAAAAAAAAAAAAAAAAAAAAA");
  await page.fill("#password", PASSWORD);
  await page.fill("#again", PASSWORD);
  await page.click("#save");
  await says("#problem", /gilt nicht mehr/, 20_000);
  await page.goto("about:blank");
  await at(`/setup#${secret}`);
  await page.fill("#password", "kurz");
  await page.click("#save");
  await says("#problem", /mindestens 10 Zeichen/);
  await page.fill("#password", PASSWORD);
  await page.fill("#again", PASSWORD);
  await Promise.all([page.waitForURL(/\/t$/, { timeout: 40_000 }), page.click("#save")]);
  const cookies = await page.context().cookies();
  assert.equal(cookies.length, 1);
  assert.ok(cookies[0].httpOnly && cookies[0].sameSite === "Strict");
  hub.cookie = `${cookies[0].name}=${cookies[0].value}`;
});

await check("the library shows every template and begins a lesson with one tap", async () => {
  await page.waitForSelector("#templates > li");
  const templates = await hub.get("GET", "/api/v1/templates");
  assert.equal(await page.locator("#templates > li").count(), templates.length);
  await page.fill("#seats", "4");
  const button = page.locator("#templates > li", { hasText: "Fadenpendel" }).getByRole("button", { name: /beginnen/ });
  await Promise.all([page.waitForURL(/\/t\/[0-9a-z]+$/), button.click()]);
  lesson = page.url().split("/").pop();
});

await check("the console invites: code, QR, two words, the board's address", async () => {
  await page.waitForSelector('#state[data-state="live"]');
  code = (await page.textContent("#code")).replace(/\D/g, "");
  assert.match(code, /^\d{6}$/);
  await until("the QR is there", () => page.$eval("#qrs img", (image) => image.complete && image.naturalWidth > 0));
  assert.match(await page.textContent("#words"), /Prüfwörter: \S+ · \S+/);
  assert.equal(await page.getAttribute("#next-action", "href"), `/b/${lesson}`);
  const [board] = await Promise.all([page.context().waitForEvent("page"), page.click("#next-action")]);
  await board.waitForURL(new RegExp(`/b/${lesson}`));
  await board.close();
});

await check("a locked lobby lets nobody in, an open one does, and who joins is there within a second", async () => {
  await page.click("#do-lock-lobby");
  await page.waitForSelector("#do-open-lobby");
  const refused = await hub.ask("POST", "/api/v1/join", { code, lang: "de" });
  assert.equal(refused.status, 409);
  assert.equal((await refused.json()).code, "lobby_locked");
  await page.click("#next-action[data-name=open-lobby]");
  await page.waitForSelector("#code");
  for (const length of [0.35, 0.5, 0.65]) phones.push(await Phone.join(code, length));
  await until("three cards", async () => (await page.locator("#things > li").count()) === 3, 8000);
  for (const phone of phones) assert.equal(await card(phone).count(), 1, phone.nickname);
});

await check("what arrives before the start is not kept, and told as no error", async () => {
  assert.equal((await phones[0].send()).body.idle, 25);
  await says("#why", /25[\s\S]*kein Fehler/);
});

await check("a rehearsal leaves nothing", async () => {
  await page.click("#do-rehearse");
  await page.waitForSelector("#next-action[data-name=stop-rehearsal]");
  await says("#phase", /Probe läuft/);
  assert.equal((await phones[0].send()).body.stored, 25);
  await page.click("#next-action");
  await page.waitForSelector("#next-action[data-name=start]");
  await until("nothing is stored", async () => (await hub.get("GET", `/api/v1/lessons/${lesson}/observations`)).length === 0);
});

await check("start counts down, measures, and results come in", async () => {
  await says("#next-action", /starten/);
  const begin = Date.now();
  await page.click("#next-action");
  await page.waitForSelector("#next-action[data-name=abort]");
  await says("#next-hint", /Los in [123]/);
  await page.waitForSelector("#next-action[data-name=stop]");
  const took = Date.now() - begin;
  assert.ok(took > 2500 && took < 5000, `${took} ms until it measured`);
  measure();
  await says("#counters", /3senden|senden3/, 4000).catch(async () => assert.match(await page.innerText("#counters"), /3\s*senden/));
  await says("#class-result", /g = 9,[78]/, 30_000);
  await until("each has its result", async () => (await page.locator("#things .result:not([data-pending])").count()) === 3, 20_000);
  await page.waitForSelector("#strip canvas");
});

await check("one tap each: pause, freeze, hide, rename, remove and back", async () => {
  const [first, second, third] = phones;
  await card(first).getByRole("button", { name: /^Pause/ }).click();
  await until("paused", async () => /pausiert/.test(await card(first).innerText()));
  assert.equal((await first.send()).body.stored, 0, "a paused phone's readings are not kept");
  await card(first).getByRole("button", { name: /^Weiter/ }).click();
  await page.click("#do-freeze");
  await page.click("#do-unfreeze");
  await card(second).getByRole("button", { name: /^Verbergen/ }).click();
  await card(second).getByRole("button", { name: /^Zeigen/ }).click();
  const before = third.nickname;
  await card(third).getByRole("button", { name: /^Neuer Name/ }).click();
  await until("another name", async () => (await page.locator("#things h3", { hasText: before }).count()) === 0);
  third.nickname = await page.locator("#things h3").nth(2).textContent();
  await card(third).getByRole("button", { name: /^Entfernen/ }).click();
  await until("two are left", async () => (await page.locator("#things > li").count()) === 2);
  assert.equal((await third.send()).status, 401, "a removed phone is not known");
  await page.getByRole("button", { name: "Rückgängig" }).click();
  await until("three again", async () => (await page.locator("#things > li").count()) === 3);
  assert.equal((await third.send()).status, 200);
});

await check("stop, undo, redo", async () => {
  clearInterval(sending);
  await page.click("#next-action[data-name=stop]");
  await says("#phase", /Gestoppt/);
  await says("#elapsed", /Messung \d: \d+:\d\d/);
  await page.click("#do-undo");
  await page.waitForSelector("#do-redo");
  await until("no result counts", async () => /–/.test(await page.textContent("#class-result")));
  await page.click("#do-redo");
  await page.waitForSelector("#do-undo");
  await says("#class-result", /g = 9,[78]/);
});

await check("a result is taken out with a reason that everybody sees, and counted again", async () => {
  const counted = async () => (await hub.get("GET", `/api/v1/lessons/${lesson}/outcomes`)).class.g.n;
  assert.equal(await counted(), 3);
  await card(phones[0]).getByRole("button", { name: /^Zählt nicht/ }).click();
  await card(phones[0]).getByRole("button", { name: "Handy verrutscht" }).click();
  await until("the reason stands there", async () => /zählt nicht: Handy verrutscht/.test(await card(phones[0]).innerText()));
  assert.equal(await counted(), 2);
  await card(phones[0]).getByRole("button", { name: /^Zählt doch/ }).click();
  await until("three count", async () => (await counted()) === 3);
});

await check("a phyphox file can be handed in, and only once", async () => {
  const rows = Array.from({ length: 600 }, (_, place) => `${place / 50},0,0,${0.5 * Math.sin((place / 50) * Math.sqrt(GRAVITY / 0.5))}`);
  const csv = `"Time (s)","Gyroscope x (rad/s)","Gyroscope y (rad/s)","Gyroscope z (rad/s)"\n${rows.join("\n")}\n`;
  await page.click("#upload-part > summary");
  await page.selectOption("#upload-thing", phones[1].thing);
  const file = { name: "Raw Data.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
  await page.setInputFiles("#upload-file", { ...file, buffer: Buffer.from("nothing that phyphox writes") });
  await page.click("#upload-send");
  await until("a sentence", async () => (await page.textContent("#uploaded")).length > 10);
  assert.match(await page.getAttribute("#uploaded", "class"), /error/);
  await page.setInputFiles("#upload-file", file);
  await page.click("#upload-send");
  await says("#uploaded", /^600 Messwerte gespeichert/);
  await page.setInputFiles("#upload-file", file);
  await page.click("#upload-send");
  await says("#uploaded", /ist schon da/);
});

await check("keys lock the lobby, and start only while nothing has the focus", async () => {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("l");
  await page.waitForSelector("#locked:not([hidden])");
  await page.keyboard.press("l");
  await page.waitForSelector("#invite-open:not([hidden])");
});

await check("the log tells what was done", async () => {
  await page.click("#log-part > summary");
  await says("#log", /Ergebnis ausgeschlossen/);
  const log = await page.innerText("#log");
  for (const entry of ["Stunde begonnen", "Beigetreten", "Messung gestartet", "Messung gestoppt", "Gerät entfernt", "Beitreten gesperrt", "Probe gestartet"]) assert.ok(log.includes(entry), `${entry} is not in ${log}`);
  assert.ok(log.includes(phones[0].nickname), "Things are named");
});

await check("a hub that starts anew is named and found again, with everything", async () => {
  await hub.stop();
  await page.waitForSelector('#state[data-state="stopped"], #state[data-state="offline"]');
  await says("#trouble", /Keine Verbindung zum Hub/);
  await hub.run();
  await page.waitForSelector('#state[data-state="live"]', { timeout: 20_000 });
  assert.equal(await page.locator("#things > li").count(), 3);
  await says("#class-result", /g = 9,[78]/, 15_000);
});

await check("a session that is over leads to the sign-in page and back", async () => {
  await hub.get("POST", "/api/v1/logout", { everywhere: true });
  await page.click("#do-freeze");
  await page.waitForURL(/\/login\?next=/);
  await page.fill("#password", "nicht das richtige");
  await page.press("#password", "Enter");
  await says("#problem", /stimmt nicht/, 20_000);
  await page.fill("#password", PASSWORD);
  await Promise.all([page.waitForURL(new RegExp(`/t/${lesson}$`)), page.press("#password", "Enter")]);
  await page.waitForSelector('#state[data-state="live"]');
  const [cookie] = await page.context().cookies();
  hub.cookie = `${cookie.name}=${cookie.value}`;
});

await check("the lesson ends at the second tap, and nobody gets in any more", async () => {
  await page.click("#end");
  await says("#end", /Wirklich beenden/);
  await page.click("#end");
  await says("#phase", /Beendet/);
  assert.notEqual((await hub.ask("POST", "/api/v1/join", { code, lang: "de" })).status, 200);
  await page.waitForSelector("#over:not([hidden])");
});

await check("the library says when it will be erased, keeps it, and lets it be taken away", async () => {
  await at("/t");
  const item = page.locator("#ended > li", { hasText: "Fadenpendel" });
  await item.waitFor();
  await item.getByLabel("Aufbewahren").selectOption("30");
  await until("it is kept", async () => /Behalten\. Wird in 30 Tagen gelöscht/.test(await item.innerText()));
  await item.locator("summary").click();
  const sizes = {};
  for (const link of await item.locator(".exports a").all()) {
    const answer = await page.context().request.get(hub.address + (await link.getAttribute("href")), { headers: { "sec-fetch-site": "same-origin" } });
    assert.equal(answer.status(), 200, await link.textContent());
    sizes[await link.textContent()] = (await answer.body()).length;
  }
  assert.equal(Object.keys(sizes).length, 9);
  assert.ok(Object.values(sizes).every((size) => size > 100), JSON.stringify(sizes));
  const [download] = await Promise.all([page.waitForEvent("download"), item.locator(".exports a[download]").first().click()]);
  assert.match(download.suggestedFilename(), /^Fadenpendel-\d{4}-\d\d-\d\d-alles\.xlsx$/);
});

await check("erased at the second tap, and gone", async () => {
  const erase = page.locator("#ended .danger");
  await erase.click();
  await erase.click();
  await until("the list is empty", async () => (await page.locator("#ended > li").count()) === 0);
  assert.equal((await hub.ask("GET", `/api/v1/lessons/${lesson}`)).status, 404);
  await at(`/t/${lesson}`);
  await page.waitForSelector("#gone:not([hidden])");
});

await check("signing out leads to the sign-in page", async () => {
  await at("/t");
  await Promise.all([page.waitForURL(/\/login$/), page.click("#leave")]);
  assert.equal((await page.context().cookies()).length, 0);
});

await check("nothing went wrong on any page, and nobody else was called", () => {
  // Refusals that this lesson brought about itself.
  const expected = /status of (400|401|403|404)|WebSocket|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE/;
  assert.deepEqual(page.problems.filter((problem) => !expected.test(problem)), []);
});

clearInterval(sending);
await hub.close();
finish();
