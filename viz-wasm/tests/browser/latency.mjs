// How fast a class sees itself: prints one line of JSON. `node latency.mjs`
//
// start_ms     from the teacher's command "start" to the first curve on the board, thirty phones waiting
// own_ms       a phone's chart behind its sensor: from the motion event of a sudden turn to the stroke that shows it
// board_ms     the board behind the phones: from a window's begin to the picture that first shows the window; a window's first
//              reading was taken at its begin or later, so this is an upper bound
//
// Thirty phones: one real page and twenty-nine instances of its sending module. Hub, phones and board share this machine's
// processor, which a class does not.

import { WebSocket } from "ws";
import { launch } from "./browser.mjs";
import { Instance } from "./instance.mjs";
import { RealHub } from "./realhub.mjs";
import { sensors } from "./sensors.mjs";

const INSTANCES = 29;
const SECONDS = 20;
const TURNS = 12;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const quantile = (values, share) => [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(share * values.length))];
const round = (value) => Math.round(value * 10) / 10;

const hub = await RealHub.start();
await hub.setUp();
const browser = await launch();
const lesson = await hub.lesson("pendulum");
const { join } = await hub.order(lesson.id, { do: "open_lobby" });
const token = new URL(join.url).hash.split("t=")[1];
const instances = [];
for (let place = 0; place < INSTANCES; place += 1) {
  const answer = await hub.ask("POST", "/api/v1/join", { token });
  instances.push(new Instance({ address: hub.address, joined: await answer.json(), place, WebSocket }));
}

const page = await browser.page("about:blank", { width: 390, height: 844 });
const phone = await sensors(page);
await phone.set();
// Notes when the sensor said that the phone turns, and when a stroke first reached as high as that.
await page.addInitScript(() => {
  window.own = [];
  let turned;
  addEventListener("devicemotion", ({ rotationRate, timeStamp }) => {
    const fast = Math.abs(rotationRate?.gamma ?? 0) > 40;
    if (fast && turned === undefined) turned = timeStamp;
    if (!fast) turned = undefined;
  });
  const lineTo = CanvasRenderingContext2D.prototype.lineTo;
  let highest = Infinity;
  CanvasRenderingContext2D.prototype.lineTo = function (x, y) {
    // The newest readings are drawn at the right edge: only there a turn shows that was not there before.
    if (x > 0.6 * this.canvas.width) highest = Math.min(highest, y / this.canvas.height);
    return lineTo.call(this, x, y);
  };
  window.watchTurn = () =>
    new Promise((done) => {
      const begun = performance.now();
      highest = Infinity;
      const look = () => {
        if (turned !== undefined && highest < 0.25) return done(performance.now() - turned);
        if (performance.now() - begun > 3000) return done(undefined);
        if (turned === undefined) highest = Infinity;
        requestAnimationFrame(look);
      };
      look();
    });
});
await page.goto(hub.address + new URL(join.url).pathname + new URL(join.url).hash);
await page.click("#do-allow");

const board = await browser.page("about:blank", { width: 1920, height: 1080 });
await board.addInitScript(() => {
  window.frames_seen = [];
  window.first_frame = undefined;
  const shown = new Set();
  const property = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    ...property,
    set(handler) {
      property.set.call(this, (event) => {
        handler(event);
        if (typeof event.data === "string") return;
        const view = new DataView(event.data);
        const origin = Number(view.getBigInt64(4, true)) / 1000;
        const length = view.getUint32(12, true) / 1000;
        const begins = [];
        let at = 18;
        for (let series = view.getUint16(16, true); series > 0; series -= 1) {
          const thing = view.getBigUint64(at, true);
          const windows = view.getUint16(at + 10, true);
          at += 12;
          for (let row = 0; row < windows; row += 1) {
            const index = view.getInt32(at + 4 * row, true);
            const key = `${thing} ${index}`;
            if (!shown.has(key)) begins.push(origin + index * length);
            shown.add(key);
          }
          at += 20 * windows;
        }
        if (!begins.length) return;
        // Two pictures on: the charts draw at most every 50 ms, and a picture is seen when it is painted.
        const drawn = () => {
          const now = performance.timeOrigin + performance.now();
          window.first_frame ??= now;
          for (const begin of begins) window.frames_seen.push(now - begin);
        };
        const wait = () => (window.strokes > mark ? drawn() : requestAnimationFrame(wait));
        const mark = window.strokes;
        requestAnimationFrame(wait);
      });
    },
  });
  window.strokes = 0;
  const stroke = CanvasRenderingContext2D.prototype.stroke;
  CanvasRenderingContext2D.prototype.stroke = function (...path) {
    window.strokes += 1;
    return stroke.apply(this, path);
  };
});
await board.goto(`${hub.address}/b/${lesson.id}`);
await board.waitForFunction(() => document.body.dataset.view === "lobby");
await pause(2000);

const tapped = Date.now();
await hub.order(lesson.id, { do: "start", countdown_s: 0 });
await board.waitForFunction(() => window.first_frame !== undefined, undefined, { timeout: 20_000 });
const start = (await board.evaluate(() => window.first_frame)) - tapped;
await pause(3000);
await board.evaluate(() => (window.frames_seen.length = 0));
await pause(SECONDS * 1000);
const seen = await board.evaluate(() => window.frames_seen);

const own = [];
for (let turn = 0; turn < TURNS; turn += 1) {
  const watching = page.evaluate(() => window.watchTurn());
  await pause(150);
  await phone.set({ gyr: [0, 0, 0.95] });
  const took = await watching;
  if (took !== undefined) own.push(took);
  await phone.set();
  // Longer than the right part of the chart, so that the next turn is seen by itself.
  await pause(5000);
}

await hub.order(lesson.id, { do: "stop" });
const report = {
  phones: INSTANCES + 1,
  start_ms: round(start),
  own_ms: { p50: round(quantile(own, 0.5)), p95: round(quantile(own, 0.95)), n: own.length },
  board_ms: { p50: round(quantile(seen, 0.5)), p95: round(quantile(seen, 0.95)), n: seen.length },
};
console.log(JSON.stringify(report));
await Promise.all(instances.map((instance) => instance.stop()));
await Promise.race([browser.close(), pause(5000)]);
await hub.close();
process.exit(0);
