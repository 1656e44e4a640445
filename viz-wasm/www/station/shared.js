// What the list of stations and a station's page have in common: names, values, ages, the form of settings and how devices are set up.

import { make } from "../console/dom.js";
import { decimal, known, lang, text } from "../words.js";

/** Formats in the order in which they are offered. */
export const FORMATS = [
  "ecowitt", "ambient", "wunderground", "weewx", "opensensemap", "luftdaten", "hackair", "sbx_bytes", "sbx_bytes_ts", "rtl_433", "tasmota",
  "esphome", "zigbee2mqtt", "sensorthings", "senml", "mapping",
];
/** Formats that come over MQTT under topics of their own. */
const TOPICS = ["weewx", "rtl_433", "tasmota", "esphome", "zigbee2mqtt", "mapping"];
/** A station that has not been heard of for so long is silent, ms. */
export const SILENT = 3_600_000;

const slug = (name) => name.replaceAll("_", "-");
const UNITS = { Cel: "°C", "%RH": "%", deg: "°", "ug/m3": "µg/m³", "m/s2": "m/s²", "W/m2": "W/m²", uT: "µT", 1: "" };
/** A unit as it is written on paper. */
export const unitName = (unit) => UNITS[unit] ?? unit;
/** What a property is called. */
export const propertyName = (property) => (known(`property-${slug(property)}`) ? text(`property-${slug(property)}`) : property);
/** A place of measurement; the main one has no name. */
export const channelName = (channel) => channel || text("station-main");

/** A value with as many decimals as one reads. */
export function shown(value, unit) {
  const size = Math.abs(value);
  const number = decimal(value.toFixed(unit === "deg" || size >= 2000 ? 0 : size >= 10 || unit !== "mm" ? 1 : 2));
  const name = unitName(unit);
  return name ? `${number.replace("-", "−")}\u00a0${name}` : number.replace("-", "−");
}

/** How long ago, in words; µs of the reading against ms of the page's clock. */
export function age(micros, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - micros / 1000) / 1000));
  if (seconds < 90) return text("station-age-now");
  if (seconds < 5400) return text("station-age-minutes", { n: Math.round(seconds / 60) });
  if (seconds < 172_800) return text("station-age-hours", { n: Math.round(seconds / 3600) });
  return text("station-age-days", { n: Math.round(seconds / 86_400) });
}

/** A chip that says when a station was heard last. */
export function heard(chip, latest) {
  const silent = latest === null || Date.now() - latest / 1000 > SILENT;
  chip.dataset.state = latest === null ? "away" : silent ? "silent" : "good";
  const words = latest === null ? text("station-never") : silent ? text("station-quiet", { age: age(latest) }) : text("station-heard", { age: age(latest) });
  if (chip.textContent !== words) chip.textContent = words;
}

export const byId = (id) => document.getElementById(id);

/** Fills the list of formats in the page's language. */
export function offerFormats() {
  const select = byId("format");
  const chosen = select.value;
  const options = FORMATS.map((format) => make("option", { value: format, textContent: text(`station-format-${slug(format)}`) }));
  select.replaceChildren(make("option", { value: "", textContent: text("station-format-none") }), ...options);
  select.value = chosen;
  showTopics();
}

export function showTopics() {
  byId("topics-part").hidden = !TOPICS.includes(byId("format").value);
}

const NUMBERS = ["latitude", "longitude", "elevation"];
const NAMES = { elevation: "elevation_m" };

/** The form's settings over those there are; throws a sentence if a number is none. */
export function entered(before = {}) {
  const settings = { ...before, name: byId("name").value.trim(), format: byId("format").value || null, time_zone: byId("zone").value.trim(), note: byId("note").value.trim(), public: byId("public").checked };
  for (const id of NUMBERS) {
    const written = byId(id).value.trim().replace(",", ".");
    const number = Number(written);
    const wrong = written !== "" && !Number.isFinite(number);
    byId(id).setAttribute("aria-invalid", String(wrong));
    if (wrong) throw new Error(text("number"));
    settings[NAMES[id] ?? id] = written === "" ? null : number;
  }
  if (!byId("topics-part").hidden) settings.topics = byId("topics").value.split(/[\s,]+/).filter(Boolean);
  return settings;
}

/** Puts settings into the form. */
export function fillIn(settings) {
  byId("name").value = settings.name;
  byId("format").value = settings.format ?? "";
  byId("zone").value = settings.time_zone;
  byId("note").value = settings.note;
  byId("public").checked = settings.public;
  byId("topics").value = (settings.topics ?? []).join(", ");
  for (const id of NUMBERS) byId(id).value = settings[NAMES[id] ?? id] === null ? "" : decimal(settings[NAMES[id] ?? id]);
  showTopics();
}

/** What to enter in the device: facts to copy, and a sentence for its format. */
export function howTo(parent, format, key) {
  const shownKey = key ?? "KEY";
  const port = location.port || (location.protocol === "https:" ? "443" : "80");
  const mqtt = ["weewx", "rtl_433", "tasmota", "esphome", "zigbee2mqtt"].includes(format);
  const paths = { ecowitt: "/data/report/", ambient: "/report?", wunderground: "/weatherstation/updateweatherstation.php" };
  const facts = [["station-how-server", location.hostname]];
  if (mqtt) facts.push(["station-how-broker", "1883"], ["station-how-user", "station"], ["station-how-password", shownKey]);
  else facts.push(["station-how-port", port], ["station-how-path", `/s/${shownKey}${paths[format] ?? ""}`]);
  const list = make("dl", { className: "facts" });
  for (const [name, value] of facts) list.append(make("dt", { textContent: text(name) }), make("dd", {}, make("code", { textContent: value })));
  const sentence = make("p", { textContent: text(`station-how-to-${format ? slug(format) : "none"}`) });
  parent.replaceChildren(sentence, list, ...(key ? [] : [make("p", { className: "note", textContent: text("station-how-key") })]));
}

/** An instant of a station's own clock, given in seconds of that clock. */
export function localTime(micros, zone) {
  return new Date(micros / 1000).toLocaleString(lang(), { timeZone: zone, dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
}
