// Which screen a phone shows, and what its sensors do: functions of what is known, without page or hub.

/** The phase of a lesson message at a hub time in µs: a countdown that has run out measures, whoever says so first. */
export function phaseOf(lesson, hub) {
  if (!lesson) return undefined;
  if (lesson.phase === undefined) return lesson.state === "ended" ? "ended" : "measuring";
  if (lesson.phase === "countdown" && lesson.take && hub !== undefined && hub >= lesson.take.begins) return "measuring";
  return lesson.phase;
}

/**
 * The screen: enter, connecting, lobby, free, countdown, measuring, paused, stopped, ended, removed, elsewhere.
 * `line` is how the socket stands (line.js), `removed` that the hub did not know this phone when it was last asked.
 */
export function screenOf({ joined, line, lesson, hub, paused, removed }) {
  if (!joined) return "enter";
  if (line === "unknown" || removed) return "removed";
  if (line === "elsewhere") return "elsewhere";
  if (!lesson) return line === "over" ? "ended" : "connecting";
  const phase = phaseOf(lesson, hub);
  if (phase === "ended" || line === "over") return "ended";
  if (paused && phase !== "stopped") return "paused";
  if (lesson.led === false || lesson.led === undefined) return "free";
  return phase;
}

/** Whether readings are recorded now: in a Take, or in a free lesson when the pupil has started. */
export const records = (screen, running) => screen === "countdown" || screen === "measuring" || (screen === "free" && running);

/** The streams of a lesson that this browser can measure, by sensor. */
export function sensorsOf(streams = [], location = undefined) {
  const web = streams.filter((stream) => !stream.sources || stream.sources.includes("web")).map((stream) => stream.stream);
  // Intervals lie between two sounds, unless the template says that a finger answers a signal.
  const tapped = streams.some((stream) => stream.stream === "dt" && stream.event === "tap");
  return {
    motion: web.filter((stream) => ["acc", "lin", "gyr", "ori"].includes(stream)),
    microphone: web.filter((stream) => ["sound", "freq"].includes(stream) || (stream === "dt" && !tapped)),
    place: location ? web.filter((stream) => stream === "disp") : [],
    touch: web.filter((stream) => stream === "dt" && tapped),
  };
}

/** The Take of a number in a lesson message, also an earlier one. */
export const takeOf = (lesson, number) => (lesson?.take?.number === number ? lesson.take : lesson?.takes?.find((take) => take.number === number));

/** Whole seconds that a countdown still shows: 3, 2, 1; 0 when it is over. */
export const secondsTo = (begins, hub) => Math.max(0, Math.ceil((begins - hub) / 1e6));
