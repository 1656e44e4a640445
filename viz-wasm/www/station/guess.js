// What a field of an unknown device may be, by its name and by what stands in it: a first choice, which somebody looks at before it counts.

/** Names of fields, the more special ones first, and what they measure. */
const NAMES = [
  [/dew|taup/, "dew_point"], [/soil|boden|moist/, "soil_moisture"], [/temp/, "temperature"], [/hum|feucht|^rh$/, "relative_humidity"],
  [/sea|slp|msl|baromrel/, "sea_level_pressure"], [/pres|baro|druck|qfe/, "pressure"], [/gust|böe|boe/, "wind_gust"], [/dir|richtung/, "wind_direction"],
  [/wind|speed/, "wind_speed"], [/rain_?rate|rate/, "rain_rate"], [/(rain|regen|precip).*(total|sum|count|year)|counter|zähl/, "rain_total"],
  [/rain|regen|precip|niederschlag/, "precipitation"], [/solar|irrad|radiation|strahl/, "irradiance"], [/lux|light|illum|hell/, "illuminance"], [/uv/, "uv_index"],
  [/pm_?10|^p1$/, "pm10"], [/pm_?2|^p2$/, "pm2_5"], [/co2|carbon/, "carbon_dioxide"], [/noise|sound|laut|^db/, "sound_level"], [/volt|batt|vcc/, "voltage"],
  [/^ta?$/, "temperature"], [/^h$/, "relative_humidity"], [/^p$/, "pressure"],
];
/** Units that a name or the size of a value tells. */
const UNITS = {
  temperature: (name, value) => (/f$/.test(name) ? "[degF]" : value > 150 ? "K" : "Cel"),
  dew_point: (name) => (/f$/.test(name) ? "[degF]" : "Cel"),
  pressure: (name, value) => (value > 20_000 ? "Pa" : value > 25 && value < 33 ? "[in_i'Hg]" : "hPa"),
  sea_level_pressure: (name, value) => (value > 20_000 ? "Pa" : value > 25 && value < 33 ? "[in_i'Hg]" : "hPa"),
  wind_speed: (name) => (/kmh|km_h|kph/.test(name) ? "km/h" : /mph/.test(name) ? "[mi_i]/h" : "m/s"),
  wind_gust: (name) => (/kmh|km_h|kph/.test(name) ? "km/h" : /mph/.test(name) ? "[mi_i]/h" : "m/s"),
  voltage: (name, value) => (/mv/.test(name) || value > 500 ? "mV" : "V"),
};

const last = (path) => path.split(".").pop().toLowerCase();
/** Whether a value is written with a decimal comma. */
export const hasComma = (example) => /^\s*[-+−]?\d+,\d+\s*$/.test(example);

/** How a time is written, of a value that looks like one. */
export function timeKind(path, example) {
  const written = example.trim();
  if (/^\d{4}-\d\d?-\d\d?[T ]\d\d?:\d\d/.test(written)) return /(Z|[+-]\d\d:?\d\d)$/i.test(written) ? "offset" : "local";
  const named = /time|date|zeit|stamp|epoch|^ts$|^dt$/.test(last(path));
  const kind = /^1\d{9}(\.\d+)?$/.test(written) ? "seconds" : /^1\d{12}$/.test(written) ? "milliseconds" : /^1\d{18}$/.test(written) ? "nanoseconds" : undefined;
  return kind ?? (named && /^\d+$/.test(written) ? "seconds" : undefined);
}

/** A row of the assignment for a field, beside those there are; `properties` are those to choose from, with their units. */
export function assign({ path, example }, rows, properties) {
  const kind = timeKind(path, example);
  if (kind && !rows.some(({ property }) => property === "time")) return { path, property: "time", kind };
  const name = last(path);
  const value = Number(example.replace(",", "."));
  const used = (property, channel) => rows.some((row) => row.property === property && row.channel === channel);
  const named = NAMES.find(([pattern]) => pattern.test(name))?.[1];
  // The same quantity once more is measured elsewhere: the place is what the path says.
  const place = (path.includes(".") ? path.split(".").slice(0, -1).join(" ") : name).replaceAll(/[^\p{L}\p{N} _-]/gu, "").trim().slice(0, 40);
  if (named && used(named, "") && place && !used(named, place)) return { path, channel: place, property: named, unit: unitOf(named, name, value, properties) };
  const property = named && !used(named, "") ? named : (Object.keys(properties).find((one) => !used(one, "")) ?? "temperature");
  return { path, channel: "", property, unit: unitOf(property, name, value, properties) };
}

const unitOf = (property, name, value, properties) => UNITS[property]?.(name, value) ?? properties[property][0];
