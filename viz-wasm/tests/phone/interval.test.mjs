// The acoustic stopwatch, the reaction test and the tone, without page and microphone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DEAD, LONGEST, Reaction, Stopwatch, WAIT } from "../../www/phone/interval.js";
import { clearTone } from "../../www/phone/tone.js";

test("two sounds make one interval, and a bounce none", () => {
  const watch = new Stopwatch();
  assert.equal(watch.heard(10), undefined);
  assert.ok(watch.running);
  assert.ok(Math.abs(watch.heard(10.55) - 0.55) < 1e-12);
  assert.equal(watch.heard(10.55 + DEAD / 2), undefined);
  assert.ok(!watch.running, "a bounce does not start the next interval");
  assert.equal(watch.heard(12), undefined);
  assert.ok(Math.abs(watch.heard(12.4) - 0.4) < 1e-12);
});

test("a stopwatch that nothing stopped begins anew", () => {
  const watch = new Stopwatch();
  watch.heard(1);
  assert.equal(watch.heard(1 + LONGEST + 1), undefined);
  assert.ok(Math.abs(watch.heard(1 + LONGEST + 1.5) - 0.5) < 1e-9);
});

test("a reaction counts from the signal, and who taps too early tries again", () => {
  for (const random of [0, 0.999]) {
    const wait = new Reaction(() => random).begin();
    assert.ok(wait >= WAIT[0] && wait <= WAIT[1]);
  }
  const reaction = new Reaction();
  assert.equal(reaction.tap(1), undefined, "a tap at rest is no reaction");
  reaction.begin();
  assert.equal(reaction.tap(500), undefined);
  assert.equal(reaction.state, "early");
  reaction.begin();
  reaction.signal(2000);
  assert.equal(reaction.tap(2237), 0.237);
  assert.deepEqual([reaction.state, reaction.last], ["done", 0.237]);
  reaction.begin();
  reaction.signal(4000);
  assert.equal(reaction.tap(4050), undefined, "50 ms is a guess");
  assert.equal(reaction.state, "early");
  reaction.signal(9000);
  assert.equal(reaction.state, "early", "a signal that nobody waits for is none");
});

/** A spectrum as an analyser gives it: a Blackman window's main lobe (its logarithm is close to a parabola) over a floor. */
function spectrum(bins, step, tone, level = -20, floor = -90) {
  return Float32Array.from({ length: bins }, (_, bin) => {
    const apart = Math.abs(bin - tone / step);
    return Math.max(floor + ((bin * 7919) % 13) / 4, level - 4.2 * apart * apart);
  });
}

test("a clear tone is found between the bins, and noise is no tone", () => {
  const step = 48_000 / 32_768;
  for (const tone of [110, 440.3, 997.77, 3000.1]) assert.ok(Math.abs(clearTone(spectrum(16_384, step, tone), step) - tone) < 0.1, `${tone}`);
  assert.equal(clearTone(spectrum(16_384, step, 440, -80), step), undefined);
  assert.equal(clearTone(new Float32Array(16_384).fill(-Infinity), step), undefined, "silence");
});
