// The stations that one may look at; a teacher makes new ones here.

import { ask } from "../console/api.js";
import { keep, make, say, show } from "../console/dom.js";
import { Feeds, offerDemo } from "./feeds.js";
import { Files } from "./files.js";
import { start, text, watch } from "../words.js";
import { byId, entered, heard, howTo, learnSteps, nameOf, newest, noteOf, offerFormats, propertyName, reading, showTopics, stepOf } from "./shared.js";

/** How often the list is asked for, ms. */
const PERIOD = 30_000;
/** What a card shows of a station, the first of these that it has. */
const FIRST = ["temperature", "relative_humidity", "wind_speed", "sea_level_pressure", "pressure"];

let stations = [];
let teacher = false;
/** What the hub says of its address to a teacher. */
let hub;
/** Why the list could not be had. */
let failure = "";
let made;
/** The files a teacher hands in. */
let files;

function card(station) {
  const link = make("a", { href: `/w/${encodeURIComponent(station.id)}` });
  const parts = [make("h2", {}, link), make("p", { className: "values" }), make("p", {}, make("span", { className: "chip" })), make("small")];
  return make("li", { className: "card stack" }, ...parts);
}

function update(item, station) {
  const [heading, values, chip, note] = item.children;
  say(heading.firstChild, nameOf(station));
  const streams = station.channels.flatMap((channel) => channel.streams);
  const known = FIRST.map((name) => streams.find((stream) => stream.property === name)).filter(Boolean).slice(0, 3);
  say(values, known.map((stream) => `${propertyName(stream.property)} ${reading(stream)}`).join(" · "));
  const last = newest(station);
  heard(chip.firstChild, station.latest, last && stepOf(station.id, last), station.arrived);
  say(note, station.public ? noteOf(station) : [text("station-private"), noteOf(station)].filter(Boolean).join(" · "));
}

function draw() {
  keep(byId("stations"), stations, (station) => station.id, card, update);
  show(byId("none"), failure || stations.length === 0);
  say(byId("none"), failure || text(teacher ? "stations-none-teacher" : "stations-none"));
  show(byId("new"), teacher);
  show(byId("opendata"), teacher);
  files?.offer(stations);
  show(byId("login"), !teacher);
  if (made) {
    show(byId("made"), true);
    say(byId("key"), made.key);
    byId("made-link").href = `/w/${encodeURIComponent(made.id)}`;
    howTo(byId("how"), made.format, made.key, hub);
  }
}

async function refresh() {
  try {
    stations = await ask("GET", "/api/v1/stations");
    failure = "";
  } catch (error) {
    failure = error.message;
  }
  draw();
  learn();
}

/** Whoever looks silent may only be slow. */
async function learn() {
  for (const station of stations) {
    const last = newest(station);
    if (last && (await learnSteps(station.id, [last]))) draw();
  }
}

byId("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("make").setAttribute("aria-busy", "true");
  try {
    say(byId("problem"), "");
    const settings = entered();
    const answer = await ask("POST", "/api/v1/stations", settings);
    made = { ...answer, format: settings.format };
    byId("form").reset();
    byId("new").open = false;
    await refresh();
    byId("made-title").focus();
  } catch (error) {
    say(byId("problem"), error.message);
  }
  byId("make").removeAttribute("aria-busy");
});
byId("format").addEventListener("change", showTopics);
byId("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(made.key);
    say(byId("copy"), text("copied"));
  } catch {
    getSelection().selectAllChildren(byId("key"));
    say(byId("copy"), text("copy-by-hand"));
  }
});

start();
try {
  hub = await ask("GET", "/api/v1/me");
  teacher = hub.role === "teacher";
} catch {
  // Nobody is signed in, which is what most who look are.
}
if (teacher) {
  files = new Files(refresh);
  new Feeds(refresh);
  offerDemo(refresh);
}
await refresh();
watch(() => {
  document.title = `${text("stations-title")} – Messwerk`;
  offerFormats();
  draw();
});
setInterval(() => document.visibilityState === "visible" && refresh(), PERIOD);
