// When the satellite passes over the school, and where to look then.

import { ask } from "../console/api.js";
import { byId, keep, make, mark, say, show } from "../console/dom.js";
import { text } from "../words.js";
import { clock, day, left, towards } from "./told.js";

/** For how many days passes are listed, and how many of them at most. */
const [DAYS, MOST] = [5, 12];
/** A list is as good as its elements; they are asked for again this often, ms. */
const AGAIN = 600_000;

const degrees = (value) => `${Math.round(value)}°`;

export class Passes {
  constructor(now) {
    this.now = now;
    this.passes = [];
  }

  async ask(satellite, school, newest) {
    const key = satellite && school.latitude !== null && JSON.stringify([satellite.norad, satellite.epoch, satellite.came, school]);
    if (key !== this.key) Object.assign(this, { passes: [], there: false, key: undefined });
    if (!key) return;
    const over = this.passes[0] && this.passes[0].set.time <= this.now() * 1000;
    if (key === this.key && !over && this.now() - this.asked < AGAIN) return;
    const { passes } = await ask("GET", `/api/v1/sky/${satellite.norad}/passes?days=${DAYS}`);
    if (!newest()) return;
    Object.assign(this, { key, passes, there: true, asked: this.now(), name: satellite.name, norad: satellite.norad });
  }

  draw(satellite) {
    // What was another satellite's is not shown as this one's.
    if (satellite?.norad !== this.norad) Object.assign(this, { passes: [], there: false, key: undefined, norad: undefined });
    show(byId("passes-part"), this.there);
    const moment = (kind, { time, look }) =>
      ({ kind, time: clock(time, true), direction: towards(look.azimuth), height: kind === "highest" ? degrees(look.elevation) : "" });
    keep(
      byId("passes"), this.passes.slice(0, MOST), ({ rise }) => rise.time,
      () => {
        const part = (kind) => make("div", {}, make("dt", { "data-kind": kind }), make("dd"));
        return make("li", {}, make("h3"), make("dl", {}, ...["rise", "highest", "set"].map(part)), make("p", { className: "chip" }));
      },
      (item, pass) => {
        const [head, list, chip] = item.children;
        say(head, text("sky-pass", { day: day(pass.rise.time), time: clock(pass.rise.time) }));
        const moments = [moment("rise", pass.rise), moment("highest", pass.culmination), moment("set", pass.set)];
        moments.forEach(({ kind, time, direction, height }, place) => {
          const [term, value] = list.children[place].children;
          say(term, text(`sky-pass-${kind}`));
          say(value, [time, height, direction].filter(Boolean).join(" · "));
        });
        const seen = pass.visible && text("sky-visible", { from: clock(pass.visible[0]), to: clock(pass.visible[1]) });
        say(chip, seen ?? text(`sky-unseen-${pass.unseen}`));
        mark(chip, "data-state", seen ? "good" : "none");
      },
    );
    this.tick();
  }

  /** The countdown; true once the first pass of the list is over. */
  tick() {
    if (!this.there) return false;
    const now = this.now() * 1000;
    const next = this.passes.find(({ set }) => set.time > now);
    if (!next) {
      say(byId("next"), text("sky-no-pass", { n: DAYS }));
      say(byId("countdown"), "");
      say(byId("next-visible"), "");
    } else {
      const on = next.rise.time <= now;
      const where = towards((on ? next.set : next.rise).look.azimuth);
      say(byId("next"), text(on ? "sky-pass-on" : "sky-pass-next", { name: this.name, direction: where, high: degrees(next.culmination.look.elevation) }));
      say(byId("countdown"), left((on ? next.set.time : next.rise.time) - now));
      const seen = this.passes.find(({ visible }) => visible && visible[1] > now);
      say(byId("next-visible"), seen ? text("sky-next-visible", { day: day(seen.visible[0]), time: clock(seen.visible[0]) }) : text("sky-none-visible", { n: DAYS }));
    }
    mark(byId("next-part"), "data-on", next && next.rise.time <= now);
    return Boolean(this.passes[0] && this.passes[0].set.time <= now && this.now() - this.asked > 1000);
  }
}
