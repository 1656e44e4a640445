// What of the hub's messages the board shows, and which of its views. Pure functions: no page, no clock.

import { codeOf, spaced as grouped } from "../code.js";

/** Without the Things that the teacher hid; the phones themselves go on seeing their own. */
export function visible(lesson) {
  return { ...lesson, things: (lesson.things ?? []).filter((thing) => !thing.hidden) };
}

/** The outcomes without those of hidden Things; what the class found stays, for it counts everybody. */
export function visibleOutcomes(outcomes, lesson) {
  const hidden = new Set((lesson?.things ?? []).filter((thing) => thing.hidden).map((thing) => thing.id));
  const kept = (list) => (list ?? []).filter((one) => !hidden.has(one.thing));
  return { ...outcomes, outcomes: kept(outcomes.outcomes), pending: kept(outcomes.pending) };
}

/** The phase of a lesson at a hub time in µs; an older hub knows only recording and ended. */
export function phase(lesson, now) {
  if (lesson.state === "ended" || lesson.phase === "ended") return "ended";
  if (!lesson.led) return "measuring";
  const begun = lesson.take && lesson.take.begins <= now;
  // The hub's own word for it may still be on its way.
  if (lesson.phase === "countdown") return begun ? "measuring" : "countdown";
  return lesson.phase ?? "measuring";
}

/** Which view fills the board: `wait`, `lobby`, `countdown`, `figures` or `ended`. */
export function view(lesson, now) {
  if (!lesson) return "wait";
  const nobody = (lesson.things ?? []).length === 0;
  const at = phase(lesson, now);
  if (at === "countdown") return "countdown";
  if (at === "ended") return nobody ? "lobby" : "ended";
  return at === "lobby" || nobody ? "lobby" : "figures";
}

/** The hub time in µs at which the charts stand, or undefined while they run. */
export function still(lesson, now) {
  if (Number.isFinite(lesson?.frozen)) return lesson.frozen;
  if (lesson && phase(lesson, now) === "stopped") return lesson.take?.ends ?? undefined;
  return undefined;
}

/** Whole seconds until a Take begins, at least 1 while it has not. */
export const remaining = (lesson, now) => Math.max(1, Math.ceil((lesson.take.begins - now) / 1e6));

/** A code as it is read aloud, in two groups; what is none stays as it is. */
export function spaced(code) {
  const bare = codeOf(code);
  return bare ? grouped(bare) : code;
}

/**
 * Whether pages can measure on the phones that come by this join address: browsers give sensors only to HTTPS, and to
 * the machine itself.
 */
export function measures(join) {
  try {
    const { protocol, hostname } = new URL(join.url);
    return protocol === "https:" || hostname === "localhost" || hostname === "[::1]" || /^127\.[\d.]+$/.test(hostname);
  } catch {
    return true;
  }
}

/** What to type on a phone: the join address without its secret, as short as it works. */
export function typed(join, host) {
  try {
    const url = new URL(join.url);
    return `${url.host}${url.pathname}`;
  } catch {
    return `${host}/j`;
  }
}

/** What the board asks the hub for: of the page's own query only what /live knows, for it refuses everything else. */
export function question(search) {
  const asked = new URLSearchParams(search);
  const passed = ["property", "window_ms"].flatMap((name) => (asked.get(name) ? [[name, asked.get(name)]] : []));
  return new URLSearchParams({ window_ms: "100", ...Object.fromEntries(passed) }).toString();
}
