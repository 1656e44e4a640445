// The numbers that are always in view, what was not taken and why, and what the hub wants its teacher to know.

import { fixed } from "../measured.js";
import { known, text } from "../words.js";
import { byId, keep, make, mark, say, show } from "./dom.js";
import { everybody, owes, standing } from "./standing.js";

/** Each number with the state that its colour and mark tell: good, or to be looked at. */
function counts(session) {
  const { counters, lesson } = session;
  const there = everybody(session);
  // Counted from the cards: two sources would tell two stories.
  const state = (...wanted) => there.filter((thing) => wanted.includes(standing(thing))).length;
  const unsent = there.reduce((sum, thing) => sum + owes(thing, lesson, session.now()).seconds, 0);
  const offsets = there.filter((thing) => thing.state === "sending" && Number.isFinite(thing.alignment_ms)).map((thing) => thing.alignment_ms);
  const rejected = Object.values(counters.rejected ?? {}).reduce((sum, count) => sum + count, 0);
  const joined = lesson?.things.length ?? counters.joined ?? 0;
  const lost = typeof counters.lost === "object" && counters.lost !== null ? Object.values(counters.lost).reduce((sum, count) => sum + count, 0) : (counters.lost ?? 0);
  const silent = state("silent", "away");
  return [
    { name: "joined", value: lesson?.seats ? text("n-of", { n: joined, most: lesson.seats }) : joined },
    { name: "waiting", value: state("joined", "paused") },
    { name: "sending", value: state("sending"), look: state("sending") > 0 ? "good" : null },
    { name: "silent", value: silent, look: silent > 0 && session.lesson?.phase === "measuring" ? "warn" : null },
    { name: "lost", value: lost, look: lost > 0 ? "bad" : null },
    { name: "unsent", value: unsent >= 0.05 ? text("seconds", { s: fixed(unsent, unsent < 10 ? 1 : 0) }) : 0, look: unsent >= 2 ? "warn" : null },
    { name: "rejected", value: rejected, look: rejected > 0 ? "bad" : null },
    { name: "alignment", value: offsets.length ? text("milliseconds", { ms: Math.ceil(Math.max(...offsets)) }) : "–" },
  ];
}

export function drawCounters(session) {
  show(byId("counters"), Boolean(session.lesson) && session.lesson.phase !== "ended");
  const create = () => make("div", {}, make("dt"), make("dd"));
  keep(byId("counters"), counts(session), ({ name }) => name, create, (item, { name, value, look }) => {
    say(item.firstElementChild, text(`count-${name}`));
    say(item.lastElementChild, typeof value === "number" ? new Intl.NumberFormat(document.documentElement.lang).format(value) : value);
    mark(item, "data-look", look ?? null);
    mark(item, "data-zero", value === 0 ? true : null);
  });
  drawReasons(session.counters);
  drawNotices(session.counters.notices ?? []);
}

/** Why values were not taken, each with what to do; readings outside a measurement are named apart: they are no error. */
function drawReasons({ rejected = {}, idle = 0 }) {
  const rows = Object.entries(rejected).filter(([, count]) => count > 0).sort((one, other) => other[1] - one[1]);
  if (idle > 0) rows.push(["idle", idle]);
  show(byId("why"), rows.length > 0);
  const create = () => make("li", {}, make("b"), make("span"));
  keep(byId("reasons"), rows, ([name]) => name, create, (item, [name, count]) => {
    const key = `reject-${name.replaceAll("_", "-")}`;
    say(item.firstElementChild, new Intl.NumberFormat(document.documentElement.lang).format(count));
    say(item.lastElementChild, known(key) ? text(key) : name.replaceAll("_", " "));
    mark(item, "data-idle", name === "idle" ? true : null);
  });
}

function drawNotices(notices) {
  const told = notices.filter((name) => known(`notice-${name.replaceAll("_", "-")}`));
  keep(byId("notices"), told, (name) => name, (name) => make("li", { className: "notice", "data-kind": name === "guessing" ? "warn" : "bad" }), (item, name) =>
    say(item, text(`notice-${name.replaceAll("_", "-")}`)));
}
