// The console of a lesson: what the teacher sees and does while the class measures.

import { pick, start, text, watch } from "../words.js";
import { Act } from "./act.js";
import { me } from "./api.js";
import { drawCounters } from "./counters.js";
import { byId, mark, say, show } from "./dom.js";
import { Insecure } from "./insecure.js";
import { Invite } from "./invite.js";
import { listenToKeys } from "./keys.js";
import { drawLog } from "./log.js";
import { chipOf } from "./phase.js";
import { ResultsPart } from "./results.js";
import { Session } from "./session.js";
import { Things } from "./things.js";
import { listenToUpload } from "./upload.js";
import { clock, span } from "./when.js";

const lesson = decodeURIComponent(location.pathname.split("/").filter(Boolean).pop() ?? "");

function failed(error) {
  const words = error?.message ?? "";
  const news = byId("trouble").textContent !== words;
  say(byId("trouble"), words);
  show(byId("trouble"), Boolean(words));
  // On a phone the sentence may be far above the finger. Said again, it must not take the page away from whoever reads on.
  if (words && news) byId("trouble").scrollIntoView({ block: "nearest" });
}

const said = (words) => say(byId("status"), words);

/** Sends a command; the sentence of an earlier failure goes when one is taken. */
async function send(command) {
  const answer = await session.command(command);
  failed();
  return answer ?? {};
}

const dirty = new Set();
function changed(what) {
  if (dirty.size === 0) requestAnimationFrame(draw);
  dirty.add(what);
}

const session = new Session(lesson, changed);
const act = new Act(session, { send, failed });
const invite = new Invite(session);
const things = new Things(session, { send, failed });
const results = new ResultsPart(session, (words) => failed({ message: words }));

function drawState() {
  const { state, since } = session;
  const gone = state === "gone";
  show(byId("gone"), gone);
  show(byId("top"), !gone);
  byId("state").dataset.state = state;
  const time = since ? clock(since.getTime() * 1000, true) : "";
  say(byId("state"), text(`state-${state}`, { time }));
  mark(byId("page"), "data-offline", ["offline", "stopped"].includes(state) ? true : null);
  if (["offline", "stopped"].includes(state)) failed({ message: text("offline-how") });
  else if (drawState.offline) failed();
  drawState.offline = ["offline", "stopped"].includes(state);
}

let told;
function drawTop() {
  const now = session.lesson;
  if (!now) return;
  say(byId("title"), pick(now.title) || "Messwerk");
  document.title = `${pick(now.title) || "Messwerk"} – Messwerk`;
  const phase = now.phase === "measuring" && now.take?.rehearsal ? "rehearsal" : now.phase;
  say(byId("phase"), text(`phase-${phase}`));
  mark(byId("phase"), "data-state", chipOf(now.phase));
  mark(byId("page"), "data-phase", now.phase);
  show(byId("more"), true);
  // An ended lesson takes no more files, and there is nothing left to start.
  for (const part of ["upload-part", "keys-part"]) show(byId(part), now.phase !== "ended");
  const news = `${phase} ${now.lobby} ${now.frozen ? 1 : 0}`;
  if (told !== undefined && told !== news) said([text(`phase-${phase}`), now.phase === "ended" ? "" : text(`lobby-${now.lobby}`), now.frozen ? text("board-frozen") : ""].filter(Boolean).join(". "));
  told = news;
  drawElapsed();
}

/** How long it has lasted: the countdown, the measurement, or since when the lesson is there. */
function drawElapsed() {
  const now = session.lesson;
  if (!now) return;
  const { take } = now;
  const words = {
    countdown: () => span(Math.max(0, take.begins - session.now()) + 999_999),
    measuring: () => {
      if (!take) return text("since", { time: clock(now.created) });
      const [lasts, length] = [session.now() - take.begins, now.run?.length_s];
      return length ? text("lasts-of", { time: span(Math.min(lasts, length * 1e6)), of: span(length * 1e6) }) : span(lasts);
    },
    stopped: () => {
      const last = now.takes?.at(-1);
      return last?.ends ? text("take-lasted", { n: last.number, time: span(last.ends - last.begins) }) : "";
    },
    ended: () => (now.ended ? text("ended-at", { time: clock(now.ended) }) : ""),
  }[now.phase];
  say(byId("elapsed"), words ? words() : text("since", { time: clock(now.created) }));
}

function draw() {
  dirty.clear();
  drawState();
  drawTop();
  act.draw();
  invite.draw();
  drawCounters(session);
  things.draw();
  results.draw();
  warning.app(session.lesson);
  drawLog(session);
  followUpload();
}

start();
const warning = new Insecure("short");
const followUpload = listenToUpload(session);
byId("log-part").addEventListener("toggle", () => drawLog(session));
listenToKeys(session, (command) => act.key(command), () => act.rests());
watch(draw);
setInterval(() => {
  drawElapsed();
  if (session.lesson?.phase === "countdown") act.draw();
}, 200);
try {
  const who = await me();
  warning.draw(who);
  show(byId("alone"), who.reachable === false);
  invite.phones = who.phones;
  await session.readLog();
} catch (error) {
  // The socket finds out by itself what is wrong; a session that is over has led to the sign-in page.
  if (![0, 401, 404].includes(error.status)) failed(error);
}
