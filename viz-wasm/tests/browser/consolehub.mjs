// A hub as far as the teacher's pages can tell, for the states that are hard to bring about with a real one: silent phones, lost
// batches, refused permissions, guessed codes, answers that are refused.

import { FakeHub, id } from "./hub.mjs";

const LESSON = "0000000000abc";
const STATES = ["sending", "sending", "sending", "silent", "sending", "joined", "sending", "away"];
const SOURCES = ["web", "web", "phyphox", "web", "mqtt", "web"];
const ROUTES = [[/^\/setup$/, "setup"], [/^\/login$/, "login"], [/^\/t$/, "library"], [/^\/t\/editor$/, "editor"], [/^\/t\/[0-9a-z]+$/, "console"]];

/** A text message from server to browser. */
function message(body) {
  const bytes = Buffer.from(JSON.stringify(body));
  const head = Buffer.alloc(bytes.length < 126 ? 2 : 4);
  head[0] = 0x81;
  if (bytes.length < 126) head[1] = bytes.length;
  else {
    head[1] = 126;
    head.writeUInt16BE(bytes.length, 2);
  }
  return Buffer.concat([head, bytes]);
}

export class ConsoleHub extends FakeHub {
  constructor({ phase = "lobby", signedIn = true, secure = true, lessons = [], trouble = false, ...options } = {}) {
    super(options);
    Object.assign(this, { phase, signedIn, secure, trouble, lobby: "open", frozen: null, takes: [], removed: new Set(), paused: new Set(), veiled: new Set(), excluded: new Map(), entries: [], version: 1 });
    this.stored = lessons;
    this.orders = [];
    if (phase === "measuring") this.begin(Number(this.now()) - 12_000_000);
    if (phase === "stopped") this.begin(Number(this.now()) - 42_000_000).ends = Number(this.now()) - 20_000_000;
    if (phase === "countdown") this.begin(Number(this.now()) + 3_000_000);
    if (phase === "ended") this.ended = Number(this.now());
  }

  begin(begins, rehearsal = false) {
    const take = { number: this.takes.length + 1, begins, ends: null, rehearsal, undone: false };
    this.takes.push(take);
    return take;
  }

  async answer(request, response) {
    const { pathname: path } = new URL(request.url, "http://x");
    const send = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(body === undefined ? "" : JSON.stringify(body));
    const page = ROUTES.find(([pattern]) => pattern.test(path))?.[1];
    if (page) request.url = `/assets/${page}.html`;
    if (!path.startsWith("/api/")) return super.answer(request, response);
    let body = "";
    for await (const part of request) body += part;
    if (path === "/api/v1/setup" || path === "/api/v1/login") {
      const right = JSON.parse(body)[path.endsWith("setup") ? "secret" : "password"] === "right secret one";
      this.signedIn ||= right;
      if (right) return response.writeHead(204).end();
      return send(403, { title: "Not allowed", status: 403, detail: "No.", code: path.endsWith("setup") ? "old_secret" : "wrong_password" });
    }
    if (!this.signedIn) return send(401, { title: "Not signed in", status: 401, detail: "Sign in.", setup_needed: false });
    if (path === "/api/v1/me") return send(200, { role: "teacher", secure: this.secure, setup_needed: false, phones: "http://192.168.1.5:8080", reachable: true });
    if (path === "/api/v1/logout") return (this.signedIn = false), response.writeHead(204).end();
    if (path === "/api/v1/templates") return send(200, TEMPLATES);
    if (path === "/api/v1/doctor") return send(200, FINDINGS);
    if (path === "/api/v1/lessons" && request.method === "POST") return (this.made = JSON.parse(body)), send(201, { id: LESSON });
    if (path === "/api/v1/lessons") return send(200, this.stored);
    if (path === `/api/v1/lessons/${LESSON}` && request.method === "DELETE") return (this.erased = true), response.writeHead(204).end();
    if (path === `/api/v1/lessons/${LESSON}`) return send(200, { ...this.lesson(), deletes: this.ended ? this.ended + 86_400_000_000 : null, kept: this.kept ?? false });
    if (path.endsWith("/log")) return send(200, this.entries);
    if (path.endsWith("/links")) return send(200, []);
    if (path.endsWith("/commands")) return this.order(JSON.parse(body), send);
    if (path.includes("/qr/")) return response.writeHead(200, { "content-type": "image/svg+xml" }).end(QR);
    return send(404, { title: "not found", status: 404, detail: "There is no such thing." });
  }

  /** Does what a command says, as the hub would. */
  async order(command, send) {
    this.orders.push(command);
    await new Promise((done) => setTimeout(done, this.options.slow ?? 0));
    if (this.refuseOrder) return send(409, { title: "Not as things stand", status: 409, detail: this.refuseOrder });
    const now = Number(this.now());
    const doing = {
      open_lobby: () => (this.lobby = "open"),
      lock_lobby: () => (this.lobby = "locked"),
      start: () => {
        const countdown = command.countdown_s ?? 3;
        this.begin(now + countdown * 1e6, command.rehearsal);
        this.phase = "countdown";
        setTimeout(() => this.phase === "countdown" && ((this.phase = "measuring"), this.tell()), countdown * 1000);
      },
      stop: () => {
        if (this.takes.at(-1).rehearsal || this.phase === "countdown") this.takes.pop();
        else this.takes.at(-1).ends = now;
        this.phase = this.takes.length ? "stopped" : "lobby";
      },
      freeze: () => (this.frozen = now),
      unfreeze: () => (this.frozen = null),
      pause: () => this.paused.add(command.thing),
      resume: () => this.paused.delete(command.thing),
      hide: () => this.veiled.add(command.thing),
      show: () => this.veiled.delete(command.thing),
      remove: () => this.removed.add(command.thing),
      restore: () => this.removed.delete(command.thing),
      rename: () => (this.renamed = command.thing),
      undo_take: () => (this.takes.at(-1).undone = true),
      redo_take: () => (this.takes.at(-1).undone = false),
      exclude: () => (command.reason ? this.excluded.set(command.thing, command.reason) : this.excluded.delete(command.thing)),
      keep: () => (this.kept = command.days !== null),
      end: () => {
        this.phase = "ended";
        this.ended = now;
      },
    }[command.do];
    doing();
    this.entries.push({ at: now, who: "teacher", what: { start: "take.start", stop: "take.stop", lock_lobby: "lobby.lock" }[command.do] ?? command.do, detail: "" });
    this.tell();
    return send(200, this.lesson());
  }

  tell() {
    this.version += 1;
    for (const body of this.everything()) for (const socket of this.sockets) socket.write(message(body));
  }

  upgrade(request, socket) {
    if (request.url.endsWith("/console")) {
      if (!this.signedIn) return socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
      request.url = `/api/v1/lessons/${LESSON}/live`;
    }
    return super.upgrade(request, socket);
  }

  greet(socket) {
    for (const body of this.everything()) socket.write(message(body));
  }

  tick() {
    const newest = this.newest();
    if (newest % 10 === 0) for (const body of this.everything().slice(1)) for (const socket of this.sockets) socket.write(message(body));
  }

  everything() {
    return [this.lesson(), this.outcomes(), this.counters(), { type: "presence", things: this.presence() }, { type: "log", entries: this.entries.slice(-1) }];
  }

  lesson() {
    const base = super.lesson();
    const things = this.things().filter(({ id: one }) => !this.removed.has(one)).map((thing) => ({ ...thing, paused: this.paused.has(thing.id), hidden: this.veiled.has(thing.id) }));
    const open = this.phase !== "ended" && this.lobby === "open";
    return {
      ...base, led: true, phase: this.phase, lobby: this.lobby, takes: this.takes, take: this.takes.findLast((take) => take.ends === null) ?? null,
      frozen: this.frozen, seats: 35, words: ["Otter", "Mond"], version: this.version, things, ended: this.ended ?? null,
      join: open ? { code: this.code, url: "http://192.168.1.5:8080/j#t=abc", qr: `/api/v1/lessons/${LESSON}/qr/join.svg`, wifi: `/api/v1/lessons/${LESSON}/qr/wifi.svg`, ssid: "Physik-3", phyphox: `/api/v1/lessons/${LESSON}/qr/phyphox.svg` } : null,
      ...this.options.lesson,
    };
  }

  counters() {
    const here = this.presence().filter((thing) => !thing.removed);
    const count = (state) => here.filter((thing) => thing.state === state).length;
    return {
      ...super.counters(), joined: here.length, sending: count("sending"), silent: count("silent") + count("away"), waiting: count("joined"),
      lost: this.trouble ? 7 : 0, idle: this.trouble ? 1240 : 0, rejected: this.trouble ? { unknown_column: 42, time_out_of_range: 3 } : {},
      notices: this.trouble ? ["guessing", "problems"] : [],
    };
  }

  presence() {
    const measuring = this.phase === "measuring";
    return this.things().map((thing) => {
      const state = measuring || this.phase === "stopped" ? (this.trouble ? STATES[thing.number % STATES.length] : "sending") : "joined";
      const source = state === "joined" && thing.number % 3 === 0 ? null : SOURCES[thing.number % SOURCES.length];
      return {
        ...thing, source, state: measuring || state !== "sending" ? state : "joined", heard_ms: state === "silent" ? 34_000 : state === "away" ? 190_000 : 400,
        unsent_s: this.trouble && thing.number % 7 === 3 ? 12.4 : 0, alignment_ms: source === "web" ? 4 + (thing.number % 9) : null, rtt_ms: 20,
        permission: this.trouble && thing.number % 9 === 5 ? "denied" : "granted", platform: "ios",
        paused: this.paused.has(thing.id), hidden: this.veiled.has(thing.id), removed: this.removed.has(thing.id), missing: this.trouble && thing.number === 4 ? 7 : 0,
      };
    });
  }

  outcomes() {
    const all = super.outcomes();
    if (this.takes.length === 0) return { ...all, outcomes: [], class: {}, pending: all.pending };
    for (const one of all.outcomes) {
      delete one.excluded;
      if (this.excluded.has(one.thing)) one.excluded = this.excluded.get(one.thing);
    }
    return all;
  }
}

export { id, LESSON };

const both = (de, en) => ({ de, en });
const TEMPLATES = [
  { id: "pendulum", version: "1.0.0", title: both("Fadenpendel: wie groß ist g?", "Pendulum: how large is g?"), task: both("Hänge das Handy hochkant an eine Schnur, miss vom Aufhängepunkt bis zur Mitte des Handys, lenke es um höchstens 5° aus und lass es mindestens 10 s frei schwingen.", "Hang the phone upright on a string, measure from the pivot to the middle of the phone, pull it aside by at most 5° and let it swing freely for at least 10 s."), sensors: [{ stream: "gyr", unit: "rad/s", min_hz: 20, sources: ["web", "phyphox", "sensor_logger"] }, { stream: "acc", unit: "m/s2", min_hz: 20, sources: ["web", "phyphox", "sensor_logger"] }], inputs: [{ name: "length_m", unit: "m", label: both("Pendellänge (Aufhängepunkt bis Handymitte)", "Length (pivot to middle of the phone)") }], figures: [], minutes: 45 },
  { id: "spring", version: "1.0.0", title: both("Federpendel: wie hängt die Periode von der Masse ab?", "Spring: how does the period depend on the mass?"), task: both("Hänge das Handy an eine Feder, zieh es ein Stück nach unten und lass es schwingen.", "Hang the phone on a spring, pull it down a little and let it swing."), sensors: [{ stream: "acc", unit: "m/s2", min_hz: 50, sources: ["web", "phyphox"] }], inputs: [], figures: [] },
  { id: "rest", version: "1.0.0", title: both("Was misst ein Handy in Ruhe?", "What does a phone measure at rest?"), task: both("Lege das Handy ruhig auf den Tisch.", "Lay the phone still on the table."), sensors: [{ stream: "acc", unit: "m/s2", min_hz: 20, sources: ["web", "phyphox"] }, { stream: "pres", unit: "hPa", min_hz: 1, sources: ["phyphox"] }], inputs: [], figures: [] },
];
const FINDINGS = {
  worst: "warn",
  findings: [
    { id: "clock", level: "ok", title: both("Die Uhr geht richtig", "The clock is right"), detail: both("Abweichung unter einer Sekunde.", "Off by less than a second."), fix: null },
    { id: "cert", level: "warn", title: both("Das Zertifikat läuft bald ab", "The certificate expires soon"), detail: both("Es gilt noch 9 Tage.", "It is valid for 9 more days."), fix: both("Verbinden Sie den Hub vorher mit dem Internet.", "Connect the hub to the internet before.") },
  ],
};
const QR = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 25 25" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h25v25H0z"/><path d="${Array.from({ length: 260 }, (_, place) => `M${2 + ((place * 7) % 21)} ${2 + ((place * place * 3 + place) % 21)}h1v1h-1z`).join("")}M2 2h6v6H2zM17 2h6v6h-6zM2 17h6v6H2z"/></svg>`;
