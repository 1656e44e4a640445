// The board of a lesson: everything the class sends, read only.

import { Charts, load } from "./charts.js";
import { feed } from "./feed.js";
import { lang, pick, start, text, watch } from "./words.js";

const element = (id) => document.getElementById(id);
const lesson = decodeURIComponent(location.pathname.split("/").filter(Boolean).pop() ?? "");
const wide = matchMedia("(min-width: 1000px) and (min-height: 560px)");
const figures = [...document.querySelectorAll("figure")];

let message;
let state = ["connecting", null];
let paused = false;
let fitted = false;
let charts;
let notices = [];

function trouble(said) {
  element("trouble").textContent = said;
  element("trouble").hidden = !said;
}

/** On a projector 1/30 of the screen's height, on a phone the reader's own size. */
function type() {
  const own = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return wide.matches ? Math.max(innerHeight / 30, own * 0.8) : own * 0.875;
}

const ended = () => message?.state === "ended";
const clock = (date, style) => date?.toLocaleTimeString(lang(), style);

function showState() {
  // Connected to a lesson that is over: that it is over is what matters.
  const over = state[0] === "live" && ended();
  const [name, since] = over ? ["ended", message.ended ? new Date(message.ended / 1000) : null] : state;
  const style = { hour: "2-digit", minute: "2-digit", ...(over ? {} : { second: "2-digit" }) };
  element("state").dataset.state = name;
  element("state").textContent = text(name, { time: clock(since, style) ?? "" });
}

const spaced = (code) => (code.length === 6 ? `${code.slice(0, 3)} ${code.slice(3)}` : code);

function showLesson() {
  const address = `${location.host}/j`;
  const title = pick(message?.title) || "Messwerk";
  element("title").textContent = title;
  document.title = `${title} – Messwerk`;
  element("hint").hidden = !message?.code;
  element("address").textContent = address;
  element("code").textContent = spaced(message?.code ?? "");
  const gone = state[0] === "gone" && message === undefined;
  const empty = message !== undefined && message.things.length === 0;
  element("gone").hidden = !gone;
  element("unbuilt").hidden = Boolean(charts) || gone;
  element("welcome").hidden = !empty;
  element("empty").textContent = text(ended() ? "emptyEnded" : "empty");
  element("how").hidden = ended();
  element("how").textContent = text(message?.code ? "emptyHow" : "emptyNoCode", { address });
  element("welcome-code").textContent = spaced(message?.code ?? "");
  element("hint").hidden ||= empty;
  for (const figure of figures) {
    figure.hidden = empty || gone || !charts;
    figure.toggleAttribute("data-few", (message?.things.length ?? 0) <= 8);
  }
  element("main").classList.toggle("figures", !empty && !gone && Boolean(charts));
  for (const control of ["pause", "fit"]) element(control).hidden = empty || gone || !charts;
  element("pause").hidden ||= ended();
  for (const only of document.querySelectorAll("[data-while=recording]")) only.hidden = ended();
}

/** What the hub wants its teacher to know; unknown words of a newer hub are left out. */
function showNotices() {
  const said = notices.map((notice) => text(`notice_${notice}`)).filter((words) => !words.startsWith("notice_"));
  if (element("notices").textContent !== said.join(" ")) element("notices").textContent = said.join(" ");
  element("notices").hidden = said.length === 0;
}

function showCounters(counters) {
  element("counters").hidden = false;
  for (const name of ["joined", "sending", "silent"]) element(name).textContent = counters[name] ?? 0;
  const rejected = Object.entries(counters.rejected ?? {}).filter(([, count]) => count > 0);
  element("rejects").hidden = rejected.length === 0;
  element("rejected").textContent = rejected.reduce((sum, [, count]) => sum + count, 0);
  element("rejects").title = rejected.map(([reason, count]) => `${reason}: ${count}`).join("\n");
  notices = counters.notices ?? [];
  showNotices();
}

function showButtons() {
  element("pause").textContent = text(paused ? "resume" : "pause");
  element("pause").setAttribute("aria-pressed", String(paused));
  element("fit").setAttribute("aria-pressed", String(fitted));
}

const now = () => performance.timeOrigin + performance.now();

function listen() {
  feed(
    lesson,
    {
      state: (...next) => {
        state = next;
        if (next[0] === "live") trouble("");
        showState();
        showLesson();
      },
      message: (next, json) => {
        if (next.type === "lesson") {
          message = { ...next, things: next.things ?? [] };
          charts?.attempt(() => charts.board.lesson(json, now()));
          showState();
          showLesson();
        } else if (next.type === "outcomes") {
          charts?.attempt(() => charts.board.outcomes(json));
        } else if (next.type === "counters") {
          showCounters(next);
          return;
        }
        if (next.type === "lesson") charts?.refresh();
        else if (charts) charts.dirty = true;
      },
      frame: (bytes) => {
        charts?.frame(bytes);
      },
    },
    new URLSearchParams({ window_ms: "100", ...Object.fromEntries(new URLSearchParams(location.search)) }).toString(),
  );
}

start();
const wasm = await load();
if (wasm) {
  charts = new Charts(new wasm.Board(lang()), type, trouble);
  for (const figure of figures) charts.add(figure);
  wide.addEventListener("change", () => charts.refresh());
}
watch(() => {
  showState();
  showLesson();
  showButtons();
  showNotices();
});
element("pause").addEventListener("click", () => {
  paused = !paused;
  charts?.board.pause(paused);
  charts?.refresh();
  showButtons();
});
element("fit").addEventListener("click", () => {
  fitted = !fitted;
  charts?.board.fit(fitted);
  charts?.refresh();
  showButtons();
});
listen();
