// The lists of running and ended lessons: where each stands, when it will be erased, and what can be done with it.

import { spaced } from "../code.js";
import { known, pick, text } from "../words.js";
import { asTeacher, lessonPath } from "./api.js";
import { byId, keep, make, mark, say, show } from "./dom.js";
import { exportLinks } from "./exports.js";
import { chipOf } from "./phase.js";
import { twice } from "./tap.js";
import { clock, moment, until } from "./when.js";

/** How long results can be kept; the hub may allow less and says so. */
const KEEP_DAYS = [7, 30, 90, 365];

const isOver = (lesson) => lesson.state === "ended" || lesson.phase === "ended";

function phaseOf(lesson) {
  const key = `phase-${lesson.phase ?? (isOver(lesson) ? "ended" : "measuring")}`;
  return known(key) ? text(key) : "";
}

/** When the hub erases it, in a sentence; nothing if the hub did not say. */
export function fate(lesson) {
  if (lesson.deletes === null || lesson.deletes === undefined) return "";
  return text(lesson.kept ? "kept-until" : "deleted-in", { in: until(lesson.deletes), at: moment(lesson.deletes) });
}

/** The choice of how long a lesson is kept; `failed` gets an error, `changed` is called after the hub took it. */
export function keeper(lesson, failed, changed) {
  const id = `keep-${lesson}`;
  const select = make("select", { id });
  const label = make("label", { htmlFor: id, "data-t": "keep-label", textContent: text("keep-label") });
  select.addEventListener("change", async () => {
    mark(select, "aria-busy", "true");
    try {
      const days = select.value === "" ? null : Number(select.value);
      await asTeacher("POST", lessonPath(lesson, "/commands"), { do: "keep", days });
      changed();
    } catch (error) {
      failed(error);
    } finally {
      mark(select, "aria-busy", null);
    }
  });
  const follow = (now) => {
    // Nobody's open menu is changed under the finger.
    if (document.activeElement === select && select.options.length) return;
    const chosen = now.kept && KEEP_DAYS.includes(Number(select.value)) ? select.value : now.kept ? "kept" : "";
    const options = [["", text("keep-default")], ...KEEP_DAYS.map((days) => [String(days), text("keep-days", { n: days })])];
    if (chosen === "kept") options.unshift(["kept", text("keep-as-chosen")]);
    select.replaceChildren(...options.map(([value, words]) => make("option", { value, textContent: words })));
    select.value = chosen;
  };
  return Object.assign(make("div", { className: "keeper" }, label, select), { follow });
}

function createRunning(lesson) {
  const [title, phase, facts] = [make("h3"), make("span", { className: "chip" }), make("p", { className: "meta" })];
  const open = make("a", { className: "button", href: `/t/${lesson.id}` });
  const board = make("a", { className: "button quiet", href: `/b/${lesson.id}`, target: "_blank", rel: "noopener" });
  const item = make("li", { className: "card" }, make("div", { className: "titled" }, title, phase), facts, make("div", { className: "doing" }, open, board));
  return Object.assign(item, { parts: { title, phase, facts, open, board } });
}

function updateRunning({ parts }, lesson) {
  say(parts.title, pick(lesson.title));
  say(parts.phase, phaseOf(lesson));
  mark(parts.phase, "data-state", chipOf(lesson.phase ?? "measuring"));
  const joined = lesson.things === undefined ? "" : text("joined-of", { n: lesson.things, seats: lesson.seats ?? "–" });
  say(parts.facts, [lesson.code ? text("code-is", { code: spaced(lesson.code) }) : "", joined, text("since", { time: clock(lesson.created) })].filter(Boolean).join(" · "));
  say(parts.open, text("open-console"));
  mark(parts.open, "aria-label", [`${text("open-console")}: ${pick(lesson.title)}`, lesson.code ? spaced(lesson.code) : ""].filter(Boolean).join(", "));
  say(parts.board, text("open-board"));
}

function createEnded(lesson, { failed, changed }) {
  const [title, facts, fateful] = [make("h3"), make("p", { className: "meta" }), make("p", { className: "fate" })];
  const open = make("a", { className: "button quiet", href: `/t/${lesson.id}` });
  const compare = make("a", { className: "button quiet", href: `/t/compare#c=${lesson.id}` });
  const kept = keeper(lesson.id, failed, changed);
  const erase = make("button", { type: "button", className: "danger" });
  const relabel = twice(erase, erase, () => text("erase"), "erase-sure", async () => {
    mark(erase, "aria-busy", "true");
    try {
      await asTeacher("DELETE", lessonPath(lesson.id));
      changed(text("erased"));
    } catch (error) {
      mark(erase, "aria-busy", null);
      failed(error);
    }
  });
  const share = make("a", { className: "button quiet", href: `/t/${lesson.id}/release` });
  const doing = make("div", { className: "doing" }, open, compare, share, kept, erase);
  const item = make("li", { className: "card" }, make("div", { className: "titled" }, title), facts, fateful, doing, exportLinks(lesson.id));
  return Object.assign(item, { parts: { title, facts, fateful, open, compare, share, kept, relabel } });
}

function updateEnded({ parts }, lesson) {
  say(parts.title, pick(lesson.title));
  const joined = lesson.things === undefined ? "" : text("took-part", { n: lesson.things });
  say(parts.facts, [moment(lesson.ended ?? lesson.created), joined].filter(Boolean).join(" · "));
  say(parts.fateful, fate(lesson));
  mark(parts.fateful, "data-kept", lesson.kept ? true : null);
  say(parts.open, text("open-results"));
  mark(parts.open, "aria-label", `${text("open-results")}: ${pick(lesson.title)}, ${moment(lesson.ended ?? lesson.created)}`);
  say(parts.share, text("share-results"));
  mark(parts.share, "aria-label", `${text("share-results")}: ${pick(lesson.title)}, ${moment(lesson.ended ?? lesson.created)}`);
  say(parts.compare, text("compare-this"));
  mark(parts.compare, "aria-label", `${text("compare-this")}: ${pick(lesson.title)}, ${moment(lesson.ended ?? lesson.created)}`);
  parts.kept.follow(lesson);
  parts.relabel();
}

/** Shows all lessons, running ones first. */
export function showLessons(lessons, doing) {
  const [running, ended] = [lessons.filter((lesson) => !isOver(lesson)), lessons.filter(isOver)];
  show(byId("running-part"), running.length > 0);
  show(byId("ended-part"), ended.length > 0);
  keep(byId("running"), running, ({ id }) => id, createRunning, updateRunning);
  keep(byId("ended"), ended, ({ id }) => id, (lesson) => createEnded(lesson, doing), updateEnded);
}
