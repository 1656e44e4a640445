// The pupil's page in a real browser, with virtual sensors, against a hub that the test drives: each way in, each state of
// a lesson, and everything that goes wrong in a classroom. `node --test-force-exit phone.mjs`

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { until } from "./checks.mjs";
import { PhoneHub, TOKEN } from "./phonehub.mjs";
import { sensors } from "./sensors.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => Promise.race([browser.close(), new Promise((done) => setTimeout(done, 5000))]));

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const QR = "/j#t=LESSONTOKENLESSONTOKEN";

/** Runs a check on a pupil's page of a hub; in the end nothing may have gone wrong in it. */
async function on(options, check) {
  const { path = QR, hub: hubOptions, allow = [], script, inside = true, ...pageOptions } = options;
  const hub = new PhoneHub(hubOptions);
  const address = await hub.listen();
  const page = await browser.page("about:blank", { width: 390, height: 844, locale: "de-DE", ...pageOptions });
  page.problems.length = 0;
  if (script) await page.addInitScript(script);
  const phone = await sensors(page);
  await phone.set();
  try {
    await page.goto(address + path);
    if (inside) await screen(page, "lobby");
    await check(page, hub, phone, address);
  } finally {
    phone.still();
    await page.context().close();
    await hub.close();
  }
  assert.deepEqual(page.problems.filter((problem) => !allow.some((pattern) => pattern.test(problem))), []);
}

const screen = (page, name) => page.waitForFunction((wanted) => document.body.dataset.screen === wanted, name, { timeout: 15_000 });
const said = (page, id, pattern) => page.waitForFunction(([place, source]) => new RegExp(source).test(document.getElementById(place).textContent), [id, pattern.source], { timeout: 15_000 });
const ready = async (page) => {
  await page.click("#do-allow");
  await page.click("#do-check");
  await page.waitForSelector("#do-preview");
};
/** What the browser keeps of us. */
const kept = (page) =>
  page.evaluate(async () => {
    const open = await new Promise((done) => (indexedDB.open("messwerk", 1).onsuccess = (event) => done(event.target.result)));
    const count = (table) => new Promise((done) => (open.transaction(table).objectStore(table).getAll().onsuccess = (event) => done(event.target.result)));
    const found = { who: await count("who"), batches: (await count("batches")).length, cookies: document.cookie, local: { ...localStorage } };
    open.close();
    return found;
  });

test("one scan and in: nickname, badge, words; the token is in no address and nothing but the store has it", () =>
  on({}, async (page, hub) => {
    const [{ key, ...asked }] = hub.joins;
    assert.deepEqual(asked, { token: "LESSONTOKENLESSONTOKEN", lang: "de" });
    assert.match(key, /^[0-9a-f]{16}$/);
    assert.equal(new URL(page.url()).hash, "");
    assert.equal(await page.textContent("#nickname"), "Lila Pinguin A");
    assert.equal(await page.textContent("#mark"), "7");
    assert.equal(await page.textContent("#words"), "Otter · Mond");
    const { who, cookies, local } = await kept(page);
    assert.equal(who[0].joined.token, TOKEN);
    assert.deepEqual([cookies, local], ["", {}]);
    await page.reload();
    await screen(page, "lobby");
    assert.equal(hub.joins.length, 1, "a reload is no new phone");
  }));

test("a code by hand: forgiving, and each refusal in the pupil's words", () =>
  on({ path: "/j", inside: false, allow: [/404|409|429/] }, async (page, hub) => {
    await page.waitForSelector("#enter:not([hidden])");
    const type = async (code) => {
      await page.fill("#code", code);
      await page.press("#code", "Enter");
    };
    await type("");
    await said(page, "problem", /Gib zuerst den Code/);
    await type("12 34");
    await said(page, "problem", /^Der Code hat/);
    await type("111 111");
    await said(page, "problem", /läuft keine Stunde/);
    await type("someteacherstoken1234w");
    await said(page, "problem", /Token einer Lehrkraft/);
    for (const [code, pattern] of [["lobby_locked", /nimmt gerade niemanden auf/], ["lesson_full", /ist voll/], ["lesson_ended", /schon beendet/]]) {
      hub.refuse = () => ({ status: 409, code });
      await type("482-913");
      await said(page, "problem", pattern);
    }
    let refused = 0;
    hub.refuse = () => ((refused += 1) < 3 ? { status: 429, code: refused === 1 ? "too_many" : "too_many_joins", wait: 1 } : undefined);
    await type("482-913");
    await said(page, "problem", /zu viele falsche Codes/);
    await said(page, "problem", /sehr viele Handys/);
    await screen(page, "lobby");
  }));

test("a whole Take: prepare, count down, measure, send while it runs, stop, result", () =>
  on({}, async (page, hub, phone) => {
    await page.fill("#input-length_m", "900");
    await page.click("#input-length_m-save");
    await said(page, "input-length_m-note", /0,05 bis 2,5/);
    await page.fill("#input-length_m", "60");
    await page.click("#input-length_m-save");
    await said(page, "input-length_m-note", /60 cm = 0,6 m/);
    assert.equal(await page.isVisible("#by-hand"), false, "whoever has sensors is not asked for a stopwatch's period");
    await page.fill("#input-length_m", "0,421");
    await page.press("#input-length_m", "Enter");
    await said(page, "input-length_m-note", /Gespeichert/);
    assert.deepEqual(hub.patched, [{ length_m: 0.421 }]);
    await ready(page);
    assert.equal(await page.isVisible("#sending"), false, "nothing runs before it must");
    phone.swing();
    hub.begin(2);
    await screen(page, "countdown");
    assert.match(await page.textContent("#count"), /^[12]$/);
    await said(page, "sending-text", /Gesendet wird ab dem Start/);
    await screen(page, "measuring");
    assert.match(await page.textContent("#task"), /^Hänge das Handy/, "what is to be done stays in view");
    await said(page, "sending-text", /^Wird gesendet: Gyroskop/);
    await page.waitForSelector("figure[data-figure=sweep] canvas");
    await pause(4000);
    hub.stop();
    await screen(page, "stopped");
    await page.waitForFunction(() => document.getElementById("unsent").hidden);
    assert.equal(await page.isVisible("#sending"), false);
    const count = hub.batches.size;
    await pause(700);
    assert.equal(hub.batches.size, count, "silent after the stop");
    const { begins, ends } = hub.take;
    for (const property of [3, 1]) {
      const readings = hub.readings(property);
      assert.ok(readings.length > 150, `${readings.length} readings of ${property}`);
      assert.ok(readings.every(({ time }) => time >= begins && time < ends + 1_000_000), "within the Take");
      assert.ok(readings.every(({ steps }) => steps), "as steps of the rounded sensor");
      assert.equal(new Set(readings.map(({ time }) => time)).size, readings.length, "no time twice");
    }
    assert.ok(hub.readings(3).some(({ values }) => Math.abs(values[2]) > 0.4), "the swing is in it");
    const channels = hub.heard.filter(({ type }) => type === "channel").map(({ stream, resolution, max_hz, sign_fixed }) => [stream, Number(resolution.toFixed(4)), max_hz, sign_fixed]);
    assert.ok(channels.some((channel) => String(channel) === "acc,0.1,60,false") && channels.some((channel) => String(channel) === "gyr,0.0017,60,false"), JSON.stringify(channels));
    const status = hub.heard.filter(({ type, measuring }) => type === "status" && measuring).at(-1);
    assert.ok(Number.isFinite(status.offset) && status.permission === "granted" && status.sensors.includes("gyr"), JSON.stringify(status));
    hub.computed();
    await said(page, "own", /g = 9,79.±.0,03.m\/s²/);
    await said(page, "class", /n.=.24/);
    hub.computed([{ run: 1, name: "g", value: 9.787, uncertainty: 0.031, unit: "m/s2", undone: true, excluded: { de: "x", en: "x" } }]);
    await said(page, "own", /zählt nicht: deine Lehrkraft hat diese Messung zurückgenommen/);
  }));

test("a second tap on the way in, and an answer that was lost, make no second phone", () =>
  on({ path: "/j", inside: false, allow: [/ERR_/] }, async (page, hub) => {
    await page.waitForSelector("#enter:not([hidden])");
    hub.slow = 300;
    let lost = 0;
    await page.route("**/api/v1/join", async (route) => {
      if ((lost += 1) > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await page.fill("#code", hub.code);
    await page.click("#form button", { clickCount: 2, delay: 30 });
    await said(page, "problem", /Der Hub antwortet nicht/);
    assert.equal(hub.joins.length, 1);
    await page.click("#form button");
    await screen(page, "lobby");
    assert.equal(hub.joins.length, 2);
    assert.equal(hub.joins[0].key, hub.joins[1].key);
  }));

test("the code scanned again: the same phone, with everything it has, also while nobody else may join", () =>
  on({ allow: [/409|WebSocket/] }, async (page, hub, phone, address) => {
    await ready(page);
    phone.swing();
    hub.swallow = true;
    hub.begin(0);
    await screen(page, "measuring");
    await pause(1500);
    const before = (await kept(page)).batches;
    assert.ok(before > 3);
    await page.goto("about:blank");
    await page.goto(address + QR);
    await screen(page, "measuring");
    assert.equal((await kept(page)).who[0].joined.thing, "0000000000007");
    assert.equal(hub.joins.length, 2);
    hub.swallow = false;
    await page.waitForFunction(() => Number(document.documentElement.dataset.unsent) < 4, null, { timeout: 15_000 });
    hub.stop();
    await page.waitForFunction(() => document.body.dataset.screen === "stopped" && document.getElementById("unsent").hidden);
    const times = hub.readings(3).map(({ time }) => time);
    assert.equal(new Set(times).size, times.length);
    assert.ok(times.at(-1) - times[0] > 1_400_000);
    // A refusal changes nothing.
    hub.refuse = () => ({ status: 409, code: "lobby_locked" });
    await page.goto("about:blank");
    await page.goto(address + QR);
    await said(page, "trouble", /nimmt gerade niemanden auf/);
    await screen(page, "stopped");
    assert.equal((await kept(page)).who.length, 1);
  }));

test("another lesson's code: the rest of the old one is sent, then the phone is somebody else; so is a link on the open page", () =>
  on({ allow: [/404/] }, async (page, hub, phone, address) => {
    await ready(page);
    phone.swing();
    hub.swallow = true;
    hub.begin(0);
    await screen(page, "measuring");
    await pause(1500);
    hub.stop();
    await screen(page, "stopped");
    const before = (await kept(page)).batches;
    assert.ok(before > 3);
    const sent = hub.batches.size;
    hub.swallow = false;
    hub.elsewhere = true;
    await page.evaluate((hash) => (location.hash = hash), QR.slice(QR.indexOf("#")));
    await page.waitForFunction(() => document.getElementById("mark")?.textContent === "8", null, { timeout: 20_000 });
    assert.ok(hub.batches.size >= sent + before, `${hub.batches.size - sent} of ${before} batches`);
    const { who, batches } = await kept(page);
    assert.deepEqual([who[0].joined.thing, batches], ["0000000000008", 0]);
    assert.equal(await page.isVisible("#trouble"), false, "nothing was lost");
  }));

test("a phone that comes late: its sensors, the direction that is not checked, and the check while the others measure", () =>
  on({ hub: { streams: ["acc"], inputs: false, main: ["acceleration", "z", "m/s2", null] }, inside: false }, async (page, hub, phone) => {
    hub.begin(0);
    await screen(page, "measuring");
    const keep = setInterval(() => phone.set({ acc: [0, 0, -9.81] }), 30);
    await page.click("#do-allow");
    await said(page, "hint", /Richtung der Beschleunigung ist nicht geprüft/);
    await pause(1000);
    await page.click("#do-check");
    await page.waitForSelector("#do-check", { state: "detached" });
    await pause(1500);
    clearInterval(keep);
    hub.stop();
    await screen(page, "stopped");
    await pause(1000);
    const values = hub.readings(1).map(({ values: [, , z] }) => z.toFixed(0));
    assert.deepEqual([values[0], values.at(-1)], ["-10", "10"]);
    const boots = new Set([...hub.batches.keys()].map((key) => key.split("/")[0]));
    assert.ok(boots.size > 1, "what was turned is a run of its own");
  }));

test("who comes between two Takes has missed nothing: the list of what to prepare", () =>
  on({ inside: false }, async (page, hub) => {
    hub.begin(0);
    hub.stop();
    hub.change({ take: { ...hub.take, undone: true } });
    await screen(page, "stopped");
    await said(page, "headline", /Gleich geht es los/);
    assert.equal(await page.isVisible("#steps li"), true);
    assert.equal(await page.isVisible("#do-allow"), true);
  }));

test("a lesson that measures places waits for the teacher's word, then goes on by itself", () =>
  on({ hub: { streams: ["disp"], inputs: false, main: ["displacement", "abs", "m", null] } }, async (page, hub) => {
    await page.context().grantPermissions(["geolocation"]);
    await page.context().setGeolocation({ latitude: 48, longitude: 11 });
    await said(page, "headline", /Warte auf deine Lehrkraft/);
    hub.change({ location: "relative" });
    await page.waitForSelector("#do-allow:has-text('Standort erlauben')");
    await page.click("#do-allow");
    await said(page, "headline", /Du bist bereit/);
  }));

const HEIGHTS = { name: "h", unit: "m", label: { de: "Fallhöhe", en: "Height" }, min: 0.1, max: 3, repeat: 4 };
const TIMES = { name: "t", unit: "s", label: { de: "Fallzeit", en: "Time" }, min: 0.1, max: 2, repeat: 4, by_hand: true };

test("several settings: a table that grows, is saved field by field, and takes a time by hand over", () =>
  on({ hub: { streams: ["mag"], inputs: false, lists: [HEIGHTS, TIMES], main: ["magnetic_flux_density", "abs", "uT", null] } }, async (page, hub) => {
    const cell = (name) => `#table-rows [data-cell="${name}"]`;
    await page.waitForSelector(cell("h.1"));
    assert.equal((await page.$$("#table-rows tr")).length, 3);
    await page.fill(cell("h.1"), "0,5");
    await page.press(cell("h.1"), "Enter");
    await said(page, "table-note", /Gespeichert/);
    await page.fill(cell("h.2"), "80");
    await page.press(cell("h.2"), "Tab");
    await said(page, "table-note", /Nr. 2: .*80 cm = 0,8 m/);
    await page.fill(cell("h.2"), "0,8");
    await page.press(cell("h.2"), "Tab");
    await page.click("#table-more");
    assert.equal((await page.$$("#table-rows tr")).length, 4);
    assert.equal(await page.isVisible("#table-more"), false, "the template has no fifth");
    await page.fill(cell("h.2"), "");
    await page.press(cell("h.2"), "Tab");
    await until("the cleared field", () => hub.patched.length === 3);
    assert.deepEqual(hub.patched, [{ "h.1": 0.5 }, { "h.2": 0.8 }, { "h.2": null }]);
    // By hand: the stopwatch's mean goes into the first empty row.
    await page.click("#watch-start");
    await pause(400);
    await page.click("#watch-lap");
    await page.click("#watch-take");
    await said(page, "table-note", /In Zeile 1 eingetragen/);
    const taken = hub.patched.at(-1)["t.1"];
    assert.ok(taken > 0.3 && taken < 2, `${taken}`);
    await page.reload();
    await page.waitForSelector(cell("h.1"));
    assert.equal(await page.inputValue(cell("h.1")), "0,5", "the hub knows it");
  }));

const EXPECTED = [
  { name: "p", kind: "number", unit: "m/s2", min: 0, max: 20, question: { de: "Wie groß wird g?", en: "How large is g?" } },
  { name: "c", kind: "choice", options: [{ de: "länger", en: "longer" }, { de: "gleich", en: "equal" }], question: { de: "Und mit mehr Masse?", en: "And with more mass?" } },
  { name: "s", kind: "sketch", of: "angular_velocity.z", question: { de: "Wie sieht die Kurve aus?", en: "What is the curve like?" } },
];

test("what is expected is said before the first measurement, then locked and shown", () =>
  on({ hub: { inputs: false, predictions: EXPECTED } }, async (page, hub) => {
    await page.waitForSelector("#predict:not([hidden])");
    assert.match(await page.textContent("#steps"), /was du erwartest/);
    await page.fill("#predict-p input", "99");
    await page.click("#predict-p button");
    await said(page, "predict-p-note", /0 bis 20/);
    await page.fill("#predict-p input", "9,5");
    await page.press("#predict-p input", "Enter");
    await said(page, "predict-p-note", /Gespeichert/);
    await page.click("#predict-c label >> nth=1");
    await said(page, "predict-c-note", /Gespeichert/);
    await page.locator("#predict-s input >> nth=4").fill("0.5");
    await page.click("#predict-s button");
    await said(page, "predict-s-note", /Gespeichert/);
    assert.deepEqual(hub.patched.slice(0, 2), [{ "predict.p": 9.5 }, { "predict.c": 2 }]);
    assert.equal(hub.patched[2]["predict.s.5"], 0.5);
    hub.locked = true;
    hub.begin(0);
    await screen(page, "measuring");
    await said(page, "predictions", /9,5 m\/s².*gleich/s);
    assert.equal(await page.$("#predictions input"), null, "nothing can be changed any more");
    assert.match(await page.getAttribute("#predictions svg", "aria-label"), /Vorhergesagte Kurve: 0 ·/);
  }));

test("a chart with the phone's own number, and its name as of now", () =>
  on({}, async (page, hub) => {
    await ready(page);
    await page.click("#do-preview");
    await page.waitForSelector("figure[data-figure=sweep] canvas");
    const title = () => page.textContent("figure[data-figure=sweep]");
    await page.waitForFunction(() => document.querySelector("figure[data-figure=sweep]").textContent.includes("7 Lila Pinguin A"), null, { timeout: 8000 }).catch(async () => assert.fail(await title()));
    hub.change({}, { nickname: "Grau Uhu B" });
    await page.waitForFunction(() => document.querySelector("figure[data-figure=sweep]").textContent.includes("7 Grau Uhu B"), null, { timeout: 8000 }).catch(async () => assert.fail(await title()));
  }));

test("the own curve is less than 100 ms behind the sensor", () =>
  on({}, async (page, hub, phone) => {
    await ready(page);
    await page.click("#do-preview");
    await page.waitForSelector("figure[data-figure=sweep] canvas");
    await pause(1500);
    assert.equal(hub.batches.size, 0, "a preview sends nothing");
    // From the event to the first picture in which its curve has left the middle.
    const delays = [];
    for (let round = 0; round < 8; round += 1) {
      const delay = page.evaluate(
        () =>
          new Promise((done) => {
            let begun;
            const high = (event) => {
              if (Math.abs(event.rotationRate.gamma) < 30) return;
              begun = event.timeStamp;
              removeEventListener("devicemotion", high);
            };
            addEventListener("devicemotion", high);
            const canvas = document.querySelector("figure[data-figure=sweep] canvas");
            const context = canvas.getContext("2d");
            const look = () => {
              const [left, width] = [Math.round(canvas.width * 0.9), Math.round(canvas.width * 0.09)];
              const { data } = context.getImageData(left, 0, width, Math.round(canvas.height * 0.35));
              let coloured = 0;
              for (let at = 0; at < data.length; at += 4) if (Math.max(data[at], data[at + 1], data[at + 2]) - Math.min(data[at], data[at + 1], data[at + 2]) > 60) coloured += 1;
              if (begun !== undefined && coloured > (window.before ?? 0) + 10) return done(performance.now() - begun);
              if (begun === undefined) window.before = coloured;
              requestAnimationFrame(look);
            };
            look();
          }),
      );
      await phone.set({ gyr: [0, 0, 0.9] });
      delays.push(await Promise.race([delay, pause(4000).then(() => 4000)]));
      await phone.set({ gyr: [0, 0, 0] });
      await pause(1200);
    }
    delays.sort((one, other) => one - other);
    console.log(`own curve behind the sensor: ${delays.map((delay) => delay.toFixed(0)).join(" ")} ms`);
    assert.ok(delays[Math.floor(delays.length / 2)] < 100, `${delays}`);
  }));

test("an iPhone is asked by a tap and its signs are turned", () =>
  on(
    {
      script: () => {
        window.asked = [];
        window.DeviceMotionEvent.requestPermission = async () => {
          window.asked.push(navigator.userActivation.isActive);
          return "granted";
        };
      },
    },
    async (page, hub, phone) => {
      await phone.set({ acc: [0, 0, -9.81] });
      assert.deepEqual(await page.evaluate(() => window.asked), [], "not before the tap");
      await ready(page);
      assert.deepEqual(await page.evaluate(() => window.asked), [true]);
      hub.begin(0);
      await phone.set({ acc: [1, 2, -9.8] });
      await pause(2500);
      hub.stop();
      await screen(page, "stopped");
      await pause(1000);
      const { values } = hub.readings(1).at(-1);
      assert.deepEqual(values.map((value) => value.toFixed(1)), ["-1.0", "-2.0", "9.8"]);
      assert.ok(hub.heard.some(({ type, stream, sign_fixed }) => type === "channel" && stream === "acc" && sign_fixed));
    },
  ));

test("the rest check says what is wrong and passes on a second try", () =>
  on({}, async (page, hub, phone) => {
    await phone.set({ acc: [0, 9.81, 0] });
    await page.click("#do-allow");
    await page.click("#do-check");
    await said(page, "hint", /zwei Sekunden/);
    await said(page, "hint", /liegt nicht flach/);
    await phone.set();
    await page.click("#do-check");
    await page.waitForSelector("#do-preview");
  }));

test("denied sensors: says why, offers phyphox and the stopwatch", () =>
  on({ script: () => (window.DeviceMotionEvent.requestPermission = async () => "denied") }, async (page, hub) => {
    await page.click("#do-allow");
    await said(page, "hint", /darf die Sensoren nicht benutzen/);
    assert.equal(await page.isVisible("#phyphox-open"), true);
    assert.match(await page.getAttribute("#phyphox-open", "href"), new RegExp(`^phyphox://127\\.0\\.0\\.1:\\d+/p/${TOKEN}\\.phyphox$`));
    await page.click("#do-manual");
    await page.waitForFunction(() => document.getElementById("watch").getBoundingClientRect().top < innerHeight);
    await page.click("#watch-start");
    for (let lap = 0; lap < 2; lap += 1) {
      await pause(300);
      await page.click("#watch-lap");
    }
    // Whoever stops after the last swing has timed no other.
    await page.click("#watch-start");
    await said(page, "laps-mean", /Mittel aus 2 Runden: 0,.* ± .* s/);
    await page.click("#count-more");
    await page.click("#count-more");
    await page.click("#count-less");
    assert.equal(await page.textContent("#counted"), "1");
    // The mean goes into the field for it, and with it to the hub.
    assert.equal(await page.isVisible("#input-T"), true);
    await page.click("#watch-take");
    await said(page, "input-T-note", /Gespeichert/);
    assert.match(await page.inputValue("#input-T"), /^0,\d+$/);
    const { T, u_T } = hub.patched.at(-1);
    assert.ok(T > 0.2 && T < 3 && u_T >= 0.07 && u_T < 3, JSON.stringify(hub.patched));
    await page.click("#input-T-save");
    await until("saved again", () => hub.patched.length > 1 && hub.patched.at(-1) !== hub.patched.at(-2));
    assert.deepEqual(hub.patched.at(-1), { T, u_T }, "as well known as before");
    await page.fill("#input-T", "14,2");
    await page.click("#input-T-save");
    await said(page, "input-T-note", /14,2 s durch 10 sind 1,42 s/);
    hub.computed([{ run: 0, name: "g", value: 9.6, uncertainty: 0.4, unit: "m/s2", by_hand: true }]);
    await said(page, "own", /von Hand gemessen/);
    // Of a rehearsal the hub keeps nothing, and the field neither.
    hub.change({ entered: {} });
    await page.waitForFunction(() => document.getElementById("input-T").value === "");
    assert.ok(hub.heard.some(({ type, permission }) => type === "status" && permission === "denied"));
  }));

test("without HTTPS: a useful page that says why", () =>
  on({ script: () => Object.defineProperty(window, "isSecureContext", { value: false }) }, async (page, hub) => {
    await said(page, "hint", /keine sichere Verbindung/);
    for (const id of ["#phyphox-open", "#watch-start", "#count-more", "#input-length_m"]) assert.equal(await page.isVisible(id), true, id);
    assert.equal(await page.isVisible("#do-allow"), false);
    hub.begin(0);
    await screen(page, "measuring");
    await said(page, "lead", /von Hand mitmachen/);
    assert.equal(await page.isVisible("#watch-start"), true);
  }));

test("sensors that no browser has: phyphox, and nothing is asked for", () =>
  on({ hub: { streams: ["mag"], inputs: false, main: ["magnetic_flux_density", "abs", "uT", null] } }, async (page) => {
    await said(page, "headline", /misst mit phyphox/);
    assert.equal(await page.isVisible("#phyphox-open"), true);
    assert.equal(await page.isVisible("#do-allow"), false);
  }));

test("a network that is gone in the middle: everything is kept and arrives once", () =>
  on({ allow: [/WebSocket/] }, async (page, hub, phone) => {
    await ready(page);
    phone.swing();
    hub.begin(0);
    await screen(page, "measuring");
    await pause(2000);
    hub.deaf = true;
    hub.drop();
    await said(page, "link", /Keine Verbindung seit .* merkt sich alles/);
    await said(page, "sending-text", /gemessen und gemerkt/);
    await said(page, "unsent", /^[2-9],\d s noch nicht gesendet/);
    await until("it is on the phone's disk", async () => (await kept(page)).batches > 2, 5000);
    hub.deaf = false;
    await page.waitForFunction(() => document.getElementById("link").hidden, null, { timeout: 15_000 });
    await pause(1500);
    hub.stop();
    await page.waitForFunction(() => document.body.dataset.screen === "stopped" && document.getElementById("unsent").hidden);
    const times = hub.readings(3).map(({ time }) => time);
    const widest = Math.max(...times.slice(1).map((time, place) => time - times[place]));
    // The network was gone for two seconds and more; a busy machine's sensor may pause for half of one.
    assert.ok(widest < 1_000_000, `the widest gap is ${widest} µs`);
    assert.equal(new Set(times).size, times.length);
    assert.equal((await kept(page)).batches, 0);
  }));

test("a reload in the middle: what was kept is sent, then it measures on", () =>
  on({}, async (page, hub, phone) => {
    await ready(page);
    phone.swing();
    hub.swallow = true;
    hub.begin(0);
    await screen(page, "measuring");
    await pause(2500);
    const before = (await kept(page)).batches;
    assert.ok(before > 5);
    await page.reload();
    hub.swallow = false;
    await screen(page, "measuring");
    await said(page, "sending-text", /Wird gesendet/);
    await pause(2000);
    hub.stop();
    await page.waitForFunction(() => document.body.dataset.screen === "stopped" && document.getElementById("unsent").hidden);
    const times = hub.readings(3).map(({ time }) => time);
    assert.equal(new Set(times).size, times.length, "nothing twice");
    assert.ok(times.at(-1) - times[0] > 4_000_000, "from before and after the reload");
    assert.ok(new Set([...hub.batches.keys()].map((key) => key.split("/")[0])).size >= 4, "new boots after the reload");
    await page.reload();
    await screen(page, "stopped");
    await said(page, "headline", /Messung beendet/);
    await said(page, "lead", /Alles ist beim Hub angekommen/);
  }));

test("a hub that restarts is said and found again", () =>
  on({ allow: [/WebSocket|ERR_CONNECTION/] }, async (page, hub) => {
    const { port } = hub;
    await hub.close();
    await said(page, "link", /Der Hub wurde|Keine Verbindung/);
    await hub.listen(port);
    await page.waitForFunction(() => document.getElementById("link").hidden, null, { timeout: 20_000 });
  }));

test("paused by the teacher: sensors off at once, on again after", () =>
  on({}, async (page, hub, phone) => {
    await ready(page);
    phone.swing();
    hub.begin(0);
    await screen(page, "measuring");
    hub.change({}, { paused: true });
    await screen(page, "paused");
    assert.equal(await page.isVisible("#sending"), false);
    await pause(600);
    const count = hub.batches.size;
    await pause(600);
    assert.equal(hub.batches.size, count);
    hub.change({}, { paused: false });
    await said(page, "sending-text", /Wird gesendet/);
    hub.change({}, { nickname: "Grau Uhu B" });
    await said(page, "nickname", /Grau Uhu B/);
  }));

test("two tabs of one phone: the newer measures, the older can take over again", () =>
  on({}, async (page, hub, phone, address) => {
    const other = await page.context().newPage();
    await other.goto(`${address}/j`);
    await screen(page, "elsewhere");
    await screen(other, "lobby");
    await page.click("#do-here");
    await screen(page, "lobby");
    await screen(other, "elsewhere");
  }));

test("removed: says so, keeps everything, and is back as soon as the teacher says so", () =>
  on({}, async (page, hub, phone) => {
    await ready(page);
    phone.swing();
    hub.swallow = true;
    hub.begin(0);
    await screen(page, "measuring");
    await pause(1000);
    hub.unknown = true;
    hub.drop(4401);
    await screen(page, "removed");
    await pause(5000);
    assert.equal(await page.evaluate(() => document.body.dataset.screen), "removed", "also while it asks again");
    const { who, batches } = await kept(page);
    assert.ok(who.length === 1 && batches > 3, `${who.length} ${batches}`);
    hub.unknown = hub.swallow = false;
    await screen(page, "measuring");
    await page.waitForFunction(() => Number(document.documentElement.dataset.unsent) < 4, null, { timeout: 15_000 });
    await pause(1000);
    assert.ok(hub.batches.size > batches, `${hub.batches.size} of ${batches}`);
    // Whoever does not wait for that joins anew, and nothing of before is left.
    hub.unknown = true;
    hub.drop(4401);
    await screen(page, "removed");
    await page.click("#do-again");
    await page.click("#ask-leave button[value=yes]");
    await page.waitForSelector("#enter:not([hidden])");
    const after = await kept(page);
    assert.deepEqual([after.who, after.batches], [[], 0]);
  }));

test("a storage that is lost later: sent all the same, and whoever leaves has left", () =>
  on({}, async (page, hub) => {
    const lose = () =>
      page.evaluate(() => {
        IDBDatabase.prototype.transaction = () => {
          throw new DOMException("Connection to Indexed Database server lost. Refresh the page to try again", "UnknownError");
        };
      });
    await lose();
    hub.end();
    await screen(page, "ended");
    await said(page, "lead", /ließen sich auf diesem Handy noch nicht löschen/);
    await page.click("#do-done");
    await page.click("#ask-leave button[value=yes]");
    await page.waitForSelector("#enter:not([hidden])");
    assert.deepEqual((await kept(page)).who, []);
  }));

test("a window that remembers nothing says so where it is read", () =>
  on({ script: () => Object.defineProperty(window, "indexedDB", { value: undefined }) }, async (page) => {
    assert.equal(await page.isVisible("#not-lasting"), true);
  }));

test("texts and charts that do not come at once are fetched again", () =>
  on({ path: "/j", inside: false, allow: [/ERR_FAILED/] }, async (page, hub, phone, address) => {
    const refused = {};
    const fail = (pattern, times) =>
      page.route(pattern, (route) => {
        refused[pattern] = (refused[pattern] ?? 0) + 1;
        return refused[pattern] <= times ? route.abort() : route.continue();
      });
    await fail("**/words/de/phone.ftl", 5);
    await fail("**/*_bg.wasm", 2);
    await page.goto(`${address}/j`);
    await page.waitForSelector("body > .trouble:has-text('The texts of this page')");
    await page.waitForSelector("h1:has-text('Mitmachen')", { timeout: 15_000 });
    assert.equal(await page.isVisible("body > .trouble"), false);
    await page.fill("#code", hub.code);
    await page.press("#code", "Enter");
    await screen(page, "lobby");
    await ready(page);
    await page.click("#do-preview");
    await page.waitForSelector("figure[data-figure=sweep] canvas", { timeout: 20_000 });
    assert.equal(await page.isVisible("#unbuilt"), false);
  }));

test("ended while offline: the rest is sent, what came too late is said, then nothing is left on the phone", () =>
  on({ allow: [/WebSocket/] }, async (page, hub, phone) => {
    await ready(page);
    phone.swing();
    hub.begin(0);
    await screen(page, "measuring");
    await pause(1000);
    hub.deaf = true;
    hub.drop();
    await pause(1500);
    hub.rejectsLate = true;
    hub.end();
    hub.deaf = false;
    await screen(page, "ended");
    await said(page, "hint", /kamen erst nach dem Ende der Stunde/);
    await said(page, "lead", /nichts mehr gespeichert/);
    hub.drop(4410);
    await pause(500);
    const { who, batches, cookies, local } = await kept(page);
    assert.deepEqual([who, batches, cookies, local], [[], 0, "", {}]);
    assert.equal(await page.isVisible("#takeaway"), true, "the series can still be taken along");
  }));

test("own series as CSV, and every own run can be gone, with a result or without", () =>
  on({}, async (page, hub) => {
    hub.begin(0);
    hub.stop();
    hub.computed();
    await screen(page, "stopped");
    const download = page.waitForEvent("download");
    await page.click("#save-csv");
    assert.match((await download).suggestedFilename(), /^messwerk\.csv$/);
    // Run 2 gave no result; it is the pupil's all the same.
    await page.waitForFunction(() => document.querySelectorAll("#forget-runs button").length === 2);
    assert.match(await page.textContent("#forget-runs [data-run='1']"), /^Aufzeichnung 1 löschen \(\d\d:\d\d, g = 9,79/);
    for (const run of [2, 1]) {
      await page.click(`#forget-runs [data-run="${run}"]`);
      assert.match(await page.textContent("#ask-forget-which"), new RegExp(`Aufzeichnung ${run} löschen`));
      await page.click("#ask-forget button[value=yes]");
      await page.waitForSelector(`#forget-runs [data-run="${run}"]`, { state: "detached" });
    }
    await said(page, "takeaway-said", /Gelöscht/);
    assert.deepEqual(hub.deleted, ["/api/v1/things/0000000000007/runs/2", "/api/v1/things/0000000000007/runs/1"]);
  }));

test("a phone that measured nothing is offered no empty file; one that did gets its report", () =>
  on({}, async (page, hub) => {
    hub.recorded = [];
    hub.begin(0);
    hub.stop();
    await screen(page, "stopped");
    await page.waitForSelector("#takeaway-nothing:not([hidden])");
    for (const id of ["save-files", "report", "forget-runs"]) assert.equal(await page.isVisible(`#${id}`), false, id);
    hub.recorded = [1];
    hub.computed();
    await page.waitForSelector("#save-xlsx");
    assert.equal(await page.isVisible("#takeaway-nothing"), false);
    const [report] = await Promise.all([page.context().waitForEvent("page"), page.click("#report button")]);
    await report.waitForLoadState();
    const { method, body, type } = hub.reported;
    assert.deepEqual([method, type, new URLSearchParams(body).get("lang")], ["POST", "application/x-www-form-urlencoded", "de"]);
    assert.match(new URLSearchParams(body).get("token"), /^[\w-]{10,}$/);
    assert.equal(report.url().includes("token"), false, "no address keeps the token");
    await report.close();
  }));

test("handed to the next group: another name, nothing of the last", () =>
  on({}, async (page, hub) => {
    await page.click("#about summary");
    await page.click("#handover");
    await page.click("#ask-leave button[value=no]");
    assert.equal(hub.joins.length, 1);
    await page.click("#handover");
    await page.click("#ask-leave button[value=yes]");
    await page.waitForFunction(() => document.getElementById("mark")?.textContent === "8");
    const { key, ...asked } = hub.joins[1];
    assert.deepEqual(asked, { handover: true, lang: "de" });
    assert.ok(key && key !== hub.joins[0].key);
    await page.click("#about summary");
    await page.click("#leave");
    await page.click("#ask-leave button[value=yes]");
    await page.waitForSelector("#enter:not([hidden])");
    const { who, batches } = await kept(page);
    assert.deepEqual([who, batches], [[], 0]);
  }));

test("the next group takes over although the answer is lost and the page reloaded; what was measured is sent before", () =>
  on({ allow: [/ERR_|WebSocket/] }, async (page, hub, phone) => {
    await ready(page);
    phone.swing();
    hub.begin(0);
    await screen(page, "measuring");
    await pause(1000);
    let asked = 0;
    await page.route("**/api/v1/join", async (route) => {
      if ((asked += 1) > 2) return route.continue();
      await route.fetch();
      // The seat is the next group's, and its old token dead.
      hub.unknown = true;
      hub.drop(4401);
      return route.abort();
    });
    await page.click("#about summary");
    await page.click("#handover");
    await page.click("#ask-leave button[value=yes]");
    await said(page, "trouble", /Der Hub antwortet nicht/);
    const [last] = hub.readings(3).slice(-1);
    assert.ok(last.time > hub.take.begins + 900_000, "sent to the end before the seat was handed over");
    assert.notEqual(await page.evaluate(() => document.body.dataset.screen), "removed");
    await until("asked again", () => asked >= 2);
    hub.unknown = false;
    await page.reload();
    await page.waitForFunction(() => document.getElementById("mark")?.textContent === "8", undefined, { timeout: 15_000 });
    assert.equal(new Set(hub.joins.slice(1).map(({ key }) => key)).size, 1, "one attempt, one key, one Thing");
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  }));

test("a page that is reloaded on the way in is the phone that came in", () =>
  on({ path: "/j", inside: false, allow: [/ERR_/] }, async (page, hub) => {
    await page.waitForSelector("#enter:not([hidden])");
    let asked = 0;
    await page.route("**/api/v1/join", async (route) => {
      if ((asked += 1) > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await page.fill("#code", hub.code);
    await page.click("#form button");
    await said(page, "problem", /Der Hub antwortet nicht/);
    await page.reload();
    await screen(page, "lobby");
    assert.deepEqual([hub.joins.length, hub.joins[0].key === hub.joins[1].key], [2, true]);
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  }));

test("a phone that nobody took back for twelve hours forgets, also while its page is open", () =>
  on({ allow: [/WebSocket/] }, async (page, hub) => {
    hub.unknown = true;
    hub.drop(4401);
    await screen(page, "removed");
    await page.reload();
    await screen(page, "removed");
    const [{ removed }] = (await kept(page)).who;
    await page.evaluate(() => (Date.now = ((now) => () => now() + 13 * 3_600_000)(Date.now.bind(Date))));
    await screen(page, "enter");
    assert.ok(removed > 0);
    assert.deepEqual((await kept(page)).who, []);
  }));

test("a page that was in the background reconnects at once, and the pause is a gap", () =>
  on({ allow: [/WebSocket/] }, async (page, hub, phone) => {
    await ready(page);
    phone.swing();
    hub.begin(0);
    await screen(page, "measuring");
    await pause(1000);
    const boots = () => new Set([...hub.batches.keys()].map((key) => key.split("/")[0])).size;
    const before = boots();
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    hub.drop();
    await pause(200);
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await page.waitForFunction(() => document.getElementById("link").hidden, null, { timeout: 3000 });
    await pause(1500);
    assert.ok(boots() > before, "a new boot");
  }));

test("a phyphox export is uploaded once", () =>
  on({}, async (page) => {
    await page.click("#phyphox > summary");
    await page.click("#phyphox details:has(#upload) summary");
    const file = { name: "Gyroscope.csv", mimeType: "text/csv", buffer: Buffer.from("Time (s),x\n0,1\n") };
    await page.setInputFiles("#upload", file);
    await said(page, "upload-said", /120 Messwerte wurden gespeichert/);
    await page.setInputFiles("#upload", file);
    await said(page, "upload-said", /nichts doppelt/);
  }));

test("a free lesson: the pupil starts and stops", () =>
  on({ hub: { led: false, inputs: false }, inside: false }, async (page, hub, phone) => {
    hub.change({ phase: "measuring" });
    await screen(page, "free");
    await page.click("#do-allow");
    await page.click("#do-check");
    await page.waitForSelector("#do-begin");
    phone.swing();
    await page.click("#do-begin");
    await said(page, "sending-text", /Wird gesendet/);
    await pause(1500);
    await page.click("#do-end");
    await page.waitForSelector("#do-begin");
    await pause(500);
    assert.ok(hub.readings(3).length > 50);
    assert.equal(await page.isVisible("#sending"), false);
  }));

test("language and theme switch; nothing sticks out at 320 px; targets are large and named", async () => {
  for (const [path, inside] of [["/j", false], [QR, true]]) {
    await on({ path, inside, width: 320, height: 640, locale: "en-GB" }, async (page) => {
      await pause(500);
      if (inside) {
        await said(page, "headline", /It starts soon/);
        await page.click("#language");
        await said(page, "headline", /Gleich geht es los/);
        await page.click("#theme");
        for (const id of ["#phyphox > summary", "#about > summary"]) await page.click(id);
      }
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      const faults = await page.$$eval("button, input, a, summary", (all) =>
        all
          .filter((control) => control.checkVisibility() && control.offsetParent)
          .filter((control) => {
            const { width, height } = control.getBoundingClientRect();
            const name = control.getAttribute("aria-label") || control.textContent.trim() || control.labels?.[0]?.textContent.trim();
            return width < 44 || height < 43.5 || !name;
          })
          .map((control) => control.outerHTML),
      );
      assert.deepEqual(faults, []);
    });
  }
});
