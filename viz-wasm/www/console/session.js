// One lesson as the hub tells it: the console's socket, which stays connected, and the commands. The hub's messages decide what is shown.

import { Listener } from "../listener.js";
import { asTeacher, lessonPath, signIn } from "./api.js";

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
    const url = new URL(lessonPath(lesson, "/console"), location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.listener = new Listener({
      open: () => new WebSocket(url),
      silence: SILENCE,
      on: {
        state: (state, since) => this.enter(state, since),
        message: (data) => this.hear(data),
        closed: (code) => this.ends(code),
        refused: () => this.refused(),
      },
    });
    for (const sign of ["online", "pageshow"]) addEventListener(sign, () => this.listener.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.listener.wake());
    this.listener.start();
  }

  /** The hub's clock now, µs. */
  now() {
    return (Date.now() + (this.ahead ?? 0)) * 1000;
  }

  hear(data) {
    try {
      this.take(JSON.parse(data), data);
    } catch (error) {
      console.warn(String(error));
    }
  }

  /** True if a closed socket is not to be opened again. */
  ends(code) {
    if (code === SIGNED_OUT) signIn();
    if (code === ERASED) this.enter("gone", null);
    return code === SIGNED_OUT || code === ERASED;
  }

  /** A socket that was refused before it opened does not say why; the API does. True if there is no use in trying again. */
  async refused() {
    try {
      await asTeacher("GET", "/api/v1/me");
      await asTeacher("GET", lessonPath(this.id));
    } catch (error) {
      if (error.status === 401) return true;
      if (error.status === 404) {
        this.enter("gone", null);
        return true;
      }
    }
    return false;
  }

  enter(state, since) {
    // A hub that was started anew counts its versions anew.
    if (state === "live") this.version = -1;
    Object.assign(this, { state, since });
    this.changed("state");
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
