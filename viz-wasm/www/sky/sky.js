// The sky over the school: where a satellite is, when it passes, and what the Sun does. Open to everybody; what only a teacher may
// do stands at the foot.

import { ask } from "../console/api.js";
import { byId, keep, make, say, show } from "../console/dom.js";
import { load as loadFigures, PlainCharts } from "../plain.js";
import { start, text, watch } from "../words.js";
import { Enter } from "./enter.js";
import { Live } from "./live.js";
import { Passes } from "./passes.js";
import { Daylight } from "./sun.js";
import { age, date, isFar, isMadeUp, isOld, nameOf, setZone } from "./told.js";

/** How often the hub is asked whether there is something new: other elements, another place. */
const PERIOD = 60_000;
/** The station that everybody looks for first. */
const STATION = 25544;

/** What computes orbits; undefined if it is not built. */
async function loadSky() {
  try {
    const wasm = await import("/assets/pkg/messwerk_viz_sky.js");
    await wasm.default({ module_or_path: "/assets/pkg/messwerk_viz_sky_bg.wasm" });
    return wasm;
  } catch (error) {
    console.warn(String(error));
    return undefined;
  }
}

const failed = (error) => say(byId("problem"), error?.message ?? "");
const [figures, orbits, land] = await Promise.all([loadFigures(), loadSky(), fetch("/assets/sky/land.json").then((answer) => answer.json()).catch(() => ({}))]);
const charts = figures && new PlainCharts(figures, () => Math.min(20, Math.max(13, innerWidth / 90)), (words) => failed({ message: words }));
show(byId("unbuilt"), !figures || !orbits);

let sky;
/** The satellite that the address names; other fragments are places of the page. */
let wanted;
/** Questions are counted: what answers after a newer one was asked is dropped. */
let count = 0;
/** Whether somebody chose a day; else it is today. */
let picked = false;
/** Hub time less this device's, ms: pupils' devices are off by minutes at times. */
let ahead = 0;
const now = () => Date.now() + ahead;
const live = new Live(orbits, charts, land, now);
const passes = new Passes(now);
const sun = new Daylight(charts, now);
const enter = new Enter(refresh);

/** The satellite that the address names, else the station, else the first. */
function chosen() {
  const known = sky.satellites;
  return known.find(({ norad }) => norad === wanted) ?? known.find(({ norad }) => norad === STATION) ?? known[0];
}

/** Everything that is not the second hand. */
function draw() {
  if (!sky) return;
  const satellite = chosen();
  const placed = sky.school.latitude !== null;
  setZone(sky.school.time_zone);
  show(byId("none"), !satellite);
  show(byId("placeless"), !placed);
  show(byId("library"), sky.teacher);
  show(byId("chooser"), sky.satellites.length > 1);
  keep(byId("satellite"), sky.satellites, ({ norad }) => norad, ({ norad }) => make("option", { value: norad }), (option, one) => say(option, nameOf(one)));
  if (satellite && byId("satellite").value !== String(satellite.norad)) byId("satellite").value = satellite.norad;
  show(byId("made-up"), isMadeUp(satellite));
  say(byId("made-up"), isMadeUp(satellite) ? text("sky-made-up", { name: satellite.name }) : "");
  show(byId("old"), isOld(satellite));
  say(byId("old-how"), text(isFar(satellite) ? "sky-far-how" : "sky-old-how"));
  say(byId("old-help"), text(sky.teacher ? "sky-old-teacher" : "sky-old-visitor"));
  if (satellite) say(byId("old-title"), text(satellite.age_days < 0 ? "sky-old-ahead" : "sky-old", { name: satellite.name, age: age(satellite.age_days) }));
  live.draw(sky.school, satellite);
  passes.draw(satellite);
  sun.draw(sky.school);
  enter.draw(sky);
}

/** Asks the hub for everything anew. What fails is told, and the page goes on. */
async function refresh() {
  count += 1;
  const own = count;
  const newest = () => own === count;
  try {
    const asked = Date.now();
    const answer = await ask("GET", "/api/v1/sky/satellites");
    if (!newest()) return;
    sky = answer;
    // The answer is as old as half of its way.
    ahead = sky.now / 1000 - (asked + Date.now()) / 2;
    setZone(sky.school.time_zone);
    if (!picked) byId("date").value = date(sky.now);
    const satellite = chosen();
    const results = await Promise.allSettled([live.ask(satellite, newest), passes.ask(satellite, sky.school, newest), sun.ask(sky.school, newest)]);
    if (!newest()) return;
    failed(results.find(({ reason }) => reason)?.reason);
    draw();
  } catch (error) {
    if (newest()) failed(error);
  }
}

byId("satellite").addEventListener("change", () => {
  wanted = Number(byId("satellite").value);
  history.replaceState(null, "", `#${wanted}`);
  // Until the hub answers, nothing of the satellite before stands under this one's name.
  draw();
  refresh();
});
byId("date").addEventListener("change", () => {
  picked = Boolean(byId("date").value);
  refresh();
});
byId("beside").addEventListener("change", refresh);
byId("visible-only").addEventListener("change", draw);
/** Follows the address: a satellite, or what is folded away. */
function open() {
  if (/^#\d+$/.test(location.hash)) wanted = Number(location.hash.slice(1));
  if (location.hash === "#enter") byId("enter").open = true;
}
for (const link of document.querySelectorAll(".to-enter")) link.addEventListener("click", () => (byId("enter").open = true));
addEventListener("hashchange", () => {
  open();
  draw();
  refresh();
});
open();
start();
watch(() => {
  document.title = `${text("sky-title")} – Messwerk`;
  draw();
});
await refresh();
setInterval(() => document.visibilityState === "visible" && refresh(), PERIOD);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
setInterval(() => {
  if (document.visibilityState !== "visible" || !sky) return;
  live.tick();
  passes.tick();
}, 1000);
