// A station's course: one property of one place over a day, a month, a year or all years, and the wind rose of the same time.

import { ask } from "../console/api.js";
import { make, say, show } from "../console/dom.js";
import { decimal, text } from "../words.js";
import { DAY, byId, channelName, isoDay, longDay, nameOf, propertyName, told } from "./shared.js";

/** Ranges: how many days, and what is asked for. */
const RANGES = { day: [1, "raw"], week: [7, "hour"], month: [31, "hour"], year: [366, "day"], all: [undefined, "auto"] };
/** A reading further from the next than so many usual steps has a gap behind it. */
const GAP = 2.5;
export const AMOUNTS = ["rain_total", "precipitation", "sunshine"];
/** What amounts are added up by, where it is something else. */
const SUMS = { day: "hour", month: "day", year: "month" };

const keyOf = ({ channel, property }) => `${channel}\u001f${property}`;

/** Both languages' names are in the page's files; a figure is given the one that is spoken and drawn anew with the other. */
export const quantity = (property, unit) => ({ name: property === "rain_total" ? propertyName("precipitation") : propertyName(property), unit: told(property, unit).unit });

/** What a file of numbers is called: by whose and what they are. */
export const fileName = (...parts) => ["messwerk", ...parts].join("-").replaceAll(/[^\p{L}\p{N}]+/gu, "-").replace(/-$/, "");

/** Seconds of the station's own clock. */
const local = (micros, offset) => micros / 1_000_000 + offset;

/** The figure of a series as the hub answers it. */
export function weather(series) {
  const { by, property, unit, time_zone: zone } = series;
  const begin = series.begin.map((at, place) => local(at, series.offset[place]));
  const figure = { kind: "weather", quantity: quantity(property, unit), zone, by, begin, circular: property === "wind_direction" };
  const { times: factor } = told(property, unit);
  const as = (values) => (factor === 1 ? values : values.map((value) => (value === null ? null : value * factor)));
  if (by !== "raw") {
    const end = series.end.map((at, place) => local(at, series.offset[place]));
    return { ...figure, end, mean: as(series.mean), min: as(series.min), max: as(series.max), sum: as(series.sum), count: series.count };
  }
  // Between readings far apart there is nothing, and nothing is drawn.
  const [times, mean] = [[], []];
  begin.forEach((at, place) => {
    if (place > 0 && series.step && series.begin[place] - series.begin[place - 1] > GAP * series.step) {
      times.push(begin[place - 1] + series.step / 1_000_000);
      mean.push(null);
    }
    times.push(at);
    mean.push(as([series.mean[place]])[0]);
  });
  return { ...figure, begin: times, mean };
}

export class Course {
  constructor(charts, path, trouble) {
    Object.assign(this, { charts, path, trouble, range: "day", asked: 0 });
    this.selected = byId("stream");
    this.selected.addEventListener("change", () => this.chosen());
    byId("until").addEventListener("change", () => this.chosen());
    byId("newest-turn").addEventListener("click", () => {
      const today = this.today;
      byId("until").value = byId("until").value === today ? "" : today;
      this.chosen();
    });
  }

  /** The newest reading of what is chosen, ms, if it is more than a day old: without another wish ranges end there. */
  get past() {
    const stream = this.streams?.find((one) => keyOf(one) === this.selected.value);
    const time = stream ? Date.parse(stream.time) : NaN;
    return Date.now() - time > DAY ? time : undefined;
  }

  /** The station's date. */
  get today() {
    return isoDay(Date.now(), this.station.time_zone);
  }

  /** Says of which day the newest data is, and leads to today or back to it. */
  sayNewest() {
    const { past } = this;
    show(byId("newest"), past !== undefined);
    if (past === undefined) return;
    say(byId("newest-words"), text("station-newest", { day: longDay(past, this.station.time_zone) }));
    say(byId("newest-turn"), text(byId("until").value === this.today ? "station-to-newest" : "station-to-today"));
  }

  /** What is chosen: channel and property. */
  get stream() {
    const [channel, property] = this.selected.value.split("\u001f");
    return { channel, property };
  }

  offer(station, streams) {
    this.station = station;
    this.streams = streams;
    const names = streams.map((stream) => [keyOf(stream), stream.channel ? `${propertyName(stream.property)} · ${channelName(stream.channel)}` : propertyName(stream.property)]);
    const drawn = JSON.stringify(names);
    if (this.drawn !== drawn) {
      const before = this.selected.value;
      this.selected.replaceChildren(...names.map(([value, name]) => make("option", { value, textContent: name })));
      if (names.some(([value]) => value === before)) this.selected.value = before;
      this.drawn = drawn;
      // Names in figures are in the page's language; of a station that has just begun there is something to ask.
      if (this.series) this.show();
      else if (this.begun) this.refresh();
    }
    // A station that was silent for long is heard again.
    const old = this.past !== undefined;
    if (this.begun && this.old !== undefined && this.old !== old) this.refresh();
    this.old = old;
    this.sayNewest();
    const buttons = Object.keys(RANGES).map((range) => {
      const button = byId(`range-${range}`) ?? make("button", { type: "button", className: "quiet", id: `range-${range}`, onclick: () => this.choose(range) });
      say(button, text(`station-range-${range}`));
      button.setAttribute("aria-pressed", String(range === this.range));
      return button;
    });
    if (!buttons[0].isConnected) byId("ranges").append(...buttons);
    this.windy = streams.find((stream) => stream.property === "wind_speed" && streams.some((other) => other.property === "wind_direction" && other.channel === stream.channel));
  }

  /** Takes what the address says. */
  begin() {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (RANGES[asked.get("range")]) this.range = asked.get("range");
    const wanted = keyOf({ channel: asked.get("channel") ?? "", property: asked.get("property") ?? "" });
    if ([...this.selected.options].some((option) => option.value === wanted)) this.selected.value = wanted;
    if (/^\d{4}-\d\d-\d\d$/.test(asked.get("until") ?? "")) byId("until").value = asked.get("until");
    this.offer(this.station, this.streams);
    this.begun = true;
  }

  choose(range) {
    this.range = range;
    this.offer(this.station, this.streams);
    this.chosen();
  }

  chosen() {
    const said = { range: this.range, ...this.stream, ...(byId("until").value ? { until: byId("until").value } : {}) };
    history.replaceState(null, "", `#${new URLSearchParams(said)}`);
    this.refresh();
    this.changed?.();
  }

  /** From when to when, as the hub is asked. */
  span() {
    const { past } = this;
    const [days] = RANGES[this.range];
    if (this.range === "day" && !byId("until").value) {
      // The last 24 hours there are. What belongs to the time before a reading ends with it.
      const end = past === undefined ? Date.now() : past + (AMOUNTS.includes(this.stream.property) ? 0 : 1000);
      const instant = (millis) => new Date(millis).toISOString();
      return { from: instant(end - DAY), ...(past === undefined ? {} : { to: instant(end) }) };
    }
    // Else whole days of the station.
    const until = byId("until").value || (past === undefined ? "" : isoDay(past, this.station.time_zone));
    const end = until ? new Date(`${until}T00:00:00Z`) : new Date();
    if (until) end.setUTCDate(end.getUTCDate() + 1);
    const day = (date) => date.toISOString().slice(0, 10);
    return {
      ...(days === undefined ? {} : { from: day(new Date(end.getTime() - days * DAY)) }),
      ...(until ? { to: day(end) } : {}),
    };
  }

  async refresh() {
    if (!this.selected.value) return;
    this.sayNewest();
    this.asked += 1;
    const own = this.asked;
    try {
      const series = await this.fetch();
      if (own !== this.asked) return;
      this.series = series;
      this.trouble();
    } catch (error) {
      if (own === this.asked) this.trouble(error.message);
      return;
    }
    this.show();
    await this.wind(own);
  }

  /** The series in steps that suit the range. Amounts are told per hour at least: a counter's own readings are no rain. */
  async fetch() {
    const { stream } = this;
    const span = this.span();
    const amount = AMOUNTS.includes(stream.property);
    const by = amount && SUMS[this.range] ? SUMS[this.range] : RANGES[this.range][1];
    const summed = (step) => ask("GET", this.path(`/series?${new URLSearchParams({ ...stream, by: step, ...span })}`));
    try {
      const series = await summed(by);
      if (!amount || series.by !== "raw") return series;
    } catch (error) {
      // Too many readings for a day's curve: hours then.
      if (error.code !== "too_many_values" || by !== "raw") throw error;
    }
    return summed("hour");
  }

  show() {
    const { series } = this;
    const figure = document.querySelector("[data-figure=series]");
    // Hours and days without a single reading are no course.
    const some = series.begin.length > 0 && (series.by === "raw" || series.count.some((count) => count > 0));
    figure.dataset.file = fileName(nameOf(this.station), series.channel, quantity(series.property, series.unit).name);
    show(figure, Boolean(this.charts) && some);
    if (this.charts && some) this.charts.show(figure, weather(series));
    const whole = series.coverage.length ? series.coverage.reduce((sum, share) => sum + share, 0) / series.coverage.length : undefined;
    const covered = whole === undefined ? "" : text("station-covered", { share: decimal((100 * whole).toFixed(whole > 0.995 ? 0 : 1)) });
    say(byId("covered"), some ? covered : text("station-nothing"));
    show(byId("missing"), series.missing > 0);
    say(byId("missing"), series.missing > 0 ? text("station-missing", { n: series.missing }) : "");
  }

  async wind(own) {
    show(byId("wind"), Boolean(this.windy && this.charts));
    if (!this.windy || !this.charts) return;
    try {
      const rose = await ask("GET", this.path(`/rose?${new URLSearchParams({ channel: this.windy.channel, ...this.span() })}`));
      if (own !== this.asked) return;
      const figure = document.querySelector("[data-figure=rose]");
      figure.dataset.file = fileName(nameOf(this.station), this.windy.channel, text("station-wind"));
      show(figure, rose.total > 0);
      show(byId("no-wind"), rose.total === 0);
      if (rose.total > 0) this.charts.show(figure, { kind: "rose", unit: "m/s", ...rose });
    } catch (error) {
      if (own === this.asked) this.trouble(error.message);
    }
  }
}
