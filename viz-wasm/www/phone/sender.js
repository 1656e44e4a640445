// The sending module: readings in, batches out, each stored by the hub exactly once.
//
// A reading is collected; a batch of readings gets a number of its stream and boot, is persisted, and only then counts as
// taken. It is sent, at most 32 unanswered at a time, and forgotten when the hub has acknowledged it: the hub does that
// after its own commit, and knows a batch it has by (boot, number). So whatever is lost, doubled, late or cut off on the
// way is sent again until it is answered, also after a reload. Knows neither page nor socket: storage, clock, timers and
// the way out are handed in, so that Node runs it too.

import { batch as encode, randomHex } from "./wire.js";
import { jumped } from "./clock.js";

/** Unanswered batches the hub allows. */
export const UNANSWERED = 32;
/** Readings of one stream that are kept unsent: 20 minutes at 60 Hz. Beyond it the oldest batch goes, counted. */
export const MOST_READINGS = 72_000;
/**
 * A batch spans this many ms, by the round trip: short on a good network, so that a board is less than 300 ms behind (with
 * 200 ms it was 357 at p95, with 100 it is 296), long on a slow one.
 */
export const SHORTEST = 100;
export const LONGEST = 1000;
/** Round trips that a batch should span at least. */
const ROUND_TRIPS = 2;
/** Readings a batch holds at most: well below the 64 KiB of a packet. */
const ROWS = 1000;
/** A batch that is not answered for this long is sent again, in ms. The hub answers in well under one. */
const ANSWER = 10_000;
/** How often open batches and overdue answers are looked at, in ms. */
const TICK = 100;
/** Readings wait so long for the clock's first exchanges before they go without its last bit of precision, in ms. */
const CLOCK_PATIENCE = 3000;

/** What has become of the readings: nothing yet. */
const NONE = { taken: 0, stored: 0, duplicates: 0, idle: 0, thinned: 0, rejected: 0, dropped: 0, dropped_s: 0 };

const keyOf = ({ boot, property, seq }) => `${boot}/${property}/${seq}`;

export class Sender {
  /**
   * `store` is one of store.js; `clock` one of clock.js; `timers` has `set` and `clear`; `boot()` draws 16 hexadecimal
   * digits; `changed()` is called when `state` may have.
   */
  constructor({ store, clock, timers, boot = () => randomHex(16), changed = () => {}, most = MOST_READINGS, shortest = SHORTEST }) {
    Object.assign(this, { store, clock, timers, drawBoot: boot, changed, most, shortest });
    /** Batches that are kept and not acknowledged, by their keys, oldest first. */
    this.waiting = new Map();
    this.unanswered = 0;
    this.streams = new Map();
    this.session = undefined;
    this.totals = { ...NONE };
    this.reasons = {};
    this.lasting = store.lasting;
    /** Whose readings these are; a batch is kept under this name, and no other's is read back. */
    this.thing = undefined;
    /** What was collected up to the end of a recording, or a pause, while the clock was not compared: `{stream, session}`. */
    this.late = [];
    this.rtt = undefined;
    this.hold = 0;
    /** Batches that are being persisted: neither waiting nor done. */
    this.keeping = 0;
    /** Writes one after the other, so that numbers are persisted in order. */
    this.chain = Promise.resolve();
  }

  now() {
    return this.clock.now() / 1000;
  }

  // What comes in.

  /**
   * Begins a recording under a new boot. `streams` are `{stream, property, components, steps?}`; `begins` and `ends`, in
   * µs of hub time, say which readings count.
   */
  begin(streams, { begins = -Infinity } = {}) {
    this.finish();
    this.session = { begins, ends: Infinity, since: this.now() };
    const { epoch } = this.clock;
    this.streams = new Map(streams.map((stream) => [stream.stream, { ...stream, rows: [], boot: undefined, seq: 0, last: -Infinity, epoch }]));
    this.tick();
  }

  /** Takes a reading: `at` in µs on the page's clock, `values` in the canonical unit. */
  take(name, at, values) {
    const stream = this.streams.get(name);
    if (!stream || !this.session || !values.every(Number.isFinite)) return;
    const time = Math.round(at);
    if (time <= stream.last) return;
    this.part(stream);
    stream.last = time;
    stream.rows.push({ time, values });
    if (stream.rows.length < ROWS && time - stream.rows[0].time < 1000 * this.length) return;
    this.settle();
    this.seal(stream);
  }

  /** The sensors changed how they round; holds for the batches that follow. */
  steps(name, steps) {
    const stream = this.streams.get(name);
    if (stream) stream.steps = steps;
  }

  /** Seals what was measured so far and ends the recording: later readings are not taken. `ends` in µs of hub time. */
  finish(ends = Infinity) {
    if (!this.session) return this.chain;
    this.session.ends = ends;
    this.interrupt();
    this.session = undefined;
    this.streams = new Map();
    this.arm();
    return this.chain;
  }

  /**
   * A pause of the page (locked, in the background) is a gap: what was collected goes out, what follows is a new boot. While
   * the clock was not compared what was collected waits, apart from what follows.
   */
  interrupt() {
    this.settle();
    for (const stream of this.streams.values()) {
      this.seal(stream, true);
      if (stream.rows.length) this.late.push({ stream: { ...stream }, session: this.session });
      Object.assign(stream, { rows: [], boot: undefined });
    }
  }

  /** Seals what waits of before an end or a pause, once it can be. The hub counts Runs as they arrive: the older come first. */
  settle() {
    this.late = this.late.filter(({ stream, session }) => {
      this.seal(stream, true, session);
      return stream.rows.length > 0;
    });
  }

  /** How many ms a batch spans: by the round trip. Offline long, so that there are fewer. */
  get length() {
    if (!this.send) return LONGEST;
    return Math.min(LONGEST, Math.max(this.shortest, ROUND_TRIPS * (this.rtt ?? 0)));
  }

  /**
   * The page's clock stood still (the phone slept): what was collected before goes out by the comparison of then, what
   * follows waits for the next one. What lies between two sleeps without one can never be placed.
   */
  part(stream, session = this.session) {
    const { epoch } = this.clock;
    if (stream.epoch === epoch) return;
    stream.epoch = epoch;
    session.since = this.now();
    if (stream.told) this.cut(stream, session);
    else this.lose(stream.rows.splice(0));
    Object.assign(stream, { boot: undefined, told: undefined });
  }

  /** Makes a batch of what a stream collected. `last` makes it without waiting for the clock's last bit of precision. */
  seal(stream, last = false, session = this.session) {
    if (!stream.rows.length) return;
    this.part(stream, session);
    if (!stream.rows.length) return;
    const told = this.clock.told();
    const impatient = last || this.now() - session.since > CLOCK_PATIENCE;
    // The offset of a boot stays what it was at its first batch: readings of one recording keep their distances.
    if (!told || (!this.clock.ready && !impatient)) {
      if (stream.rows.length > this.most) this.lose(stream.rows.splice(0, ROWS));
      return;
    }
    if (!stream.boot || jumped(stream.told, told)) Object.assign(stream, { boot: this.drawBoot(), seq: 0, told });
    this.cut(stream, session);
  }

  /** The readings of a stream that count, as batches under its boot. */
  cut(stream, { begins, ends }) {
    stream.boot ??= this.renew(stream);
    const { offset } = stream.told;
    const rows = stream.rows.filter(({ time }) => time + offset >= begins && time + offset < ends);
    stream.rows = [];
    for (let from = 0; from < rows.length; from += ROWS) this.make(stream, rows.slice(from, from + ROWS));
  }

  renew(stream) {
    stream.seq = 0;
    return this.drawBoot();
  }

  make(stream, rows) {
    stream.seq += 1;
    const times = rows.map(({ time }) => time);
    const columns = Array.from({ length: stream.components }, (_, place) => rows.map(({ values }) => values[place]));
    const { property, boot, seq, steps, told: clock } = stream;
    const bytes = encode({ property, boot, seq, times, columns, steps, clock });
    const entry = { thing: this.thing, boot, property, seq, bytes, readings: rows.length, from: times[0], until: times.at(-1) };
    this.keeping += 1;
    this.chain = this.chain.then(() => this.keep(entry)).finally(() => (this.keeping -= 1));
  }

  /** Persists a batch; only then it is taken, and may be sent. */
  async keep(entry) {
    let number;
    try {
      number = await this.store.put(entry);
      this.lasting = this.store.lasting;
    } catch {
      // The storage is full or gone: the page still has it, as long as it lives, and says so.
      this.lasting = false;
    }
    this.totals.taken += entry.readings;
    this.waiting.set(keyOf(entry), { ...entry, number, sent: undefined });
    this.bound(entry.property);
    this.pump();
    this.arm();
    this.changed();
  }

  /** Lets the oldest batches of a property go while more than `most` of its readings wait. */
  bound(property) {
    const of = [...this.waiting.values()].filter((entry) => entry.property === property);
    let readings = of.reduce((sum, entry) => sum + entry.readings, 0);
    for (const entry of of) {
      if (readings <= this.most) return;
      // What is on its way may have arrived: it is not given up.
      if (entry.sent !== undefined) continue;
      readings -= entry.readings;
      this.remove(entry);
      this.drop(entry.readings, (entry.until - entry.from) / 1e6);
    }
  }

  lose(rows) {
    if (rows.length) this.drop(rows.length, (rows.at(-1).time - rows[0].time) / 1e6);
  }

  drop(readings, seconds) {
    this.totals.dropped += readings;
    this.totals.dropped_s += seconds;
  }

  // What goes out.

  /** Reads back what an earlier page of this phone, or another tab, has kept; of this Thing alone. */
  async recover() {
    const { thing } = this;
    await this.chain;
    let kept = [];
    try {
      kept = await this.store.all(thing);
    } catch {
      this.lasting = false;
    }
    // The next group may have come in the meantime: what is another's is not sent under its token.
    if (this.thing !== thing) return;
    for (const entry of kept) {
      if (!this.waiting.has(keyOf(entry))) this.waiting.set(keyOf(entry), { ...entry, sent: undefined });
    }
    this.pump();
    this.arm();
    this.changed();
  }

  /** There is a way to the hub: everything not acknowledged goes (again). `send` takes bytes. */
  online(send) {
    this.send = send;
    this.hold = 0;
    this.unsend();
    this.tick();
  }

  /** There is none any more: what was sent and not answered may not have arrived. */
  offline() {
    this.send = undefined;
    this.unsend();
    this.changed();
  }

  unsend() {
    for (const entry of this.waiting.values()) entry.sent = undefined;
    this.unanswered = 0;
  }

  pump() {
    if (!this.send || this.now() < this.hold) return;
    for (const entry of this.waiting.values()) {
      if (this.unanswered >= UNANSWERED) return;
      if (entry.sent !== undefined) continue;
      entry.sent = this.now();
      this.unanswered += 1;
      this.send(entry.bytes);
    }
  }

  /** Takes the hub's `ack` or `nack`. */
  answer(message) {
    const entry = this.waiting.get(keyOf(message));
    if (!entry) return;
    if (entry.sent !== undefined) this.unanswered -= 1;
    if (message.type === "nack") {
      // Kept, and everything waits a little: the hub has no room now.
      entry.sent = undefined;
      this.hold = Math.max(this.hold, this.now() + Math.max(100, message.retry_ms ?? 1000));
      this.arm();
      this.changed();
      return;
    }
    if (entry.sent !== undefined) {
      const took = this.now() - entry.sent;
      this.rtt = this.rtt === undefined ? took : this.rtt + 0.2 * (took - this.rtt);
    }
    for (const name of ["stored", "duplicates", "idle", "thinned", "rejected"]) this.totals[name] += message[name] ?? 0;
    for (const { reason, count } of message.reasons ?? []) this.reasons[reason] = (this.reasons[reason] ?? 0) + count;
    this.remove(entry);
    this.pump();
    this.changed();
  }

  remove(entry) {
    this.waiting.delete(keyOf(entry));
    // A batch that stays on the disk is sent once more after a reload, and the hub knows it.
    if (entry.number !== undefined) this.store.forget(entry.number).catch(() => {});
  }

  tick() {
    this.timers.clear(this.timer);
    this.timer = undefined;
    const now = this.now();
    this.settle();
    for (const stream of this.streams.values()) {
      if (stream.rows.length && this.clock.now() - stream.rows[0].time >= 1000 * this.length) this.seal(stream);
    }
    for (const entry of this.waiting.values()) {
      if (entry.sent === undefined || now - entry.sent < ANSWER) continue;
      entry.sent = undefined;
      this.unanswered -= 1;
    }
    this.pump();
    this.arm();
  }

  /** Sees to it that somebody looks again while there is something to look after: also what began to wait just now. */
  arm() {
    if (this.timer !== undefined || !(this.session || this.late.length || (this.send && this.waiting.size))) return;
    this.timer = this.timers.set(() => this.tick(), TICK);
  }

  // What can be said of it.

  /** Seconds that are measured and not acknowledged: of the stream that has most of them. */
  get unsent() {
    const seconds = {};
    const add = (property, from, until, readings) => {
      // n readings stand for n intervals, not for the n - 1 between them.
      const length = readings > 1 ? ((until - from) * readings) / (readings - 1) : this.shortest * 1000;
      seconds[property] = (seconds[property] ?? 0) + length / 1e6;
    };
    for (const entry of this.waiting.values()) add(entry.property, entry.from, entry.until, entry.readings);
    for (const { property, rows } of [...this.streams.values(), ...this.late.map(({ stream }) => stream)]) if (rows.length) add(property, rows[0].time, rows.at(-1).time, rows.length);
    return Math.max(0, ...Object.values(seconds));
  }

  /** Whether everything that was taken is acknowledged (or counted as dropped). */
  get done() {
    return !this.session && this.late.length === 0 && this.keeping === 0 && this.waiting.size === 0;
  }

  /** Forgets what waits, which nobody may send any more, and what was counted: whoever comes next begins with nothing. */
  clear() {
    this.unsend();
    this.waiting.clear();
    this.totals = { ...NONE };
    this.reasons = {};
  }

  /** Ends without sending: somebody else has the phone now, or the other tab. What is kept stays in the store. */
  async stop() {
    await this.finish();
    this.offline();
    this.late = [];
    this.timers.clear(this.timer);
    this.timer = undefined;
  }
}
