// A figure to listen to: the value is the pitch, from 200 to 1200 Hz, and time runs from the left ear to the right. A gap is
// silence. Everything is made in the browser; nothing is recorded and nothing is loaded.

const LOWEST = 200;
const HIGHEST = 1200;
// A curve of many values lasts about five seconds; few values get time to be told apart.
const WHOLE = 5;
const LONGEST_TONE = 0.35;
const SHORTEST_TONE = 0.03;
const LOUD = 0.15;
// Tones that begin or end at once click.
const EDGE = 0.008;

/** The pitch of a value between low and high; equal steps of the value are equal musical steps. */
export function pitch(value, low, high) {
  const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
  return LOWEST * (HIGHEST / LOWEST) ** share;
}

/** When each value sounds, how high, and where: `{at, length, hertz, pan}`, with gaps left out. */
export function score({ values, low, high }) {
  const length = Math.min(LONGEST_TONE, Math.max(SHORTEST_TONE, WHOLE / Math.max(1, values.length)));
  return values
    .map((value, place) => ({ value, place }))
    .filter(({ value }) => Number.isFinite(value))
    .map(({ value, place }) => ({
      at: place * length,
      length,
      hertz: pitch(value, low, high),
      pan: values.length > 1 ? (2 * place) / (values.length - 1) - 1 : 0,
    }));
}

let playing;

/** Ends what sounds, if something does. */
export function stop() {
  playing?.end();
}

/** Plays a melody `{values, low, high}`; `ended` is called once, also when it is stopped by `stop` or the Escape key. */
export function play(melody, ended) {
  stop();
  const tones = score(melody);
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context, { type: "triangle" });
  const gain = new GainNode(context, { gain: 0 });
  const pan = new StereoPannerNode(context);
  oscillator.connect(gain).connect(pan).connect(context.destination);
  const begin = context.currentTime + 0.05;
  for (const { at, length, hertz, pan: side } of tones) {
    const from = begin + at;
    oscillator.frequency.setValueAtTime(hertz, from);
    pan.pan.setValueAtTime(side, from);
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(LOUD, from + EDGE);
    gain.gain.setValueAtTime(LOUD, from + length - EDGE);
    gain.gain.linearRampToValueAtTime(0, from + length);
  }
  const last = tones.at(-1);
  oscillator.start(begin);
  oscillator.stop(begin + (last ? last.at + last.length : 0) + EDGE);
  const key = (event) => event.key === "Escape" && stop();
  const mine = {
    end: () => {
      if (playing !== mine) return;
      playing = undefined;
      removeEventListener("keydown", key, true);
      context.close();
      ended?.();
    },
  };
  playing = mine;
  addEventListener("keydown", key, true);
  oscillator.addEventListener("ended", mine.end);
}
