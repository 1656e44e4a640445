// What was done in the lesson, when and by whom, newest first.

import { known, pick, text } from "../words.js";
import { byId, keep, make, mark, say } from "./dom.js";
import { clock } from "./when.js";

const SHOWN = 100;

/** What an entry is about: the hub names Things by their ids, people know nicknames. */
function about(what, detail, names, title) {
  if (what === "lesson.make") return title;
  const [first, ...rest] = (detail ?? "").split(" ");
  if (!names.has(first)) return detail;
  const more = rest.join(" ").replace(/^\d+ ?/, "");
  return [names.get(first), more].filter(Boolean).join(": ");
}

/** Builds the list only while it is looked at. */
export function drawLog(session) {
  if (!byId("log-part").open) return;
  const create = () => make("li", {}, make("time"), make("span"), make("span", { className: "by" }));
  const names = new Map([...session.presence, ...(session.lesson?.things ?? [])].map(({ id, nickname }) => [id, nickname]));
  keep(byId("log"), session.log.slice(0, SHOWN), ({ at, what, detail }) => `${at} ${what} ${detail}`, create, (item, { at, who, what, detail }) => {
    const [time, words, by] = item.children;
    const key = `log-${what.replaceAll(".", "-").replaceAll("_", "-")}`;
    say(time, clock(at, true));
    mark(time, "datetime", new Date(at / 1000).toISOString());
    say(words, [known(key) ? text(key) : what, about(what, detail, names, pick(session.lesson?.title))].filter(Boolean).join(": "));
    say(by, known(`who-${who}`) ? text(`who-${who}`) : who);
  });
}
