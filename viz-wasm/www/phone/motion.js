// The phone's motion sensors, as the hub wants them: SI units, x right, y up, z out of the screen, +9.81 upwards at rest.
//
// What browsers do to the readings is undone or told here (verified, see docs/wire.md and ARCHITECTURE.md): 60 events a
// second whatever the sensor does; acceleration rounded to 0.1 m/s², rotation to 0.1 °/s, angles to 0.1°; rotation in
// degrees; iOS with the opposite sign in both accelerations. Times come from the events' own stamps, never from
// `interval`, which differs between browsers.

const DEGREE = Math.PI / 180;
/** No browser gives more than this. */
export const MAX_HZ = 60;
const STEP = 0.1;
/** Readings that must all lie on the 0.1 grid before it is believed, and one off it is enough against it. */
const GRID = 30;
/** The estimate of gravity needs a second to settle; before, acceleration without gravity is a filter's transient. */
const SETTLE = 1_000_000;
/** A phone without the sensor fires no event, or one of nulls; a slow one needs this many ms. */
const FIRST_EVENT = 1500;
const REST_MS = 2000;
const GRAVITY = 9.81;

/** What a stream's axes are multiplied with when counted: steps per unit. */
export const STEPS = { acc: 1 / STEP, lin: 1 / STEP, gyr: 1 / (STEP * DEGREE), ori: 1 / (STEP * DEGREE) };
const RESOLUTION = { acc: STEP, lin: STEP, gyr: STEP * DEGREE, ori: STEP * DEGREE };
export const MOTION = ["acc", "lin", "gyr"];

const onGrid = (value) => Math.abs(value / STEP - Math.round(value / STEP)) < 1e-6;
const finite = (vector) => vector && vector.every((value) => typeof value === "number" && Number.isFinite(value));

/** The readings of a `devicemotion` event by stream, raw: m/s² and °/s, signs as they come. */
export function raw(event) {
  const of = (vector, ...names) => vector && names.map((name) => vector[name]);
  return {
    acc: of(event.accelerationIncludingGravity, "x", "y", "z"),
    lin: of(event.acceleration, "x", "y", "z"),
    // alpha is about x, beta about y, gamma about z in today's browsers.
    gyr: of(event.rotationRate, "alpha", "beta", "gamma"),
  };
}

/** Tells whether a stream's values are rounded, and so its resolution: undefined until known, 0 if they are not. */
export class Grid {
  constructor() {
    this.seen = 0;
    this.rounded = true;
  }

  take(values) {
    this.seen += 1;
    if (!values.every(onGrid)) this.rounded = false;
  }

  get resolution() {
    if (!this.rounded) return 0;
    return this.seen >= GRID ? STEP : undefined;
  }
}

/**
 * Judges two seconds of raw acceleration with gravity: `{sign: 1 | -1}` if the phone lay still and flat, screen up; else
 * `{problem}`: none (no readings), moved or tilted.
 */
export function rest(vectors) {
  if (vectors.length < 10) return { problem: "none" };
  const mean = [0, 1, 2].map((axis) => vectors.reduce((sum, vector) => sum + vector[axis], 0) / vectors.length);
  const spread = Math.max(...[0, 1, 2].map((axis) => Math.sqrt(vectors.reduce((sum, vector) => sum + (vector[axis] - mean[axis]) ** 2, 0) / vectors.length)));
  if (spread > 0.5) return { problem: "moved" };
  if (Math.abs(mean[2]) < 0.94 * GRAVITY || Math.abs(mean[2]) > 1.06 * GRAVITY) return { problem: "tilted" };
  return { sign: mean[2] < 0 ? -1 : 1 };
}

/** Where up is in the phone's axes (x right, y up, z out of the screen), by the angles of a `deviceorientation` event. */
export function up({ beta, gamma }) {
  const [b, c] = [beta * DEGREE, gamma * DEGREE];
  return [-Math.cos(b) * Math.sin(c), Math.sin(b), Math.cos(b) * Math.cos(c)];
}

/** Readings that must agree about the sign before it is believed without a check. */
const AGREED = 30;
/** How much of gravity a reading must show along the angles' up, of 1, to say anything. */
const CLEAR = 0.7;

/**
 * Takes the sign of the accelerations from the browser's angles, which all browsers tell alike: gravity points down whatever
 * the sign says. For phones that nobody laid flat.
 */
export class Sign {
  constructor() {
    this.votes = 0;
  }

  /** `1` or `-1` once enough readings agree, else undefined. `acc` is raw, `up` a unit vector or undefined. */
  take(acc, up) {
    if (!up) return undefined;
    const along = (acc[0] * up[0] + acc[1] * up[1] + acc[2] * up[2]) / GRAVITY;
    if (Math.abs(along) < CLEAR || Math.abs(along) > 2 - CLEAR) return undefined;
    const vote = Math.sign(along);
    this.votes = Math.sign(this.votes) === vote ? this.votes + vote : vote;
    return Math.abs(this.votes) >= AGREED ? vote : undefined;
  }
}

/** What this browser can do: `missing` without the interface (no HTTPS or no sensors), else whether it must be asked. */
export function ability(scope = globalThis) {
  if (!scope.DeviceMotionEvent) return { motion: "missing" };
  return { motion: typeof scope.DeviceMotionEvent.requestPermission === "function" ? "ask" : "free" };
}

/** Asks for the sensors; to be called from a tap. granted, denied or missing. */
export async function permission(scope = globalThis, { orientation = false } = {}) {
  if (!scope.DeviceMotionEvent) return "missing";
  try {
    const asked = [scope.DeviceMotionEvent, orientation && scope.DeviceOrientationEvent];
    const answers = await Promise.all(asked.map((kind) => kind?.requestPermission?.() ?? "granted"));
    if (answers.some((answer) => answer !== "granted")) return "denied";
  } catch {
    // iOS throws where the question did not come from a tap, and where the page is not secure.
    return "denied";
  }
  return (await first(scope)) ? "granted" : "missing";
}

/** Whether a reading comes at all. */
function first(scope) {
  return new Promise((resolve) => {
    const end = (found) => {
      clearTimeout(timer);
      scope.removeEventListener("devicemotion", take);
      resolve(found);
    };
    const take = (event) => Object.values(raw(event)).some(finite) && end(true);
    const timer = setTimeout(() => end(false), FIRST_EVENT);
    scope.addEventListener("devicemotion", take);
  });
}

export class Motion {
  /**
   * `reading(stream, µs, [x, y, z])` takes readings in the hub's units; `channel(stream, {resolution})` what is known of a
   * stream; `signed(sign)` hears the sign that the angles tell, before it holds.
   */
  constructor({ scope = globalThis, reading, channel = () => {}, signed = () => {} }) {
    Object.assign(this, { scope, reading, channel, signed });
    this.sign = 1;
    /** Whether the sign is known, by a check or by the angles. */
    this.sure = false;
    this.grids = {};
    this.running = false;
    this.onmotion = (event) => this.motion(event);
    this.onangles = (event) => this.angles(event);
  }

  start(streams) {
    if (this.running) this.stop();
    this.running = true;
    this.streams = new Set(streams);
    this.began = undefined;
    this.last = -Infinity;
    if (MOTION.some((stream) => this.streams.has(stream))) this.scope.addEventListener("devicemotion", this.onmotion);
    const doubtful = !this.sure && (this.streams.has("acc") || this.streams.has("lin"));
    this.votes = doubtful ? new Sign() : undefined;
    this.up = undefined;
    if (doubtful || this.streams.has("ori")) this.scope.addEventListener("deviceorientation", this.onangles);
  }

  stop() {
    this.running = false;
    this.scope.removeEventListener("devicemotion", this.onmotion);
    this.scope.removeEventListener("deviceorientation", this.onangles);
  }

  motion(event) {
    const at = Math.round(event.timeStamp * 1000);
    if (at <= this.last) return;
    this.last = at;
    this.began ??= at;
    this.vote(event);
    for (const [stream, values] of Object.entries(raw(event))) {
      if (!this.streams.has(stream) || !finite(values)) continue;
      this.note(stream, values);
      if (stream === "lin" && at - this.began < SETTLE) continue;
      // 0 · -1 is -0, which is not what a sensor at rest shows.
      this.reading(stream, at, stream === "gyr" ? values.map((value) => value * DEGREE) : values.map((value) => value * this.sign + 0));
    }
  }

  vote(event) {
    const { acc } = raw(event);
    if (!this.votes || this.sure || !finite(acc)) return;
    const sign = this.votes.take(acc, this.up);
    if (!sign) return;
    this.votes = undefined;
    this.signed(sign);
    this.sign = sign;
    this.sure = true;
  }

  /** Orientation about the axes x, y and z. */
  angles(event) {
    if (finite([event.beta, event.gamma])) this.up = up(event);
    const values = [event.beta, event.gamma, event.alpha];
    if (!this.streams.has("ori") || !finite(values)) return;
    this.note("ori", values);
    this.reading("ori", Math.round(event.timeStamp * 1000), values.map((value) => value * DEGREE));
  }

  note(stream, values) {
    const grid = (this.grids[stream] ??= new Grid());
    const before = grid.resolution;
    if (before === 0) return;
    grid.take(values);
    if (grid.resolution === before) return;
    this.channel(stream, { resolution: grid.resolution ? RESOLUTION[stream] : 0 });
  }

  /** Listens for two seconds and judges; keeps the sign it finds. */
  async check() {
    const vectors = [];
    const take = (event) => {
      const { acc } = raw(event);
      if (finite(acc)) vectors.push(acc);
    };
    this.scope.addEventListener("devicemotion", take);
    await new Promise((done) => setTimeout(done, REST_MS));
    this.scope.removeEventListener("devicemotion", take);
    const found = rest(vectors);
    if (found.sign) {
      this.sign = found.sign;
      this.sure = true;
    }
    return found;
  }
}
