// What the microphone tells, as numbers only: how loud it is (the level of 125 ms in dB below the loudest the microphone can
// tell), when a sound begins that is louder than a threshold (the acoustic stopwatch), and the frequency of the strongest tone.
// No sound is kept and none leaves the phone: the worklets (level.js, onset.js) hand out numbers, and so does the browser's own
// analyser.

import { clearTone } from "./tone.js";

const PLAIN = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
/** Silence of a digital microphone has no level; the quietest that 24 bits can tell stands for it. */
const FLOOR = -144;
/** What the analyser looks at for a tone: 0.7 s at 48 kHz, so that a tone is known to a tenth of a hertz. */
const TONE_SAMPLES = 32_768;
/** Between two looks for a tone, in ms. */
const TONE_EVERY = 250;

export const ability = (scope = globalThis) => (scope.navigator?.mediaDevices?.getUserMedia && scope.AudioWorkletNode ? "ask" : "missing");

/** The level in dB of a root mean square between 0 and 1. */
export const decibels = (rms) => (rms > 0 ? Math.max(FLOOR, 20 * Math.log10(rms)) : FLOOR);

export class Microphone {
  /**
   * `reading(stream, µs, [value])` takes levels (`sound`) and tones (`freq`); `onset(µs)` hears of sounds that begin; `ended()` that
   * the microphone was taken away.
   */
  constructor({ reading, onset = () => {}, ended = () => {}, scope = globalThis }) {
    Object.assign(this, { reading, onset, ended, scope });
    /** How loud, in dB, a sound must be to begin; the page's slider sets it. */
    this.threshold = -20;
  }

  /** Asks for the microphone; to be called from a tap. granted, denied or missing. Nothing is measured yet. */
  async permission() {
    if (ability(this.scope) === "missing") return "missing";
    try {
      const stream = await this.scope.navigator.mediaDevices.getUserMedia({ audio: PLAIN });
      for (const track of stream.getTracks()) track.stop();
      return "granted";
    } catch (error) {
      return error.name === "NotFoundError" ? "missing" : "denied";
    }
  }

  /** Listens for what the streams need: `sound`, `dt`, `freq`. */
  async start(streams = ["sound"]) {
    if (this.running) return;
    const running = (this.running = {});
    try {
      await this.listen(running, streams);
    } catch (error) {
      // What was opened so far is closed, and the next start may try again.
      if (this.running === running) this.running = undefined;
      this.close(running);
      throw error;
    }
    if (this.running !== running) this.close(running);
  }

  async listen(running, streams) {
    running.stream = await this.scope.navigator.mediaDevices.getUserMedia({ audio: PLAIN });
    const context = (running.context = new this.scope.AudioContext());
    const source = context.createMediaStreamSource(running.stream);
    // The context's clock against the page's: their difference is smooth, the time of a message is not.
    const page = (ends) => {
      const stamp = context.getOutputTimestamp?.();
      const at = stamp?.performanceTime ? stamp.performanceTime + (ends - stamp.contextTime) * 1000 : performance.now();
      return Math.round(Math.min(at, performance.now()) * 1000);
    };
    const worklet = async (name, heard) => {
      await context.audioWorklet.addModule(`/assets/phone/${name}.js`);
      if (this.running !== running) return undefined;
      const node = new this.scope.AudioWorkletNode(context, name, { numberOfOutputs: 0 });
      node.port.onmessage = ({ data }) => this.running === running && heard(data);
      source.connect(node);
      return node;
    };
    if (streams.includes("sound")) await worklet("level", ({ rms, ends }) => this.reading("sound", page(ends), [decibels(rms)]));
    if (streams.includes("dt")) {
      // Two sounds are compared on the clock of the sound card alone: that is why the time goes along in its own seconds.
      running.onsets = await worklet("onset", ({ at }) => this.onset(page(at), at));
      this.listenFrom(this.threshold);
    }
    if (streams.includes("freq")) this.tones(running, context, source);
    if (this.running !== running) return;
    // A call or another app takes the microphone away: iOS interrupts the context, or the track ends.
    context.onstatechange = () => this.running === running && context.state === "interrupted" && this.gone(running);
    for (const track of running.stream.getTracks()) track.onended = () => this.gone(running);
    await context.resume();
  }

  /** Looks for a clear tone four times a second. */
  tones(running, context, source) {
    const analyser = new this.scope.AnalyserNode(context, { fftSize: TONE_SAMPLES, smoothingTimeConstant: 0 });
    source.connect(analyser);
    const decibels = new Float32Array(analyser.frequencyBinCount);
    running.timer = setInterval(() => {
      analyser.getFloatFrequencyData(decibels);
      const found = clearTone(decibels, context.sampleRate / TONE_SAMPLES);
      if (found !== undefined) this.reading("freq", Math.round(performance.now() * 1000), [found]);
    }, TONE_EVERY);
  }

  /** Sets how loud, in dB, a sound must be to begin. */
  listenFrom(threshold) {
    this.threshold = threshold;
    this.running?.onsets?.port.postMessage({ threshold: 10 ** (threshold / 20) });
  }

  /** The microphone was taken away: it is closed, and whoever started it may start it again. */
  gone(running) {
    if (this.running !== running) return;
    this.stop();
    this.ended();
  }

  stop() {
    const running = this.running;
    this.running = undefined;
    if (running) this.close(running);
  }

  close({ stream, context, timer }) {
    clearInterval(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    context?.close().catch(() => {});
  }
}
