// A phone in a lesson: what it knows, when its sensors run, what it sends and keeps. Knows no page; `changed` says that
// something is to be shown.

import { Clock } from "./clock.js";
import { Awake, platform } from "./device.js";
import { phaseOf, records, screenOf, sensorsOf } from "./flow.js";
import { Line } from "./line.js";
import * as microphone from "./microphone.js";
import { MAX_HZ, Motion, permission as motionPermission, STEPS, ability } from "./motion.js";
import { Place } from "./place.js";
import { Sender } from "./sender.js";
import { randomHex, STREAMS } from "./wire.js";

/** How often the hub is told how the phone stands, in ms. */
const STATUS = 2000;
/** Levels a second the microphone gives. */
const LEVELS = 8;
const timers = { set: (callback, ms) => setTimeout(callback, ms), clear: (timer) => clearTimeout(timer) };

export class Phone {
  /** `changed()` is called when something is to be shown; `reading(stream, µs, values)` with each reading. */
  constructor({ store, lang, changed, reading }) {
    Object.assign(this, { store, lang, changed, seen: reading });
    this.page = randomHex(16);
    this.clock = new Clock({ now: () => Math.round(performance.now() * 1000), timers });
    this.clock.changed = () => this.sync();
    this.sender = new Sender({ store, clock: this.clock, timers, changed: () => this.sync() });
    const take = (...reading) => this.take(...reading);
    this.motion = new Motion({ reading: take, channel: (stream, found) => this.channel(stream, found.resolution) });
    this.microphone = new microphone.Microphone({ reading: take });
    this.place = new Place({ reading: take });
    this.awake = new Awake();
    this.line = new Line({
      open: () => new WebSocket(`${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/api/v1/phone`),
      hello: () => ({ type: "hello", token: this.joined.token, page: this.page, lang: this.lang(), platform: platform() }),
      now: () => performance.now(),
      timers,
      on: { message: (message) => this.message(message), state: (...state) => this.state(...state) },
    });
    this.reset();
  }

  reset() {
    Object.assign(this, { joined: undefined, welcome: undefined, lesson: undefined, result: undefined, paused: false, link: ["connecting"] });
    Object.assign(this, { permission: "unasked", granted: new Set(), checked: undefined, preview: false, running: false, wiped: false });
    this.channels = {};
    this.sensing = new Set();
    this.recording = undefined;
    this.last = {};
  }

  // Coming and going.

  /** Goes on as who the store remembers; false if nobody. */
  async resume() {
    const me = await this.store.who();
    if (!me?.joined?.token) return false;
    this.joined = me.joined;
    this.checked = me.checked;
    this.motion.sign = me.sign ?? 1;
    await this.sender.recover();
    this.line.start();
    if (me.allowed) this.allow({ silently: true });
    return true;
  }

  /** Comes in with the hub's answer to a join. */
  async enter(joined) {
    this.joined = joined;
    await this.remember();
    this.line.start();
    this.changed();
  }

  remember() {
    const { joined, checked, permission } = this;
    return this.store.remember({ joined, checked, sign: this.motion.sign, allowed: permission === "granted" }).catch(() => {});
  }

  /** Everything of this phone is forgotten here, sent or not. */
  async wipe() {
    this.stopSensing();
    this.line.stop();
    this.clock.end();
    await this.sender.stop();
    await this.store.wipe();
    this.awake.on(false);
  }

  /** The page came to the front again: sockets and clocks may have died in the meantime without a word. */
  woke() {
    if (!this.joined) return;
    this.line.wake();
    if (this.line.greeted) this.clock.begin((ping) => this.line.send(ping));
    if (this.awake.wanted) this.awake.on(true);
    if (this.sensing.has("sound")) {
      this.microphone.stop();
      this.microphone.start().catch(() => {});
    }
  }

  /** The page is not in front any more: browsers stop sensors then, which is a gap. */
  slept() {
    this.sender.interrupt();
    this.tell(true);
  }

  // The hub's word.

  state(name, since) {
    this.link = [name, since];
    if (name === "open") {
      this.clock.begin((ping) => this.line.send(ping));
      this.sender.online((bytes) => this.line.send(bytes));
      // Another tab of this phone may have left something behind when it was told to stop.
      this.sender.recover();
      setTimeout(() => this.sender.recover(), STATUS);
      this.tell(true);
      for (const stream of Object.keys(this.channels)) this.channel(stream, this.channels[stream]);
    } else {
      this.sender.offline();
      this.clock.end();
    }
    if (name === "unknown") this.wipe();
    if (name === "elsewhere") this.stopSensing();
    // The hub closes a lesson that is over when it has answered what it got; what is still here goes with the next try.
    if (name === "over" && !this.sender.done) timers.set(() => this.line.start(), STATUS);
    this.sync();
  }

  message(message) {
    if (message.type === "welcome") {
      this.welcome = message;
      this.told(message.lesson);
    } else if (message.type === "lesson") this.told(message);
    else if (message.type === "pong") this.clock.pong(message);
    else if (message.type === "ack" || message.type === "nack") this.sender.answer(message);
    else if (message.type === "result") this.result = message;
    if (message.type !== "pong") this.sync();
  }

  told(lesson) {
    this.lesson = lesson;
    this.paused = lesson.you?.paused ?? lesson.things?.find((thing) => thing.id === this.joined.thing)?.paused ?? false;
    this.rough = lesson.now - this.clock.now();
    const nickname = lesson.you?.nickname ?? this.welcome?.thing?.nickname;
    if (nickname && nickname !== this.joined.nickname) {
      this.joined.nickname = nickname;
      this.remember();
    }
  }

  // What is shown.

  /** Hub time in µs, roughly before the first exchange. */
  get hub() {
    return this.clock.hub() ?? (this.rough === undefined ? undefined : this.clock.now() + this.rough);
  }

  get screen() {
    return screenOf({ joined: this.joined, line: this.link[0], lesson: this.lesson, hub: this.hub, paused: this.paused });
  }

  get streams() {
    return this.welcome?.streams ?? this.joined?.streams ?? [];
  }

  get sensors() {
    return sensorsOf(this.streams, this.welcome?.location);
  }

  /** Why the sensors cannot be used at all: insecure, missing, none (the lesson needs none of them); undefined if they can. */
  get unable() {
    const { motion, microphone: sound, place } = this.sensors;
    if (motion.length + sound.length + place.length === 0) return "none";
    if (!globalThis.isSecureContext) return "insecure";
    const able =
      (motion.length && ability().motion !== "missing") || (sound.length && microphone.ability() !== "missing") || (place.length && this.place.ability !== "missing");
    return able ? undefined : "missing";
  }

  // Sensors.

  /** Asks for what the lesson needs; from a tap, or `silently` where it was allowed before. */
  async allow({ silently = false } = {}) {
    const { motion, microphone: sound, place } = this.sensors;
    const answers = [];
    const note = (answer, streams) => {
      answers.push(answer);
      if (answer === "granted") for (const stream of streams) this.granted.add(stream);
    };
    if (motion.length) note(await motionPermission(globalThis, { orientation: motion.includes("ori") }), motion);
    if (sound.length) note(await this.microphone.permission(), sound);
    if (place.length && !silently) note(await this.place.permission(), place);
    const best = ["granted", "denied", "missing"].find((answer) => answers.includes(answer)) ?? "missing";
    if (!silently || best === "granted") this.permission = best;
    if (best === "granted") this.remember();
    this.sync();
    this.tell(true);
  }

  /** Whether the phone should lie flat once before it measures: only accelerations have the sign in question. */
  get needsCheck() {
    return this.permission === "granted" && this.sensors.motion.some((stream) => stream === "acc" || stream === "lin") && !this.checked;
  }

  /** Two seconds flat on the table; answers `{sign}` or `{problem}`. */
  async check() {
    const found = await this.motion.check();
    if (found.sign) {
      this.checked = true;
      for (const stream of ["acc", "lin"]) if (this.channels[stream] !== undefined) this.channel(stream, this.channels[stream]);
      await this.remember();
    }
    this.sync();
    return found;
  }

  channel(stream, resolution) {
    this.channels[stream] = resolution;
    if (STEPS[stream] && resolution) this.sender.steps(stream, STEPS[stream]);
    const signed = stream === "acc" || stream === "lin";
    const max_hz = stream === "sound" ? LEVELS : stream === "disp" ? 1 : MAX_HZ;
    this.line.send({ type: "channel", stream, resolution, max_hz, sign_fixed: signed && this.motion.sign < 0 }, false);
  }

  take(stream, at, values) {
    this.seen(stream, at, values);
    this.last[stream] = at;
    if (this.recording) this.sender.take(stream, at, values);
  }

  /** Starts and stops what the screen asks for; then the page is told. */
  sync() {
    const { screen } = this;
    const recording = records(screen, this.running) && this.granted.size > 0;
    if (["countdown", "measuring", "ended", "removed", "elsewhere"].includes(screen)) this.preview = false;
    const take = screen === "free" ? "free" : this.lesson?.take?.number;
    if (this.recording && (!recording || this.recording !== take)) {
      this.sender.finish(this.lesson?.take?.number === this.recording ? (this.lesson.take.ends ?? Infinity) : Infinity);
      this.recording = undefined;
    }
    if (recording && !this.recording) {
      this.recording = take;
      const begins = screen === "free" ? -Infinity : (this.lesson.take?.begins ?? -Infinity);
      this.sender.begin([...this.granted].map((stream) => ({ stream, ...STREAMS[stream], steps: this.channels[stream] === 0 ? undefined : STEPS[stream] })), { begins });
    }
    this.sense(recording || this.preview ? this.granted : new Set());
    this.awake.on(recording);
    if (screen === "ended" && this.sender.done && !this.wiped && this.link[0] !== "connecting") {
      this.wiped = true;
      this.store.wipe();
    }
    this.tell();
    this.changed();
  }

  sense(streams) {
    const same = streams.size === this.sensing.size && [...streams].every((stream) => this.sensing.has(stream));
    if (same) return;
    this.stopSensing();
    this.sensing = new Set(streams);
    const motion = [...streams].filter((stream) => STEPS[stream]);
    if (motion.length) this.motion.start(motion);
    if (streams.has("sound")) {
      this.channel("sound", 0);
      this.microphone.start().catch(() => {
        this.permission = "denied";
        this.granted.delete("sound");
        this.sync();
      });
    }
    if (streams.has("disp")) this.place.start();
  }

  stopSensing() {
    this.sensing = new Set();
    this.motion.stop();
    this.microphone.stop();
    this.place.stop();
  }

  /** Tells the hub how the phone stands, on change and at most every two seconds; `now` at once. */
  tell(now = false) {
    const told = this.clock.told();
    const status = {
      type: "status",
      sensors: this.recording ? [...this.sensing] : [],
      unsent_s: Math.round(this.sender.unsent * 10) / 10,
      offset: told?.offset ?? null,
      uncertainty: told?.uncertainty ?? null,
      permission: this.permission === "unasked" ? null : this.permission,
      measuring: Boolean(this.recording),
    };
    const text = JSON.stringify({ ...status, uncertainty: null, offset: null });
    const due = (this.toldAt ?? -Infinity) + STATUS - performance.now();
    if (!now && text === this.toldText) return;
    if (!now && due > 0) {
      this.later ??= setTimeout(() => {
        this.later = undefined;
        this.tell();
      }, due);
      return;
    }
    if (!this.line.send(status, false)) return;
    this.toldText = text;
    this.toldAt = performance.now();
  }

  /** Where a hub says the lesson stands, also for the page's own countdown. */
  get phase() {
    return phaseOf(this.lesson, this.hub);
  }
}
