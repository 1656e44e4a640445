// When the satellite passes over the school, and where to look then.

import { ask } from "../console/api.js";
import { byId, keep, make, mark, say, show } from "../console/dom.js";
import { text } from "../words.js";
import { age, clock, day, isFar, isMadeUp, left, nameOf, towards } from "./told.js";

/**
 * A list holds the last day, to compare with what was seen, and as many days ahead as the hub computes at once; of passes to come that
 * nobody sees it names only so many.
 */
const [BACK, AHEAD, MOST] = [1, 9, 12];
const DAY = 86_400_000;
/** A list is as good as its elements; they are asked for again this often, ms. */
const AGAIN = 600_000;

const degrees = (value) => `${Math.round(value)}°`;

export class Passes {
  constructor(now) {
    this.now = now;
    this.forget();
  }

  forget() {
    Object.assign(this, { passes: [], there: false, key: undefined, norad: undefined });
  }

  /** Asks for the passes of a satellite, if they are not known; `newest` says whether nobody has asked since. */
  async ask(satellite, school, newest) {
    this.school = school;
    const key = satellite && !isFar(satellite) && school.latitude !== null && JSON.stringify([satellite.norad, satellite.epoch, satellite.came, school]);
    if (key !== this.key) this.forget();
    if (!key || (key === this.key && this.now() - this.asked < AGAIN)) return;
    const from = Math.round((this.now() - BACK * DAY) * 1000);
    const { passes } = await ask("GET", `/api/v1/sky/${satellite.norad}/passes?from=${from}&days=${BACK + AHEAD}`);
    if (!newest()) return;
    Object.assign(this, { key, passes, there: true, asked: this.now(), satellite, norad: satellite.norad });
  }

  draw(satellite) {
    // What was another satellite's is not shown as this one's.
    if (satellite?.norad !== this.norad || isFar(satellite)) this.forget();
    const far = isFar(satellite) && this.school?.latitude !== null;
    show(byId("passes-part"), this.there || far);
    show(byId("passes-list"), this.there);
    show(byId("withheld"), far);
    say(byId("withheld"), far ? text("sky-withheld", { name: nameOf(satellite), age: age(satellite.age_days) }) : "");
    show(byId("passes-made-up"), this.there && isMadeUp(satellite));
    this.list();
    this.tick();
  }

  /** What comes, and what is over. */
  list() {
    const now = this.now() * 1000;
    const only = byId("visible-only").checked;
    const listed = this.passes.filter(({ visible }) => visible || !only);
    const [coming, over] = [listed.filter(({ set }) => set.time > now), listed.filter(({ set }) => set.time <= now)];
    this.ends = this.passes.find(({ set }) => set.time > now)?.set.time;
    say(byId("visible-words"), text("sky-visible-only", { n: AHEAD }));
    this.fill(byId("passes"), only ? coming : coming.slice(0, MOST), false);
    // The last one first: it is the one that is compared.
    this.fill(byId("over"), over.reverse(), true);
    show(byId("over-part"), over.length > 0);
    say(byId("over-title"), text("sky-over-passes", { n: over.length }));
  }

  fill(list, passes, over) {
    const moment = (kind, { time, look }) =>
      ({ kind, time: clock(time, true), direction: towards(look.azimuth), height: kind === "highest" ? degrees(look.elevation) : "" });
    keep(
      list, passes, ({ rise }) => rise.time,
      () => {
        const part = (kind) => make("div", {}, make("dt", { "data-kind": kind }), make("dd"));
        return make("li", {}, make("h3"), make("dl", {}, ...["rise", "highest", "set"].map(part)), make("p", { className: "chip" }));
      },
      (item, pass) => {
        const [head, facts, chip] = item.children;
        say(head, text(over ? "sky-pass-over" : "sky-pass", { day: day(pass.rise.time), time: clock(pass.rise.time) }));
        const moments = [moment("rise", pass.rise), moment("highest", pass.culmination), moment("set", pass.set)];
        moments.forEach(({ kind, time, direction, height }, place) => {
          const [term, value] = facts.children[place].children;
          say(term, text(`sky-pass-${kind}`));
          say(value, [time, height, direction].filter(Boolean).join(" · "));
        });
        const seen = pass.visible && text(over ? "sky-was-visible" : "sky-visible", { from: clock(pass.visible[0]), to: clock(pass.visible[1]) });
        say(chip, seen ?? (over ? text(`sky-was-unseen-${pass.unseen}`) : text(`sky-unseen-${pass.unseen}`)));
        mark(chip, "data-state", seen ? "good" : "none");
      },
    );
  }

  /** The countdown; a pass that has ended goes over to those behind. */
  tick() {
    if (!this.there) return;
    const now = this.now() * 1000;
    if (this.ends <= now) this.list();
    const next = this.passes.find(({ set }) => set.time > now);
    if (!next) {
      // In ten days of passes an orbit that comes by at all has done so.
      say(byId("next"), text(this.passes.length ? "sky-no-pass" : "sky-never-pass", { name: nameOf(this.satellite), n: AHEAD }));
      say(byId("countdown"), "");
      say(byId("next-visible"), "");
    } else {
      const on = next.rise.time <= now;
      const where = towards((on ? next.set : next.rise).look.azimuth);
      say(byId("next"), text(on ? "sky-pass-on" : "sky-pass-next", { name: nameOf(this.satellite), direction: where, high: degrees(next.culmination.look.elevation) }));
      say(byId("countdown"), left((on ? next.set.time : next.rise.time) - now));
      // While it passes the next time is another pass.
      const seen = this.passes.find(({ rise, visible }) => visible && rise.time > now);
      const eye = seen ? text("sky-next-visible", { day: day(seen.visible[0]), time: clock(seen.visible[0]) }) : text("sky-none-visible", { n: AHEAD });
      say(byId("next-visible"), isMadeUp(this.satellite) ? `${eye} ${text("sky-made-up-short")}` : eye);
    }
    mark(byId("next-part"), "data-on", next && next.rise.time <= now);
  }
}
