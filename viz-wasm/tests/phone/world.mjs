// A world for the sending module: a clock that is moved by hand, timers on it, a seeded die, and a hub at the end of a bad
// network. Everything happens in the order of its time, so a failing seed fails again.

/** A number between 0 and 1, the same row for the same seed (mulberry32). */
export function die(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Time in ms that passes only when `run` says so. */
export class World {
  constructor() {
    this.time = 0;
    this.queue = [];
    this.count = 0;
    this.timers = { set: (callback, ms) => this.at(this.time + ms, callback), clear: (timer) => timer && (timer.gone = true) };
  }

  at(time, callback) {
    const timer = { time, order: (this.count += 1), callback };
    this.queue.push(timer);
    return timer;
  }

  /** Lets time pass, or ends earlier when `until` holds. */
  async run(ms, until = () => false) {
    const end = this.time + ms;
    while (!until()) {
      this.queue = this.queue.filter((timer) => !timer.gone);
      let next = this.queue[0];
      for (const timer of this.queue) if (timer.time < next.time || (timer.time === next.time && timer.order < next.order)) next = timer;
      if (!next || next.time > end) break;
      this.queue.splice(this.queue.indexOf(next), 1);
      this.time = Math.max(this.time, next.time);
      next.callback();
      // Storage answers in microtasks; a few turns let all of them through.
      for (let turn = 0; turn < 4; turn += 1) await null;
    }
    for (let turn = 0; turn < 50; turn += 1) await null;
    if (!until()) this.time = end;
  }
}

/** What a batch's head says. */
export function head(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    property: view.getUint8(3),
    flags: view.getUint8(4),
    components: view.getUint8(5),
    readings: view.getUint16(6, true),
    boot: view.getBigUint64(8, true).toString(16).padStart(16, "0"),
    seq: view.getUint32(16, true),
    first: Number(view.getBigInt64(20, true)),
  };
}

/** The times of a batch's readings in µs. */
export function times(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { readings, flags, first } = head(bytes);
  let at = 28 + (flags & 1 ? 4 : 0) + (flags & 2 ? 12 : 0);
  const found = [first];
  for (let row = 1; row < readings; row += 1) {
    const [method, width] = [["getUint16", 2], ["getUint32", 4], ["getBigInt64", 8]][flags >> 2];
    found.push(found.at(-1) + Number(view[method](at, true)));
    at += width;
  }
  return found;
}

/** Hub time minus page time in µs, as a batch with a clock tells it. */
export function offsetOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Number(view.getBigInt64(28 + (head(bytes).flags & 1 ? 4 : 0), true));
}

/** A hub that stores by (boot, property, seq), as the real one does, and can be stopped and started. */
export class Hub {
  constructor({ random = () => 0.5, nacks = 0 } = {}) {
    Object.assign(this, { random, nacks });
    this.batches = new Map();
    this.duplicates = 0;
  }

  /** The answer to a batch. */
  answer(bytes) {
    const { boot, property, seq, readings } = head(bytes);
    if (this.random() < this.nacks) return { type: "nack", boot, property, seq, retry_ms: 300, code: "busy", detail: "" };
    const key = `${boot}/${property}/${seq}`;
    const known = this.batches.get(key);
    if (known) {
      if (!known.every((byte, place) => byte === bytes[place])) throw new Error(`the same number for other bytes: ${key}`);
      this.duplicates += readings;
      return { type: "ack", boot, property, seq, stored: 0, duplicates: readings, idle: 0, thinned: 0, rejected: 0, reasons: [] };
    }
    this.batches.set(key, Uint8Array.from(bytes));
    return { type: "ack", boot, property, seq, stored: readings, duplicates: 0, idle: 0, thinned: 0, rejected: 0, reasons: [] };
  }

  /** Times of all stored readings of a property, in order; twice if it is stored twice. */
  readings(property) {
    return [...this.batches.values()].filter((bytes) => head(bytes).property === property).flatMap(times).sort((one, other) => one - other);
  }
}

/** A network between sender and hub: each way drops, doubles, delays, and now and then everything is cut. */
export class Network {
  constructor(world, hub, random, { drop = 0, double = 0, delay = [5, 20], cut = 0, away = [200, 5000] } = {}) {
    Object.assign(this, { world, hub, random, drop, double, delay, cut, away });
    this.epoch = 0;
    this.cuts = 0;
  }

  between([low, high]) {
    return low + (high - low) * this.random();
  }

  pass(callback) {
    if (this.random() < this.drop) return;
    const epoch = this.epoch;
    for (let copy = this.random() < this.double ? 2 : 1; copy > 0; copy -= 1) {
      this.world.timers.set(() => epoch === this.epoch && callback(), this.between(this.delay));
    }
  }

  /** Connects a sender and goes on cutting and mending the connection. */
  connect(sender) {
    this.sender = sender;
    const epoch = (this.epoch += 1);
    sender.online((bytes) => {
      const copy = Uint8Array.from(bytes);
      this.pass(() => {
        const answer = this.hub.answer(copy);
        this.pass(() => this.sender.answer(answer));
      });
      if (this.random() < this.cut && epoch === this.epoch) this.world.timers.set(() => epoch === this.epoch && this.break(), this.between([0, 40]));
    });
  }

  break() {
    this.epoch += 1;
    this.cuts += 1;
    this.sender.offline();
    this.world.timers.set(() => this.connect(this.sender), this.between(this.away));
  }
}

/** A clock that knows its offset, as after a good first round. */
export const steady = (world, offset = 1_767_437_000_000_000) => ({
  now: () => Math.round(world.time * 1000),
  told: () => ({ offset, uncertainty: 2500 }),
  ready: true,
});
