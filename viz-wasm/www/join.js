// The pupil's page: join by code, see where to send, fill in what the template asks, watch the own signal and result.
// What is kept lives in sessionStorage, so that a reload stays joined and a closed tab has forgotten everything.

import { Charts, load } from "./charts.js";
import { codeOf, numberOf } from "./code.js";
import { feed } from "./feed.js";
import { decimal, lang, pick, start, text, watch } from "./words.js";

const KEPT = "joined";
const element = (id) => document.getElementById(id);

let joined;
let plan;
let outcomes;
let state = ["connecting", null];
let charts;

function trouble(said) {
  element("trouble").textContent = said;
  element("trouble").hidden = !said;
}

/** The sentence of a problem+json answer. */
async function sentence(answer) {
  const problem = await answer.json().catch(() => ({}));
  return problem.detail ?? problem.title ?? `HTTP ${answer.status}`;
}

async function join(code) {
  const problem = element("problem");
  problem.textContent = text("joining");
  try {
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/api/v1/join", { method: "POST", headers, body: JSON.stringify({ code }) });
    if (!answer.ok) {
      problem.textContent = text("joinFailed", { text: await sentence(answer) });
      element("code").focus();
      return;
    }
    joined = await answer.json();
  } catch {
    problem.textContent = text("noHub");
    return;
  }
  problem.textContent = "";
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(joined));
  } catch {
    // Without storage a reload means joining again.
  }
  await enter();
}

async function enter() {
  element("enter").hidden = true;
  element("inside").hidden = false;
  element("nickname").textContent = joined.nickname;
  element("http").value = joined.ingest_url;
  element("mqtt").value = joined.mqtt?.address ?? "";
  element("topic").value = joined.mqtt?.topic ?? "";
  element("nolesson").hidden = Boolean(joined.lesson);
  if (!joined.lesson) return;
  element("state").hidden = false;
  element("signal").hidden = false;
  element("result").hidden = false;
  await Promise.all([readPlan(), draw()]);
  show();
  listen();
}

async function readPlan() {
  try {
    const answer = await fetch(`/api/v1/lessons/${encodeURIComponent(joined.lesson)}`, {
      headers: { authorization: `Bearer ${joined.token}` },
    });
    if (answer.ok) plan = await answer.json();
  } catch {
    // Without the plan there is no form; sending and watching go on.
  }
}

async function draw() {
  const wasm = await load();
  element("unbuilt").hidden = Boolean(wasm);
  const figure = document.querySelector("figure");
  figure.hidden = !wasm;
  if (!wasm) return;
  const own = () => parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.9;
  charts = new Charts(new wasm.Board(lang()), own, trouble);
  charts.board.highlight(joined.thing);
  charts.add(figure);
}

function listen() {
  const now = () => performance.timeOrigin + performance.now();
  feed(joined.lesson, {
    state: (...next) => {
      state = next;
      if (next[0] === "live") trouble("");
      show();
    },
    message: (message, json) => {
      if (message.type === "lesson") charts?.attempt(() => charts.board.lesson(json, now()));
      if (message.type === "outcomes") {
        outcomes = message;
        charts?.attempt(() => charts.board.outcomes(json));
        show();
      }
      charts?.refresh();
    },
    frame: (bytes) => {
      charts?.frame(bytes);
    },
  });
}

/** `9,79 ± 0,03 m/s²` with the decimals the uncertainty deserves (DIN 1333, as in the charts). */
function measured(value, uncertainty, unit) {
  const place = uncertainty > 0 ? Math.floor(Math.log10(uncertainty)) : -3;
  const leading = uncertainty / 10 ** place;
  const decimals = Math.min(9, Math.max(0, (leading < 2.95 ? 1 : 0) - place));
  const paper = unit.replace("2", "²").replace("3", "³");
  return `${decimal(value.toFixed(decimals))} ± ${decimal(uncertainty.toFixed(decimals))} ${paper}`;
}

function show() {
  const [name, since] = state;
  element("state").dataset.state = name;
  element("state").textContent = text(name, { time: since?.toLocaleTimeString(lang()) });
  element("lesson").textContent = pick(plan?.title);
  document.title = `${joined?.nickname ?? text("joinTitle")} – Messwerk`;
  showInputs();
  const own = outcomes?.outcomes.filter((one) => one.thing === joined.thing) ?? [];
  const waiting = outcomes?.pending?.find((one) => one.thing === joined.thing);
  const lines = own.map((one) => {
    const note = one.excluded ? ` (${text("notCounted", { text: one.excluded })})` : "";
    return `${one.name} = ${measured(one.value, one.uncertainty, one.unit)}${note}`;
  });
  const said = lines.join(" · ") || pick(waiting?.reason) || text("noResult");
  if (element("own").textContent !== said) element("own").textContent = said;
  const classes = Object.entries(outcomes?.class ?? {}).filter(([, one]) => one.ci95);
  element("class").textContent =
    classes.map(([answer, one]) => `${answer} = ${measured(one.mean, (one.ci95[1] - one.ci95[0]) / 2, one.unit)} (95 %, n = ${one.n})`).join(" · ") ||
    text("noResult");
}

/** One field per input of the template; made once, only its texts change with the language. */
function showInputs() {
  const inputs = plan?.inputs ?? [];
  element("values").hidden = inputs.length === 0;
  const form = element("inputs");
  for (const input of inputs) {
    const id = `input-${input.name}`;
    if (!element(id)) form.append(field(input, id));
    element(`${id}-label`).textContent = `${pick(input.label) || input.name} (${input.unit})`;
    element(`${id}-save`).textContent = text("save");
  }
}

function field(input, id) {
  const row = Object.assign(document.createElement("div"), { className: "field" });
  const label = Object.assign(document.createElement("label"), { id: `${id}-label`, htmlFor: id });
  const entry = Object.assign(document.createElement("input"), { id, inputMode: "decimal", autocomplete: "off" });
  entry.setAttribute("aria-describedby", `${id}-note`);
  const save = Object.assign(document.createElement("button"), { type: "button", id: `${id}-save` });
  save.setAttribute("aria-describedby", `${id}-label`);
  const note = Object.assign(document.createElement("p"), { id: `${id}-note`, className: "note" });
  note.setAttribute("role", "status");
  const say = (said, good) => {
    note.textContent = said;
    note.className = `note ${good ? "good" : "error"}`;
    entry.setAttribute("aria-invalid", String(!good));
  };
  const send = async () => {
    const value = numberOf(entry.value);
    const [min, max] = [input.min ?? -Infinity, input.max ?? Infinity];
    if (value === undefined) return say(text("number"), false);
    if (value < min || value > max) return say(text("between", { min: decimal(min), max: decimal(max) }), false);
    try {
      const answer = await fetch(`/api/v1/things/${encodeURIComponent(joined.thing)}`, {
        method: "PATCH",
        headers: { "content-type": "application/json", authorization: `Bearer ${joined.token}` },
        body: JSON.stringify({ [input.name]: value }),
      });
      return answer.ok ? say(text("saved"), true) : say(await sentence(answer), false);
    } catch {
      return say(text("noHub"), false);
    }
  };
  save.addEventListener("click", send);
  entry.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    send();
  });
  row.append(label, entry, save, note);
  return row;
}

async function copy(id) {
  const field = element(id);
  try {
    // Only secure pages have a clipboard; a hub in a classroom often has no certificate.
    await navigator.clipboard.writeText(field.value);
    element("copied").textContent = text("copied");
  } catch {
    field.select();
    element("copied").textContent = document.execCommand("copy") ? text("copied") : text("copyByHand");
  }
}

for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button.dataset.copy));
element("leave").addEventListener("click", () => {
  sessionStorage.removeItem(KEPT);
  location.replace("/j");
});
element("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = codeOf(element("code").value);
  if (code) join(code);
  else {
    element("problem").textContent = text("codeWrong");
    element("code").focus();
  }
});

start();
watch(show);
const fragment = codeOf(decodeURIComponent(location.hash.slice(1).replace(/^c(ode)?=/, "")));
// The code has done its work; it shall not be in the history or on a shared screenshot.
if (fragment) history.replaceState(null, "", location.pathname);
let kept;
try {
  kept = JSON.parse(sessionStorage.getItem(KEPT));
} catch {
  kept = null;
}
if (fragment) {
  element("code").value = fragment;
  await join(fragment);
} else if (kept?.token) {
  joined = kept;
  await enter();
}
