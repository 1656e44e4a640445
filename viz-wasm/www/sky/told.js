// The sky in words: places, directions, times of the school's clocks, how long something lasts.

import { fixed } from "../measured.js";
import { lang, text } from "../words.js";

/** The sixteen directions, as the hub names them. */
const COMPASS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"];

let zone;
/** Times are those of the school's clocks from now on. */
export const setZone = (name) => (zone = name);

/** Elements further from now than so many days tell no passes any more: drag and engines add up until the times are of no use. */
const FAR = 30;
/** Whether somebody made a satellite up, for lessons without internet: its elements do not grow old, for there is nothing to miss. */
export const isMadeUp = (satellite) => satellite?.source === "demo";
export const isOld = (satellite) => Boolean(satellite?.old) && !isMadeUp(satellite);
export const isFar = (satellite) => isOld(satellite) && Math.abs(satellite.age_days) > FAR;
/** A satellite's name; of a made-up one with that it is. */
export const nameOf = (satellite) => (isMadeUp(satellite) ? text("sky-simulated", { name: satellite.name }) : satellite.name);

/** How high something stands and where, in words; a height that reads as zero has no sign. */
export function standing(elevation, azimuth, decimals) {
  const size = Number(elevation.toFixed(decimals)) || 0;
  const words = { elevation: `${fixed(Math.abs(size), decimals)}°`, direction: towards(azimuth) };
  return text(size < 0 ? "sky-under" : "sky-above", words);
}

/** A direction in words: in the north-east. */
export const towards = (azimuth) => text("sky-towards", { at: COMPASS[Math.round((((azimuth % 360) + 360) % 360) / 22.5) % 16] });

/** A number with a unit that stays on its line. */
export const amount = (value, decimals, unit) => `${grouped(value, decimals)}\u00a0${unit}`;
const grouped = (value, decimals) =>
  value.toLocaleString(lang(), { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: "min2" }).replace("-", "−");

/** 52,5° N, 13,4° O */
export function place(latitude, longitude) {
  const side = (value, key) => `${fixed(Math.abs(value), 1)}°\u00a0${text(key)}`;
  return `${side(latitude, latitude < 0 ? "sky-south" : "sky-north")}, ${side(longitude, longitude < 0 ? "sky-west" : "sky-east")}`;
}

const said = (micros, how) => new Date(micros / 1000).toLocaleString(lang(), { timeZone: zone, ...how });
/** 18:04, or with seconds 18:04:05. */
export const clock = (micros, seconds = false) =>
  said(micros, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(seconds ? { second: "2-digit" } : {}) });
/** Mi., 25. November */
export const day = (micros) => said(micros, { weekday: "short", day: "numeric", month: "long" });
/** The date of the school's clocks as 2026-11-23. */
export const date = (micros) => new Date(micros / 1000).toLocaleDateString("sv-SE", { timeZone: zone });

/** How old something is: 5 hours, 3.2 days. */
export function age(days) {
  const size = Math.abs(days);
  return size < 1 ? text("sky-hours", { n: Math.round(size * 24) }) : text("sky-days", { n: fixed(size, 1) });
}

/** 7 h 52 min */
export function length(seconds) {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}\u00a0h ${String(minutes % 60).padStart(2, "0")}\u00a0min`;
}

/** 2 d 03:12:05 or 12:05: what a countdown shows. */
export function left(micros) {
  const seconds = Math.max(0, Math.ceil(micros / 1e6));
  const two = (value) => String(value).padStart(2, "0");
  const days = Math.floor(seconds / 86400);
  const clocked = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
  return days ? `${text("sky-whole-days", { n: days })} ${clocked}` : clocked;
}
