// How loud it is: the level of 125 ms in dB below the loudest the microphone can tell, 0 dB. Relative and not calibrated. No
// sound is kept and none leaves the phone: the worklet (level.js) hands out one number per 125 ms.

const PLAIN = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
/** Silence of a digital microphone has no level; the quietest that 24 bits can tell stands for it. */
const FLOOR = -144;

export const ability = (scope = globalThis) => (scope.navigator?.mediaDevices?.getUserMedia && scope.AudioWorkletNode ? "ask" : "missing");

/** The level in dB of a root mean square between 0 and 1. */
export const decibels = (rms) => (rms > 0 ? Math.max(FLOOR, 20 * Math.log10(rms)) : FLOOR);

export class Microphone {
  /** `reading("sound", µs, [dB])` takes levels; `ended()` hears that the microphone was taken away. */
  constructor({ reading, ended = () => {}, scope = globalThis }) {
    Object.assign(this, { reading, ended, scope });
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

  async start() {
    if (this.running) return;
    const running = (this.running = {});
    try {
      await this.listen(running);
    } catch (error) {
      // What was opened so far is closed, and the next start may try again.
      if (this.running === running) this.running = undefined;
      this.close(running);
      throw error;
    }
    if (this.running !== running) this.close(running);
  }

  async listen(running) {
    running.stream = await this.scope.navigator.mediaDevices.getUserMedia({ audio: PLAIN });
    const context = (running.context = new this.scope.AudioContext());
    await context.audioWorklet.addModule("/assets/phone/level.js");
    if (this.running !== running) return;
    const level = new this.scope.AudioWorkletNode(context, "level", { numberOfOutputs: 0 });
    level.port.onmessage = ({ data: { rms, ends } }) => {
      if (this.running !== running) return;
      // The context's clock against the page's: their difference is smooth, the time of this call is not.
      const stamp = context.getOutputTimestamp?.();
      const at = stamp?.performanceTime ? stamp.performanceTime + (ends - stamp.contextTime) * 1000 : performance.now();
      this.reading("sound", Math.round(Math.min(at, performance.now()) * 1000), [decibels(rms)]);
    };
    context.createMediaStreamSource(running.stream).connect(level);
    // A call or another app takes the microphone away: iOS interrupts the context, or the track ends.
    context.onstatechange = () => this.running === running && context.state === "interrupted" && this.gone(running);
    for (const track of running.stream.getTracks()) track.onended = () => this.gone(running);
    await context.resume();
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

  close({ stream, context }) {
    for (const track of stream?.getTracks() ?? []) track.stop();
    context?.close().catch(() => {});
  }
}
