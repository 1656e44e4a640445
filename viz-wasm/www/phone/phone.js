// A phone in a lesson: what it knows, when its sensors run, what it sends and keeps. Knows no page; `changed` says that
// something is to be shown.

import { Clock } from "./clock.js";
import { Awake, platform } from "./device.js";
import { phaseOf, records, screenOf, sensorsOf, takeOf } from "./flow.js";
import { Line } from "./line.js";
import * as microphone from "./microphone.js";
import { MAX_HZ, Motion, permission as motionPermission, STEPS, ability } from "./motion.js";
import { Place } from "./place.js";
import { Sender } from "./sender.js";
import { randomHex, STREAMS } from "./wire.js";

/** How often the hub is told how the phone stands, in ms. */
const STATUS = 2000;
/** Readings a second at most of what comes slower than motion. */
const RATES = { sound: 8, freq: 4, dt: 10, disp: 1 };
/** So often a phone that was taken out asks whether it is back, in ms; after so many times more slowly. */
const RETURN = 4000;
const RETURNS = 75;
const RETURN_LATE = 30_000;
/** A phone that was taken out so long ago, in ms, is not waited for any more: it forgets. */
const FORGET = 12 * 3600 * 1000;
/** What a group has measured is sent before the next takes over, for so long at most, in ms. */
const LAST_WORDS = 5000;
const timers = { set: (callback, ms) => setTimeout(callback, ms), clear: (timer) => clearTimeout(timer) };

export class Phone {
  /**
   * `changed()` is called when something is to be shown; `reading(stream, µs, values)` with each reading; `onset(µs, s)` when a loud
   * sound begins, on the page's clock and on the sound card's: what comes of it is given to `take`.
   */
  constructor({ store, lang, changed, reading, onset = () => {} }) {
    Object.assign(this, { store, lang, changed, seen: reading });
    this.page = randomHex(16);
    this.clock = new Clock({ now: () => Math.round(performance.now() * 1000), wall: () => Date.now() * 1000, timers });
    this.clock.changed = () => this.sync();
    this.sender = new Sender({ store, clock: this.clock, timers, changed: () => this.sync() });
    const take = (...reading) => this.take(...reading);
    this.motion = new Motion({ reading: take, channel: (stream, found) => this.channel(stream, found.resolution), signed: (sign) => this.signed(sign) });
    this.microphone = new microphone.Microphone({ reading: take, onset, ended: () => this.deaf() });
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
    Object.assign(this, { granted: new Set(), checked: undefined, preview: false, running: false, wiped: false, removed: undefined });
    /** What was answered for motion, microphone and place: granted, denied or missing. */
    this.answers = {};
    this.channels = {};
    this.sensing = new Set();
    this.recording = undefined;
    /** The last Take that this phone recorded, and the last of the page before a reload. */
    this.took = undefined;
    this.tookBefore = undefined;
    this.returns = 0;
    /** This phone is about to be somebody else, or nobody: nothing more is measured. */
    this.leaving = false;
    this.last = {};
  }

  // Coming and going.

  /** Goes on as who the store remembers; false if nobody. */
  async resume() {
    const me = await this.store.who().catch(() => undefined);
    if (!me?.joined?.token) return false;
    if (me.removed && Date.now() - me.removed > FORGET) {
      await this.store.wipe(me.joined.thing).catch(() => {});
      return false;
    }
    this.joined = me.joined;
    this.sender.thing = me.joined.thing;
    this.checked = me.checked;
    this.removed = me.removed;
    this.took = this.tookBefore = me.took;
    this.motion.sign = me.sign ?? 1;
    this.motion.sure = Boolean(me.checked);
    this.tabs();
    await this.sender.recover();
    this.line.start();
    if (me.allowed) this.allow({ silently: true });
    return true;
  }

  /** Comes in with the hub's answer to a join, in the place of whoever this phone was. */
  async enter(joined) {
    this.joined = joined;
    this.sender.thing = joined.thing;
    await this.remember({ anew: true });
    this.tabs();
    this.line.start();
    this.changed();
  }

  /** Keeps who this phone is; where another tab has become somebody else, this one is over. */
  async remember({ anew = false } = {}) {
    // After the lesson nothing is written again.
    if (this.wiped || this.forgetting) return;
    const { joined, checked, permission, removed, took } = this;
    const me = { joined, checked, sign: this.motion.sign, allowed: permission === "granted", removed, took };
    const kept = await this.store.remember(me, { anew }).catch(() => true);
    if (!kept) this.displaced();
  }

  /** Tells the other tabs who this phone is, and hears it from them. */
  tabs() {
    if (!globalThis.BroadcastChannel) return;
    this.others ??= new BroadcastChannel("messwerk");
    this.others.onmessage = ({ data }) => data?.thing && data.thing !== this.joined?.thing && this.displaced();
    this.others.postMessage({ thing: this.joined.thing });
  }

  /** Another tab of this phone is in another lesson, or another group: this one stops and sends no more. */
  displaced() {
    if (this.other) return;
    this.other = true;
    this.line.stop();
    this.state("elsewhere");
    this.sender.stop();
  }

  /** Everything of this Thing is forgotten here, sent or not. */
  async wipe() {
    this.leaving = true;
    this.stopSensing();
    this.line.stop();
    this.clock.end();
    this.awake.on(false);
    await this.sender.stop();
    this.sender.clear();
    await this.store.wipe(this.joined?.thing);
  }

  /** The page came to the front again: sockets and clocks may have died in the meantime without a word. */
  woke() {
    if (!this.joined) return;
    const slept = this.clock.epoch !== this.epoch;
    this.epoch = this.clock.epoch;
    if (slept) this.rough = undefined;
    this.line.wake(slept);
    if (this.line.greeted) this.clock.begin((ping) => this.line.send(ping));
    if (this.awake.wanted) this.awake.on(true);
    if (this.hearing.length) {
      this.microphone.stop();
      this.hear();
    }
  }

  /** The page is not in front any more: browsers stop sensors then, which is a gap. */
  slept() {
    this.epoch = this.clock.epoch;
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
      setTimeout(() => this.other || this.sender.recover(), STATUS);
      this.tell(true);
      for (const stream of Object.keys(this.channels)) this.channel(stream, this.channels[stream]);
    } else {
      this.sender.offline();
      this.clock.end();
    }
    if (name === "unknown" && !this.leaving) this.takenOut();
    if (name === "elsewhere") this.stopSensing();
    // The hub closes a lesson that is over when it has answered what it got; what is still here goes with the next try.
    if (name === "over") this.removed = undefined;
    if (name === "over" && !this.sender.done) timers.set(() => this.line.start(), STATUS);
    this.sync();
  }

  /** The hub knows this phone no more. A teacher may take that back: nothing is forgotten, and the hub is asked again. */
  takenOut() {
    if (!this.removed) {
      this.removed = Date.now();
      this.remember();
    }
    if (Date.now() - this.removed > FORGET) return this.expire();
    this.returns += 1;
    timers.clear(this.back);
    this.back = timers.set(() => this.removed && !this.other && this.line.start(), this.returns > RETURNS ? RETURN_LATE : RETURN);
  }

  /** Nobody has taken it back for so long that nobody will: nothing stays on the phone. */
  async expire() {
    await this.wipe().catch(() => {});
    this.reset();
    this.changed();
  }

  /** Stops measuring, and sends what is here while somebody listens. Ends with a new Thing, or with `stay()`. */
  async hand(patience = LAST_WORDS) {
    this.leaving = true;
    this.sync();
    const until = Date.now() + patience;
    while (!this.sender.done && this.line.greeted && Date.now() < until) await new Promise((done) => setTimeout(done, 50));
  }

  /** Nobody takes over: goes on as who it was. */
  stay() {
    this.leaving = false;
    if (this.link[0] === "unknown") this.line.start();
    this.sync();
  }

  returned() {
    this.removed = undefined;
    this.returns = 0;
    this.remember();
  }

  message(message) {
    if (message.type === "welcome") {
      if (this.removed) this.returned();
      this.welcome = message;
      // A finger needs no permission.
      for (const stream of this.sensors.touch) {
        this.answers.touch = "granted";
        this.granted.add(stream);
      }
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
    // A token that is dead because the next group has the seat is no teacher's doing.
    const line = this.leaving && this.link[0] === "unknown" ? "offline" : this.link[0];
    return screenOf({ joined: this.joined, line, lesson: this.lesson, hub: this.hub, paused: this.paused, removed: Boolean(this.removed) });
  }

  get streams() {
    return this.welcome?.streams ?? this.joined?.streams ?? [];
  }

  /** Whether the teacher has allowed locations: may come in the middle of a lesson. */
  get location() {
    return this.lesson?.location !== undefined ? this.lesson.location : this.welcome?.location;
  }

  get sensors() {
    return sensorsOf(this.streams, this.location);
  }

  /**
   * Why the sensors cannot be used at all: insecure, missing, place (only the teacher's word for the location is lacking),
   * none (the lesson needs none of them); undefined if they can.
   */
  get unable() {
    const { motion, microphone: sound, place, touch } = this.sensors;
    if (touch.length) return undefined;
    if (motion.length + sound.length + place.length === 0) return sensorsOf(this.streams, "asked").place.length ? "place" : "none";
    if (!globalThis.isSecureContext) return "insecure";
    const able =
      (motion.length && ability().motion !== "missing") || (sound.length && microphone.ability() !== "missing") || (place.length && this.place.ability !== "missing");
    return able ? undefined : "missing";
  }

  // Sensors.

  /** The kinds of sensors that the lesson needs and nobody was asked for yet. */
  get unasked() {
    return Object.entries(this.sensors).filter(([kind, streams]) => streams.length && !this.answers[kind]).map(([kind]) => kind);
  }

  /** The best answer so far: granted, denied, missing; unasked before the first. */
  get permission() {
    return ["granted", "denied", "missing"].find((answer) => Object.values(this.answers).includes(answer)) ?? "unasked";
  }

  /** Asks for what the lesson needs and was not asked for; from a tap, or `silently` where it was allowed before. */
  async allow({ silently = false } = {}) {
    const { sensors } = this;
    const ways = {
      motion: () => motionPermission(globalThis, { orientation: sensors.motion.includes("ori") }),
      microphone: () => this.microphone.permission(),
      place: () => this.place.permission(),
    };
    for (const kind of this.unasked) {
      // A browser that asks for the location shall do it after a tap.
      if (silently && kind === "place") continue;
      const answer = await ways[kind]();
      if (silently && answer !== "granted") continue;
      this.answers[kind] = answer;
      if (answer === "granted") for (const stream of sensors[kind]) this.granted.add(stream);
    }
    if (this.permission === "granted") this.remember();
    // Who allows another sensor in the middle of a recording records with it from now on.
    this.renew();
    this.sync();
    this.tell(true);
  }

  /** Whether the phone should lie flat once before it measures: only accelerations have the sign in question. */
  get needsCheck() {
    return this.permission === "granted" && this.sensors.motion.some((stream) => stream === "acc" || stream === "lin") && !this.checked;
  }

  /** Whether this phone has measured in the last Take, by what it did or by the hub's word; else it is as new. */
  get measured() {
    return (this.took !== undefined && this.took === this.lesson?.take?.number) || (this.result?.own?.length ?? 0) > 0;
  }

  /** A run of this phone's is gone from the hub: what was told of it, and of a class that had it, is no longer so. */
  forgot(run) {
    if (!this.result) return;
    const own = (this.result.own ?? []).filter((one) => one.run !== run);
    this.result = { ...this.result, own, hints: [], class: {} };
    this.changed();
  }

  /** Two seconds flat on the table; answers `{sign}` or `{problem}`. */
  async check() {
    const before = this.motion.sign;
    const found = await this.motion.check();
    if (found.sign) this.signed(found.sign, before);
    this.sync();
    return found;
  }

  /** The sign of the accelerations is known. In the middle of a recording another sign begins another boot. */
  signed(sign, before = this.motion.sign) {
    if (sign !== before) this.sender.interrupt();
    this.motion.sign = sign;
    this.checked = true;
    for (const stream of ["acc", "lin"]) if (this.channels[stream] !== undefined) this.channel(stream, this.channels[stream]);
    this.remember();
    this.changed();
  }

  channel(stream, resolution) {
    this.channels[stream] = resolution;
    if (STEPS[stream] && resolution) this.sender.steps(stream, STEPS[stream]);
    const signed = stream === "acc" || stream === "lin";
    const max_hz = RATES[stream] ?? MAX_HZ;
    this.line.send({ type: "channel", stream, resolution, max_hz, sign_fixed: signed && this.motion.sign < 0 }, false);
  }

  take(stream, at, values) {
    this.seen(stream, at, values);
    this.last[stream] = at;
    if (this.recording) this.sender.take(stream, at, values);
  }

  /** Ends a recording that lacks a sensor which is allowed by now; `sync` begins the next. */
  renew() {
    if (!this.recording || [...this.granted].every((stream) => this.sender.streams.has(stream))) return;
    this.sender.finish();
    this.recording = undefined;
  }

  /** Starts and stops what the screen asks for; then the page is told. */
  sync() {
    const { screen } = this;
    const recording = records(screen, this.running) && this.granted.size > 0 && !this.leaving;
    if (["countdown", "measuring", "ended", "removed", "elsewhere"].includes(screen)) this.preview = false;
    const take = screen === "free" ? "free" : this.lesson?.take?.number;
    if (this.recording && (!recording || this.recording !== take)) {
      // The Take may have ended while the phone was away, and another begun.
      this.sender.finish(takeOf(this.lesson, this.recording)?.ends ?? Infinity);
      this.recording = undefined;
    }
    if (recording && !this.recording) {
      this.recording = take;
      if (this.took !== take) {
        this.took = take;
        this.remember();
      }
      const begins = screen === "free" ? -Infinity : (this.lesson.take?.begins ?? -Infinity);
      this.sender.begin([...this.granted].map((stream) => ({ stream, ...STREAMS[stream], steps: this.channels[stream] === 0 ? undefined : STEPS[stream] })), { begins });
    }
    this.sense(recording || this.preview ? this.granted : new Set());
    this.awake.on(recording);
    if (screen === "ended" && this.sender.done && this.link[0] !== "connecting") this.forget();
    this.tell();
    this.changed();
  }

  /** The lesson is over and everything sent: nothing stays on the phone. Tried again until the storage has done it. */
  forget() {
    if (this.wiped || this.forgetting) return;
    const over = (wiped) => {
      this.wiped = wiped;
      this.unwiped = !wiped;
      this.forgetting = false;
      if (!wiped) timers.set(() => this.sync(), 2 * STATUS);
      this.changed();
    };
    this.forgetting = true;
    this.store.wipe(this.joined.thing).then(() => over(true), () => over(false));
  }

  sense(streams) {
    const same = streams.size === this.sensing.size && [...streams].every((stream) => this.sensing.has(stream));
    if (same) return;
    this.stopSensing();
    this.sensing = new Set(streams);
    const motion = [...streams].filter((stream) => STEPS[stream]);
    if (motion.length) this.motion.start(motion);
    for (const stream of this.hearing) this.channel(stream, 0);
    if (this.hearing.length) this.hear();
    if (streams.has("disp")) this.place.start();
  }

  /** What the microphone is wanted for now. */
  get hearing() {
    return this.sensors.microphone.filter((stream) => this.sensing.has(stream));
  }

  hear() {
    const wanted = this.hearing;
    this.microphone.start(wanted).catch(() => {
      this.answers.microphone = "denied";
      for (const stream of wanted) this.granted.delete(stream);
      this.sync();
    });
  }

  /** The microphone was taken away, by a call or another app: a gap, and it is asked for again. */
  deaf() {
    this.sender.interrupt();
    timers.set(() => this.hearing.length && document.visibilityState === "visible" && this.hear(), STATUS);
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
