// Where each Thing stands and what it still owes: the one source of the cards and of the numbers above them. Pure functions of the
// hub's messages.

/** A page is heard of every 20 s, by its answer to the hub's ping; one that was not for longer has lost the connection. */
const HEARD = 25_000;
/** A page that measures sends twice a second and is heard of; less than this of silence is no gap. */
const GAP = 3e6;
/** Less than this is on its way. */
const LITTLE = 0.5;

/** Things as the lesson names them, with what is known of each from the hub's presence: who is there is the lesson's to say. */
export function everybody({ lesson, presence }) {
  const told = new Map(presence.map((thing) => [thing.id, thing]));
  return (lesson?.things ?? []).map((thing) => ({ ...told.get(thing.id), ...thing }));
}

/** `past` (handed over to the next group), `paused`, `joined`, `sending`, `silent` or `away`. */
export function standing(thing) {
  if (thing.past) return "past";
  if (thing.paused) return "paused";
  const state = thing.state ?? "joined";
  const lost = thing.source === "web" && thing.heard_ms > HEARD && ["joined", "silent"].includes(state);
  // Of one that was removed and came back the hub goes on telling so until its next message.
  return lost ? "away" : state === "removed" ? "joined" : state;
}

/** When a Thing was heard of last, in the hub's µs; undefined if never. */
const heardAt = (thing, now) => (Number.isFinite(thing.heard_ms) ? now - thing.heard_ms * 1000 : undefined);

/**
 * Seconds of readings that a Thing still has. What its page told last is `unsent_s`; one that fell silent in a Take goes on measuring
 * without the network and cannot tell: then it owes what was measured since it was heard. `guessed` says that this was added.
 */
export function owes(thing, lesson, now) {
  const told = thing.unsent_s ?? 0;
  const take = lesson?.takes?.at(-1) ?? lesson?.take;
  const heard = heardAt(thing, now);
  const measures = thing.source === "web" && thing.permission === "granted" && !thing.paused;
  if (!take || take.rehearsal || !measures || heard === undefined || heard < take.begins) return { seconds: told, guessed: false };
  const gap = Math.min(take.ends ?? now, now) - heard;
  return gap > GAP ? { seconds: told + gap / 1e6, guessed: true } : { seconds: told, guessed: false };
}

/** How many Things have not sent everything, and how many seconds the one that lacks most. */
export function owing(session) {
  const owed = everybody(session).map((thing) => owes(thing, session.lesson, session.now()).seconds).filter((seconds) => seconds >= LITTLE);
  return { things: owed.length, seconds: Math.max(0, ...owed) };
}

/** The ids of Things that the teacher brought back and that were not heard of since. */
export function returning(session) {
  const back = new Map();
  for (const { what, detail, at } of session.log) if (what === "thing.restore") back.set(detail, Math.max(at, back.get(detail) ?? 0));
  const missing = (thing) => back.has(thing.id) && (heardAt(thing, session.now()) ?? 0) < back.get(thing.id);
  return new Set(everybody(session).filter(missing).map(({ id }) => id));
}
