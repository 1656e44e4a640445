// What the files were: back and on again, change by change. Typing on in one file is one change until somebody pauses.

/** The most steps back. */
const STEPS = 200;
/** Typing that goes on within this time, in ms, is one step. */
const PAUSE = 800;

export class History {
  constructor(files, now = () => Date.now()) {
    this.files = files;
    this.now = now;
    this.past = [];
    this.future = [];
    this.last = { name: null, at: -Infinity };
  }

  /** Sets a file (`undefined` takes it out); true if that changed something. */
  put(name, content) {
    if (this.files[name] === content) return false;
    const now = this.now();
    const goes = this.last.name === name && now - this.last.at < PAUSE && this.past.length > 0;
    if (!goes) {
      this.past.push({ files: this.files, name });
      if (this.past.length > STEPS) this.past.shift();
    }
    this.future = [];
    this.last = { name, at: now };
    const { [name]: _, ...others } = this.files;
    this.files = content === undefined ? others : { ...this.files, [name]: content };
    return true;
  }

  /** What comes now is a step of its own: somebody went elsewhere. */
  pause() {
    this.last = { name: null, at: -Infinity };
  }

  /** A step back; the file that changed, or undefined. */
  undo() {
    const step = this.past.pop();
    if (!step) return undefined;
    this.future.push({ files: this.files, name: step.name });
    return this.go(step);
  }

  redo() {
    const step = this.future.pop();
    if (!step) return undefined;
    this.past.push({ files: this.files, name: step.name });
    return this.go(step);
  }

  go(step) {
    this.files = step.files;
    this.pause();
    return step.name;
  }
}
