// Quantities as they are written on paper, in no language yet: how many decimals, which unit symbol.

/** Decimals that an uncertainty deserves (DIN 1333, as in the charts): one digit, two if the first is 1 or 2. */
export function decimalsOf(uncertainty) {
  const place = uncertainty > 0 ? Math.floor(Math.log10(uncertainty)) : -3;
  const leading = uncertainty / 10 ** place;
  return Math.min(9, Math.max(0, (leading < 2.95 ? 1 : 0) - place));
}

/** A unit's symbol (SenML's, as the hub sends it) as it is written on paper: m/s² for m/s2. */
export const paper = (unit) => ({ uT: "µT", Cel: "°C", "%RH": "%", deg: "°", "ug/m3": "µg/m³" })[unit] ?? (unit ?? "").replaceAll("2", "²").replaceAll("3", "³");
