// What the pupil's page hears, in a real browser whose microphone plays a file of ours: two claps a known time apart, and a tone.
// And the reaction test, with real taps. `node hearing.mjs`

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { until } from "./checks.mjs";
import { PhoneHub } from "./phonehub.mjs";

const RATE = 48_000;
/** The claps of a round, in s; the file is played again and again. */
const ROUND = 4;
const CLAPS = [0.7, 1.25];
const APART = CLAPS[1] - CLAPS[0];
const TONE = 523.25;

/** A mono WAV file of 16 bits from samples between -1 and 1. */
function wav(samples) {
  const data = Buffer.alloc(2 * samples.length);
  samples.forEach((sample, at) => data.writeInt16LE(Math.round(32_000 * sample), 2 * at));
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(2 * RATE, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** Claps (noise that dies away within 30 ms) and behind them, more quietly, their echo. */
function claps() {
  const samples = new Float64Array(ROUND * RATE);
  let noise = 1;
  const clap = (from, size) => {
    for (let at = 0; at < 0.03 * RATE; at += 1) {
      noise = (noise * 48_271) % 2_147_483_647;
      samples[Math.round(from * RATE) + at] += size * Math.exp(-at / (0.006 * RATE)) * (at === 0 ? 1 : 2 * (noise / 2_147_483_647) - 1);
    }
  };
  for (const from of CLAPS) {
    clap(from, 0.9);
    clap(from + 0.05, 0.3);
  }
  return samples;
}

/** A tone with overtones and a little noise. */
function tone() {
  return Float64Array.from({ length: ROUND * RATE }, (_, at) => {
    const phase = (2 * Math.PI * TONE * at) / RATE;
    return 0.3 * Math.sin(phase) + 0.1 * Math.sin(2 * phase) + 0.002 * Math.sin(at * at);
  });
}

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), "messwerk-hearing-"))));
after(() => rm(folder, { recursive: true, force: true }));

/** Runs a check on a pupil's page whose microphone hears the samples. */
async function hearing(name, samples, options, check) {
  const file = join(folder, `${name}.wav`);
  await writeFile(file, wav(samples));
  const browser = await launch(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-audio-capture=${file}`, "--autoplay-policy=no-user-gesture-required"]);
  const hub = new PhoneHub({ inputs: false, ...options });
  const address = await hub.listen();
  try {
    const page = await browser.page("about:blank", { width: 390, height: 844, locale: "de-DE" });
    page.problems.length = 0;
    await page.goto(`${address}/j#t=LESSONTOKENLESSONTOKEN`);
    await page.waitForFunction(() => document.body.dataset.screen === "lobby", null, { timeout: 15_000 });
    await check(page, hub);
    assert.deepEqual(page.problems, []);
  } finally {
    await browser.close();
    await hub.close();
  }
}

const values = (hub, property) => hub.readings(property).map((reading) => reading.values[0]);

test("two claps make an interval to a millisecond, and their echoes none", () =>
  hearing("claps", claps(), { streams: ["dt"], main: ["time_interval", "value", "s", [0, 2]] }, async (page, hub) => {
    await page.waitForSelector("#do-allow:has-text('Mikrofon')");
    await page.click("#do-allow");
    hub.begin(0);
    await page.waitForSelector("#ear:not([hidden])");
    await until("three intervals", () => values(hub, 14).length >= 3, 30_000);
    const all = values(hub, 14);
    // Which of two claps starts the stopwatch depends on when it was begun: then it measures the rest of the round.
    const right = all.every((value) => Math.min(Math.abs(value - APART), Math.abs(value - (ROUND - APART))) < 0.001);
    assert.ok(right, `${all}`);
    assert.match(await page.textContent("#ear-last"), /^\d,\d{3} s$/);
    assert.ok((await page.$$("#ear-list li")).length >= 1);
    await page.fill("#ear-threshold", "-3");
    assert.match(await page.textContent("#ear-decibels"), /−3 dB/);
  }));

test("a tone is heard to a quarter of a hertz, and its overtones are not taken for it", () =>
  hearing("tone", tone(), { streams: ["freq"], main: ["frequency", "value", "Hz", [0, 1000]] }, async (page, hub) => {
    await page.click("#do-allow");
    hub.begin(0);
    await until("six tones", () => values(hub, 15).length >= 6);
    // Where the file begins again the tone jumps.
    const all = values(hub, 15).sort((one, other) => one - other);
    const middle = all[Math.floor(all.length / 2)];
    assert.ok(Math.abs(middle - TONE) < 0.25, `${all}`);
  }));

test("a reaction is timed by taps, an early one is none, and nothing must be allowed for it", () =>
  hearing("silence", new Float64Array(RATE), { streams: ["dt"], event: "tap", main: ["time_interval", "value", "s", [0, 1]] }, async (page, hub) => {
    await page.waitForFunction(() => /bereit/.test(document.getElementById("headline").textContent));
    assert.equal(await page.$("#do-allow"), null);
    hub.begin(0);
    const pad = page.locator("#pad");
    await pad.waitFor();
    const tap = async () => {
      const box = await pad.boundingBox();
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    };
    await tap();
    await page.waitForSelector("#pad[data-state=waiting]");
    await tap();
    await page.waitForSelector("#pad[data-state=early]");
    await tap();
    await page.waitForSelector("#pad[data-state=signal]", { timeout: 10_000 });
    await new Promise((done) => setTimeout(done, 200));
    await pad.press("Enter");
    await page.waitForSelector("#pad[data-state=done]");
    await until("the reaction", () => values(hub, 14).length === 1);
    const [value] = values(hub, 14);
    assert.ok(value > 0.2 && value < 1.5, `${value}`);
  }));
