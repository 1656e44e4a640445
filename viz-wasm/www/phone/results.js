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

/** What was found on the way, under the lesson's own names: what has none is no pupil's business. */
export function found(result, labels = {}) {
  const newest = [...(result?.own ?? [])].sort((one, other) => other.run - one.run)[0];
  const steps = (newest ?? result?.pending)?.steps ?? [];
  return steps.filter(({ name }) => labels[name] && name !== newest?.name).map(({ name, value, uncertainty, unit }) => `${pick(labels[name])}: ${measured(value, uncertainty, unit)}`);
}

/** Puts sentences into a list; the same ones again disturb no reader. */
function list(id, sentences) {
  const place = element(id);
  show(sentences.length > 0, id);
  if (place.dataset.key === JSON.stringify(sentences)) return;
  place.dataset.key = JSON.stringify(sentences);
  place.replaceChildren(...sentences.map((said) => make("li", {}, said)));
}

/** Shows a `result` message; hidden while there is nothing to say about a measurement that has not begun. */
export function results(result, shown, labels) {
  const own = lines(result?.own);
  show(Boolean(shown && result), "result");
  if (!result) return;
  say("own", own[0] ?? (pick(result.pending?.reason) || text("no-result")));
  list("found", found(result, labels));
  const hints = (result.hints ?? []).map((hint) => pick(hint.text));
  show(hints.length > 0, "hints");
  list("hint-list", hints);
  element("own").classList.toggle("none", own.length === 0);
  show(own.length > 0, "meaning");
  const classes = Object.entries(result.class ?? {}).filter(([, one]) => one.ci95);
  show(classes.length > 0, "class-line");
  say(
    "class",
    classes.map(([name, one]) => `${name} = ${measured(one.mean, (one.ci95[1] - one.ci95[0]) / 2, one.unit)} (${text("ci", { n: one.n })})`).join(" · "),
  );
}
