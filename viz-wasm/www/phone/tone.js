// The strongest tone in a spectrum.

/** Where tones of pipes, strings and voices lie, in Hz. */
const LOWEST = 60;
const HIGHEST = 5000;
/** A tone stands so far out of what is around it, in dB; noise does not. */
const CLEAR = 25;

/**
 * The frequency in Hz of the strongest tone; undefined if none is clear. `decibels` is a spectrum of an analyser, `step` the Hz from one
 * of its bins to the next. The top of the parabola through the highest bin and its neighbours is the tone (for a Blackman window to
 * a twentieth of a bin; Smith, Spectral Audio Signal Processing, "Quadratic interpolation of spectral peaks").
 */
export function clearTone(decibels, step) {
  const first = Math.max(1, Math.ceil(LOWEST / step));
  const end = Math.min(decibels.length - 1, Math.floor(HIGHEST / step));
  let top = first;
  for (let bin = first; bin < end; bin += 1) if (decibels[bin] > decibels[top]) top = bin;
  if (!Number.isFinite(decibels[top])) return undefined;
  const around = [...decibels.slice(first, end)].filter(Number.isFinite).sort((a, b) => a - b);
  const noise = around[Math.floor(around.length / 2)];
  if (decibels[top] - noise < CLEAR) return undefined;
  const [before, at, after] = [decibels[top - 1], decibels[top], decibels[top + 1]];
  const bend = before - 2 * at + after;
  const shift = bend < 0 && Number.isFinite(bend) ? (0.5 * (before - after)) / bend : 0;
  return (top + Math.max(-0.5, Math.min(0.5, shift))) * step;
}
