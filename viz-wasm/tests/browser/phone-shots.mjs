// Pictures of every state of the pupil's page for the eye: node phone-shots.mjs FOLDER [STATE]

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { PhoneHub } from "./phonehub.mjs";
import { sensors } from "./sensors.mjs";

const folder = process.argv[2] ?? "phone-shots";
const only = process.argv[3];
await mkdir(folder, { recursive: true });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const ready = async (page, sensor) => {
  await sensor.set();
  await page.click("#do-allow");
  await page.click("#do-check");
  await page.waitForSelector("#do-preview");
};
const running = async (page, sensor, hub, seconds = 4) => {
  await ready(page, sensor);
  sensor.swing();
  hub.begin(0);
  await pause(1000 * seconds);
};
const denied = () => (window.DeviceMotionEvent.requestPermission = async () => "denied");

/** Each state: what the hub is, what happens before the picture. */
const STATES = {
  enter: { path: "/j" },
  wrong: { path: "/j", go: async (page) => {
    await page.fill("#code", "111 111");
    await page.click("#form button");
    await pause(300);
  } },
  lobby: {},
  check: { go: async (page, sensor) => {
    await sensor.set();
    await page.click("#do-allow");
    await page.waitForSelector("#do-check");
  } },
  ready: { go: async (page, sensor) => {
    await ready(page, sensor);
    await page.fill("#input-length_m", "0,42");
    await page.click("#input-length_m-save");
    await pause(300);
  } },
  preview: { go: async (page, sensor) => {
    await ready(page, sensor);
    sensor.swing();
    await page.click("#do-preview");
    await pause(4000);
  } },
  countdown: { go: async (page, sensor, hub) => {
    await ready(page, sensor);
    hub.begin(5);
    await pause(2600);
  } },
  measuring: { go: (page, sensor, hub) => running(page, sensor, hub, 8) },
  offline: { go: async (page, sensor, hub) => {
    await running(page, sensor, hub, 3);
    hub.deaf = true;
    hub.drop();
    await pause(4000);
  }, allow: true },
  late: { go: async (page, sensor, hub) => {
    hub.begin(0);
    await pause(500);
  } },
  paused: { go: async (page, sensor, hub) => {
    await running(page, sensor, hub, 1);
    hub.change({}, { paused: true });
    await pause(500);
  } },
  stopped: { go: async (page, sensor, hub) => {
    await running(page, sensor, hub, 6);
    hub.stop();
    hub.computed();
    await pause(1500);
  } },
  unsent: { go: async (page, sensor, hub) => {
    hub.swallow = true;
    await running(page, sensor, hub, 5);
    hub.stop();
    hub.computed([], { reason: { de: "Es fehlen noch Messwerte.", en: "Readings are still missing." } });
    await pause(500);
  } },
  ended: { go: async (page, sensor, hub) => {
    await running(page, sensor, hub, 3);
    hub.stop();
    hub.computed();
    await pause(500);
    hub.end();
    await pause(700);
  } },
  denied: { before: denied, go: async (page) => {
    await page.click("#do-allow");
    await pause(500);
    await page.click("#watch-start");
    await pause(1300);
    await page.click("#watch-lap");
    await pause(1200);
    await page.click("#watch-lap");
    await pause(1250);
    await page.click("#watch-start");
  } },
  insecure: { before: () => Object.defineProperty(window, "isSecureContext", { value: false }) },
  mag: { hub: { streams: ["mag"], main: ["magnetic_flux_density", "abs", "uT", [0, 100]], inputs: false } },
  free: { hub: { led: false }, go: async (page, sensor, hub) => {
    hub.change({ phase: "measuring" });
    await ready(page, sensor).catch(() => {});
    await pause(300);
  } },
  elsewhere: { go: async (page, sensor, hub) => {
    hub.drop(4409);
    await pause(500);
  } },
  removed: { go: async (page, sensor, hub) => {
    hub.drop(4401);
    await pause(500);
  } },
  about: { go: async (page, sensor) => {
    await ready(page, sensor);
    await page.click("#about summary");
    await pause(300);
  } },
  leave: { go: async (page) => {
    await page.click("#about summary");
    await page.click("#leave");
    await pause(300);
  } },
};

const browser = await launch();
for (const [name, { path = "/j#c=482913", hub: options = {}, before, go, allow }] of Object.entries(STATES)) {
  if (only && !only.split(",").includes(name)) continue;
  for (const colorScheme of ["light", "dark"]) {
    const hub = new PhoneHub(options);
    const address = await hub.listen();
    const page = await browser.page("about:blank", { width: 390, height: 844, scale: 2, colorScheme, locale: colorScheme === "light" ? "de-DE" : "en-GB" });
    if (before) await page.addInitScript(before);
    const sensor = await sensors(page);
    page.problems.length = 0;
    await page.goto(address + path);
    await page.waitForSelector(path === "/j" ? "#enter:not([hidden])" : "#inside:not([hidden]) #headline:not(:empty)");
    await pause(700);
    try {
      await go?.(page, sensor, hub);
    } catch (error) {
      console.log(name, colorScheme, String(error).slice(0, 300));
    }
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (wide) console.log(name, colorScheme, "sticks out sideways");
    if (page.problems.length && !allow) console.log(name, colorScheme, page.problems);
    sensor.still();
    await page.context().close();
    await hub.close();
  }
}
await browser.close();
process.exit(0);
