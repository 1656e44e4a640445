// Results as they are written on paper.

import { decimal } from "./words.js";

/** A unit symbol as it is written on paper. */
export const paper = (unit) => ({ uT: "µT", Cel: "°C" })[unit] ?? unit.replace("2", "²").replace("3", "³");

/** `9,79 ± 0,03 m/s²` with the decimals the uncertainty deserves (DIN 1333, as in the charts). */
export function measured(value, uncertainty, unit) {
  const place = uncertainty > 0 ? Math.floor(Math.log10(uncertainty)) : -3;
  const leading = uncertainty / 10 ** place;
  const decimals = Math.min(9, Math.max(0, (leading < 2.95 ? 1 : 0) - place));
  return `${decimal(value.toFixed(decimals))} ± ${decimal(uncertainty.toFixed(decimals))} ${paper(unit)}`;
}
