// A device that follows no format: fields of what arrived are clicked, given a property and a unit, tried and kept.

import { ask } from "../console/api.js";
import { make, say, show } from "../console/dom.js";
import { text, watch } from "../words.js";
import { assign, hasComma, timeKind } from "./guess.js";
import { byId, channelName, localTime, propertyName, shown, unitName, zoned } from "./shared.js";
import { aside, why } from "./why.js";

/** What stations measure, with the units that devices send it in, the hub's own first. */
const PROPERTIES = {
  temperature: ["Cel", "[degF]", "K"], relative_humidity: ["%RH"], pressure: ["hPa", "Pa", "[in_i'Hg]", "mm[Hg]"], sea_level_pressure: ["hPa", "Pa", "[in_i'Hg]"],
  wind_speed: ["m/s", "km/h", "[mi_i]/h", "[kn_i]"], wind_gust: ["m/s", "km/h", "[mi_i]/h", "[kn_i]"], wind_direction: ["deg"], rain_total: ["mm", "[in_i]"],
  precipitation: ["mm", "[in_i]"], rain_rate: ["mm/h", "[in_i]/h"], irradiance: ["W/m2"], illuminance: ["lx"], uv_index: ["1"], dew_point: ["Cel", "[degF]"],
  pm10: ["ug/m3"], pm2_5: ["ug/m3"], carbon_dioxide: ["ppm"], soil_moisture: ["%"], sound_level: ["dB"], voltage: ["V", "mV"],
};

/** How a time may be written (`context.mapping.time.kind`), the usual ones first. */
const TIMES = ["offset", "seconds", "milliseconds", "nanoseconds", "utc", "local"];

export class Mapping {
  /** `current` reads the settings as the hub has them now, `put` sets them. */
  constructor(current, put) {
    Object.assign(this, { current, put, rows: [] });
    byId("try").addEventListener("click", () => this.attempt());
    byId("keep").addEventListener("click", () => this.save());
    byId("map-comma").addEventListener("change", () => (this.comma = byId("map-comma").checked));
    byId("replace-no").addEventListener("click", () => byId("replacing").close());
    byId("replace-yes").addEventListener("click", () => {
      byId("replacing").close();
      this.save(this.replaced);
    });
    watch(() => this.draw());
  }

  /** A field was clicked: a row more, or the focus on the one there is. */
  add(field, payload, settings) {
    this.payload = payload;
    this.examples ??= new Map();
    for (const { path, example } of payload.fields) this.examples.set(path, example);
    if (this.rows.length === 0) {
      const { fields = [], time, comma = false } = settings.context?.mapping ?? {};
      this.rows = [...(time ? [{ ...time, property: "time" }] : []), ...fields.map((row) => ({ ...row }))];
      this.comma = comma;
    }
    if (!this.rows.some((row) => row.path === field.path)) this.rows.push(assign(field, this.rows, PROPERTIES));
    if (hasComma(field.example)) this.comma = true;
    show(byId("mapping"), true);
    this.draw();
    byId("fields").querySelector(`[data-path="${CSS.escape(field.path)}"] select`)?.focus();
  }

  draw() {
    byId("map-comma").checked = Boolean(this.comma);
    byId("fields").replaceChildren(...this.rows.map((row, place) => this.row(row, place)));
  }

  row(row, place) {
    const id = (name) => `map-${place}-${name}`;
    const entry = (name, control) => make("div", {}, make("label", { htmlFor: id(name), textContent: text(`station-map-${name}`) }), control);
    // What the API was told and this list does not have stays as it is.
    const properties = [...new Set([...Object.keys(PROPERTIES), row.property])].filter((name) => name !== "time");
    // There is one time of a message.
    const timed = this.rows.some((other) => other !== row && other.property === "time");
    const options = [...(timed ? [] : ["time"]), ...properties];
    const nameIt = (name) => (name === "time" ? text("station-map-time") : propertyName(name));
    const property = make("select", { id: id("property") }, ...options.map((name) => make("option", { value: name, textContent: nameIt(name) })));
    property.value = row.property;
    const away = make("button", { type: "button", className: "quiet", textContent: text("station-map-away") });
    away.addEventListener("click", () => {
      this.rows.splice(place, 1);
      this.draw();
    });
    const line = (...controls) => {
      const item = make("li", {}, make("code", { textContent: row.path || "·" }), entry("property", property), ...controls, away);
      item.dataset.path = row.path;
      return item;
    };
    const turn = () => {
      this.draw();
      byId(id("property"))?.focus();
    };
    if (row.property === "time") {
      const kind = make("select", { id: id("kind") }, ...TIMES.map((name) => make("option", { value: name, textContent: text(`station-map-time-${name}`) })));
      kind.value = row.kind;
      kind.addEventListener("change", () => (row.kind = kind.value));
      property.addEventListener("change", () => {
        Object.assign(row, { property: property.value, channel: row.channel ?? "", unit: PROPERTIES[property.value]?.[0] ?? "1" });
        turn();
      });
      return line(entry("kind", kind));
    }
    const unit = make("select", { id: id("unit") });
    const units = () => {
      const names = [...new Set([...(PROPERTIES[row.property] ?? []), row.unit])];
      unit.replaceChildren(...names.map((name) => make("option", { value: name, textContent: unitName(name) || text("station-map-unitless") })));
      unit.value = row.unit;
    };
    units();
    const channel = make("input", { id: id("channel"), type: "text", maxLength: 40, value: row.channel, placeholder: text("station-main") });
    property.addEventListener("change", () => {
      row.property = property.value;
      if (row.property === "time") {
        row.kind = timeKind(row.path, this.examples?.get(row.path) ?? "") ?? "offset";
        turn();
        return;
      }
      const fitting = PROPERTIES[row.property] ?? [row.unit];
      if (!fitting.includes(row.unit)) [row.unit] = fitting;
      units();
    });
    unit.addEventListener("change", () => (row.unit = unit.value));
    channel.addEventListener("input", () => (row.channel = channel.value.trim()));
    return line(entry("unit", unit), entry("channel", channel));
  }

  /** Settings with these fields; nothing else of them is touched. */
  mapped(settings) {
    const time = this.rows.find(({ property }) => property === "time");
    const fields = this.rows.filter((row) => row !== time).map(({ kind, ...field }) => field);
    const mapping = { ...settings.context?.mapping, fields, time: time ? { path: time.path, kind: time.kind } : null, comma: Boolean(this.comma) };
    return zoned({ ...settings, format: "mapping", context: { ...settings.context, mapping } });
  }

  async attempt() {
    say(byId("mapping-problem"), "");
    try {
      const settings = this.mapped(await this.current());
      const { readings, rejections, notes } = await ask("POST", "/api/v1/stations/try", { settings, door: this.payload.door, text: this.payload.text });
      const reading = (one) => {
        const words = text("station-tried", { property: propertyName(one.property), channel: channelName(one.channel), value: shown(one.value, one.unit) });
        return one.time ? text("station-tried-at", { words, time: localTime(Date.parse(one.time) * 1000, settings.time_zone) }) : words;
      };
      const lines = [...readings.map(reading), ...rejections.map(why), ...notes.map(aside)];
      byId("tried").replaceChildren(...(lines.length ? lines : [text("station-tried-nothing")]).map((line) => make("li", { textContent: line })));
      return true;
    } catch (error) {
      say(byId("mapping-problem"), error.message);
      return false;
    }
  }

  /** Saves the fields; another format is replaced only if that is what was asked about (`agreed`). */
  async save(agreed) {
    say(byId("mapping-problem"), "");
    try {
      const settings = await this.current();
      const { format } = settings;
      if (format && format !== "mapping" && format !== agreed) {
        this.replaced = format;
        say(byId("replacing-warning"), text("station-replace-warning", { format: text(`station-format-${format.replaceAll("_", "-")}`) }));
        byId("replacing").showModal();
        return;
      }
      await this.put(this.mapped(settings));
      byId("tried").replaceChildren(make("li", { textContent: text("station-saved") }));
    } catch (error) {
      say(byId("mapping-problem"), error.message);
    }
  }
}
