// A hub with the phones' socket, as far as a pupil's page can tell: a led pendulum lesson that the test drives, and
// everything the phones sent, by their own numbers. The real hub is tested in e2e/; this one can misbehave on command.

import { createHash } from "node:crypto";
import { FakeHub, id } from "./hub.mjs";

export const TOKEN = "abcdefghijklmnopqrstuv";
export const LESSON = "0000000000abc";
const TITLE = { de: "Fadenpendel: Fallbeschleunigung mit dem Handy", en: "Pendulum: gravity with the phone" };
const TASK = {
  de: "Hänge das Handy hochkant an eine Schnur, miss vom Aufhängepunkt bis zur Mitte des Handys, lenke es um höchstens 5° aus und lass es mindestens 10 s frei schwingen.",
  en: "Hang the phone upright on a string, measure from the pivot to the middle of the phone, pull it aside by at most 5° and let it swing freely for at least 10 s.",
};
const STREAMS = {
  gyr: { stream: "gyr", property: "angular_velocity", unit: "rad/s", vector: true, min_hz: 20, sources: ["web", "phyphox"] },
  acc: { stream: "acc", property: "acceleration", unit: "m/s2", vector: true, min_hz: 20, sources: ["web", "phyphox"] },
  mag: { stream: "mag", property: "magnetic_flux_density", unit: "uT", vector: true, min_hz: 10, sources: ["phyphox"] },
  disp: { stream: "disp", property: "displacement", unit: "m", vector: true, min_hz: 0.2, sources: ["web"] },
  dt: { stream: "dt", property: "time_interval", unit: "s", vector: false, min_hz: 0.01, sources: ["web"] },
  freq: { stream: "freq", property: "frequency", unit: "Hz", vector: false, min_hz: 0.5, sources: ["web"] },
  sound: { stream: "sound", property: "sound_level", unit: "dB", vector: false, min_hz: 4, sources: ["web"] },
};

export class PhoneHub extends FakeHub {
  constructor({ streams = ["gyr", "acc"], inputs = true, main = ["angular_velocity", "z", "rad/s", [-1, 1]], led = true, event, lists = [], predictions = [], ...options } = {}) {
    super({ things: 1, ...options });
    Object.assign(this, { streams, inputs, main, led, event, lists, predictions });
    this.phase = "lobby";
    this.take = null;
    this.phones = new Map();
    this.batches = new Map();
    this.duplicates = 0;
    this.heard = [];
    this.answered = true;
    this.uploads = [];
    this.deleted = [];
    this.joins = [];
    this.number = 7;
    /** Which Thing a key has made: whoever asks with it again gets the same answer. */
    this.keys = new Map();
    /** What the phone has entered. */
    this.entered = {};
  }

  async answer(request, response) {
    const { pathname } = new URL(request.url, "http://x");
    const send = (status, body, headers) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    const body = () => new Promise((done) => {
      const parts = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => done(Buffer.concat(parts)));
    });
    if (pathname === "/api/v1/join") {
      const asked = JSON.parse(await body());
      this.joins.push(asked);
      const refused = this.refuse?.(asked);
      if (refused) return send(refused.status, { title: "no", detail: "No.", code: refused.code }, refused.wait ? { "retry-after": String(refused.wait) } : {});
      const mine = request.headers.authorization === `Bearer ${TOKEN}`;
      const next = asked.handover && mine;
      // The Thing that comes again is answered as it is. `elsewhere`: the code has become another lesson's.
      const again = mine && !asked.handover && !this.elsewhere;
      if (!next && asked.code !== this.code && asked.token !== "LESSONTOKENLESSONTOKEN") return send(404, { title: "no", detail: "No.", code: asked.token ? "wrong_token" : "wrong_code" });
      if ((next || (mine && this.elsewhere)) && !this.keys.has(asked.key)) this.number += 1;
      this.keys.set(asked.key, this.number);
      if (this.slow) await new Promise((done) => setTimeout(done, this.slow));
      return send(again ? 200 : 201, {
        ...(again ? { again: true } : {}),
        thing: id(this.number), lesson: LESSON, nickname: this.nickname(asked.lang), number: this.number, token: TOKEN, words: ["Otter", "Mond"],
        ingest_url: `http://127.0.0.1:${this.port}/i/${TOKEN}`, mqtt: { address: "127.0.0.1:1883", topic: `in/${TOKEN}/acc` }, streams: this.plan(),
      });
    }
    if (pathname.startsWith("/api/v1/things/")) {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) return send(401, { title: "token", detail: "The token is missing." });
      if (pathname.endsWith("/upload")) {
        const bytes = await body();
        const before = this.uploads.includes(bytes.toString());
        this.uploads.push(bytes.toString());
        return send(200, { stored: before ? 0 : 120, duplicates: before ? 120 : 0, rejected: {}, runs: 1, reasons: {} });
      }
      if (request.method === "DELETE") return this.deleted.push(pathname), response.writeHead(204).end();
      const patch = JSON.parse(await body());
      if (this.locked && Object.keys(patch).some((name) => name.startsWith("predict."))) return send(409, { title: "no", detail: "Locked.", code: "prediction_locked" });
      this.patched.push(patch);
      Object.assign(this.entered, patch);
      for (const [name, value] of Object.entries(this.entered)) if (value === null) delete this.entered[name];
      send(200, {});
      return this.change({});
    }
    if (pathname === `/api/v1/lessons/${LESSON}/observations` && request.url.includes("width=1")) {
      const runs = (this.recorded ?? [1, 2]).filter((run) => !this.deleted.some((path) => path.endsWith(`/runs/${run}`)));
      return send(200, runs.map((run) => ({ run, phenomenon_time: `2026-01-01T10:0${run}:00.000000Z` })));
    }
    if (pathname === `/api/v1/lessons/${LESSON}/observations`) return response.writeHead(200, { "content-type": "text/csv" }).end("lesson,run\n");
    if (pathname === "/report") {
      this.reported = { method: request.method, type: request.headers["content-type"], body: String(await body()) };
      return response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Bericht</title>");
    }
    return super.answer(request, response);
  }

  nickname(language = "de") {
    return language.startsWith("en") ? "Purple Penguin A" : "Lila Pinguin A";
  }

  plan() {
    return this.streams.map((stream) => ({ ...STREAMS[stream], event: this.event, topic: `in/${TOKEN}/${stream}` }));
  }

  /** What every socket hears of the lesson. */
  state(you = {}) {
    const [property, component, unit, range] = this.main;
    return {
      type: "lesson", id: LESSON, template: "pendulum", title: TITLE, led: this.led, phase: this.phase, state: this.phase === "ended" ? "ended" : "recording",
      lobby: "open", take: this.take, takes: this.take ? [this.take] : [], frozen: null, seats: 35, words: ["Otter", "Mond"], version: 1, property, component, unit, range,
      location: this.location ?? null, created: Number(this.origin), ended: this.over ?? null, now: Number(this.now()), join: { code: this.code, url: "", qr: "" },
      things: [{ id: id(this.number), number: this.number, nickname: this.nickname(), paused: false, hidden: false }],
      you: { paused: false, nickname: this.nickname(this.lang), inputs: this.entered, ...you },
    };
  }

  welcome() {
    return {
      type: "welcome", thing: { id: id(this.number), number: this.number, nickname: this.nickname(this.lang), inputs: {} }, lesson: this.state(), task: TASK, title: TITLE,
      inputs: this.inputs
        ? [
            { name: "length_m", unit: "m", label: { de: "Pendellänge (Aufhängepunkt bis Handymitte)", en: "Length (pivot to middle of the phone)" }, min: 0.05, max: 2.5 },
            { name: "T", unit: "s", label: { de: "Periodendauer, mit der Stoppuhr", en: "Period, by stopwatch" }, min: 0.1, max: 4, by_hand: true },
          ]
        : this.lists,
      predictions: this.predictions,
      streams: this.plan(), phyphox: `/p/${TOKEN}.phyphox`, location: null,
    };
  }

  /** Changes what the lesson is and tells every phone at once. */
  change(changes, you) {
    Object.assign(this, changes);
    this.tell({ ...this.state(you) });
  }

  tell(message) {
    for (const socket of this.phones.keys()) this.post(socket, message);
  }

  post(socket, message) {
    socket.write(frame(1, Buffer.from(JSON.stringify(message))));
  }

  /** A Take that begins after so many seconds. */
  begin(seconds = 0, changes = {}) {
    const begins = Number(this.now()) + Math.round(seconds * 1e6);
    this.change({ phase: seconds > 0 ? "countdown" : "measuring", take: { number: (this.take?.number ?? 0) + 1, begins, ends: null, rehearsal: false, undone: false, ...changes } });
    if (seconds > 0) setTimeout(() => this.phase === "countdown" && this.change({ phase: "measuring" }), seconds * 1000);
  }

  stop() {
    this.change({ phase: "stopped", take: { ...this.take, ends: Number(this.now()) } });
  }

  end() {
    this.change({ phase: "ended", over: Number(this.now()) });
  }

  /** Closes every phone's socket with a code, or cuts it without one. */
  drop(code) {
    for (const socket of [...this.phones.keys()]) {
      if (code) socket.write(frame(8, Buffer.from([code >> 8, code & 255])));
      code ? socket.end() : socket.destroy();
      this.phones.delete(socket);
    }
  }

  async close(code = 1001) {
    this.drop(code);
    await super.close(code);
  }

  upgrade(request, socket) {
    if (request.url !== "/api/v1/phone" || this.deaf) return super.upgrade(request, socket);
    const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    let rest = Buffer.alloc(0);
    socket.on("data", (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let found; (found = unframe(rest)); rest = found.rest) this.hear(socket, found);
    });
    for (const event of ["close", "error"]) socket.on(event, () => this.phones.delete(socket));
  }

  hear(socket, { operation, body }) {
    if (operation === 8) return socket.end();
    if (operation === 2) return this.batch(socket, body);
    if (operation !== 1) return;
    const message = JSON.parse(body);
    this.heard.push(message);
    if (message.type === "ping") this.post(socket, { type: "pong", t: message.t, hub: Number(this.now()) });
    if (message.type !== "hello") return;
    this.lang = message.lang;
    if (message.token !== TOKEN || this.unknown) {
      socket.write(frame(8, Buffer.from([4401 >> 8, 4401 & 255])));
      return socket.end();
    }
    for (const [other, page] of this.phones) {
      if (page === message.page) continue;
      other.write(frame(8, Buffer.from([4409 >> 8, 4409 & 255])));
      other.end();
      this.phones.delete(other);
    }
    this.phones.set(socket, message.page);
    this.post(socket, this.welcome());
    if (this.outcome) this.post(socket, this.outcome);
  }

  batch(socket, bytes) {
    const property = bytes[3];
    const readings = bytes.readUInt16LE(6);
    const boot = bytes.readBigUInt64LE(8).toString(16).padStart(16, "0");
    const seq = bytes.readUInt32LE(16);
    const key = `${boot}/${property}/${seq}`;
    if (this.swallow) return;
    const known = this.batches.has(key);
    if (!known) this.batches.set(key, Buffer.from(bytes));
    else this.duplicates += readings;
    const late = this.phase === "ended" && this.rejectsLate;
    this.post(socket, { type: "ack", boot, property, seq, stored: known || late ? 0 : readings, duplicates: known ? readings : 0, idle: 0, thinned: 0, rejected: late ? readings : 0, reasons: late ? [{ reason: "not_recording", count: readings }] : [] });
  }

  /** The readings of a property in the order of their times: `{time, values}` in hub time and units. */
  readings(property) {
    return [...this.batches.values()].filter((bytes) => bytes[3] === property).flatMap(read).sort((one, other) => one.time - other.time);
  }

  /** What the hub computed, as the `result` message. */
  computed(own = [{ run: 1, name: "g", value: 9.787, uncertainty: 0.031, unit: "m/s2" }], pending = null) {
    const unit = "m/s2";
    this.outcome = { type: "result", own: own.map((one) => ({ thing: id(this.number), number: this.number, nickname: this.nickname(), ...one })), class: { g: { n: 24, mean: 9.803, sd: 0.06, se: 0.012, ci95: [9.778, 9.828], unit, reference: null } }, pending };
    this.tell(this.outcome);
  }
}

/** A batch's readings in hub time. */
export function read(bytes) {
  const [flags, components, n] = [bytes[4], bytes[5], bytes.readUInt16LE(6)];
  let at = 28;
  const steps = flags & 1 ? bytes.readFloatLE((at += 4) - 4) : undefined;
  const offset = flags & 2 ? Number(bytes.readBigInt64LE((at += 12) - 12)) : 0;
  const times = [Number(bytes.readBigInt64LE(20)) + offset];
  for (let row = 1; row < n; row += 1) {
    const wide = flags >> 2;
    times.push(times.at(-1) + (wide === 0 ? bytes.readUInt16LE(at) : wide === 1 ? bytes.readUInt32LE(at) : Number(bytes.readBigInt64LE(at))));
    at += 2 << wide;
  }
  const column = () => Array.from({ length: n }, () => (steps ? bytes.readInt16LE((at += 2) - 2) / steps : bytes.readFloatLE((at += 4) - 4)));
  const columns = Array.from({ length: components }, column);
  return times.map((time, row) => ({ time, values: columns.map((values) => values[row]), steps }));
}

function frame(operation, body) {
  const head = Buffer.alloc(body.length < 126 ? 2 : 4);
  head[0] = 0x80 | operation;
  if (body.length < 126) head[1] = body.length;
  else head.writeUInt16BE(body.length, 2) && (head[1] = 126);
  return Buffer.concat([head, body]);
}

function unframe(bytes) {
  if (bytes.length < 2) return undefined;
  let [length, at] = [bytes[1] & 127, 2];
  if (length === 126) [length, at] = [bytes.length < 4 ? Infinity : bytes.readUInt16BE(2), 4];
  else if (length === 127) [length, at] = [bytes.length < 10 ? Infinity : Number(bytes.readBigUInt64BE(2)), 10];
  if (bytes.length < at + 4 + length) return undefined;
  const mask = bytes.subarray(at, at + 4);
  const body = Buffer.from(bytes.subarray(at + 4, at + 4 + length)).map((byte, place) => byte ^ mask[place % 4]);
  return { operation: bytes[0] & 15, body: Buffer.from(body), rest: bytes.subarray(at + 4 + length) };
}
