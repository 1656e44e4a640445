// One station: what it measures now, its course over days and years, its wind, beside another station; for a teacher its settings.

import { ask } from "../console/api.js";
import { keep, make, say, show } from "../console/dom.js";
import { PlainCharts, load } from "../plain.js";
import { decimal, start, text, watch } from "../words.js";
import { Comparison } from "./compare.js";
import { Course } from "./course.js";
import { DAY, age, byId, channelName, heard, isSilent, learnSteps, longDay, nameOf, newest, noteOf, place, propertyName, reading, stepOf, streamsOf } from "./shared.js";
import { Teacher } from "./teacher.js";

/** How often the newest values are asked for, and how often charts, ms. */
const PERIOD = 15_000;
const CHARTS = 300_000;
/** A tile's arrow looks back so long, ms. */
const BACK = 4 * 3_600_000;
const ARROWS = { up: "↗", down: "↘", same: "→" };

const id = decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");
const path = (rest = "") => `/api/v1/stations/${encodeURIComponent(id)}${rest}`;

let station;
let begun = false;
const trends = new Map();
const trouble = (words) => say(byId("trouble"), words ?? "");
const wasm = await load();
const charts = wasm && new PlainCharts(wasm, () => Math.max(13, Math.min(20, innerWidth / 70)), trouble);
const course = new Course(charts, path, trouble);
const comparison = new Comparison(charts, id, trouble);
const teacher = new Teacher(path, async () => {
  await refresh();
});

/** What one asks weather first. */
const FIRST = ["temperature", "relative_humidity", "pressure", "sea_level_pressure", "wind_speed", "wind_gust", "wind_direction", "rain_total", "precipitation"];
const rank = ({ property }) => (FIRST.includes(property) ? FIRST.indexOf(property) : FIRST.length);
/** Main sensor first, each with what is asked first. */
const streams = () =>
  station.channels.flatMap((channel) => channel.streams.map((stream) => ({ ...stream, channel: channel.name })).sort((one, other) => rank(one) - rank(other)));
const keyOf = ({ channel, property }) => `${channel}\u001f${property}`;

function tile(stream) {
  const parts = [make("small"), make("span", { className: "value" }), make("small", { className: "trend" }), make("small")];
  return make("li", { id: `tile-${stream.channel}-${stream.property}`.replaceAll(/[^\w-]/g, "_") }, ...parts);
}

function update(item, stream) {
  const [name, value, trend, old] = item.children;
  const time = Date.parse(stream.time);
  const silent = isSilent(time * 1000, stepOf(station.id, stream));
  say(name, stream.channel ? `${propertyName(stream.property)} · ${channelName(stream.channel)}` : propertyName(stream.property));
  say(value, reading(stream));
  const way = silent ? undefined : trends.get(keyOf(stream));
  say(trend, way ? `${ARROWS[way]} ${text(`station-trend-${way}`)}` : "");
  item.toggleAttribute("data-old", silent);
  say(old, silent ? text("station-quiet", { age: age(time * 1000) }) : age(time * 1000));
}

function draw() {
  if (!station) return;
  document.title = `${nameOf(station)} – Messwerk`;
  say(byId("title"), nameOf(station));
  const last = newest(station);
  heard(byId("heard"), station.latest, last && stepOf(station.id, last), station.arrived);
  const past = last && Date.now() - Date.parse(last.time) > DAY;
  say(byId("tiles-title"), past ? text("station-last", { day: longDay(Date.parse(last.time), station.time_zone) }) : text("station-now"));
  const where = station.latitude === null || station.longitude === null ? "" : place(station.latitude, station.longitude);
  const height = station.elevation_m === null ? "" : text("station-height", { height: decimal(Math.round(station.elevation_m)).replace("-", "−") });
  say(byId("about"), [noteOf(station), [where, height].filter(Boolean).join(", "), station.time_zone].filter(Boolean).join(" · "));
  const all = streams();
  show(byId("silent"), all.length === 0);
  show(byId("charts"), all.length > 0);
  show(byId("unbuilt"), !charts);
  keep(byId("tiles"), all, keyOf, tile, update);
  course.offer(station, all);
  comparison.offer(station, course);
  teacher.draw(station);
}

async function refresh() {
  try {
    station = await ask("GET", path());
    trouble();
  } catch (error) {
    trouble(error.message);
    return;
  }
  draw();
  if (!begun) begin();
  learn();
}

/** Whoever looks silent may only be slow. */
async function learn() {
  if (await learnSteps(station.id, streamsOf(station))) draw();
}

/** Whether the last full hours rise or fall: by more than a tenth of what they span, and of a unit. */
async function look() {
  for (const stream of streams().filter(({ property }) => !["wind_direction", "rain_total", "precipitation", "sunshine"].includes(property)).slice(0, 12)) {
    const from = new Date(Date.now() - BACK).toISOString();
    const query = new URLSearchParams({ channel: stream.channel, property: stream.property, by: "hour", from });
    try {
      const { mean, min, max } = await ask("GET", path(`/series?${query}`));
      const known = mean.filter((value) => value !== null);
      if (known.length < 2) continue;
      const way = known.at(-1) - known[0];
      const wide = Math.max(...max.filter((value) => value !== null)) - Math.min(...min.filter((value) => value !== null));
      trends.set(keyOf(stream), Math.abs(way) < Math.max(0.1, wide / 10) ? "same" : way > 0 ? "up" : "down");
    } catch {
      // An arrow is a help; the value stands without it.
    }
  }
  draw();
}

/** Once the hub has answered for the first time, whichever try that was. */
function begin() {
  begun = true;
  course.begin();
  comparison.begin();
  course.refresh();
  look();
}

start();
watch(draw);
// A first try may fail like any other: the page goes on asking.
setInterval(() => document.visibilityState === "visible" && refresh(), PERIOD);
setInterval(() => {
  if (!begun || document.visibilityState !== "visible") return;
  course.refresh();
  look();
}, CHARTS);
await refresh();
