// Pictures of every page and state of a real lesson, for the eye and for docs/gallery/: both themes at the sizes of a phone, a
// tablet and a projector. `node gallery.mjs FOLDER [SIZE]` (MESSWERK_HUB names the hub's program); nine phones send over HTTP,
// the tenth is a page with virtual sensors. With MESSWERK_SIM also board.png: thirty simulated phones in a free lesson.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { RealHub } from "./realhub.mjs";
import { sensors } from "./sensors.mjs";

const folder = process.argv[2] ?? "gallery";
const only = process.argv[3];
const SIZES = [
  { name: "390", width: 390, height: 844, scale: 2 },
  { name: "820", width: 820, height: 1180 },
  { name: "1920", width: 1920, height: 1080 },
].filter(({ name }) => !only || name === only);
const PHONES = 9;
const STEP = 500;

await mkdir(folder, { recursive: true });
// On every interface, as in a school: on loopback alone the hub rightly warns that no phone can reach it.
const hub = await RealHub.start({ host: "0.0.0.0" });
const browser = await launch();
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Takes a picture of a page as it stands, in both themes, at every size. */
async function shoot(name, page, { sizes = SIZES, whole = false } = {}) {
  const before = page.viewportSize();
  for (const { name: size, width, height } of sizes) {
    await page.setViewportSize({ width, height });
    for (const theme of ["light", "dark"]) {
      if ((await page.evaluate(() => document.documentElement.dataset.theme)) !== theme) await page.$eval("#theme", (button) => button.click());
      await pause(350);
      await page.screenshot({ path: join(folder, `${name}-${size}-${theme}.jpg`), type: "jpeg", quality: 72, fullPage: whole && size !== "1920" });
    }
  }
  await page.setViewportSize(before);
}

async function open(path, { teacher = false, locale = "de-DE", size = SIZES.at(-1) } = {}) {
  const like = { width: size.width, height: size.height, locale };
  const page = teacher ? await hub.teacher(browser, path, like) : await browser.page(hub.address + path, like);
  await page.waitForFunction(() => document.querySelector("#language")?.textContent);
  await pause(400);
  return page;
}

async function visit(name, path, options = {}) {
  const page = await open(path, options);
  await (options.ready?.(page) ?? pause(300));
  await shoot(name, page, { whole: true });
  await page.context().close();
}

/** A phone that sends a pendulum's swings over HTTP until it is stopped. */
async function phone(code, number) {
  const joined = await hub.get("POST", "/api/v1/join", { code, lang: "de" });
  const length = 0.35 + 0.03 * number;
  const headers = { "content-type": "application/json", authorization: `Bearer ${joined.token}` };
  await fetch(`${hub.address}/api/v1/things/${joined.thing}`, { method: "PATCH", headers, body: JSON.stringify({ length_m: length }) });
  const omega = Math.sqrt(9.81 / length) * (1 + 0.004 * Math.sin(7 * number));
  const begun = performance.now();
  let from = 0;
  const send = async () => {
    // As many readings as time has gone by, however busy this machine is.
    const until = Math.floor((performance.now() - begun) / 20);
    const times = Array.from({ length: Math.min(100, until - from) }, (_, place) => (until - Math.min(100, until - from) + place) * 0.02);
    from = until;
    const swing = times.map((t) => 0.6 * Math.exp(-t / 90) * Math.cos(omega * t + number));
    const zero = times.map(() => 0.001);
    const body = { gyr_time: times, gyrX: zero, gyrY: zero, gyrZ: swing };
    await fetch(joined.ingest_url.replace(/^https?:\/\/[^/]+/, hub.address), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }).catch(() => {});
  };
  const timer = setInterval(send, STEP);
  return () => clearInterval(timer);
}

const [, secret] = await hub.said(/\/setup#([\w-]+)/);
await visit("setup", `/setup#${secret}`);
await hub.setUp();
await visit("start", "/");
await visit("start-en", "/", { locale: "en-GB" });
await visit("login", "/login");
await visit("join", "/j");
await visit("privacy", "/privacy", { ready: (page) => page.waitForSelector("#sections section", { timeout: 3000 }).catch(() => {}) });
await visit("check", "/check", { ready: (page) => page.waitForSelector("#findings li") });
await visit("help", "/help");
await visit("missing", "/no/such/page");
await visit("library", "/t", { teacher: true });

const lesson = await hub.lesson("pendulum");
const board = await open(`/b/${lesson.id}`);
const console_ = await open(`/t/${lesson.id}`, { teacher: true });
await shoot("board-empty", board);
const stops = [];
for (let number = 1; number <= PHONES; number += 1) stops.push(await phone(lesson.code, number));
const own = await open(`/j#c=${lesson.code}`, { size: { width: 390, height: 844 } });
const motion = await sensors(own);
await motion.set();
await pause(1500);
await shoot("board-lobby", board);
await shoot("console-lobby", console_, { whole: true });
await shoot("phone-lobby", own, { whole: true });
for (const step of ["#do-allow", "#do-check"]) {
  await own.click(step, { timeout: 6000 }).catch(() => {});
  await pause(600);
  await shoot(`phone-ready${step.slice(3)}`, own);
}
await motion.swing({ period: 1.35 });
await hub.order(lesson.id, { do: "start", countdown_s: 10, rehearsal: false });
await board.waitForSelector("#countdown:not([hidden])");
await shoot("board-countdown", board, { sizes: SIZES.slice(-1) });
await shoot("phone-countdown", own, { sizes: SIZES.slice(0, 1) });
await board.waitForSelector('body[data-view="figures"]', { timeout: 20000 });
await pause(16000);
await shoot("board-measuring", board);
await shoot("phone-measuring", own, { whole: true });
await shoot("console-measuring", console_, { whole: true });
for (const button of await board.$$("[data-tool=table]")) await button.click();
await shoot("board-tables", board, { sizes: SIZES.slice(-1) });
for (const button of await board.$$("[data-tool=table]")) await button.click();
await hub.order(lesson.id, { do: "freeze" });
await pause(300);
await shoot("board-frozen", board, { sizes: SIZES.slice(-1) });
await hub.order(lesson.id, { do: "unfreeze" });
await hub.order(lesson.id, { do: "stop" });
await pause(1500);
await shoot("board-stopped", board);
await shoot("phone-stopped", own, { whole: true });
await shoot("console-stopped", console_, { whole: true });
stops.forEach((stop) => stop());
motion.still();
await hub.order(lesson.id, { do: "end" });
await pause(1500);
await shoot("board-ended", board);
await shoot("phone-ended", own, { whole: true });
await shoot("console-ended", console_, { whole: true });
await visit("library-after", "/t", { teacher: true });
if (process.env.MESSWERK_SIM) {
  const free = await hub.get("POST", "/api/v1/lessons", { template: "pendulum" });
  const full = await open(`/b/${free.id}?lang=en&theme=light`, { locale: "en-GB" });
  const simulator = hub.simulate(["class", "--hub", hub.address, "--code", free.code, "--lesson", free.id, "--things", "30", "--seconds", "60", "--transport", "http", "--stagger", "3"]);
  await full.waitForSelector('body[data-view="figures"]', { timeout: 20000 });
  await pause(45000);
  await full.screenshot({ path: join(folder, "board.png") });
  simulator.program.kill();
  await simulator.ended;
  await full.context().close();
}
await hub.stop();
await pause(1500);
await shoot("board-hub-gone", board, { sizes: SIZES.slice(-1) });
await Promise.race([browser.close(), pause(5000)]);
await hub.close();
process.exit(0);
