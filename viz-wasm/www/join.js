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
let retry;
/** When the lesson ended, µs since 1970; undefined while it records. */
let ended;

function trouble(said) {
  element("trouble").textContent = said;
  element("trouble").hidden = !said;
}

/** The sentence of a problem+json answer. */
async function sentence(answer) {
  const problem = await answer.json().catch(() => ({}));
  return problem.detail ?? problem.title ?? `HTTP ${answer.status}`;
}

/** Why the hub let nobody in, in the page's language. Who only has to wait is tried again. */
async function refusal(answer, code) {
  if (answer.status === 404) return text("codeUnknown");
  if (answer.status === 409) return text("lessonFull");
  if (answer.status !== 429) return text("joinFailed", { text: await sentence(answer) });
  const seconds = Math.max(1, Number(answer.headers.get("retry-after")) || 10);
  // Not all at the same moment: a class waits behind one address.
  retry = setTimeout(() => codeOf(element("code").value) === code && join(code), 1000 * (seconds + 3 * Math.random()));
  return text("tooManyCodes", { seconds: Math.ceil(seconds) });
}

async function join(code) {
  const problem = element("problem");
  clearTimeout(retry);
  problem.textContent = text("joining");
  try {
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/api/v1/join", { method: "POST", headers, body: JSON.stringify({ code, lang: lang() }) });
    if (!answer.ok) {
      problem.textContent = await refusal(answer, code);
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
  showStreams();
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

/** What the lesson records, each with its names over HTTP and its topic over MQTT; made once, only texts change. */
function showStreams() {
  const streams = joined?.streams ?? [];
  element("sensors").hidden = streams.length === 0;
  element("onetopic").hidden = streams.length > 0;
  for (const stream of streams) {
    const id = `topic-${stream.stream}`;
    if (!element(id)) element("streams").append(streamRow(stream, id));
    const sensor = text(`sensor_${stream.stream}`);
    element(`${id}-name`).textContent = sensor.startsWith("sensor_") ? stream.stream : sensor;
    element(`${id}-rate`).textContent = text("atLeast", { hz: decimal(stream.min_hz), unit: paper(stream.unit) });
    element(`${id}-names`).textContent = `${text("httpNames")}: `;
    element(`${id}-label`).textContent = text("mqttTopic");
    element(`${id}-copy`).textContent = text("copy");
    element(`${id}-copy`).setAttribute("aria-label", `${text("copy")}: ${text("topicOf", { sensor: element(`${id}-name`).textContent })}`);
  }
}

function streamRow({ stream, vector, topic }, id) {
  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const names = [`${stream}_time`, ...(vector ? ["X", "Y", "Z"].map((axis) => stream + axis) : [stream])];
  const keys = make("p", {}, make("span", { id: `${id}-names` }), make("code", { textContent: names.join(", ") }));
  const copied = make("button", { type: "button", className: "quiet", id: `${id}-copy` });
  copied.addEventListener("click", () => copy(id));
  const field = make(
    "div",
    { className: "field" },
    make("label", { id: `${id}-label`, htmlFor: id }),
    make("input", { id, className: "mono", readOnly: true, value: topic }),
    copied,
  );
  const name = make("p", {}, make("strong", { id: `${id}-name` }), ", ", make("span", { id: `${id}-rate` }));
  return make("div", { className: "stream" }, name, keys, field);
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
      if (message.type === "lesson") {
        ended = message.state === "ended" ? (message.ended ?? now() * 1000) : undefined;
        charts?.attempt(() => charts.board.lesson(json, now()));
        show();
      }
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
  return `${decimal(value.toFixed(decimals))} ± ${decimal(uncertainty.toFixed(decimals))} ${paper(unit)}`;
}

/** A unit symbol as it is written on paper. */
const paper = (unit) => ({ uT: "µT", Cel: "°C" })[unit] ?? unit.replace("2", "²").replace("3", "³");

function show() {
  const over = state[0] === "live" && ended;
  const [name, since] = over ? ["ended", new Date(ended / 1000)] : state;
  const style = over ? { hour: "2-digit", minute: "2-digit" } : undefined;
  element("state").dataset.state = name;
  element("state").textContent = text(name, { time: since?.toLocaleTimeString(lang(), style) });
  element("lesson").textContent = pick(plan?.title);
  element("task").textContent = pick(plan?.task);
  element("task").hidden = !plan?.task;
  showStreams();
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
