// Runs beside the page, where sound is: tells when a sound begins that is louder than the threshold, to the sample, and forgets the
// sound. Only that time leaves this file; there is no way for anything else.

/* global AudioWorkletProcessor, registerProcessor, sampleRate, currentFrame */

/** A sound lasts until it has been below half of the threshold for so long, in s: a clap's own echo in a room is no second clap. */
const QUIET = 0.08;

class Onset extends AudioWorkletProcessor {
  constructor() {
    super();
    this.threshold = 0.1;
    /** Samples below half of the threshold since the last one above it, and whether there were enough for a sound to begin: on its way up it passes the half first. */
    this.quiet = 0;
    this.armed = false;
    this.port.onmessage = ({ data }) => {
      this.threshold = data.threshold;
    };
  }

  process([[channel]]) {
    if (!channel) return true;
    for (let index = 0; index < channel.length; index += 1) {
      const size = Math.abs(channel[index]);
      this.quiet = size >= this.threshold / 2 ? 0 : this.quiet + 1;
      if (this.quiet >= QUIET * sampleRate) this.armed = true;
      if (size < this.threshold || !this.armed) continue;
      this.armed = false;
      this.port.postMessage({ at: (currentFrame + index) / sampleRate });
    }
    return true;
  }
}

registerProcessor("onset", Onset);
