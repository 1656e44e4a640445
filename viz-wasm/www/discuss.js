// What a class discusses after measuring: the template's figures over everybody's results, one at a time and large. Read only.

import { feed } from "./feed.js";
import { PlainCharts, load } from "./plain.js";
import { trouble, type } from "./projector.js";
import { lang, pick, start, text, watch } from "./words.js";

const element = (id) => document.getElementById(id);
const lesson = decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");
/** Results come at most once a second; figures follow them as slowly. */
const PAUSE = 1000;

let charts;
let title;
/** The figures, and which one is shown. */
let figures = [];
let shown = Number(new URLSearchParams(location.search).get("figure")) || 0;
let asking = false;
let due = false;

const nameOf = ({ kind, question, quantity }) => (kind === "votes" ? text("picture-votes") : text(`picture-${kind}`, { of: pick(typeof quantity?.name === "string" ? { de: quantity.name, en: quantity.name } : (quantity?.name ?? question ?? {})) }));

/** The figures as tabs, the chosen one large. */
function show() {
  element("title").textContent = title ? pick(title) : "Messwerk";
  document.title = `${element("title").textContent} – Messwerk`;
  shown = Math.min(Math.max(shown, 0), Math.max(figures.length - 1, 0));
  const nav = element("pictures");
  nav.hidden = figures.length < 2;
  const focused = nav.contains(document.activeElement);
  nav.replaceChildren(
    ...figures.map((figure, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = nameOf(figure);
      button.setAttribute("aria-pressed", String(place === shown));
      button.addEventListener("click", () => choose(place));
      return button;
    }),
  );
  if (focused) nav.children[shown]?.focus();
  element("nothing").hidden = figures.length > 0 || !element("gone").hidden;
  if (!charts) return;
  for (const [place, figure] of figures.entries()) {
    const name = `picture-${place}`;
    let box = document.querySelector(`[data-figure="${name}"]`);
    // A figure of another kind is another figure.
    if (box && box.dataset.kind !== figure.kind) box = undefined;
    if (!box) {
      document.querySelector(`[data-figure="${name}"]`)?.remove();
      box = document.createElement("figure");
      box.dataset.figure = name;
      box.dataset.kind = figure.kind;
      element("stage").append(box);
    }
    box.hidden = place !== shown;
    charts.show(box, figure);
  }
  for (const extra of [...element("stage").children].slice(figures.length)) extra.hidden = true;
}

function choose(place) {
  shown = place;
  const address = new URL(location.href);
  address.searchParams.set("figure", String(place));
  history.replaceState(null, "", address);
  show();
}

/** Asks for the figures as they are now, at most once a second, and once more if something changed meanwhile. */
async function ask() {
  due = true;
  if (asking) return;
  asking = true;
  while (due) {
    due = false;
    try {
      const answer = await fetch(`/api/v1/lessons/${encodeURIComponent(lesson)}/discussion`, { cache: "no-store" });
      if (answer.ok) figures = await answer.json();
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
addEventListener("keydown", (event) => {
  if (event.target.closest?.("canvas, input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "PageDown" && shown < figures.length - 1) choose(shown + 1);
  else if (event.key === "PageUp" && shown > 0) choose(shown - 1);
  else return;
  event.preventDefault();
});
feed(
  lesson,
  {
    state: (name) => {
      element("gone").hidden = name !== "gone";
      if (name === "gone") figures = [];
      show();
    },
    message: (message) => {
      if (message.type === "lesson") title = message.title;
      if (message.type === "lesson" || message.type === "outcomes") ask();
    },
    frame: () => {},
  },
  `window_ms=1000&lang=${lang()}`,
);
