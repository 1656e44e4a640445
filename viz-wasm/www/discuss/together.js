// What the class found together: the numbers of the template's steps over all groups.

import { measured } from "../measured.js";
import { known, pick, text } from "../words.js";

const element = (id) => document.getElementById(id);

/** `T² über der Masse: Steigung = 4,02 ± 0,01 s²/m, Achsenabschnitt = …`; a step with one number is called by its label. */
function line(step) {
  const name = ({ part, label }) => (part ? (known(`part-${part}`) ? text(`part-${part}`) : part) : pick(label));
  const said = step.map((number) => `${name(number)}\u00a0= ${measured(number.value, number.uncertainty, number.unit)}`).join(", ");
  return step[0].part ? `${pick(step[0].label)}: ${said}` : said;
}

/** Shows the numbers of an `outcomes` message while a picture of the class is shown: `kind`, or none. */
export function showTogether(outcomes, kind) {
  // How well a line fits is seen in its picture, which says all its numbers; an exact zero was not fitted.
  const said = ({ part, value, uncertainty }) => (part && kind === "scatter") || part === "r2" || (value === 0 && uncertainty === 0);
  const numbers = (outcomes?.class_steps ?? []).filter((number) => !said(number));
  const steps = new Map();
  for (const number of numbers) {
    const step = number.part ? number.name.slice(0, -number.part.length - 1) : number.name;
    steps.set(step, [...(steps.get(step) ?? []), number]);
  }
  element("together").hidden = !kind || numbers.length === 0;
  element("numbers").replaceChildren(...[...steps.values()].map((step) => Object.assign(document.createElement("li"), { textContent: line(step) })));
}
