// Times between two events: the acoustic stopwatch starts with one sound and stops with the next; the reaction test starts with a
// signal and stops with a tap. Decisions only; watches.js shows them.

/** After the second sound nothing counts for so long, in s: what falls bounces, and claps echo. */
export const DEAD = 0.6;
/** A stopwatch that nothing stops begins anew, in s. */
export const LONGEST = 60;

/** The acoustic stopwatch: `heard(seconds)` on the sound card's clock. */
export class Stopwatch {
  constructor() {
    this.reset();
  }

  reset() {
    this.since = undefined;
    this.deaf = -Infinity;
    this.last = undefined;
  }

  get running() {
    return this.since !== undefined;
  }

  /** A sound began; answers the interval in s if it was the second of two. */
  heard(at) {
    if (at < this.deaf) return undefined;
    if (this.since === undefined || at - this.since > LONGEST) {
      this.since = at;
      return undefined;
    }
    this.last = at - this.since;
    this.since = undefined;
    this.deaf = at + DEAD;
    return this.last;
  }
}

/** A signal comes so long after the tap that asked for it, in ms: nobody can count it out. */
export const WAIT = [1500, 4000];
/** A tap sooner than this after the signal, in s, was no reaction to it. */
const GUESSED = 0.1;

/** The reaction test: rest, waiting, signal, early (tapped before the signal), done. Times in ms. */
export class Reaction {
  constructor(random = Math.random) {
    this.random = random;
    this.state = "rest";
    this.last = undefined;
  }

  /** Waits for the signal; answers for how many ms. */
  begin() {
    this.state = "waiting";
    return WAIT[0] + this.random() * (WAIT[1] - WAIT[0]);
  }

  /** The signal is on the screen. */
  signal(at) {
    if (this.state !== "waiting") return;
    this.state = "signal";
    this.since = at;
  }

  /** A tap; answers the interval in s if it was a reaction. */
  tap(at) {
    if (this.state === "waiting") this.state = "early";
    if (this.state !== "signal") return undefined;
    const seconds = (at - this.since) / 1000;
    this.state = seconds < GUESSED ? "early" : "done";
    if (this.state === "early") return undefined;
    this.last = seconds;
    return seconds;
  }

  stop() {
    this.state = "rest";
  }
}
