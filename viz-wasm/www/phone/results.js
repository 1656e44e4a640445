// Own result and the class's, as the hub computed them: never a mean without its uncertainty.

import { measured } from "../measured.js";
import { pick, text } from "../words.js";
import { element, make, say, show } from "./dom.js";

/** Why a result does not count, or how it came to be; empty for an ordinary one. */
function note({ undone, excluded, by_hand: hand }) {
  if (undone) return text("not-counted", { text: text("taken-back") });
  if (excluded) return text("not-counted", { text: typeof excluded === "string" ? excluded : pick(excluded) });
  return hand ? text("measured-by-hand") : "";
}

/** The newest result of each name first; those that do not count say why. */
export function lines(own = []) {
  const newest = [...own].sort((one, other) => other.run - one.run);
  return newest.map((one) => {
    const said = note(one);
    return `${one.name} = ${measured(one.value, one.uncertainty, one.unit)}${said && ` (${said})`}`;
  });
}

/** Shows a `result` message; hidden while there is nothing to say about a measurement that has not begun. */
export function results(result, shown) {
  const own = lines(result?.own);
  show(Boolean(shown && result), "result");
  if (!result) return;
  say("own", own[0] ?? (pick(result.pending?.reason) || text("no-result")));
  const hints = (result.hints ?? []).map((hint) => pick(hint.text));
  show(hints.length > 0, "hints");
  const place = element("hint-list");
  if (place.dataset.key !== JSON.stringify(hints)) {
    place.dataset.key = JSON.stringify(hints);
    place.replaceChildren(...hints.map((hint) => make("li", {}, hint)));
  }
  element("own").classList.toggle("none", own.length === 0);
  show(own.length > 0, "meaning");
  const classes = Object.entries(result.class ?? {}).filter(([, one]) => one.ci95);
  show(classes.length > 0, "class-line");
  say(
    "class",
    classes.map(([name, one]) => `${name} = ${measured(one.mean, (one.ci95[1] - one.ci95[0]) / 2, one.unit)} (${text("ci", { n: one.n })})`).join(" · "),
  );
}
