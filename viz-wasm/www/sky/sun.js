// The Sun over the school: a day in numbers, the length of the days as a curve over the year.

import { ask } from "../console/api.js";
import { byId, keep, make, say, show } from "../console/dom.js";
import { text } from "../words.js";
import { clock, date, day, length, standing, towards } from "./told.js";
import { fixed } from "../measured.js";

/** Places to hold the school's curve against: a key of the texts, degrees of latitude and longitude. */
const BESIDE = { svalbard: [78.22, 15.65], rome: [41.9, 12.5], quito: [-0.18, -78.47], windhoek: [-22.57, 17.08], ushuaia: [-54.8, -68.3] };

const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();

export class Daylight {
  constructor(charts, now) {
    Object.assign(this, { charts, now, years: new Map() });
  }

  /** Asks for the day and the curves that are chosen; `newest` says whether nobody has asked since. */
  async ask(school, newest) {
    const [wanted, choice] = [byId("date").value, byId("beside").value];
    const key = JSON.stringify([wanted, school]);
    if (school.latitude === null) {
      this.forget();
      return;
    }
    try {
      const sun = await ask("GET", `/api/v1/sky/sun?${query({ date: wanted })}`);
      const year = sun.date.slice(0, 4);
      const beside = BESIDE[choice];
      const curves = await Promise.all([
        this.year({ year }, JSON.stringify(school)),
        ...(beside ? [this.year({ year, latitude: beside[0], longitude: beside[1], time_zone: "UTC" }, "")] : []),
      ]);
      // All together: a page on which half of it is of the question before would be wrong.
      if (newest()) Object.assign(this, { sun, curves, choice, key });
    } catch (error) {
      // What was another day's or another place's is not shown under this one's name.
      if (newest() && key !== this.key) this.forget();
      else if (newest() && choice !== this.choice) Object.assign(this, { curves: this.curves.slice(0, 1), choice });
      throw error;
    }
  }

  forget() {
    Object.assign(this, { sun: undefined, curves: undefined, choice: undefined, key: undefined });
  }

  /** The days of a year; they are asked for once. */
  async year(values, salt) {
    const key = `${query(values)} ${salt}`;
    if (!this.years.has(key)) this.years.set(key, (await ask("GET", `/api/v1/sky/year?${query(values)}`)).days);
    return this.years.get(key);
  }

  draw(school) {
    // Day and place to compare can be chosen anew even if the hub did not answer the last time.
    show(byId("sun-part"), school.latitude !== null);
    for (const id of ["sun", "year"]) show(byId(id), Boolean(this.sun));
    show(byId("polar"), Boolean(this.sun?.polar));
    const choices = ["none", ...Object.keys(BESIDE)];
    keep(byId("beside"), choices, (key) => key, (key) => make("option", { value: key }), (option, key) => say(option, text(`sky-beside-${key}`)));
    if (!this.sun) return;
    const sun = this.sun;
    const event = ({ time, azimuth }) => text("sky-event", { time: clock(time), direction: towards(azimuth) });
    const events = (rising) => sun.events.filter((one) => one.rising === rising).map(event).join(", ") || text("sky-never");
    const dusk = (rising) => sun.twilight.filter((one) => one.rising === rising).map(({ time }) => clock(time)).join(", ");
    const today = sun.date === date(sun.now);
    const top = Number(sun.noon_elevation.toFixed(1)) || 0;
    const noon = text(top < 0 ? "sky-noon-under" : "sky-noon-above", { elevation: `${fixed(Math.abs(top), 1)}°` });
    const rows = [
      ["sky-sunrise", events(true)],
      ["sky-sunset", events(false)],
      ["sky-day-length", length(sun.length_s)],
      ["sky-noon", text("sky-noon-at", { time: clock(sun.noon), height: noon })],
    ];
    if (dusk(true) && dusk(false)) rows.push(["sky-twilight", text("sky-from-to", { from: dusk(true), to: dusk(false) })]);
    if (today) rows.push(["sky-sun-now", standing(sun.look.elevation, sun.look.azimuth, 1)]);
    if (sun.polar) say(byId("polar"), text(`sky-polar-${sun.polar}`));
    keep(
      byId("sun"), rows, ([key]) => key,
      () => make("div", { className: "fact" }, make("dt"), make("dd")),
      (row, [key, words]) => {
        say(row.firstElementChild, text(key));
        say(row.lastElementChild, words);
      },
    );
    this.drawYear(school);
  }

  drawYear(school) {
    if (!this.curves) return;
    const [own, other] = this.curves;
    const curve = (name, days) => ({ name, x: days.map((_, index) => index + 1), y: days.map(({ length_s: length }) => length / 3600) });
    const curves = [curve(school.name || text("sky-here"), own)];
    if (other) curves.push(curve(text(`sky-beside-${this.choice}`), other));
    const index = own.findIndex(({ date: of }) => of === this.sun.date);
    const moments = index < 0 ? [] : [{ at: index + 1, label: day(this.sun.noon) }];
    const quantity = (key, unit) => ({ name: text(key), unit });
    this.charts?.show(byId("year"), { kind: "trace", x: quantity("sky-day-of-year", ""), y: quantity("sky-day-length", "h"), range: [0, 24], curves, moments });
  }
}
