// The teacher's page of releases: /releases, and /t/LESSON/release to make one of a lesson.

import { start, text, watch } from "../words.js";
import { ask, asTeacher, PATIENT } from "../console/api.js";
import { byId, say, show } from "../console/dom.js";
import { tapped } from "../console/tap.js";
import { showLists } from "./lists.js";
import { Maker } from "./make.js";

const lesson = location.pathname.match(/^\/t\/([0-9a-z]+)\/release$/)?.[1];
/** How long until a hub that did not answer is asked again, in ms. */
const AGAIN = 3000;
let all;
let titles = new Map();

/** Says what is wrong, and takes away what was said of something before it. */
function failed(error) {
  if (error) say(byId("status"), "");
  say(byId("problem"), error?.message ?? "");
}

const doing = {
  failed,
  changed: (said) => {
    failed();
    say(byId("status"), said ?? "");
    refresh();
  },
};

const maker = lesson ? new Maker({ lesson, ...doing }) : undefined;

function draw() {
  document.title = `${text("release-title")} – Messwerk`;
  maker?.draw();
  if (!all) return;
  say(byId("for-public"), text("release-for-public", { k: all.public_k }));
  say(byId("hub-publishes"), text(all.publish ? "release-publishes" : "release-publishes-not"));
  show(byId("hub-key"), all.key !== null);
  say(byId("key"), all.key ?? "");
  showLists(all, titles, doing);
}

async function refresh() {
  try {
    all = await asTeacher("GET", "/api/v1/releases");
    draw();
  } catch (error) {
    if (error.status !== 401) failed(error);
  }
}

byId("file").addEventListener("change", async () => {
  const [file] = byId("file").files;
  if (!file) return;
  failed();
  try {
    const taken = await asTeacher("POST", "/api/v1/releases", new Blob([file]), PATIENT);
    doing.changed(text(taken.new ? (taken.used ? "release-taken" : "release-taken-unknown") : "release-taken-before"));
  } catch (error) {
    failed(error);
  }
  byId("file").value = "";
});

byId("pull").addEventListener("click", async () => {
  // Each address has half a minute to answer.
  const looks = await tapped(byId("pull"), () => asTeacher("POST", "/api/v1/releases/pull", undefined, { wait: 120_000 }), failed);
  if (!looks) return;
  const sum = (of) => looks.reduce((total, { brought }) => total + (brought?.[of] ?? 0), 0);
  doing.changed(text("release-pulled", { new: sum("new"), withdrawn: sum("withdrawn") }));
});

start();
watch(draw);
// A hub that does not answer is named, and asked again until it does.
while (!all) {
  try {
    const templates = await ask("GET", "/api/v1/templates");
    titles = new Map(templates.map(({ id, title }) => [id, title]));
    await refresh();
    if (all) failed();
  } catch (error) {
    if (error.status !== 401) failed(error);
  }
  if (!all) await new Promise((done) => setTimeout(done, AGAIN));
}
await maker?.begin(all.label ?? "").catch(failed);
