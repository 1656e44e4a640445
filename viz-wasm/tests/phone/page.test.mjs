// What needs no browser of the page: screens, motion, microphone, stopwatch, codes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { codeOf, numberOf, spaced, ticketOf } from "../../www/code.js";
import { motion as checked } from "../../www/info/probes.js";
import { Awake, platform } from "../../www/phone/device.js";
import { phaseOf, records, screenOf, secondsTo, sensorsOf, takeOf } from "../../www/phone/flow.js";
import { decibels, Microphone } from "../../www/phone/microphone.js";
import { Grid, Motion, permission, rest, Sign, up } from "../../www/phone/motion.js";
import { displacement } from "../../www/phone/place.js";
import { Windows } from "../../www/phone/signal.js";
import { openStore } from "../../www/phone/store.js";
import { handUncertainty, meanOf, Stopwatch } from "../../www/phone/tools.js";
import { decimalsOf, paper } from "../../www/quantity.js";

test("codes as people type them", () => {
  for (const [typed, code] of [
    ["482913", "482913"], [" 482 913 ", "482913"], ["482-913", "482913"], ["482.913\n", "482913"], ["k7mf-2qxd", "K7MF2QXD"], ["K7MF 2QXD", "K7MF2QXD"],
    ["48291", undefined], ["4829134", undefined], ["", undefined], ["ILOU0123", undefined], ["K7MF2QX0", undefined],
  ]) assert.equal(codeOf(typed), code, typed);
  assert.deepEqual([spaced("482913"), spaced("K7MF2QXD")], ["482 913", "K7MF-2QXD"]);
});

test("tickets: codes, tokens and whole addresses", () => {
  const token = "abcdefghijkl-nopqrst_v";
  for (const [typed, ticket] of [
    ["482 913", { code: "482913" }], ["#c=482913", { code: "482913" }], ["#482913", { code: "482913" }], ["#code=482%20913", { code: "482913" }],
    [`#t=${token}`, { token }], [`http://192.168.1.5:8080/j#t=${token}`, { token }], [` ${token} `, { token }],
    ["hello", undefined], ["#", undefined], ["https://messwerk.example/j", undefined], ["100 %", undefined], ["#t=%ff", undefined], ["#c=482913%ff", undefined],
  ]) assert.deepEqual(ticketOf(typed), ticket, typed);
});

test("numbers in both languages", () => {
  for (const [typed, value] of [["0,421", 0.421], [" 1.5 ", 1.5], ["−3", -3], ["1,5,2", undefined], ["drei", undefined], ["", undefined]]) assert.equal(numberOf(typed), value);
});

const led = (changes = {}) => ({ led: true, phase: "lobby", take: null, ...changes });

test("one screen at a time", () => {
  const joined = {};
  const take = { number: 1, begins: 5_000_000, ends: null };
  for (const [facts, screen] of [
    [{}, "enter"],
    [{ joined, line: "connecting" }, "connecting"],
    [{ joined, line: "open", lesson: led() }, "lobby"],
    [{ joined, line: "offline", lesson: led() }, "lobby"],
    [{ joined, line: "open", lesson: led({ phase: "countdown", take }), hub: 2_000_000 }, "countdown"],
    [{ joined, line: "open", lesson: led({ phase: "countdown", take }), hub: 5_000_000 }, "measuring"],
    [{ joined, line: "open", lesson: led({ phase: "measuring", take }), hub: 6_000_000 }, "measuring"],
    [{ joined, line: "open", lesson: led({ phase: "measuring", take }), paused: true }, "paused"],
    [{ joined, line: "open", lesson: led({ phase: "stopped", take }), paused: true }, "stopped"],
    [{ joined, line: "open", lesson: led({ phase: "ended" }) }, "ended"],
    [{ joined, line: "over", lesson: led() }, "ended"],
    [{ joined, line: "over" }, "ended"],
    [{ joined, line: "unknown", lesson: led() }, "removed"],
    [{ joined, line: "connecting", lesson: led(), removed: true }, "removed"],
    [{ joined, line: "elsewhere", lesson: led() }, "elsewhere"],
    [{ joined, line: "open", lesson: { led: false, phase: "measuring" } }, "free"],
    [{ joined, line: "open", lesson: { state: "recording" } }, "free"],
    [{ joined, line: "open", lesson: { state: "ended" } }, "ended"],
  ]) assert.equal(screenOf(facts), screen, JSON.stringify(facts));
  assert.equal(phaseOf(undefined), undefined);
  assert.deepEqual([records("lobby"), records("countdown"), records("measuring"), records("paused", true), records("free"), records("free", true)].map(Boolean), [false, true, true, false, false, true]);
  assert.deepEqual([4_000_001, 4_000_000, 2_999_999, 10].map((begins) => secondsTo(begins, 1_000_000)), [4, 3, 2, 0]);
});

test("a browser measures what the template lets it, and a place only where the teacher said so", () => {
  const streams = [{ stream: "gyr", sources: ["web", "phyphox"] }, { stream: "mag", sources: ["phyphox"] }, { stream: "sound", sources: ["web"] }, { stream: "disp", sources: ["web"] }, { stream: "pres" }];
  assert.deepEqual(sensorsOf(streams), { motion: ["gyr"], microphone: ["sound"], place: [], touch: [] });
  assert.deepEqual(sensorsOf([{ stream: "dt", sources: ["web"] }, { stream: "freq", sources: ["web"] }]).microphone, ["dt", "freq"]);
  const tapped = sensorsOf([{ stream: "dt", event: "tap", sources: ["web"] }]);
  assert.deepEqual([tapped.microphone, tapped.touch], [[], ["dt"]]);
  assert.deepEqual(sensorsOf(streams, "relative").place, ["disp"]);
  assert.deepEqual(sensorsOf(streams, null).place, []);
});

/** A window with sensors: `fire` makes an event at a time in ms. */
function scope(ask) {
  const listeners = {};
  const DeviceMotionEvent = class {};
  if (ask) DeviceMotionEvent.requestPermission = ask;
  return {
    DeviceMotionEvent,
    addEventListener: (name, call) => (listeners[name] ??= new Set()).add(call),
    removeEventListener: (name, call) => listeners[name]?.delete(call),
    fire(name, event) {
      for (const call of listeners[name] ?? []) call(event);
    },
    get idle() {
      return Object.values(listeners).every((all) => all.size === 0);
    },
  };
}
const motion = (ms, [x, y, z], rate = [0, 0, 0], [lx, ly, lz] = [0, 0, 0]) => ({
  timeStamp: ms, interval: 999, accelerationIncludingGravity: { x, y, z }, acceleration: { x: lx, y: ly, z: lz }, rotationRate: { alpha: rate[0], beta: rate[1], gamma: rate[2] },
});

test("readings come in SI units, with the stamps' times, about x, y, z", () => {
  const there = scope();
  const taken = [];
  const sensor = new Motion({ scope: there, reading: (...reading) => taken.push(reading) });
  sensor.start(["acc", "gyr"]);
  there.fire("devicemotion", motion(100.1, [0, 0, 9.8], [5.7, 11.5, 17.2]));
  there.fire("devicemotion", motion(100.1, [0, 0, 9.8]));
  there.fire("devicemotion", motion(116.8, [0, 0, null]));
  sensor.stop();
  there.fire("devicemotion", motion(200, [0, 0, 9.8]));
  assert.ok(there.idle, "nothing listens any more");
  assert.deepEqual(taken.map(([stream, at]) => [stream, at]), [["acc", 100_100], ["gyr", 100_100], ["gyr", 116_800]]);
  assert.deepEqual(taken[1][2].map((value) => value.toFixed(3)), ["0.099", "0.201", "0.300"]);
});

test("a phone that says -9.8 lying flat has all axes of both accelerations turned, and rotation as it was", async () => {
  const there = scope();
  const taken = {};
  const sensor = new Motion({ scope: there, reading: (stream, at, values) => (taken[stream] = values) });
  const checked = sensor.check();
  for (let count = 0; count < 60; count += 1) there.fire("devicemotion", motion(count * 16.7, [0.1, -0.1, -9.8]));
  assert.deepEqual(await checked, { sign: -1 });
  sensor.start(["acc", "lin", "gyr"]);
  there.fire("devicemotion", motion(0, [1, 2, -9.8], [10, 20, 30], [1, 2, 3]));
  assert.equal(taken.lin, undefined, "the first second of acceleration without gravity is a transient");
  there.fire("devicemotion", motion(1001, [1, 0, -9.8], [10, 20, 30], [1, 2, 3]));
  assert.deepEqual([taken.acc, taken.lin], [[-1, 0, 9.8], [-1, -2, -3]]);
  assert.ok(taken.gyr.every((value) => value > 0));
});

test("the rest check tells lying from moving and tilting", () => {
  const still = (vector, shake = 0) => Array.from({ length: 100 }, (_, count) => vector.map((value) => value + shake * Math.sin(count)));
  for (const [vectors, found] of [
    [still([0.1, 0, 9.8]), { sign: 1 }], [still([0, 0, -9.8]), { sign: -1 }], [still([0, 0, 9.8], 2), { problem: "moved" }],
    [still([0, 9.8, 0]), { problem: "tilted" }], [still([0, 0, 0]), { problem: "tilted" }], [[], { problem: "none" }],
  ]) assert.deepEqual(rest(vectors), found);
});

test("rounding is seen, and so is its absence", () => {
  const grid = (values) => {
    const found = new Grid();
    for (const value of values) found.take([value, 0, -value]);
    return found.resolution;
  };
  const tenths = Array.from({ length: 40 }, (_, count) => Math.round(count * 7) / 10);
  assert.equal(grid(tenths), 0.1);
  assert.equal(grid(tenths.slice(0, 10)), undefined);
  assert.equal(grid([...tenths, 9.80665]), 0);
});

test("sensors are asked for where they must be, and the answer is granted, denied or missing", async () => {
  const firing = (ask) => {
    const there = scope(ask);
    setTimeout(() => there.fire("devicemotion", motion(1, [0, 0, 9.8])), 10);
    return there;
  };
  assert.equal(await permission({}), "missing");
  assert.equal(await permission(firing()), "granted");
  assert.equal(await permission(firing(async () => "granted")), "granted");
  assert.equal(await permission(firing(async () => "denied")), "denied");
  assert.equal(await permission(firing(async () => { throw new Error("no gesture"); })), "denied");
  assert.equal(await permission(scope()), "missing", "no event in 1.5 s");
});

test("levels", () => {
  assert.deepEqual([1, 0.1, 0].map((rms) => Math.round(decibels(rms))), [0, -20, -144]);
});

test("a way, not a place", () => {
  const [east, north, up] = displacement({ latitude: 52, longitude: 13, altitude: 40 }, { latitude: 52.001, longitude: 13.001, altitude: 42 });
  assert.deepEqual([Math.round(east), Math.round(north), up], [68, 111, 2]);
});

test("windows of 50 ms, sent again when they grow", () => {
  const windows = new Windows(0);
  assert.deepEqual(windows.take(10, 1), [[0, 1, 1, 1, 1]]);
  assert.deepEqual(windows.take(49_999, 3), [[0, 2, 2, 1, 3]]);
  assert.deepEqual(windows.take(50_000, -1), [[1, 1, -1, -1, -1]]);
});

test("a stopwatch with laps and what they say", () => {
  let now = 0;
  const watch = new Stopwatch(() => now);
  watch.start();
  for (now of [1000, 2100, 3050]) watch.lap();
  watch.stop();
  now = 9000;
  assert.equal(watch.elapsed, 3050);
  assert.deepEqual(watch.laps.map((lap) => lap.toFixed(2)), ["1.00", "1.10", "0.95"]);
  const { n, mean, half } = meanOf(watch.laps);
  assert.deepEqual([n, mean.toFixed(3), half.toFixed(2)], [3, "1.017", "0.19"]);
  assert.equal(meanOf([]), undefined);
  assert.deepEqual([handUncertainty({ n: 1 }), handUncertainty({ n: 10, half: 0.01 }), handUncertainty({ n: 10, half: 0.5 })], [0.14, 0.014, 0.25]);
  assert.equal(meanOf([1]).half, undefined);
  assert.deepEqual([0.19, 0.031, 0.5, 12, 0.0025, 0].map(decimalsOf), [2, 2, 1, 0, 4, 4]);
  assert.deepEqual(["m/s2", "uT", "Cel", "%RH", "", undefined].map(paper), ["m/s²", "µT", "°C", "%", "", ""]);
});

test("three words for a device", () => {
  for (const [userAgent, maxTouchPoints, word] of [["Mozilla/5.0 (Linux; Android 15)", 5, "android"], ["Mozilla/5.0 (iPhone; CPU", 5, "ios"], ["Mozilla/5.0 (Macintosh; Intel", 5, "ios"], ["Mozilla/5.0 (Macintosh; Intel", 0, "other"], ["", 0, "other"]]) {
    assert.equal(platform({ userAgent, maxTouchPoints }), word);
  }
});

test("without a storage the memory keeps, and says that it does not last", async (t) => {
  t.mock.method(console, "warn", () => {});
  const store = await openStore(undefined);
  assert.equal(store.lasting, false);
  const number = await store.put({ seq: 1 });
  await store.remember({ joined: {} });
  assert.deepEqual(await store.all(), [{ seq: 1, number }]);
  await store.wipe();
  assert.deepEqual([await store.all(), await store.who()], [[], undefined]);
});

test("an earlier Take is found by its number", () => {
  const take = { number: 2, ends: null };
  const takes = [{ number: 1, ends: 7 }, take];
  assert.deepEqual([takeOf({ take, takes }, 1), takeOf({ take, takes }, 2), takeOf({ take, takes }, 3), takeOf(undefined, 1)], [takes[0], take, undefined, undefined]);
});

test("the angles tell the sign of the accelerations in any pose, on phones that nobody laid flat", () => {
  for (const [beta, gamma] of [[0, 0], [90, 0], [-60, 20], [10, 80], [170, -30]]) {
    const upwards = up({ beta, gamma });
    for (const sign of [1, -1]) {
      const seen = new Sign();
      const raw = upwards.map((part, axis) => sign * 9.81 * part + (axis === 0 ? 1 : -1));
      const found = Array.from({ length: 40 }, () => seen.take(raw, upwards)).find(Boolean);
      assert.equal(found, sign, `${beta} ${gamma} ${sign}`);
    }
  }
  assert.deepEqual(up({ beta: 90, gamma: 0 }).map(Math.round), [-0, 1, 0], "upright: up is y");
  const seen = new Sign();
  assert.ok(Array.from({ length: 100 }, (_, count) => seen.take([0, 0, count % 2 ? 9.8 : -9.8], [0, 0, 1])).every((found) => found === undefined), "a phone that is shaken says nothing");
  assert.equal(new Sign().take([0, 0, 9.8], undefined), undefined);
});

test("a measurement that nobody checked takes the sign from the angles, and says so before it holds", () => {
  const there = scope();
  const taken = [];
  const signs = [];
  const sensor = new Motion({ scope: there, reading: (stream, at, values) => taken.push(values[2]), signed: (sign) => signs.push([sign, taken.length]) });
  sensor.start(["acc"]);
  there.fire("deviceorientation", { alpha: 0, beta: 0, gamma: 0 });
  for (let count = 0; count < 40; count += 1) there.fire("devicemotion", motion(count * 16.7, [0, 0, -9.8]));
  assert.deepEqual([signs, taken[0], taken.at(-1)], [[[-1, 29]], -9.8, 9.8]);
  sensor.stop();
  assert.ok(there.idle);
});

test("the screen is kept awake by one lock, however often that is asked for", async () => {
  let [held, asked] = [0, 0];
  const request = async () => {
    asked += 1;
    held += 1;
    await new Promise((done) => setTimeout(done, 10));
    return { released: false, release: async () => (held -= 1) };
  };
  const awake = new Awake({ wakeLock: { request } });
  for (let count = 0; count < 3; count += 1) awake.on(true);
  await new Promise((done) => setTimeout(done, 30));
  awake.on(false);
  await new Promise((done) => setTimeout(done, 30));
  assert.deepEqual([asked, held], [1, 0]);
});

test("a microphone that did not start can be started again, and one that is taken away is told", async () => {
  const tracks = [];
  let broken = true;
  const context = class {
    state = "running";
    audioWorklet = {
      addModule: async () => {
        if (broken) throw new Error("no module");
      },
    };
    createMediaStreamSource = () => ({ connect() {} });
    async resume() {}
    async close() {}
  };
  const getUserMedia = async () => {
    const track = { stop: () => (track.stopped = true) };
    tracks.push(track);
    return { getTracks: () => [track] };
  };
  const node = class {
    port = {};
  };
  let ended = 0;
  const scope = { navigator: { mediaDevices: { getUserMedia } }, AudioContext: context, AudioWorkletNode: node };
  const microphone = new Microphone({ reading: () => {}, ended: () => (ended += 1), scope });
  await assert.rejects(microphone.start(), /no module/);
  assert.equal(tracks[0].stopped, true);
  broken = false;
  await microphone.start();
  assert.equal(tracks.length, 2);
  tracks[1].onended();
  assert.deepEqual([ended, tracks[1].stopped], [1, true]);
  await microphone.start();
  microphone.stop();
  tracks[2].onended();
  assert.equal(ended, 1, "stopped on purpose is not taken away");
});

test("the check believes in sensors when one has spoken", async () => {
  const there = { ...scope(), isSecureContext: true };
  const listening = checked(there);
  there.fire("devicemotion", { accelerationIncludingGravity: { x: null }, rotationRate: null });
  setTimeout(() => there.fire("devicemotion", motion(1, [0, 0, 9.8])), 10);
  assert.equal(await listening, true);
  assert.deepEqual(await Promise.all([checked({ ...scope(), isSecureContext: true }), checked({ ...scope() }), checked({ ...scope(() => {}), isSecureContext: true })]), [false, false, false]);
  assert.equal(await checked({ ...scope(() => {}), isSecureContext: true, navigator: { userAgent: "Mozilla/5.0 (iPhone; CPU" } }), true, "who asks by a tap is not asked here");
});
