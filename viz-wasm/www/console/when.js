// Times and numbers as people say them.

import { lang, text } from "../words.js";

const MINUTE = 60e6;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Hub microseconds as a Date. */
const date = (micros) => new Date(micros / 1000);

/** 14:05 */
export const clock = (micros, seconds = false) =>
  date(micros).toLocaleTimeString(lang(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(seconds ? { second: "2-digit" } : {}) });

/** Today's times without a date, others with it. */
export function moment(micros) {
  const then = date(micros);
  if (then.toDateString() === new Date().toDateString()) return text("today-at", { time: clock(micros) });
  const day = then.toLocaleDateString(lang(), { weekday: "short", day: "numeric", month: "long" });
  return text("day-at", { day, time: clock(micros) });
}

/** How long something lasted or lasts: 0:07, 12:40, 1:02:40. */
export function span(micros) {
  const seconds = Math.max(0, Math.floor(micros / 1e6));
  const two = (value) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** When something will happen: in 40 minutes, in 23 hours, in 30 days. */
export function until(micros, now = Date.now() * 1000) {
  const left = micros - now;
  if (left < MINUTE) return text("very-soon");
  if (left < 2 * HOUR) return text("in-minutes", { n: Math.round(left / MINUTE) });
  if (left < 2 * DAY) return text("in-hours", { n: Math.round(left / HOUR) });
  return text("in-days", { n: Math.round(left / DAY) });
}

/** A number with so many decimals in the language's writing. */
export const fixed = (value, digits) => new Intl.NumberFormat(lang(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

/** A number as it was written down, without rounding errors. */
export const plain = (value) => new Intl.NumberFormat(lang(), { maximumSignificantDigits: 6 }).format(value);

/** A value and its standard uncertainty: 9,79 ± 0,04, two digits of the uncertainty if it begins with 1, else one. */
export function measured(value, uncertainty) {
  if (!(uncertainty > 0) || !Number.isFinite(value)) return new Intl.NumberFormat(lang(), { maximumSignificantDigits: 4 }).format(value);
  const exponent = Math.floor(Math.log10(uncertainty));
  const digits = Math.max(0, Math.min(8, (uncertainty / 10 ** exponent < 2 ? 1 : 0) - exponent));
  return `${fixed(value, digits)} ± ${fixed(uncertainty, digits)}`;
}

/** Units as they are written: m/s2 is for machines. */
export const unit = (symbol) => (symbol ?? "").replaceAll("2", "²").replaceAll("3", "³").replace(/^u(?=[A-Z])/, "µ");
