// What a lesson's phase means for the teacher: the one next step, and what else is possible. Pure functions of the hub's `lesson` message.

/** The chip's look for a phase. */
export const chipOf = (phase) => ({ measuring: "good", countdown: "warn", ended: "ended", stopped: "stopped" })[phase] ?? "lobby";

/** A free lesson measures from its making to its end. */
const isLed = (lesson) => lesson.led !== false;

const real = (lesson) => (lesson.takes ?? []).filter((take) => !take.rehearsal);

/** The number the next take will have. */
export const nextNumber = (lesson) => (lesson.takes ?? []).reduce((most, take) => Math.max(most, take.number), 0) + 1;

/** The one big next action: a name for its words and pictures, and the command it sends (none: a page opens). */
export function nextAction(lesson, joined) {
  const phase = lesson.phase;
  if (phase === "ended") return { name: "library", href: "/t" };
  if (phase === "countdown") return { name: "abort", command: { do: "stop" } };
  if (phase === "measuring") {
    if (!isLed(lesson)) return { name: "board", href: `/b/${lesson.id}`, apart: true };
    return { name: lesson.take?.rehearsal ? "stop-rehearsal" : "stop", command: { do: "stop" } };
  }
  if (joined === 0 && lesson.lobby === "locked") return { name: "open-lobby", command: { do: "open_lobby" } };
  if (joined === 0) return { name: "board", href: `/b/${lesson.id}`, apart: true };
  return { name: "start", command: { do: "start", rehearsal: false }, number: nextNumber(lesson) };
}

/**
 * The other controls, by the place each has: in a lesson none comes or goes, so that no button slides under a finger that meant another.
 * Each sends its command; `off` is one that does not fit now.
 */
export function controls(lesson) {
  const { phase } = lesson;
  if (phase === "ended") return [];
  const quiet = phase === "lobby" || phase === "stopped";
  const last = real(lesson).findLast((take) => take.ends !== null && take.ends !== undefined);
  const lobby = lesson.lobby === "open" ? { name: "lock-lobby", command: { do: "lock_lobby" } } : { name: "open-lobby", command: { do: "open_lobby" } };
  const board = lesson.frozen ? { name: "unfreeze", command: { do: "unfreeze" } } : { name: "freeze", command: { do: "freeze" } };
  const found = [{ place: "lobby", ...lobby }, { place: "board", ...board }];
  if (!isLed(lesson)) return found;
  const take = !last
    ? { name: "rehearse", command: { do: "start", rehearsal: true } }
    : last.undone
      ? { name: "redo", command: { do: "redo_take" }, number: last.number }
      : { name: "undo", command: { do: "undo_take" }, number: last.number };
  return [...found, { place: "take", ...take, off: !quiet }];
}

/** What the keys do, by the phase; undefined if nothing. Start and stop only with somebody there. */
export function keyCommand(key, lesson, joined) {
  if (lesson.phase === "ended") return undefined;
  if (key === "l") return lesson.lobby === "open" ? { do: "lock_lobby" } : { do: "open_lobby" };
  if (key === "f") return lesson.frozen ? { do: "unfreeze" } : { do: "freeze" };
  if (key === " ") {
    const next = nextAction(lesson, joined);
    return ["start", "stop", "stop-rehearsal", "abort"].includes(next.name) ? next.command : undefined;
  }
  return undefined;
}
