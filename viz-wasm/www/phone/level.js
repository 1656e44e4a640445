// Runs beside the page, where sound is: turns 125 ms of it into one number, the level, and forgets the sound. Only the
// number leaves this file; there is no way for anything else.

/* global AudioWorkletProcessor, registerProcessor, sampleRate, currentFrame */

const SPAN = 0.125;

class Level extends AudioWorkletProcessor {
  constructor() {
    super();
    this.sum = 0;
    this.count = 0;
  }

  process([[channel]]) {
    if (!channel) return true;
    for (const value of channel) this.sum += value * value;
    this.count += channel.length;
    if (this.count >= SPAN * sampleRate) {
      this.port.postMessage({ rms: Math.sqrt(this.sum / this.count), ends: (currentFrame + channel.length) / sampleRate });
      this.sum = 0;
      this.count = 0;
    }
    return true;
  }
}

registerProcessor("level", Level);
