// The end of a lesson: what the class found, large.

import { measured } from "../measured.js";
import { text } from "../words.js";

const element = (id) => document.getElementById(id);

/** One line: `g = 9,79 ± 0,03 m/s²`; a single answer has no interval and says so elsewhere. */
function line(name, { mean, ci95, unit }) {
  if (!Number.isFinite(mean)) return undefined;
  return `${name} = ${measured(mean, ci95 && (ci95[1] - ci95[0]) / 2, unit)}`;
}

/** Fills the result from the outcomes message and the sentence that the strip chart says about it. */
export function showResult(outcomes, sentence) {
  const lines = Object.entries(outcomes?.class ?? {}).map(([name, one]) => line(name, one)).filter(Boolean);
  const items = lines.map((said) => {
    const item = document.createElement("li");
    item.textContent = said;
    return item;
  });
  element("answers").replaceChildren(...items);
  element("verdict").textContent = lines.length ? sentence : text("no-class-result");
}
