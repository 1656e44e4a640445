// How the hub's clock stands against the page's: hub time = page time + offset, known to half a round trip.
//
// A ping tells the page's time, the pong brings it back with the hub's. The hub read its clock somewhere between: taken
// as the middle, the error is at most half the round trip. The quickest exchange is the best one; it ages, because two
// quartz clocks drift apart.

/** Exchanges after joining, and the pause between two. */
export const FIRST = 8;
const FIRST_PAUSE = 80;
/** Later one exchange so often, in ms. */
const PAUSE = 30_000;
/** Drift that quartz clocks are allowed, µs per µs: 50 ppm. */
const DRIFT = 50e-6;
/** Exchanges that are remembered. */
const KEPT = 24;
/** A jump of the offset beyond this, in µs and beyond both uncertainties, is no drift: one of the clocks was set or slept. */
const JUMP = 50_000;
/**
 * The page's clock may stand still while the phone sleeps (iOS); the wall clock does not. Further apart than this, in µs,
 * since the last exchange it has slept: quartz and the system's own corrections make less in 30 s.
 */
const SLEPT = 250_000;

export class Clock {
  /** `now()` is the page's clock in µs, `wall()` the system's; `timers` has `set(callback, ms)` and `clear(timer)`. */
  constructor({ now, wall = now, timers }) {
    this.now = now;
    this.wall = wall;
    this.timers = timers;
    this.samples = [];
    this.slept = 0;
    this.woken = -Infinity;
    this.apart = wall() - now();
    this.left = 0;
    /** Called after every exchange. */
    this.changed = () => {};
  }

  /** Begins a round of exchanges through `send({type: "ping", t})`; a running one ends. */
  begin(send) {
    this.end();
    this.send = send;
    this.left = FIRST;
    this.ping();
  }

  end() {
    this.timers.clear(this.timer);
    this.send = undefined;
  }

  ping() {
    this.timers.clear(this.timer);
    if (!this.send) return;
    this.left = Math.max(0, this.left - 1);
    this.send({ type: "ping", t: this.now() });
    // A pong that never comes must not be the last one.
    this.timer = this.timers.set(() => this.ping(), PAUSE);
  }

  /** Takes the answer `{t, hub}` to one of our pings. */
  pong({ t, hub }) {
    this.look();
    const received = this.now();
    if (!Number.isFinite(t) || !Number.isFinite(hub) || t > received) return;
    // The ping went out before the phone slept: how long it took there and back cannot be told.
    if (t < this.woken) return;
    const half = (received - t) / 2;
    const before = this.told();
    const sample = { at: received, offset: hub - (t + half), half };
    if (before && Math.abs(sample.offset - before.offset) > JUMP + before.uncertainty + half) this.samples = [];
    this.samples = [...this.samples.slice(1 - KEPT), sample];
    this.apart = this.wall() - received;
    this.timers.clear(this.timer);
    this.timer = this.timers.set(() => this.ping(), this.left > 0 ? FIRST_PAUSE : PAUSE);
    this.changed();
  }

  /** Grows when the page's clock stood still: what was compared before tells nothing about the times after. */
  get epoch() {
    this.look();
    return this.slept;
  }

  look() {
    const apart = this.wall() - this.now();
    if (Math.abs(apart - this.apart) <= SLEPT) return;
    this.slept += 1;
    this.samples = [];
    this.apart = apart;
    this.woken = this.now();
    if (!this.send) return;
    this.left = FIRST;
    this.timers.clear(this.timer);
    this.timer = this.timers.set(() => this.ping(), 0);
  }

  /** Whether the first round is through, so that the offset will hardly get better. */
  get ready() {
    return this.samples.length >= FIRST;
  }

  /** `{offset, uncertainty}` in µs as of now; undefined before the first exchange. */
  told() {
    this.look();
    const now = this.now();
    let best;
    for (const { at, offset, half } of this.samples) {
      const uncertainty = half + (now - at) * DRIFT;
      if (!best || uncertainty <= best.uncertainty) best = { offset: Math.round(offset), uncertainty: Math.ceil(uncertainty) };
    }
    return best;
  }

  /** Hub time in µs; undefined before the first exchange. */
  hub(at = this.now()) {
    const told = this.told();
    return told && at + told.offset;
  }

  /** The quickest round trip lately, in µs. */
  get rtt() {
    return this.samples.length ? 2 * Math.min(...this.samples.map((sample) => sample.half)) : undefined;
  }
}

/** Whether an offset has moved so far from one used before that readings under both would not fit together. */
export const jumped = (one, other) => Math.abs(one.offset - other.offset) > JUMP + one.uncertainty + other.uncertainty;
