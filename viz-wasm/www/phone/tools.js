// Measuring by hand: a stopwatch's laps and their mean. Numbers only; manual.js shows them.

/** Student's t for a 68.3 % interval would be the standard error for many; few laps deserve more: 95 % by n - 1. */
const T95 = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.1, 2.09, 2.09];

/** Mean of laps with its 95 % interval; undefined for none, without interval for one. */
export function meanOf(laps) {
  const n = laps.length;
  if (n === 0) return undefined;
  const mean = laps.reduce((sum, lap) => sum + lap, 0) / n;
  if (n === 1) return { n, mean, half: undefined };
  const sd = Math.sqrt(laps.reduce((sum, lap) => sum + (lap - mean) ** 2, 0) / (n - 1));
  return { n, mean, half: ((T95[n - 2] ?? 1.98) * sd) / Math.sqrt(n) };
}

/** Reaction at start and stop together, in seconds: √2 · 0.1 s. */
const THUMB = 0.14;

/** The standard uncertainty of a mean of laps that were stopped by hand, one after the other: the thumb's or the scatter's. */
export const handUncertainty = ({ n, half = 0 }) => Number(Math.max(THUMB / n, half / 2).toPrecision(3));

/** Start, lap, stop and reset on a clock in ms. */
export class Stopwatch {
  constructor(now) {
    this.now = now;
    this.reset();
  }

  get running() {
    return this.since !== undefined;
  }

  get elapsed() {
    return this.before + (this.running ? this.now() - this.since : 0);
  }

  start() {
    this.since ??= this.now();
  }

  stop() {
    this.before = this.elapsed;
    this.since = undefined;
  }

  /** Notes the time since the last lap, in seconds. */
  lap() {
    const at = this.elapsed;
    if (at <= this.marked) return;
    this.laps.push((at - this.marked) / 1000);
    this.marked = at;
  }

  reset() {
    this.before = 0;
    this.since = undefined;
    this.marked = 0;
    this.laps = [];
  }
}
