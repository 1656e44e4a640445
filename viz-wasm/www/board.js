// The board of a lesson on the projector: how to join, the countdown, everything the class sends, what it found. Read only:
// its address holds no token, and nothing on it changes the lesson.

import { showLobby } from "./board/lobby.js";
import { showResult } from "./board/result.js";
import { phase, question, remaining, spaced, still, typed, view, visible, visibleOutcomes } from "./board/shown.js";
import { Charts, load } from "./charts.js";
import { feed } from "./feed.js";
import { trouble, type, wide } from "./projector.js";
import { decimal, known, lang, pick, start, text, watch } from "./words.js";

const element = (id) => document.getElementById(id);
const lesson = decodeURIComponent(location.pathname.split("/").filter(Boolean).pop() ?? "");
const figures = [...document.querySelectorAll("figure")];

/** The hub's last `lesson` and `outcomes` messages, without what is hidden. */
let message;
let outcomes;
let everything;
let state = ["connecting", null];
let fitted = false;
let charts;
let notices = [];
/** Page time in ms minus hub time in ms. */
let offset = 0;

const now = () => performance.timeOrigin + performance.now();
/** The hub's clock in µs, as far as the page knows it. */
const hub = () => (now() - offset) * 1000;
const clock = (micros, seconds) =>
  new Date(micros / 1000).toLocaleTimeString(lang(), { hourCycle: "h23", hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}) });

const put = (id, said) => {
  if (element(id).textContent !== said) element(id).textContent = said;
};

/** How it stands: first whether the hub is there, then what the teacher did. */
function showState() {
  const at = message && phase(message, hub());
  let [name, said] = [state[0], text(`state-${state[0]}`, { time: state[1] ? clock(state[1].getTime() * 1000, true) : "" })];
  if (name === "live" && at === "ended") {
    [name, said] = ["ended", text("state-ended", { time: message.ended ? clock(message.ended) : "" })];
  } else if (name === "live" && message?.frozen) {
    [name, said] = ["frozen", text("frozen", { time: clock(message.frozen, true) })];
  } else if (name === "live" && at === "stopped") {
    [name, said] = ["halted", text("halted")];
  } else if (name === "live" && at === "lobby") {
    [name, said] = ["lobby", text(message.lobby === "locked" ? "lobby-locked" : "lobby-open")];
  }
  element("state").dataset.state = name;
  put("state", said);
  const take = at === "measuring" || at === "stopped" || at === "countdown" ? message?.take : undefined;
  element("take").hidden = !take;
  if (take) put("take", take.rehearsal ? text("rehearsal") : text(take.undone ? "take-undone" : "take", { n: take.number }));
}

function showLesson() {
  const title = pick(message?.title) || "Messwerk";
  put("title", title);
  document.title = `${title} – Messwerk`;
  // Of a lesson that was erased nothing is shown any more, also where it was looked at until now.
  const gone = state[0] === "gone";
  const shown = gone ? "gone" : view(message, hub());
  const over = message !== undefined && phase(message, hub()) === "ended";
  const drawn = (shown === "figures" || shown === "ended") && Boolean(charts);
  document.body.dataset.view = shown;
  document.body.dataset.live = message?.property === null ? "none" : "yes";
  element("gone").hidden = !gone;
  element("unbuilt").hidden = Boolean(charts) || gone;
  element("welcome").hidden = shown !== "lobby";
  if (shown === "lobby") showLobby(message, over);
  const code = message?.join?.code ?? message?.code;
  element("hint").hidden = !code || over || shown === "lobby" || message?.lobby === "locked";
  put("address", typed(message?.join, location.host));
  put("code", spaced(code ?? ""));
  for (const figure of figures) {
    const live = figure.dataset.figure !== "strip";
    figure.hidden = !drawn || (shown === "ended" && figure.dataset.figure === "overlay") || (live && message?.property === null);
    figure.toggleAttribute("data-few", (message?.things.length ?? 0) <= 8);
  }
  element("entered").hidden = !drawn || message?.property !== null || shown !== "figures";
  element("result").hidden = shown !== "ended";
  // Results are discussed when nobody measures; until then the room is the title's.
  element("to-results").hidden = !["figures", "ended"].includes(shown) || message?.phase === "measuring";
  if (shown === "ended") showResult(outcomes, charts?.board.summary("strip") ?? "");
  element("main").classList.toggle("figures", drawn);
  // Where nothing is live there is nothing to stop or to fit.
  for (const control of ["pause", "fit"]) element(control).hidden = !drawn || message?.property === null;
  element("pause").hidden ||= over;
  for (const only of document.querySelectorAll("[data-while=recording]")) only.hidden = shown !== "figures";
  showCountdown(shown === "countdown");
}

let ticking;
/** Large and calm: one number a second, nothing that flashes. */
function showCountdown(counting) {
  clearTimeout(ticking);
  const box = element("countdown");
  const begins = counting ? message.take.begins : undefined;
  if (box.hidden === counting) put("announce", counting ? text("starts-in", { n: remaining(message, hub()) }) : "");
  box.hidden = !counting;
  if (!counting) return;
  put("seconds", String(remaining(message, hub())));
  const toNext = ((begins - hub()) / 1000) % 1000;
  ticking = setTimeout(() => {
    showState();
    showLesson();
  }, Math.max(20, toNext + 5));
}

/** What the hub wants its teacher to know; unknown words of a newer hub are left out. */
function showNotices() {
  const keys = notices.map((notice) => notice.replaceAll("_", "-")).filter((notice) => known(`notice-${notice}`));
  put("notices", keys.map((notice) => text(`notice-${notice}`)).join(" "));
  element("notices").hidden = keys.length === 0;
}

let counters;
function showCounters() {
  if (!counters) return;
  element("counters").hidden = false;
  for (const name of ["joined", "sending", "silent"]) put(name, String(counters[name] ?? 0));
  const rejected = Object.values(counters.rejected ?? {}).reduce((sum, count) => sum + count, 0);
  element("rejects").hidden = rejected === 0;
  put("rejected", rejected.toLocaleString(lang()));
  const alignment = counters.alignment_ms;
  element("clocks").hidden = !Number.isFinite(alignment) || document.body.dataset.view !== "figures";
  if (Number.isFinite(alignment)) put("alignment", `± ${decimal(alignment < 10 ? alignment.toFixed(1) : alignment.toFixed(0))} ms`);
}

function showButtons() {
  const paused = Boolean(charts?.paused);
  put("pause", text(paused ? "resume" : "pause"));
  element("pause").setAttribute("aria-pressed", String(paused));
  element("fit").setAttribute("aria-pressed", String(fitted));
  element("full").hidden = !document.fullscreenEnabled;
  put("full", text(document.fullscreenElement ? "not-full" : "full"));
}

function takeLesson(next) {
  everything = { ...next, things: next.things ?? [] };
  message = visible(everything);
  if (Number.isFinite(next.now)) offset = now() - next.now / 1000;
  charts?.attempt(() => {
    charts.board.lesson(JSON.stringify(message), now());
    const at = still(message, hub());
    charts.board.still(at === undefined ? undefined : at / 1000);
  });
  takeOutcomes(outcomes);
  showState();
  showLesson();
  showCounters();
  charts?.refresh();
}

function takeOutcomes(next) {
  if (!next) return;
  outcomes = next;
  charts?.attempt(() => charts.board.outcomes(JSON.stringify(visibleOutcomes(next, everything))));
  if (charts) charts.dirty = true;
  if (document.body.dataset.view === "ended") showResult(outcomes, charts?.board.summary("strip") ?? "");
}

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
      message: (next) => {
        if (next.type === "lesson") takeLesson(next);
        else if (next.type === "outcomes") takeOutcomes(next);
        else if (next.type === "counters") {
          counters = next;
          notices = next.notices ?? [];
          showCounters();
          showNotices();
        }
      },
      frame: (bytes) => {
        charts?.frame(bytes);
      },
    },
    question(location.search),
  );
}

start();
element("to-results").href = `/b/${encodeURIComponent(lesson)}/results`;
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
  showCounters();
});
element("pause").addEventListener("click", () => {
  charts?.pause(!charts.paused);
  showButtons();
});
element("fit").addEventListener("click", () => {
  fitted = !fitted;
  charts?.board.fit(fitted);
  charts?.refresh();
  showButtons();
});
element("full").addEventListener("click", () => {
  // Refused without a tap or by policy: the board is then as it was.
  (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {});
});
document.addEventListener("fullscreenchange", showButtons);
listen();
