// A hub as far as the pages can tell: serves ../../www under the hub's addresses and headers, and plays a pendulum
// lesson with known truth. Everything is a function of the time since the start, so that pictures can be compared.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { dirname, extname, join, normalize } from "node:path";

const WWW = join(dirname(fileURLToPath(import.meta.url)), "../../www");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".ftl": "text/plain; charset=utf-8" };
const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const WINDOW = 100_000;
const NAMES = ["Otter", "Fuchs", "Luchs", "Dachs", "Igel", "Reh", "Hase", "Biber", "Marder", "Wolf", "Adler", "Specht", "Eule", "Falke", "Meise"];
const COLOURS = ["Blauer", "Roter", "Grüner", "Gelber"];

/** A Thing's id as 13 characters of Crockford's base 32. */
export const id = (number) => number.toString(32).replace(/[i-v]/g, (letter) => "jkmnpqrstvwxyz"["ijklmnopqrstuv".indexOf(letter)]).padStart(13, "0");

const label = (number) => `${COLOURS[(number * 7) % 4]} ${NAMES[number % NAMES.length]}`;
// Deterministic scatter between -1 and 1.
const scatter = (number, salt) => {
  const value = Math.sin(number * 12.9898 + salt * 78.233) * 43758.5453;
  return 2 * (value - Math.floor(value)) - 1;
};

export class FakeHub {
  constructor({ things = 30, gaps = true, ...options } = {}) {
    this.options = options;
    this.count = things;
    this.gaps = gaps;
    this.sockets = new Set();
    this.patched = [];
    this.sent = 0;
    this.waiting = [];
    this.code = "482913";
    this.origin = BigInt(Date.now()) * 1000n - 60_000_000n;
    this.title = { de: "Fadenpendel: wie groß ist g?", en: "Pendulum: how large is g?" };
  }

  async listen(port = 0) {
    this.server = createServer((request, response) => this.answer(request, response).catch((error) => response.writeHead(500).end(String(error))));
    this.server.on("upgrade", (request, socket) => this.upgrade(request, socket));
    await new Promise((done) => this.server.listen(port, "127.0.0.1", done));
    this.port = this.server.address().port;
    this.timer = setInterval(() => this.tick(), 100);
    return `http://127.0.0.1:${this.port}`;
  }

  async close(code = 1001) {
    clearInterval(this.timer);
    for (const socket of this.sockets) this.hangUp(socket, code);
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  async answer(request, response) {
    const path = new URL(request.url, "http://x").pathname;
    const send = (status, body, headers) =>
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    if (path === "/api/v1/join" && request.method === "POST") {
      const { code, lang } = JSON.parse(await text(request));
      if (this.refuse?.(code)) return send(429, { title: "too many", detail: "Too many wrong codes." }, { "retry-after": "1" });
      this.joinedIn = lang;
      if (code !== this.code) return send(404, { title: "no such code", detail: "There is no lesson with this code; look at the board again." });
      return send(200, {
        thing: id(1), nickname: label(1), number: 1, token: "abcdefghijklmnopqrstuv", lesson: "0000000000abc",
        ingest_url: `http://127.0.0.1:${this.port}/i/abcdefghijklmnopqrstuv`,
        mqtt: { address: "127.0.0.1:1883", topic: "in/abcdefghijklmnopqrstuv/acc" },
        streams: [
          { stream: "gyr", property: "angular_velocity", unit: "rad/s", vector: true, min_hz: 20, topic: "in/abcdefghijklmnopqrstuv/gyr" },
          { stream: "pres", property: "pressure", unit: "hPa", vector: false, min_hz: 1, topic: "in/abcdefghijklmnopqrstuv/pres" },
        ],
      });
    }
    if (path.startsWith("/api/v1/things/") && request.method === "PATCH") {
      if (request.headers.authorization !== "Bearer abcdefghijklmnopqrstuv") return send(401, { title: "token", detail: "The token is missing." });
      this.patched.push(JSON.parse(await text(request)));
      return send(200, {});
    }
    if (path === "/api/v1/lessons/0000000000abc") {
      return send(200, {
        id: "0000000000abc", template: "pendulum", title: this.title, state: "recording",
        task: { de: "Hänge das Handy an eine Schnur.", en: "Hang the phone on a string." },
        inputs: [{ name: "length_m", unit: "m", label: { de: "Pendellänge", en: "Length of the pendulum" }, min: 0.05, max: 5 }],
      });
    }
    const picture = /^\/api\/v1\/lessons\/0000000000abc\/qr\/(join|wifi|phyphox)\.svg$/.exec(path);
    if (picture && (picture[1] === "join" || this.options[picture[1]])) {
      const squares = Array.from({ length: 25 * 25 }, (_, place) => ((place * 7919) % 13 < 6 ? `M${place % 25} ${Math.floor(place / 25)}h1v1h-1z` : ""));
      return response
        .writeHead(200, { "content-type": "image/svg+xml" })
        .end(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 25 25"><path d="${squares.join("")}"/></svg>`);
    }
    if (path.startsWith("/api/")) {
      await new Promise((done) => setTimeout(done, this.options.slow ?? 0));
      return send(404, { title: "not found", detail: "There is no such thing." });
    }
    const file = path === "/" ? "index.html" : path === "/j" ? "join.html" : path.startsWith("/b/") ? "board.html" : ["/privacy", "/check", "/help"].includes(path) ? `${path.slice(1)}.html` : path.replace(/^\/assets\//, "");
    if (this.options.unbuilt && file.startsWith("pkg/")) return response.writeHead(404).end();
    const bench = path.startsWith("/bench/") ? join(dirname(fileURLToPath(import.meta.url)), path.slice(7)) : join(WWW, normalize(file));
    try {
      const body = await readFile(bench);
      const type = TYPES[extname(bench)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, "content-security-policy": this.options.csp ?? CSP, "x-content-type-options": "nosniff" }).end(body);
    } catch {
      response.writeHead(404).end("not found");
    }
  }

  upgrade(request, socket) {
    const { pathname, searchParams } = new URL(request.url, "http://x");
    if (pathname !== "/api/v1/lessons/0000000000abc/live") return socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
    this.asked = Object.fromEntries(searchParams);
    // As strict as the hub: a member it does not know is a mistake.
    if (Object.keys(this.asked).some((name) => !["property", "window_ms"].includes(name))) return socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.on("data", (bytes) => (bytes[0] & 15) === 8 && socket.end());
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("error", () => this.sockets.delete(socket));
    this.sockets.add(socket);
    this.greet(socket);
  }

  greet(socket) {
    socket.write(packet(1, JSON.stringify(this.lesson())));
    socket.write(packet(1, JSON.stringify(this.outcomes())));
    socket.write(packet(1, JSON.stringify(this.counters())));
    socket.write(packet(2, this.frame(0, this.newest())));
  }

  hangUp(socket, code) {
    if (code) socket.write(packet(8, Buffer.from([code >> 8, code & 255])));
    socket.end();
    this.sockets.delete(socket);
  }

  broadcast(operation, body) {
    for (const socket of this.sockets) socket.write(packet(operation, body));
  }

  tick() {
    const newest = this.newest();
    if (this.silent) return;
    this.broadcast(2, this.frame(newest - 2, newest));
    this.sent += 1;
    this.waiting.splice(0).forEach((done) => done());
    if (newest % 10 === 0) {
      this.broadcast(1, JSON.stringify(this.counters()));
      this.broadcast(1, JSON.stringify(this.outcomes()));
    }
  }

  /** Resolves after so many further frames were sent. */
  async frames(count) {
    const from = this.sent;
    while (this.sent < from + count) await new Promise((done) => this.waiting.push(done));
  }

  now() {
    return BigInt(Date.now()) * 1000n;
  }

  newest() {
    return Number((this.now() - this.origin) / BigInt(WINDOW));
  }

  things() {
    return Array.from({ length: this.count }, (_, place) => ({ id: id(place + 1), number: place + 1, nickname: label(place + 1) }));
  }

  lesson() {
    return {
      type: "lesson", id: "0000000000abc", code: this.code, template: "pendulum", title: this.title, created: Number(this.origin),
      now: Number(this.now()), property: "angular_velocity", component: "y", unit: "rad/s", things: this.things(),
      join: this.join(), words: ["Otter", "Mond"], ...this.options.lesson, ...this.changed,
      ...(this.ended ? { state: "ended", phase: "ended", ended: this.ended, code: null, join: null } : { state: "recording", ended: null }),
    };
  }

  join() {
    const qr = "/api/v1/lessons/0000000000abc/qr/join.svg";
    const wifi = this.options.wifi ? { wifi: qr.replace("join", "wifi"), ssid: this.options.wifi } : { wifi: null };
    const phyphox = this.options.phyphox ? qr.replace("join", "phyphox") : null;
    return { phyphox, code: this.code, url: `http://127.0.0.1:${this.port}/j#t=abcdefghijklmnopqrstuv`, qr, ...wifi };
  }

  /** Changes the lesson as a teacher's command does, and tells every board. */
  change(changed) {
    this.changed = { ...this.changed, ...changed };
    this.broadcast(1, JSON.stringify(this.lesson()));
  }

  /** Ends the lesson as the hub does: nothing is recorded any more, and every board is told. */
  end() {
    this.ended = Number(this.now());
    this.silent = true;
    this.broadcast(1, JSON.stringify(this.lesson()));
  }

  counters() {
    const silent = this.count > 6 ? 2 : 0;
    return { type: "counters", joined: this.count, sending: this.count - silent, silent, readings: this.newest() * 300, rejected: { unknown_column: this.count ? 3 : 0 }, notices: this.options.notices ?? [], alignment_ms: this.options.alignment ?? null };
  }

  outcomes() {
    const unit = "m/s2";
    const outcomes = [];
    const pending = [];
    for (const { id: thing, number, nickname } of this.things()) {
      if (number % 11 === 5) {
        pending.push({ thing, number, nickname, reason: { de: "Die Pendellänge fehlt.", en: "The pendulum's length is missing." } });
        continue;
      }
      const uncertainty = 0.02 + 0.02 * Math.abs(scatter(number, 2));
      const value = 9.8 + 0.06 * (scatter(number, 1) + scatter(number, 3));
      const one = { thing, number, nickname, run: 1, name: "g", value, uncertainty, unit };
      if (number === 9) Object.assign(one, { value: 9.42, excluded: "phone slipped" });
      if (number === 20) one.value = 2.43;
      outcomes.push(one);
    }
    const counted = outcomes.filter((one) => !one.excluded && one.value > 5).map((one) => one.value);
    const n = counted.length;
    const mean = n ? counted.reduce((sum, value) => sum + value, 0) / n : null;
    const sd = n > 1 ? Math.sqrt(counted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)) : null;
    const half = n > 1 ? (2.05 * sd) / Math.sqrt(n) : null;
    const reference = { value: 9.81, tolerance: 0.01, label: { de: "Literaturwert", en: "literature" } };
    const g = { n, mean, sd, se: n > 1 ? sd / Math.sqrt(n) : null, ci95: n > 1 ? [mean - half, mean + half] : null, unit, reference };
    return { type: "outcomes", lesson: "0000000000abc", template: "pendulum", outcomes, class: this.count ? { g } : {}, pending };
  }

  /** Whether a window of a Thing is missing: number 4 has holes, number 7 fell silent. */
  missing(number, index) {
    if (!this.gaps) return false;
    return (number === 4 && index % 40 < 14) || (number === 7 && index > 500) || number === 17;
  }

  frame(from, to) {
    const series = this.things().map(({ number }) => {
      const windows = [];
      for (let index = from; index < to; index += 1) {
        if (this.missing(number, index)) continue;
        const at = (index + 0.5) * 0.1;
        const period = 1.3 + 0.35 * scatter(number, 5);
        const amplitude = 0.5 + 0.3 * scatter(number, 6);
        const decay = Math.exp(-((at + 10 * number) % 40) / 40);
        const mean = amplitude * decay * Math.sin((2 * Math.PI * at) / period + number);
        const slope = Math.abs(((amplitude * decay * 2 * Math.PI) / period) * Math.cos((2 * Math.PI * at) / period + number)) * 0.05;
        // A phone whose clock is wrong stamps the same readings with its own time.
        windows.push([index + (this.options.off?.[number] ?? 0), 10, mean, mean - slope - 0.01, mean + slope + 0.01]);
      }
      return { number, windows };
    });
    return encode(this.origin, WINDOW, series);
  }
}

/** A live frame (MWF1) of `{number, windows: [index, count, mean, min, max][]}`, angular velocity about y. */
export function encode(origin, window, series) {
  const size = 18 + series.reduce((sum, one) => sum + 12 + 20 * one.windows.length, 0);
  const out = Buffer.alloc(size);
  out.write("MWF1");
  out.writeBigInt64LE(origin, 4);
  out.writeUInt32LE(window, 12);
  out.writeUInt16LE(series.length, 16);
  let at = 18;
  for (const { number, windows } of series) {
    out.writeBigUInt64LE(BigInt(number), at);
    out[at + 8] = 3;
    out[at + 9] = 1;
    out.writeUInt16LE(windows.length, at + 10);
    at += 12;
    for (let column = 0; column < 5; column += 1) {
      for (const values of windows) {
        if (column === 0) out.writeInt32LE(values[0], at);
        else if (column === 1) out.writeUInt32LE(values[1], at);
        else out.writeFloatLE(values[column], at);
        at += 4;
      }
    }
  }
  return out;
}

function packet(operation, body) {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(bytes.length < 126 ? 2 : bytes.length < 65536 ? 4 : 10);
  head[0] = 0x80 | operation;
  if (bytes.length < 126) head[1] = bytes.length;
  else if (bytes.length < 65536) head.writeUInt16BE(bytes.length, 2) && (head[1] = 126);
  else head.writeBigUInt64BE(BigInt(bytes.length), 2) && (head[1] = 127);
  return Buffer.concat([head, bytes]);
}

async function text(request) {
  let body = "";
  for await (const part of request) body += part;
  return body;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const things = Number(process.argv[3] ?? 30);
  const address = await new FakeHub({ things }).listen(Number(process.argv[2] ?? 8899));
  console.log(`${address}/b/0000000000abc  ${address}/j#482913`);
}
