// What the list of stations and a station's page have in common: names, values, ages, the form of settings and how devices are set up.

import { ask } from "../console/api.js";
import { make } from "../console/dom.js";
import { fixed } from "../measured.js";
import { decimal, known, lang, text } from "../words.js";

/** Formats in the order in which they are offered. */
export const FORMATS = [
  "ecowitt", "ambient", "wunderground", "weewx", "opensensemap", "luftdaten", "hackair", "sbx_bytes", "sbx_bytes_ts", "rtl_433", "tasmota",
  "esphome", "zigbee2mqtt", "sensorthings", "senml", "mapping",
];
/** Formats that come over MQTT under topics of their own. */
const TOPICS = ["weewx", "rtl_433", "tasmota", "esphome", "zigbee2mqtt", "mapping"];
/** Nothing is silent before that, ms. */
const HOUR = 3_600_000;
/** Of so many usual steps without a reading. */
const MISSED = 3;
/** What tells a stream's usual step: readings of so long before its latest, ms. */
const LEARNT = 10 * 24 * HOUR;

const slug = (name) => name.replaceAll("_", "-");
const UNITS = {
  Cel: "°C", "%RH": "%", deg: "°", "ug/m3": "µg/m³", "m/s2": "m/s²", "W/m2": "W/m²", uT: "µT", 1: "", "[degF]": "°F", "mm[Hg]": "mmHg", "[in_i'Hg]": "inHg",
  "[mi_i]/h": "mph", "[kn_i]": "kn", "[in_i]": "in", "[in_i]/h": "in/h",
};
/** A unit as it is written on paper. */
export const unitName = (unit) => UNITS[unit] ?? unit;
/** What a property is called. */
export const propertyName = (property) => (known(`property-${slug(property)}`) ? text(`property-${slug(property)}`) : property);
/** A place of measurement; the main one has no name. */
export const channelName = (channel) => channel || text("station-main");

/** A value with as many decimals as one reads. */
export function shown(value, unit) {
  const size = Math.abs(value);
  const number = decimal(value.toFixed(unit === "deg" || size >= 2000 ? 0 : size >= 10 || !["mm", "h"].includes(unit) ? 1 : 2));
  const name = unitName(unit);
  return name ? `${number.replace("-", "−")}\u00a0${name}` : number.replace("-", "−");
}

/** In which unit a quantity is told, and what its stored values are multiplied by: nobody reads sunshine in seconds. */
export const told = (property, unit) => (property === "sunshine" && unit === "s" ? { unit: "h", times: 1 / 3600 } : { unit, times: 1 });
/** A stream's value in the unit that it is told in. */
export function reading({ property, value, unit }) {
  const as = told(property, unit);
  return shown(value * as.times, as.unit);
}

/** 14. März 2025, by a station's calendar. */
export const longDay = (millis, zone) => new Date(millis).toLocaleDateString(lang(), { timeZone: zone, dateStyle: "long" });
/** The same as 2025-03-14. */
export const isoDay = (millis, zone) => new Date(millis).toLocaleDateString("sv-SE", { timeZone: zone });
/** What is older than that, ms, is no "now". */
export const DAY = 24 * HOUR;

/** What the hub calls its made-up stations and says of them; it speaks English. */
const DEMO = {
  "Demo: hours of a year (DWD, simulated)": "demo-hours", "Demo: ten minutes of December (DWD, simulated)": "demo-minutes",
  "Demo: two days (Bright Sky, simulated)": "demo-days", "Demo: the last day (DWD POI, simulated)": "demo-last", "Demo: a box of openSenseMap (simulated)": "demo-box",
};
const MADE_UP = "Made up by messwerk-sim: no weather that ever was.";
/** A station's name in the page's language, if it is one of the made-up ones. */
export const nameOf = ({ name }) => (DEMO[name] ? text(DEMO[name]) : name);
/** What its owner says of it, likewise. */
export const noteOf = ({ note }) => (note === MADE_UP ? text("demo-note") : note);

/** How long ago, in words; µs of the reading against ms of the page's clock. */
export function age(micros, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - micros / 1000) / 1000));
  if (seconds < 90) return text("station-age-now");
  if (seconds < 5400) return text("station-age-minutes", { n: Math.round(seconds / 60) });
  if (seconds < 172_800) return text("station-age-hours", { n: Math.round(seconds / 3600) });
  return text("station-age-days", { n: Math.round(seconds / 86_400) });
}

/** Where a station stands: 54,300° N, 10,100° O. */
export function place(latitude, longitude) {
  const side = (value, key) => `${fixed(Math.abs(value), 3)}°\u00a0${text(key)}`;
  return `${side(latitude, latitude < 0 ? "station-south" : "station-north")}, ${side(longitude, longitude < 0 ? "station-west" : "station-east")}`;
}

/** The usual time between a stream's readings, µs; null of one that has sent once. */
const steps = new Map();
const streamKey = (station, { channel, property }) => [station, channel, property].join("\u001f");
/** The usual step of a stream (with its channel's name), as far as it is known. */
export const stepOf = (station, stream) => steps.get(streamKey(station, stream));
/** Whether nothing has come for longer than usual: who sends every hour is not silent after one. */
export const isSilent = (micros, step) => Date.now() - micros / 1000 > Math.max(HOUR, ((step ?? 0) / 1000) * MISSED);

/** Asks for the steps of those streams that look silent, each once; whether anything was learnt. */
export async function learnSteps(station, streams) {
  let learnt = false;
  for (const stream of streams) {
    const time = Date.parse(stream.time);
    if (steps.has(streamKey(station, stream)) || !isSilent(time * 1000)) continue;
    const [from, to] = [time - LEARNT, time + 1000].map((millis) => new Date(millis).toISOString());
    const query = new URLSearchParams({ channel: stream.channel, property: stream.property, by: "hour", from, to });
    try {
      const { step } = await ask("GET", `/api/v1/stations/${encodeURIComponent(station)}/series?${query}`);
      steps.set(streamKey(station, stream), step);
      learnt = true;
    } catch {
      // An hour counts until the hub says better.
    }
  }
  return learnt;
}

/** All streams of a station, each with its channel's name. */
export const streamsOf = (station) => station.channels.flatMap((channel) => channel.streams.map((stream) => ({ ...stream, channel: channel.name })));
/** The stream that was heard last. */
export const newest = (station) => streamsOf(station).reduce((best, stream) => (best && Date.parse(best.time) >= Date.parse(stream.time) ? best : stream), undefined);

/** A chip that says when a station was heard last; by its usual step whether it is silent. `arrived`: what came and is not stored. */
export function heard(chip, latest, step, arrived) {
  const silent = latest === null || isSilent(latest, step);
  const unread = latest === null && arrived !== undefined;
  chip.dataset.state = unread ? "warn" : latest === null ? "away" : silent ? "silent" : "good";
  const words = unread ? text("station-unread", { age: age(arrived) }) : latest === null ? text("station-never") : silent ? text("station-quiet", { age: age(latest) }) : text("station-heard", { age: age(latest) });
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

/** Zones that are offered while somebody types. */
const ZONES = Intl.supportedValuesOf?.("timeZone") ?? [];
if (byId("zones")) byId("zones").append(...["UTC", ...ZONES].map((value) => make("option", { value })));

/** A time zone as the hub knows it: the letters' case is mended. Throws a sentence if there is none of this name. */
export function zoneOf(written) {
  const name = written.trim();
  const same = (one) => one.toLowerCase() === name.toLowerCase();
  const found = ["UTC", ...ZONES].find(same);
  if (found) return found;
  try {
    // Older names of zones are none of those that are offered.
    if (!name.includes("/")) throw new RangeError(name);
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name;
  } catch {
    const place = name.split("/").pop().toLowerCase().replaceAll(" ", "_");
    const example = ZONES.find((one) => place && one.toLowerCase().endsWith(`/${place}`)) ?? "Europe/Berlin";
    throw new Error(text("station-zone-wrong", { written: name, example }));
  }
}

/** Formats that may send local times without their zone. */
const LOCAL = ["rtl_433", "tasmota", "mapping"];
/** What decoding needs beyond the format: local times are of the station's zone, unless somebody has set another one by the API. */
export function zoned(settings, before = settings) {
  const { context = {} } = settings;
  const own = before.context?.zone && before.context.zone !== before.time_zone;
  return LOCAL.includes(settings.format) && !own ? { ...settings, context: { ...context, zone: settings.time_zone } } : settings;
}

const NUMBERS = ["latitude", "longitude", "elevation"];
const NAMES = { elevation: "elevation_m" };

/** The form's settings over those there are; throws a sentence if a number or the zone is none. */
export function entered(before = {}) {
  const zone = () => {
    byId("zone").setAttribute("aria-invalid", "true");
    const name = zoneOf(byId("zone").value);
    byId("zone").setAttribute("aria-invalid", "false");
    return name;
  };
  const settings = { ...before, name: byId("name").value.trim(), format: byId("format").value || null, time_zone: zone(), note: byId("note").value.trim(), public: byId("public").checked };
  for (const id of NUMBERS) {
    const written = byId(id).value.trim().replace(",", ".");
    const number = Number(written);
    const wrong = written !== "" && !Number.isFinite(number);
    byId(id).setAttribute("aria-invalid", String(wrong));
    if (wrong) throw new Error(text("number"));
    settings[NAMES[id] ?? id] = written === "" ? null : number;
  }
  if (!byId("topics-part").hidden) settings.topics = byId("topics").value.split(/[\s,]+/).filter(Boolean);
  return zoned(settings, before);
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

/** How devices reach the hub, as far as it said (`/api/v1/me` of a teacher): host, ports, and what is to be known of them. */
function doors(hub) {
  if (!hub?.host) {
    // Without an answer there is what this page was asked under.
    const local = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
    const port = location.port || (location.protocol === "https:" ? "443" : "80");
    return { host: location.hostname, port, mqtt: "1883", local, plain: true };
  }
  const plain = hub.plain_port !== null;
  return { host: hub.host, port: String(plain ? hub.plain_port : new URL(hub.phones).port || 443), mqtt: String(hub.mqtt_port), local: !hub.reachable, plain };
}

/** What to enter in the device: facts to copy, and a sentence for its format. What stands there already is left, so that it can be copied. */
export function howTo(parent, format, key, hub) {
  const shownKey = key ?? "KEY";
  const { host, port, mqtt, local, plain } = doors(hub);
  const broker = ["weewx", "rtl_433", "tasmota", "esphome", "zigbee2mqtt"].includes(format);
  const paths = { ecowitt: "/data/report/", ambient: "/report?", wunderground: "/weatherstation/updateweatherstation.php" };
  const facts = [["station-how-server", host]];
  if (broker) facts.push(["station-how-broker", mqtt], ["station-how-user", "station"], ["station-how-password", shownKey]);
  else facts.push(["station-how-port", port], ["station-how-path", `/s/${shownKey}${paths[format] ?? ""}`]);
  const told = facts.map(([name, value]) => [text(name), value]);
  const sentence = text(`station-how-to-${format ? slug(format) : "none"}`);
  const transport = broker ? [] : [text(plain ? "station-how-plain" : "station-how-tls")];
  const notes = [...(local ? [text("station-how-local")] : []), ...transport, ...(key ? [] : [text("station-how-key")])];
  const drawn = JSON.stringify([sentence, told, notes]);
  if (parent.drawn === drawn) return;
  parent.drawn = drawn;
  const list = make("dl", { className: "facts" });
  for (const [name, value] of told) list.append(make("dt", { textContent: name }), make("dd", {}, make("code", { textContent: value })));
  parent.replaceChildren(make("p", { textContent: sentence }), list, ...notes.map((words) => make("p", { className: "note", textContent: words })));
}

/** An instant of a station's own clock, given in seconds of that clock. */
export function localTime(micros, zone) {
  return new Date(micros / 1000).toLocaleString(lang(), { timeZone: zone, dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
}
