// Time per frame, ours and uPlot's, on the same data, size and browser: 30 phones x 60 s at 100 Hz, 1200 x 600 pixels.
//
// A frame is what a live board does ten times a second: one tenth of a second of new readings for each phone comes in,
// the window moves on, everything is drawn. Ours decodes the hub's binary frame; uPlot gets arrays that are already
// shifted (the shift itself is not counted), as its fastest documented way, setData.
// Drawing calls return before the raster has drawn; reading one pixel back waits for it, for both alike.

import init, { Board } from "/assets/pkg/messwerk_viz_wasm.js";

const THINGS = 30;
const SECONDS = 60;
const RATE = 100;
const FRAMES = 60;
const WARM = 10;
const COUNT = SECONDS * RATE;
const NEW = RATE / 10;

const value = (thing, index) => 0.6 * Math.sin((2 * Math.PI * index) / (RATE * (1 + 0.03 * thing)) + thing) + 0.05 * Math.sin(index * 12.9898 + thing);

function encode(from, to) {
  const rows = to - from;
  const bytes = new ArrayBuffer(18 + THINGS * (12 + 20 * rows));
  const view = new DataView(bytes);
  [..."MWF1"].forEach((letter, at) => view.setUint8(at, letter.charCodeAt(0)));
  view.setUint32(12, 1e6 / RATE, true);
  view.setUint16(16, THINGS, true);
  let at = 18;
  for (let thing = 1; thing <= THINGS; thing += 1) {
    view.setBigUint64(at, BigInt(thing), true);
    view.setUint8(at + 8, 3);
    view.setUint8(at + 9, 1);
    view.setUint16(at + 10, rows, true);
    at += 12;
    for (let column = 0; column < 5; column += 1) {
      for (let index = from; index < to; index += 1, at += 4) {
        if (column === 0) view.setInt32(at, index, true);
        else if (column === 1) view.setUint32(at, 1, true);
        else view.setFloat32(at, value(thing, index), true);
      }
    }
  }
  return new Uint8Array(bytes);
}

const median = (times) => times.toSorted((one, other) => one - other)[times.length >> 1];

/** Milliseconds of one frame, drawn to the last pixel. */
function timed(context, frame) {
  const begin = performance.now();
  frame();
  context.getImageData(0, 0, 1, 1);
  return performance.now() - begin;
}

function ours() {
  const board = new Board("en");
  const things = Array.from({ length: THINGS }, (_, place) => ({ id: crockford(place + 1), number: place + 1, nickname: "" }));
  const lesson = { id: "a", property: "angular_velocity", component: "y", unit: "rad/s", now: 0, things };
  board.lesson(JSON.stringify(lesson), 0);
  board.span(SECONDS);
  board.frame(encode(0, COUNT));
  const context = document.getElementById("ours").getContext("2d", { alpha: false });
  return ({ bytes, end }) =>
    timed(context, () => {
      board.frame(bytes);
      board.advance((end / RATE) * 1000);
      board.draw("overlay", context, 1200, 600, 16, 3);
    });
}

const crockford = (number) => [..."0".repeat(11), number >> 5, number & 31].map((digit) => "0123456789abcdefghjkmnpqrstvwxyz"[digit]).join("");

function theirs(first) {
  const series = [{}, ...Array.from({ length: THINGS }, (_, place) => ({ stroke: `hsl(${place * 12} 70% 40%)`, width: 1, points: { show: false } }))];
  const options = { width: 1200, height: 600, series, scales: { x: { time: false }, y: { range: [-1, 1] } }, legend: { show: false }, cursor: { show: false } };
  const plot = new uPlot(options, first, document.getElementById("theirs"));
  // setData alone commits in a microtask, after the clock was read; in a batch it draws now.
  return ({ data }) => timed(plot.ctx, () => plot.batch(() => plot.setData(data, true)));
}

const frames = Array.from({ length: FRAMES + WARM }, (_, round) => {
  const end = COUNT + (round + 1) * NEW;
  return { end, bytes: encode(end - NEW, end) };
});
await init({ module_or_path: "/assets/pkg/messwerk_viz_wasm_bg.wasm" });
// The same windows as arrays; rebuilt outside the clock.
const raw = Array.from({ length: THINGS }, (_, thing) => Float64Array.from({ length: COUNT + (FRAMES + WARM) * NEW }, (_, index) => value(thing + 1, index)));
const time = Float64Array.from({ length: COUNT + (FRAMES + WARM) * NEW }, (_, index) => index / RATE);
for (const frame of frames) {
  const [from, to] = [frame.end - COUNT, frame.end];
  frame.data = [time.subarray(from, to), ...raw.map((values) => values.subarray(from, to))];
}
// Turn about, so that whatever else the machine does falls on both.
const [drawOwn, drawOther] = [ours(), theirs(frames[0].data)];
const [own, other] = [[], []];
for (const frame of frames) {
  own.push(drawOwn(frame));
  other.push(drawOther(frame));
}
own.splice(0, WARM);
other.splice(0, WARM);
const report = {
  things: THINGS, seconds: SECONDS, rate: RATE, frames: FRAMES,
  ours: { median_ms: median(own), worst_ms: Math.max(...own) },
  uplot: { median_ms: median(other), worst_ms: Math.max(...other) },
};
report.ratio = report.ours.median_ms / report.uplot.median_ms;
document.getElementById("report").textContent = JSON.stringify(report, null, 1);
window.report = report;
