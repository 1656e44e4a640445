// What the hub finds wrong around it (network, certificate, clock, disk), each with what to do.

import { pick, text } from "../words.js";
import { byId, make, mark, say, show } from "./dom.js";

const both = (words) => (typeof words === "string" ? words : pick(words));

/** Shows the findings; those that need somebody first. */
export function showFindings(report) {
  const findings = report?.findings ?? [];
  const order = { bad: 0, warn: 1, ok: 2 };
  const bad = findings.filter(({ level }) => level !== "ok");
  show(byId("doctor"), findings.length > 0);
  const serious = bad.some(({ level }) => level === "bad");
  show(byId("unready"), serious);
  if (serious && !byId("doctor").dataset.shown) {
    byId("doctor").dataset.shown = "1";
    byId("doctor").open = true;
  }
  say(byId("doctor-sum"), bad.length ? text("doctor-bad", { n: bad.length }) : text("doctor-good"));
  mark(byId("doctor-sum"), "data-level", serious ? "bad" : bad.length ? "warn" : "ok");
  byId("findings").replaceChildren(
    ...[...findings].sort((one, other) => (order[one.level] ?? 2) - (order[other.level] ?? 2)).map(({ level, title, detail, fix }) =>
      make("li", { "data-level": level },
        make("b", { textContent: `${text(`level-${level}`)}: ${both(title)}` }),
        detail ? make("p", { textContent: both(detail) }) : undefined,
        fix ? make("p", { className: "fix", textContent: both(fix) }) : undefined),
    ),
  );
}
