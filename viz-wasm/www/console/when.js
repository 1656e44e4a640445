// Times as people say them.

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
