// A teacher's part of a station's page: what was rejected, what arrived, how the device is set up, settings, erasing.

import { ask } from "../console/api.js";
import { keep, make, say, show } from "../console/dom.js";
import { text, watch } from "../words.js";
import { Mapping } from "./mapping.js";
import { age, byId, entered, fillIn, howTo, offerFormats, showTopics, zoned } from "./shared.js";
import { why } from "./why.js";

/** How often what arrived is asked for while somebody looks, ms. */
const PERIOD = 5_000;
/** Payloads that are shown. */
const MOST = 10;

const slug = (name) => name.replaceAll("_", "-");

export class Teacher {
  constructor(path, changed) {
    Object.assign(this, { path, changed });
    // Whose session is over is told none; saving then says so.
    this.current = async () => (await ask("GET", path())).settings ?? this.station.settings;
    // Only the format is another one then: what somebody is writing in the form stays.
    const chosen = (settings) => {
      byId("format").value = settings.format ?? "";
      this.filled.format = settings.format;
      showTopics();
    };
    this.mapping = new Mapping(this.current, (settings) => this.put(settings, chosen));
    byId("format").addEventListener("change", showTopics);
    byId("arrived").addEventListener("toggle", () => this.look());
    byId("unset-take").addEventListener("click", () => this.choose());
    byId("unset-other").addEventListener("click", () => this.showArrived());
    this.shown = chosen;
    byId("form").addEventListener("submit", (event) => this.save(event));
    byId("renew").addEventListener("click", () => this.renew());
    byId("erase").addEventListener("click", () => byId("erasing").showModal());
    byId("erase-no").addEventListener("click", () => byId("erasing").close());
    byId("erase-yes").addEventListener("click", () => this.erase());
    watch(() => {
      offerFormats();
      if (this.station?.settings) this.draw(this.station);
    });
    setInterval(() => (byId("arrived").open || this.waits) && document.visibilityState === "visible" && this.look(), PERIOD);
  }

  draw(station) {
    this.station = station;
    show(byId("teacher"), Boolean(station.settings));
    if (!station.settings) return;
    if (!this.filled) this.fill(station.settings);
    howTo(byId("how"), station.format, this.key, this.hub);
    if (!this.hub) this.locate();
    const count = station.rejections.reduce((sum, one) => sum + one.count, 0);
    say(byId("rejected-title"), this.waits ? text("station-rejected-all") : text("station-rejected", { n: count }));
    show(byId("rejected-none"), count === 0);
    say(byId("rejected-none"), text(this.waits ? "station-rejected-unset" : station.latest === null ? "station-arrived-none" : "station-rejected-none"));
    this.ponder();
    byId("hand-in").href = `/w#files=${encodeURIComponent(station.id)}`;
    const sentence = (one) => text("station-rejection", { n: one.count, detail: why(one), age: age(one.at) });
    keep(byId("rejections"), station.rejections, (one) => one.reason, () => make("li"), (item, one) => say(item, sentence(one)));
  }

  /** Whether something came of which nothing is stored: nobody has said how the station speaks. */
  get waits() {
    return Boolean(this.station?.settings) && !this.station.format && this.station.arrived !== undefined;
  }

  /** What came without a format looks like one: that is offered. */
  ponder() {
    show(byId("unset"), this.waits);
    if (!this.waits) return;
    const payloads = this.payloads ?? [];
    const guesses = payloads.map((payload) => payload.looks_like).filter((name) => name && name !== "mapping");
    // What most of them look like.
    this.guess = guesses.sort((one, other) => guesses.filter((name) => name === other).length - guesses.filter((name) => name === one).length)[0];
    const format = this.guess && text(`station-format-${slug(this.guess)}`);
    const count = payloads.length;
    say(byId("unset-title"), count === 0 ? text("station-unset") : text("station-unset-count", { n: count }));
    say(byId("unset-guess"), count === 0 ? "" : format ? text("station-unset-looks", { format }) : text("station-unset-unknown"));
    show(byId("unset-take"), Boolean(format));
    say(byId("unset-take"), format ? text("station-unset-take", { format }) : "");
    say(byId("unset-other"), text("station-arrived"));
    if (!this.payloads) this.look();
  }

  /** Takes the format that what arrived looks like. */
  async choose() {
    say(byId("unset-problem"), "");
    try {
      await this.put(zoned({ ...(await this.current()), format: this.guess }), this.shown);
    } catch (error) {
      say(byId("unset-problem"), error.message);
    }
  }

  showArrived() {
    byId("arrived").open = true;
    byId("arrived").scrollIntoView();
    byId("arrived").querySelector("summary").focus();
  }

  /** How devices reach the hub; asked for until it is known. */
  async locate() {
    if (this.locating) return;
    this.locating = true;
    try {
      this.hub = await ask("GET", "/api/v1/me");
      this.draw(this.station);
    } catch {
      // What this page was asked under stands there until then.
    }
    this.locating = false;
  }

  async look() {
    if (!(byId("arrived").open || this.waits) || !this.station?.settings) return;
    let payloads;
    try {
      this.payloads = await ask("GET", this.path("/payloads"));
      payloads = this.payloads.slice(0, MOST);
      this.ponder();
      say(byId("payloads-problem"), "");
    } catch (error) {
      say(byId("payloads-problem"), error.message);
      return;
    }
    show(byId("payloads-none"), payloads.length === 0);
    const create = (payload) => {
      const fields = payload.fields.map((field) => {
        const label = `${field.path || "·"} = ${field.example}`;
        return make("button", { type: "button", className: "quiet", textContent: label, onclick: () => this.mapping.add(field, payload, this.station.settings) });
      });
      const looks = payload.looks_like && ![this.station.format, "mapping"].includes(payload.looks_like) ? text("station-looks", { format: text(`station-format-${slug(payload.looks_like)}`) }) : "";
      const body = make("pre", { textContent: payload.text, tabIndex: 0 });
      body.setAttribute("role", "group");
      body.setAttribute("aria-label", text("station-payload"));
      return make("li", {}, make("p"), make("p", { className: "note", textContent: looks }), body, make("div", { className: "row" }, ...fields));
    };
    const update = (item, payload) => say(item.firstChild, `${age(payload.at)}${payload.door ? ` · ${payload.door}` : ""}`);
    keep(byId("payloads"), payloads, (payload) => `${payload.at} ${payload.text}`, create, update);
  }

  /** Shows settings in the form, and remembers what it showed. */
  fill(settings) {
    fillIn(settings);
    this.filled = { ...settings };
  }

  /** What was changed in the form, over what the hub has now: others may have set something since. */
  async changes() {
    const now = await this.current();
    const same = (key, value) => JSON.stringify(value ?? null) === JSON.stringify(this.filled[key] ?? null);
    const written = Object.entries(entered(now));
    return Object.fromEntries(written.map(([key, value]) => [key, same(key, value) ? now[key] : value]));
  }

  async put(settings, shown = (set) => this.fill(set)) {
    const station = await ask("PUT", this.path(), settings);
    this.station = station;
    shown(station.settings);
    await this.changed();
    return station;
  }

  async save(event) {
    event.preventDefault();
    say(byId("problem"), "");
    say(byId("saved"), "");
    try {
      await this.put(await this.changes());
      say(byId("saved"), text("station-saved"));
    } catch (error) {
      say(byId("problem"), error.message);
    }
  }

  async renew() {
    say(byId("key-problem"), "");
    try {
      const { key } = await ask("POST", this.path("/key"), {});
      this.key = key;
      say(byId("key"), key);
      show(byId("key-shown"), true);
      this.draw(this.station);
    } catch (error) {
      say(byId("key-problem"), error.message);
    }
  }

  async erase() {
    byId("erase-yes").setAttribute("aria-busy", "true");
    try {
      await ask("DELETE", this.path());
      location.replace("/w");
    } catch (error) {
      byId("erasing").close();
      say(byId("trouble"), error.message);
    }
    byId("erase-yes").removeAttribute("aria-busy");
  }
}
