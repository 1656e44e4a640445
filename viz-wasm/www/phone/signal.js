// The phone's own curve, at once: readings become windows of 50 ms and go to the chart as the hub's frames would, without
// a way through the hub.

import { frame, STREAMS } from "./wire.js";

export const WINDOW = 50_000;
/** So many windows are kept to be sent again when one changes: a late reading is never older. */
const KEPT = 4;

/** Readings of one stream as windows: `take` answers the windows that changed, for `frame`. */
export class Windows {
  constructor(origin) {
    this.origin = origin;
    this.windows = new Map();
  }

  /** `at` in µs of hub time. */
  take(at, value) {
    const index = Math.floor((at - this.origin) / WINDOW);
    const one = this.windows.get(index) ?? { count: 0, sum: 0, min: Infinity, max: -Infinity };
    this.windows.set(index, one);
    one.count += 1;
    one.sum += value;
    one.min = Math.min(one.min, value);
    one.max = Math.max(one.max, value);
    if (this.windows.size > KEPT) this.windows.delete(Math.min(...this.windows.keys()));
    return [[index, one.count, one.sum / one.count, one.min, one.max]];
  }
}

const COMPONENTS = { x: 0, value: 0, y: 1, z: 2, abs: 3 };

export class Signal {
  /** `charts` is a Charts with one figure; `clock` one of clock.js; `thing()` answers `{id, number, nickname}` as of now. */
  constructor({ charts, clock, thing }) {
    Object.assign(this, { charts, clock, thing });
    this.charts.board.highlight(thing().id);
  }

  /** Shows a lesson: what the template draws, this phone alone. `ended`, in µs of hub time, stops the time axis there. */
  lesson(lesson, ended = null) {
    this.shown = [lesson, ended];
    const thing = this.thing();
    this.called = JSON.stringify(thing);
    // Before the clocks are compared the phone's own stands in: a preview needs no hub.
    const page = this.clock.now();
    this.offset ??= this.clock.told()?.offset ?? Math.round(performance.timeOrigin * 1000);
    this.stream = Object.keys(STREAMS).find((stream) => STREAMS[stream].name === lesson.property);
    this.component = COMPONENTS[lesson.component] ?? 0;
    const { id, title, property, component, unit, range } = lesson;
    const message = { type: "lesson", id, title, property, component, unit, range, now: page + this.offset, ended, things: [thing] };
    this.charts.attempt(() => this.charts.board.lesson(JSON.stringify(message), performance.timeOrigin + performance.now()));
    this.charts.refresh();
  }

  /** The phone has another number or name by now: the figure says so, too. */
  rename() {
    if (this.shown && this.called !== JSON.stringify(this.thing())) this.lesson(...this.shown);
  }

  /** The next readings belong to a new curve on a new axis. */
  restart(lesson) {
    this.offset = undefined;
    this.windows = undefined;
    this.lesson(lesson);
  }

  take(stream, at, values) {
    if (stream !== this.stream || this.offset === undefined) return;
    const value = this.component === 3 ? Math.hypot(...values) : values[this.component];
    // Window 0 a minute before the first reading: an early one still has an index above zero.
    this.windows ??= new Windows(Math.floor((at + this.offset) / WINDOW) * WINDOW - 60_000_000);
    const windows = this.windows.take(at + this.offset, value);
    const { property } = STREAMS[stream];
    this.charts.frame(frame({ origin: this.windows.origin, window: WINDOW, thing: this.thing().id, property, component: this.component, windows }));
  }
}
