// Where the satellite is at this moment: computed here from its elements, once a second, as the hub computes it.

import { ask } from "../console/api.js";
import { byId, keep, make, say, show } from "../console/dom.js";
import { text } from "../words.js";
import { age, amount, isFar, nameOf, place, standing, towards } from "./told.js";

/** How long a track is drawn before it is computed anew, ms: the satellite moves on it by a third of a point. */
const TRACK = 20_000;

const pairs = (flat) => Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index], flat[2 * index + 1]]);

export class Live {
  constructor(wasm, charts, land, now) {
    Object.assign(this, { wasm, charts, land, now, track: {} });
  }

  /** Fetches the elements of a satellite; `newest` says whether nobody has asked since. */
  async ask(satellite, newest) {
    // What was another satellite's is not shown as this one's.
    if (!this.wasm || satellite?.norad !== this.satellite?.norad) this.set(undefined, undefined);
    if (!this.wasm || !satellite) return;
    const view = await ask("GET", `/api/v1/sky/${satellite.norad}`);
    if (!newest()) return;
    this.set(JSON.stringify(view.omm), view.satellite);
  }

  set(omm, satellite) {
    this.satellite = satellite;
    if (omm === this.omm) return;
    this.omm = omm;
    this.orbit?.free();
    this.orbit = omm && new this.wasm.Sky(omm);
    this.track = {};
    this.stood = undefined;
  }

  draw(school, satellite) {
    if (satellite?.norad !== this.satellite?.norad) this.set(undefined, undefined);
    this.school = school.latitude === null ? undefined : school;
    const stands = this.school && [school.latitude, school.longitude, school.elevation_m];
    if (this.orbit && stands && String(stands) !== this.stood) {
      this.orbit.stand(...stands);
      this.stood = String(stands);
    }
    show(byId("now-part"), Boolean(this.orbit));
    if (satellite) {
      say(byId("now-title"), text("sky-now", { name: nameOf(satellite) }));
      const old = text(satellite.age_days < 0 ? "sky-age-ahead" : "sky-age", { age: age(satellite.age_days) });
      say(byId("age"), isFar(satellite) ? `${old} · ${text("sky-roughly")}` : old);
    }
    this.tick();
  }

  /** Numbers and map of this second. */
  tick() {
    if (!this.wasm) return;
    const time = this.now();
    const map = { kind: "map", ...this.land };
    if (this.school) map.school = { name: this.school.name, at: [this.school.longitude, this.school.latitude] };
    try {
      if (this.orbit) this.follow(time, map);
      else {
        const [latitude, longitude] = this.wasm.Sky.sun_overhead(time);
        map.sun = [longitude, latitude];
      }
    } catch (error) {
      // Elements so old that the orbit has ended: the map stays, the sentence says why.
      console.warn(String(error));
      say(byId("problem"), text("problem-no-position"));
      show(byId("now-part"), false);
    }
    if (this.charts?.show(byId("map"), map)) {
      // It moves each second; a screen reader is told when it asks.
      byId("map").querySelector(".summary").setAttribute("aria-live", "off");
    }
  }

  follow(time, map) {
    const [latitude, longitude, height, heading, speed, ground, sunLatitude, sunLongitude, lit, azimuth, elevation, range] = this.orbit.at(time);
    if (!(Math.abs(time - this.track.at) < TRACK)) {
      this.track = { at: time, past: pairs(this.orbit.track(time, -1)), next: pairs(this.orbit.track(time, 1)) };
    }
    Object.assign(map, {
      satellite: { name: nameOf(this.satellite), at: [longitude, latitude], heading, height, speed: ground },
      past: this.track.past,
      next: this.track.next,
      footprint: pairs(this.orbit.footprint(time)),
      sun: [sunLongitude, sunLatitude],
      note: byId("age").textContent,
    });
    const period = this.satellite.period_s;
    const rows = [
      ["sky-over", place(latitude, longitude)],
      ["sky-height", amount(height, 0, "km")],
      ["sky-speed", text("sky-speeds", { speed: amount(speed, 2, "km/s"), hour: amount(speed * 3600, 0, "km/h") })],
      ["sky-course", towards(heading)],
      ["sky-period", amount(period / 60, 1, "min")],
      ["sky-light", text(lit ? "sky-lit" : "sky-shadow")],
    ];
    if (this.stood) {
      rows.push(["sky-look", elevation < 0 ? text("sky-below") : standing(elevation, azimuth, 0)], ["sky-range", amount(range, 0, "km")]);
    }
    keep(
      byId("now"), rows, ([key]) => key,
      ([key]) => make("div", { className: "fact" }, make("dt", { "data-key": key }), make("dd")),
      (row, [key, words]) => {
        say(row.firstElementChild, text(key));
        say(row.lastElementChild, words);
      },
    );
  }
}
