// One lesson as the hub tells it: the console's socket, which stays connected, and the commands. The hub's messages decide what is shown.

import { asTeacher, lessonPath, signIn } from "./api.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
const GOING_AWAY = 1001;
/** The lesson was erased while it was looked at. */
const ERASED = 4404;
/** The session is over, here or everywhere. */
const SIGNED_OUT = 4401;
/** The hub tells who is there each second; longer silence is a dead connection. */
const SILENCE = 8000;
/** Entries of the log that are kept. */
const LOGGED = 200;

export class Session {
  /** `changed(what)` is called with the type of each message and with `state`. */
  constructor(lesson, changed) {
    this.id = lesson;
    this.changed = changed;
    this.lesson = undefined;
    this.presence = [];
    this.counters = {};
    this.outcomes = undefined;
    this.log = [];
    /** `connecting`, `live`, `offline`, `stopped` or `gone`, and since when. */
    this.state = "connecting";
    this.since = null;
    this.wait = FIRST_WAIT;
    this.heard = performance.now();
    setInterval(() => this.listen(), 2000);
    for (const sign of ["online", "pageshow"]) addEventListener(sign, () => this.again());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.again());
    this.connect();
  }

  /** The hub's clock now, µs. */
  now() {
    return (Date.now() + (this.ahead ?? 0)) * 1000;
  }

  connect() {
    clearTimeout(this.timer);
    const url = new URL(lessonPath(this.id, "/console"), location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.socket = socket;
    this.heard = performance.now();
    let greeted = false;
    socket.onmessage = (event) => {
      if (socket !== this.socket) return;
      this.heard = performance.now();
      if (!greeted) {
        greeted = true;
        this.wait = FIRST_WAIT;
        // A hub that was started anew counts its versions anew.
        this.version = -1;
        this.enter("live");
      }
      try {
        this.take(JSON.parse(event.data), event.data);
      } catch (error) {
        console.warn(String(error));
      }
    };
    socket.onclose = async (event) => {
      if (socket !== this.socket) return undefined;
      if (event.code === SIGNED_OUT) return signIn();
      if (event.code === ERASED) return this.enter("gone");
      if ((!greeted && (await this.refused())) || socket !== this.socket) return undefined;
      this.enter(event.code === GOING_AWAY ? "stopped" : "offline");
      this.timer = setTimeout(() => this.connect(), this.wait * (0.75 + Math.random() / 2));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
      return undefined;
    };
  }

  /** A socket that was refused before it opened does not say why; the API does. True if there is no use in trying again. */
  async refused() {
    try {
      await asTeacher("GET", "/api/v1/me");
      await asTeacher("GET", lessonPath(this.id));
    } catch (error) {
      if (error.status === 401) return true;
      if (error.status === 404) {
        this.enter("gone");
        return true;
      }
    }
    return false;
  }

  enter(state) {
    if (state === "live") this.since = null;
    else this.since ??= new Date();
    this.state = state;
    this.changed("state");
  }

  listen() {
    if (this.socket.readyState === WebSocket.OPEN && performance.now() - this.heard > SILENCE) this.socket.close();
  }

  again() {
    const dead = performance.now() - this.heard > SILENCE;
    if (this.state === "gone" || (this.socket.readyState === WebSocket.OPEN && !dead)) return;
    const old = this.socket;
    this.wait = FIRST_WAIT;
    this.connect();
    old.close();
  }

  take(message, json) {
    if (message.type === "lesson") this.told(message, json);
    else if (message.type === "presence") this.presence = message.things ?? [];
    else if (message.type === "counters") this.counters = message;
    else if (message.type === "outcomes") [this.outcomes, this.outcomesJson] = [message, json];
    else if (message.type === "log") this.remember(message.entries ?? []);
    else return;
    this.changed(message.type);
  }

  /** Takes a `lesson` message, from the socket or as a command's answer; an older one that comes late changes nothing. */
  told(message, json) {
    if (message.version !== undefined && message.version < (this.version ?? -1)) return;
    this.version = message.version ?? this.version;
    this.ahead = message.now ? message.now / 1000 - Date.now() : (this.ahead ?? 0);
    this.lesson = { ...message, phase: message.phase ?? (message.state === "ended" ? "ended" : "measuring"), things: message.things ?? [] };
    this.lessonJson = json ?? JSON.stringify({ ...message, type: "lesson" });
  }

  /** Sends a command; done when the hub has answered. Throws `Refused`. */
  async command(body) {
    const answer = await asTeacher("POST", lessonPath(this.id, "/commands"), body);
    if (answer?.phase) {
      this.told(answer);
      this.changed("lesson");
    }
    return answer;
  }

  /** Asks for the log that was written before this page came. */
  async readLog() {
    const entries = await asTeacher("GET", lessonPath(this.id, "/log"));
    this.remember(Array.isArray(entries) ? entries : (entries?.entries ?? []));
    this.changed("log");
  }

  /** Puts entries into the log, newest first and each once: what the socket told, the page may also have asked for. */
  remember(entries) {
    const known = new Map([...this.log, ...entries].map((entry) => [`${entry.at} ${entry.what} ${entry.detail}`, entry]));
    this.log = [...known.values()].sort((one, other) => other.at - one.at).slice(0, LOGGED);
  }
}
