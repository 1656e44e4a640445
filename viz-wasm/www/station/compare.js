// This station beside another one: the numbers in words, the pairs as points, the difference over time.

import { ask } from "../console/api.js";
import { make, say, show } from "../console/dom.js";
import { decimal, text, watch } from "../words.js";
import { AMOUNTS, fileName, quantity } from "./course.js";
import { byId, channelName, nameOf, propertyName, shown, told, unitName } from "./shared.js";

/** How it is called that the other station's value is larger, and that it is smaller. */
const waysOf = (property) => (property === "wind_direction" ? ["right", "left"] : AMOUNTS.includes(property) ? ["more", "less"] : ["higher", "lower"]);

/** What was found, in the unit that the quantity is told in. */
function inUnit(found) {
  const { unit, times } = told(found.property, found.unit);
  if (times === 1) return found;
  const as = (value) => (value === null ? null : value * times);
  const numbers = Object.fromEntries(["bias", "rmse", "sd", "mean_a", "mean_b"].map((key) => [key, as(found[key])]));
  return { ...found, ...numbers, unit, value_a: found.value_a.map(as), value_b: found.value_b.map(as) };
}

export class Comparison {
  constructor(charts, id, trouble) {
    Object.assign(this, { charts, id, trouble, asked: 0 });
    byId("other").addEventListener("change", () => this.refresh());
  }

  offer(station, course) {
    this.station = station;
    this.course = course;
    if (this.begun && !this.all) this.load();
    course.changed = () => {
      this.fill();
      this.refresh();
    };
    this.fill();
  }

  async load() {
    try {
      this.all = await ask("GET", "/api/v1/stations");
    } catch (error) {
      // Asked again with the station's next values.
      this.trouble(error.message);
    }
    this.fill();
  }

  async begin() {
    this.begun = true;
    await this.load();
    watch(() => {
      this.fill();
      if (this.found) this.show();
    });
  }

  /** Channels of all stations that measure the same, this very one left out. */
  fill() {
    if (!this.all || !this.course) return;
    const { channel, property } = this.course.stream;
    const measures = (other) => other.streams.some((stream) => stream.property === property);
    const others = this.all.flatMap((station) => station.channels.filter(measures).map((other) => ({ station, name: other.name })));
    const left = others.filter(({ station, name }) => station.id !== this.id || name !== channel);
    show(byId("compare"), left.length > 0);
    say(byId("compare-how"), text(AMOUNTS.includes(property) ? "station-compare-how-sums" : "station-compare-how"));
    const offered = left.map(({ station, name }) => [`${station.id}\u001f${name}`, name ? `${nameOf(station)}, ${channelName(name)}` : nameOf(station)]);
    const options = [["", text("station-other-none")], ...offered];
    // An open list stays as it is unless there is another choice.
    const drawn = JSON.stringify(options);
    if (this.drawn === drawn) return;
    this.drawn = drawn;
    const select = byId("other");
    const before = select.value;
    select.replaceChildren(...options.map(([value, name]) => make("option", { value, textContent: name })));
    if (options.some(([value]) => value === before)) select.value = before;
  }

  async refresh() {
    this.asked += 1;
    const own = this.asked;
    const [b, channel_b] = byId("other").value.split("\u001f");
    this.found = undefined;
    show(byId("compared"), false);
    say(byId("incomparable"), "");
    if (!b) return;
    const { channel, property } = this.course.stream;
    try {
      const found = await ask("GET", `/api/v1/stations/compare?${new URLSearchParams({ a: this.id, channel_a: channel, b, channel_b, property, ...this.course.span() })}`);
      if (own !== this.asked) return;
      this.found = inUnit(found);
      this.name = byId("other").selectedOptions[0].textContent;
      this.show();
    } catch (error) {
      if (own === this.asked) say(byId("incomparable"), error.message);
    }
  }

  show() {
    const { found } = this;
    const here = nameOf(this.station);
    const some = found.n > 0 && found.bias !== null;
    show(byId("compared"), some);
    say(byId("incomparable"), some ? "" : text("station-no-pairs"));
    if (!some) return;
    const { unit } = found;
    const difference = (value) => (unit === "Cel" ? shown(value, "Cel").replace("°C", "K") : shown(value, unit));
    const bias = difference(Math.abs(found.bias));
    // Equal is what reads as equal: not "0,0 K higher".
    const way = bias === difference(0) ? "equal" : waysOf(found.property)[found.bias > 0 ? 0 : 1];
    say(byId("agreement"), text(`station-agree-${way}`, { name: this.name, here, bias, rmse: difference(found.rmse), n: found.n }));
    const number = (value, digits = 3) => (value === null ? "–" : decimal(value.toFixed(digits)).replace("-", "−"));
    const rows = [
      ["station-n", String(found.n)],
      ["station-bias", `${found.bias > 0 ? "+" : ""}${difference(found.bias)}`],
      ["station-rmse", difference(found.rmse)],
      ["station-sd", found.sd === null ? "–" : difference(found.sd)],
      ["station-correlation", number(found.correlation)],
      ["station-lag", found.lag_hours === null ? "–" : this.lag(found.lag_hours, number(found.lag_correlation))],
    ];
    const row = ([key, value]) => make("tr", {}, make("th", { scope: "row", textContent: text(key) }), make("td", { textContent: value }));
    byId("numbers").replaceChildren(...rows.map(row));
    if (!this.charts) return;
    for (const name of ["pairs", "difference"]) {
      document.querySelector(`[data-figure=${name}]`).dataset.file = fileName(here, this.name, propertyName(found.property), text(`station-file-${name}`));
    }
    const what = quantity(found.property, unit);
    const axis = (name) => ({ name: `${what.name}, ${name}`, unit });
    const points = found.at.map((at, place) => ({ x: found.value_a[place], y: found.value_b[place] }));
    const values = [...found.value_a, ...found.value_b];
    const ends = [Math.min(...values), Math.max(...values)];
    const equal = { label: text("station-equal"), model: { kind: "points", points: [[ends[0], ends[0]], [ends[1], ends[1]]] } };
    const fit = ends[0] < ends[1] && found.property !== "wind_direction" ? { fit: equal } : {};
    this.charts.show(document.querySelector("[data-figure=pairs]"), { kind: "scatter", x: axis(here), y: axis(this.name), residuals: false, groups: [{ points, ...fit }] });
    const wrapped = (value) => (found.property === "wind_direction" ? ((value + 540) % 360) - 180 : value);
    this.charts.show(document.querySelector("[data-figure=difference]"), this.difference(wrapped));
  }

  /** Which of the two is later, and by how much. */
  lag(hours, r) {
    const values = { name: this.name, here: nameOf(this.station), n: Math.abs(hours), r };
    return text(hours === 0 ? "station-lag-none" : hours > 0 ? "station-lag-follows" : "station-lag-leads", values);
  }

  /** The difference hour by hour; hours that one of them misses are gaps. */
  difference(wrapped) {
    const { found } = this;
    const [begin, end, mean] = [[], [], []];
    const step = 3600 * found.every;
    found.at.forEach((at, place) => {
      const local = at / 1_000_000 + found.offset[place];
      if (place > 0 && local - begin.at(-1) > 1.5 * step) {
        begin.push(begin.at(-1) + step);
        end.push(begin.at(-1));
        mean.push(null);
      }
      begin.push(local);
      end.push(local + 3600);
      mean.push(wrapped(found.value_b[place] - found.value_a[place]));
    });
    const unit = found.unit === "Cel" ? "K" : unitName(found.unit);
    return { kind: "weather", quantity: { name: text("station-difference", { name: this.name, here: nameOf(this.station) }), unit }, zone: found.time_zone, by: "hour", begin, end, mean };
  }
}
