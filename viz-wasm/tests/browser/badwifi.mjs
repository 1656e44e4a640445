// Nothing is lost on bad Wi-Fi: five real pages and twenty-five instances of the page's own sending module, all through a
// relay that delays, throttles, stalls and cuts, with the hub killed and started again in the middle. What every phone
// handed to its socket is compared with what the hub stored, reading by reading. `node badwifi.mjs`
//
// MESSWERK_SECONDS says how long the Take lasts (30), MESSWERK_SEED how the weather falls (1).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { launch } from "./browser.mjs";
import { Instance } from "./instance.mjs";
import { Ledger } from "./ledger.mjs";
import { freePort, RealHub } from "./realhub.mjs";
import { sensors } from "./sensors.mjs";

const SECONDS = Number(process.env.MESSWERK_SECONDS ?? 30);
const SEED = process.env.MESSWERK_SEED ?? "1";
const PAGES = 5;
const INSTANCES = 25;
/** What cannot be delivered in this time after the Take, on a network this bad, is called lost. */
const PATIENCE = 90_000;
const WEATHER = ["--delay-ms", "200", "--jitter-ms", "100", "--rate-kbit", "1000", "--stall-every", "8", "--cut-every", "12"];

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

let hub, browser, relay, address;
before(async () => {
  [hub, browser] = await Promise.all([RealHub.start(), launch()]);
  await hub.setUp();
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  relay = hub.simulate(["relay", "--listen", `127.0.0.1:${port}`, "--to", `127.0.0.1:${hub.port}`, ...WEATHER, "--seed", SEED]);
  for (let tries = 0; tries < 100 && !(await fetch(`${address}/healthz`).catch(() => undefined))?.ok; tries += 1) await pause(100);
});
after(async () => {
  relay?.program.kill("SIGTERM");
  const report = await relay?.ended;
  if (report) console.log(`# ${report.text.trim().split("\n").join("\n# ")}`);
  await Promise.race([browser?.close(), pause(5000)]);
  await hub?.close();
});

/** Joins through the bad network as a phone would, again and again until it is in. */
async function join(token) {
  for (let tries = 0; tries < 20; tries += 1) {
    try {
      const answer = await fetch(`${address}/api/v1/join`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ token, lang: "de" }),
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.ok) return await answer.json();
      throw new Error(`${answer.status} ${await answer.text()}`);
    } catch (error) {
      if (tries === 19) throw error;
      await pause(300);
    }
  }
}

/** Opens the pupil's page on a phone with sensors and joins by the code in the address. */
async function openPage(url, ledger) {
  const page = await browser.page("about:blank", { width: 390, height: 844 });
  const who = { token: undefined, thing: undefined };
  page.on("response", async (response) => {
    if (!response.url().endsWith("/api/v1/join") || response.status() !== 201) return;
    const { token, thing } = await response.json();
    Object.assign(who, { token, thing });
  });
  // Every batch that is handed to a socket, over reloads too.
  await page.exposeFunction("noteBatch", (token, bytes) => ledger.sent(token, Uint8Array.from(bytes)));
  await page.addInitScript(() => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
      if (typeof data !== "string") window.noteBatch(this.greetedAs, [...new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength)]);
      else if (data.includes('"hello"')) this.greetedAs = JSON.parse(data).token;
      return send.call(this, data);
    };
  });
  const phone = await sensors(page);
  await phone.set();
  for (let tries = 0; ; tries += 1) {
    try {
      await page.goto(url, { timeout: 20_000 });
      break;
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
  return { page, phone, who };
}

test(`every reading of ${PAGES} pages and ${INSTANCES} senders is stored exactly once`, { timeout: (SECONDS + 240) * 1000 }, async () => {
  const ledger = new Ledger();
  const lesson = await hub.lesson("pendulum");
  const { join: way } = await hub.order(lesson.id, { do: "open_lobby" });
  const fragment = new URL(way.url).hash;
  const token = new URLSearchParams(fragment.slice(1)).get("t");
  const instances = await Promise.all(
    Array.from({ length: INSTANCES }, async (_, place) => new Instance({ address, joined: await join(token), place, WebSocket, ledger })),
  );
  const pages = [];
  for (let number = 0; number < PAGES; number += 1) pages.push(await openPage(`${address}/j${fragment}`, ledger));
  for (const { page } of pages) {
    await page.waitForSelector("#do-allow", { timeout: 30_000 });
    await page.click("#do-allow");
  }
  pages.forEach(({ phone }, number) => phone.swing({ period: 1.2 + 0.05 * number }));
  await hub.order(lesson.id, { do: "start", countdown_s: 0 });
  const begun = performance.now();
  const at = async (share) => pause(Math.max(0, begun + share * SECONDS * 1000 - performance.now()));

  await at(0.25);
  await hub.restart("SIGKILL");
  await at(0.45);
  await pages[0].page.reload({ timeout: 20_000 }).catch(() => {});
  await at(0.55);
  await pages[1].page.context().setOffline(true);
  await at(0.75);
  await pages[1].page.context().setOffline(false);
  await at(1);
  const { take } = await hub.order(lesson.id, { do: "stop" });

  const until = performance.now() + PATIENCE;
  const unsent = async () => {
    const counts = await Promise.all(pages.map(({ page }) => page.evaluate(() => Number(document.documentElement.dataset.unsent ?? -1)).catch(() => -1)));
    return [...counts, ...instances.map(({ sender }) => (sender.done ? 0 : sender.waiting.size || 1))];
  };
  while ((await unsent()).some((count) => count !== 0) && performance.now() < until) await pause(250);
  assert.deepEqual((await unsent()).filter((count) => count !== 0), [], "everything is acknowledged");
  pages.forEach(({ phone }) => phone.still());

  const found = ledger.compare(await stored(lesson.id), take, new Map(pages.map(({ who }) => [who.token, who.thing])));
  console.log(`# ${found.readings} readings of ${found.streams} streams in ${found.batches} batches, ${found.again} batches sent more than once; ${found.left} came too close to another and were left out`);
  assert.deepEqual(found.trouble, []);
  assert.ok(found.left < 0.05 * found.readings, "a busy browser's bursts, no more");
  assert.equal(found.things, PAGES + INSTANCES);
  // A sender of this machine's is late where it is busy; what counts is that each reading is there once.
  const least = 0.1 * 60 * SECONDS * 2 * INSTANCES;
  assert.ok(found.readings > least, `${found.readings} readings are more than ${least}`);
  assert.ok(found.again > 0, "the network was bad enough that something had to be sent again");
  await Promise.all(instances.map((instance) => instance.stop()));
});

/** All readings of a lesson as the hub exports them: [thing, property, time µs, values]. */
async function stored(lesson) {
  const answer = await hub.ask("GET", `/api/v1/lessons/${lesson}/observations?format=csv&flags=true`);
  assert.equal(answer.status, 200);
  return (await answer.text()).trim().split(/\r?\n/);
}
