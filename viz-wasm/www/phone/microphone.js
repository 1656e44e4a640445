// How loud it is: the level of 125 ms in dB below the loudest the microphone can tell, 0 dB. Relative and not calibrated. No
// sound is kept and none leaves the phone: the worklet (level.js) hands out one number per 125 ms.

const PLAIN = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
/** Silence of a digital microphone has no level; the quietest that 24 bits can tell stands for it. */
const FLOOR = -144;

export const ability = (scope = globalThis) => (scope.navigator?.mediaDevices?.getUserMedia && scope.AudioWorkletNode ? "ask" : "missing");

/** The level in dB of a root mean square between 0 and 1. */
export const decibels = (rms) => (rms > 0 ? Math.max(FLOOR, 20 * Math.log10(rms)) : FLOOR);

export class Microphone {
  /** `reading("sound", µs, [dB])` takes levels. */
  constructor({ reading, scope = globalThis }) {
    Object.assign(this, { reading, scope });
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
    const stream = await this.scope.navigator.mediaDevices.getUserMedia({ audio: PLAIN });
    const context = new this.scope.AudioContext();
    Object.assign(running, { stream, context });
    await context.audioWorklet.addModule("/assets/phone/level.js");
    if (this.running !== running) return this.close(running);
    const level = new this.scope.AudioWorkletNode(context, "level", { numberOfOutputs: 0 });
    level.port.onmessage = ({ data: { rms, ends } }) => {
      if (this.running !== running) return;
      // The context's clock against the page's: their difference is smooth, the time of this call is not.
      const stamp = context.getOutputTimestamp?.();
      const at = stamp?.performanceTime ? stamp.performanceTime + (ends - stamp.contextTime) * 1000 : performance.now();
      this.reading("sound", Math.round(Math.min(at, performance.now()) * 1000), [decibels(rms)]);
    };
    context.createMediaStreamSource(stream).connect(level);
    await context.resume();
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
