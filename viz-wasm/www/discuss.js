// What a class discusses after measuring: the template's figures over everybody's results, one at a time and large. Read only.

import { showTabs } from "./discuss/tabs.js";
import { showTogether } from "./discuss/together.js";
import { feed } from "./feed.js";
import { PlainCharts, load } from "./plain.js";
import { trouble, type } from "./projector.js";
import { pick, start, text, watch } from "./words.js";

const element = (id) => document.getElementById(id);
const lesson = decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");
/** Results come at most once a second; figures follow them as slowly. */
const PAUSE = 1000;

let charts;
let title;
let outcomes;
const asked = new URLSearchParams(location.search);
/** The class's figures, the chosen group's, and which one of all is shown. */
let figures = [];
let own = { groups: [], number: null, figures: [] };
let group = Number(asked.get("group")) || undefined;
let shown = Number(asked.get("figure")) || 0;
let asking = false;
let due = false;

/** Everything that can be shown: the class's pictures, then the group's. */
const entries = () => [
  ...figures.map((figure) => ({ kind: figure.kind, figure, own: false })),
  ...own.figures.map(({ kind, figure, reason }) => ({ kind, figure, reason, own: true })),
];

/** The pictures as tabs, the chosen one large. */
function show() {
  element("title").textContent = title ? pick(title) : "Messwerk";
  document.title = `${element("title").textContent} – Messwerk`;
  const all = entries();
  // Before the first figures are there, nothing is known of the one that the address names.
  if (all.length) shown = Math.min(Math.max(shown, 0), all.length - 1);
  showTabs(all, shown, own, choose);
  const chosen = all[shown];
  element("nothing").hidden = all.length > 0 || !element("gone").hidden;
  element("missing").hidden = !chosen || Boolean(chosen.figure);
  element("missing").textContent = chosen && !chosen.figure ? pick(chosen.reason) : "";
  showTogether(outcomes, chosen?.own ? undefined : chosen?.kind);
  if (!charts) return;
  for (const [place, { kind, figure }] of all.entries()) {
    const name = `picture-${place}`;
    let box = document.querySelector(`[data-figure="${name}"]`);
    // A figure of another kind is another figure.
    if (box && box.dataset.kind !== kind) {
      box.remove();
      box = undefined;
    }
    if (!figure) {
      if (box) box.hidden = true;
      continue;
    }
    if (!box) {
      box = document.createElement("figure");
      box.dataset.figure = name;
      box.dataset.kind = kind;
      element("stage").append(box);
    }
    box.hidden = place !== shown;
    charts.show(box, figure);
  }
  for (const box of element("stage").children) if (Number(box.dataset.figure.slice("picture-".length)) >= all.length) box.hidden = true;
}

/** Keeps in the address what is shown, so that a link leads to the same picture. */
function remember() {
  const address = new URL(location.href);
  address.searchParams.set("figure", String(shown));
  if (group) address.searchParams.set("group", String(group));
  history.replaceState(null, "", address);
}

function choose(place) {
  shown = place;
  remember();
  show();
}

/** The chosen group's pictures. One that is hidden or does not count any more gives way to the first. */
async function askOwn(path) {
  const answer = await fetch(`${path}/group${group ? `?number=${group}` : ""}`, { cache: "no-store" });
  if (answer.ok) return answer.json();
  if (answer.status !== 404 || !group) return own;
  group = undefined;
  return askOwn(path);
}

/** Asks for the figures as they are now, at most once a second, and once more if something changed meanwhile. */
async function ask() {
  due = true;
  if (asking) return;
  asking = true;
  while (due) {
    due = false;
    try {
      const path = `/api/v1/lessons/${encodeURIComponent(lesson)}/discussion`;
      const answer = await fetch(path, { cache: "no-store" });
      if (answer.ok) {
        const [all, one] = await Promise.all([answer.json(), askOwn(path)]);
        [figures, own] = [all, one];
      }
      trouble(answer.ok || answer.status === 404 ? "" : text("trouble", { text: String(answer.status) }));
    } catch {
      // The socket says when the hub is back.
    }
    show();
    await new Promise((done) => setTimeout(done, PAUSE));
  }
  asking = false;
}

start();
element("back").href = `/b/${encodeURIComponent(lesson)}`;
const wasm = await load();
element("unbuilt").hidden = Boolean(wasm);
if (wasm) charts = new PlainCharts(wasm, type, trouble);
watch(() => {
  show();
  element("full").hidden = !document.fullscreenEnabled;
});
element("full").addEventListener("click", () => {
  (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {});
});
element("group").addEventListener("change", () => {
  group = Number(element("group").value) || undefined;
  const first = entries().findIndex((entry) => entry.own);
  // Who chooses a group wants to see it.
  if (!entries()[shown]?.own && first >= 0) shown = first;
  remember();
  ask();
});
addEventListener("keydown", (event) => {
  if (event.target.closest?.("canvas, input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "PageDown" && shown < entries().length - 1) choose(shown + 1);
  else if (event.key === "PageUp" && shown > 0) choose(shown - 1);
  else return;
  event.preventDefault();
});
feed(
  lesson,
  {
    state: (name) => {
      element("gone").hidden = name !== "gone";
      if (name === "gone") [figures, own, outcomes] = [[], { groups: [], number: null, figures: [] }, undefined];
      show();
    },
    message: (message) => {
      if (message.type === "lesson") title = message.title;
      if (message.type === "outcomes") outcomes = message;
      if (message.type === "lesson" || message.type === "outcomes") ask();
    },
    frame: () => {},
  },
  "window_ms=1000",
);
