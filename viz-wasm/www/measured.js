// Results as they are written on paper, in the page's language.

import { decimal } from "./words.js";
import { decimalsOf, paper } from "./quantity.js";

/** A number with so many decimals, the language's decimal sign and a minus that is no hyphen. */
export const fixed = (value, decimals) => decimal(value.toFixed(decimals).replace("-", "−"));

/** A number without an uncertainty of its own, to so many significant digits at most: 9,81. */
export const plain = (value, digits = 6) => decimal(String(Number(value.toPrecision(digits))).replace("-", "−"));

/** `9,79 ± 0,03 m/s²` with the decimals the uncertainty deserves; `9,79 m/s²` where there is none. */
export function measured(value, uncertainty, unit) {
  // Blanks that do not break: a number, its uncertainty and its unit stay on one line.
  const behind = unit && unit !== "1" ? `\u00a0${paper(unit)}` : "";
  if (!(uncertainty > 0)) return `${plain(value, 3)}${behind}`;
  const decimals = decimalsOf(uncertainty);
  return `${fixed(value, decimals)}\u00a0±\u00a0${fixed(uncertainty, decimals)}${behind}`;
}
