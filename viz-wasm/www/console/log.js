// What was done in the lesson, when and by whom, newest first.

import { known, pick, text } from "../words.js";
import { byId, keep, make, mark, say } from "./dom.js";
import { clock } from "./when.js";

const SHOWN = 100;

/** Things' names as they were when each entry was written: from now back, a renaming gives the older ones the older name. */
function named(entries, now) {
  const names = new Map(now);
  return entries.map((entry) => {
    const then = new Map(names);
    const [id, old] = /^(\S+) (.+) → .+$/.exec(entry.what === "thing.rename" ? (entry.detail ?? "") : "")?.slice(1) ?? [];
    if (id) names.set(id, old);
    return { entry, names: then };
  });
}

/** What an entry is about: the hub names Things by their ids, people know nicknames. */
function about(what, detail, names, title) {
  if (what === "lesson.make") return title;
  // Both names stand in it.
  if (what === "thing.rename" && detail?.includes(" → ")) return detail.slice(detail.indexOf(" ") + 1);
  const [first, ...rest] = (detail ?? "").split(" ");
  if (!names.has(first)) return detail;
  const more = rest.join(" ").replace(/^\d+ ?/, "");
  return [names.get(first), more].filter(Boolean).join(": ");
}

/** Builds the list only while it is looked at. */
export function drawLog(session) {
  if (!byId("log-part").open) return;
  const create = () => make("li", {}, make("time"), make("span"), make("span", { className: "by" }));
  const names = new Map([...session.presence, ...(session.lesson?.past ?? []), ...(session.lesson?.things ?? [])].map(({ id, nickname }) => [id, nickname]));
  const told = named(session.log.slice(0, SHOWN), names);
  keep(byId("log"), told, ({ entry: { at, what, detail } }) => `${at} ${what} ${detail}`, create, (item, { entry: { at, who, what, detail }, names: then }) => {
    const [time, words, by] = item.children;
    const key = `log-${what.replaceAll(".", "-").replaceAll("_", "-")}`;
    say(time, clock(at, true));
    mark(time, "datetime", new Date(at / 1000).toISOString());
    say(words, [known(key) ? text(key) : what, about(what, detail, then, pick(session.lesson?.title))].filter(Boolean).join(": "));
    say(by, known(`who-${who}`) ? text(`who-${who}`) : who);
  });
}
