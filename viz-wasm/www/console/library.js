// The teacher's first page: begin a lesson, go on with a running one, look after those that are over.

import { start, text, watch } from "../words.js";
import { ask, asTeacher, me } from "./api.js";
import { showFindings } from "./doctor.js";
import { byId, mark, say, show } from "./dom.js";
import { Insecure, phonesArePlain } from "./insecure.js";
import { showLessons } from "./lessons.js";
import { Shelf } from "./shelf.js";
import { listenToSeats, seats, showTemplates } from "./templates.js";
import { tapped } from "./tap.js";

/** How often the lists are asked for anew while somebody looks. */
const PERIOD = 4000;

let who;
let templates = [];
let lessons = [];
let report;

const failed = (error) => say(byId("problem"), error?.message ?? "");

async function begin(template, button) {
  failed();
  const most = seats();
  if (most === undefined) {
    failed({ message: text("seats-wrong") });
    byId("seats").focus();
    return;
  }
  const wanted = { template: template.id, version: template.version, led: true, seats: most };
  const made = await tapped(button, () => asTeacher("POST", "/api/v1/lessons", wanted), (error) =>
    // The hub knows how many it takes; nothing else of this request can be wrong.
    failed(error?.code === "bad_request" ? { message: text("seats-too-many", { n: most }) } : error),
  );
  if (made) location.assign(`/t/${made.id}`);
}

const doing = {
  failed,
  changed: (said) => {
    if (said) say(byId("status"), said);
    failed();
    refresh();
  },
};

function draw() {
  document.title = `${text("library-title")} – Messwerk`;
  if (templates.length) {
    showTemplates(shelf.chosen(templates), { begin, open: (template) => shelf.open(template) }, Boolean(who) && phonesArePlain(who));
    shelf.draw(templates);
  }
  warning.follow();
  showLessons(lessons, doing);
  showFindings(report);
}

/** What is asked for once; what failed, the next round asks for again. */
async function orient() {
  if (!who) {
    who = await me();
    warning.draw(who);
    show(byId("alone"), who.reachable === false);
    if (templates.length) draw();
  }
  if (!templates.length) {
    templates = await ask("GET", "/api/v1/templates");
    draw();
  }
}

/** Asks for what is missing and for the lessons; a hub that does not answer is named, and asked again. */
async function refresh() {
  try {
    const [, found] = await Promise.all([orient(), asTeacher("GET", "/api/v1/lessons")]);
    lessons = found;
    if (byId("problem").dataset.offline) {
      delete byId("problem").dataset.offline;
      failed();
    }
    showLessons(lessons, doing);
  } catch (error) {
    if (error.status !== 401) {
      byId("problem").dataset.offline = "1";
      failed(error);
    }
  }
}

async function leave() {
  await tapped(byId("leave"), () => ask("POST", "/api/v1/logout", {}), failed);
  location.replace("/login");
}

/** The library changed: a template came or went. */
async function anew() {
  templates = await ask("GET", "/api/v1/templates");
  draw();
}

start();
const shelf = new Shelf({ begin, failed, draw: () => draw(), changed: () => anew().catch(failed) });
const warning = new Insecure("long");
listenToSeats();
byId("leave").addEventListener("click", leave);
watch(draw);
await refresh();
setInterval(() => document.visibilityState === "visible" && refresh(), PERIOD);
try {
  report = await asTeacher("GET", "/api/v1/doctor", undefined, { wait: 20000 });
  showFindings(report);
} catch {
  // The findings are an extra: a hub that cannot look has said why elsewhere.
}
