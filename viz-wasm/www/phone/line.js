// The phone's socket: connects, greets, stays connected, and says how it stands. Knows no page: the socket's factory,
// clock and timers are handed in.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
/** A hub that has not answered a connection for this long is not there. */
const CONNECT = 5000;
/** So long may the hub be silent while an answer is due: then the socket is dead, however open it looks. */
const SILENCE = 8000;
const WATCH = 1000;

/** Why a hub closes for good; anything else is tried again. */
export const CLOSED = { 4400: "bad", 4401: "unknown", 4409: "elsewhere", 4410: "over" };
const GOING_AWAY = 1001;

export class Line {
  /**
   * `open()` makes a WebSocket; `hello()` is what it is greeted with; `now()` in ms; `timers` has `set` and `clear`;
   * `random()` is between 0 and 1. `on` takes message(object), state(name, since): connecting, open, offline, stopped, or
   * one of CLOSED.
   */
  constructor({ open, hello, now, timers, random = Math.random, on }) {
    Object.assign(this, { open, hello, now, timers, random, on });
    this.wait = FIRST_WAIT;
    this.over = true;
  }

  /** Connects, also where somebody else had taken over. */
  start() {
    this.over = false;
    this.lost = undefined;
    this.connect();
  }

  /**
   * The page woke up or the network came back: do not wait for the next try, and do not trust what looks open. `slept`: the
   * page's clock stood still, so that nothing was heard of just now.
   */
  wake(slept = false) {
    if (this.over) return;
    this.wait = FIRST_WAIT;
    if (!slept && this.greeted && this.now() - this.heard < WATCH) return;
    if (!slept && this.socket && !this.greeted && this.now() - this.since < WATCH) return;
    this.connect();
  }

  stop() {
    this.over = true;
    this.timers.clear(this.timer);
    this.timers.clear(this.watchdog);
    this.drop();
  }

  drop() {
    const socket = this.socket;
    this.socket = undefined;
    this.greeted = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    try {
      socket.close();
    } catch {
      // It never opened.
    }
  }

  connect() {
    this.timers.clear(this.timer);
    this.timers.clear(this.watchdog);
    this.drop();
    if (this.over) return;
    this.on.state(this.lost === undefined ? "connecting" : "offline", this.lost);
    this.since = this.heard = this.now();
    this.due = undefined;
    let socket;
    try {
      socket = this.open();
    } catch {
      return this.failed();
    }
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket === this.socket && socket.send(JSON.stringify(this.hello()));
    socket.onmessage = (event) => socket === this.socket && this.take(event.data);
    socket.onclose = (event) => socket === this.socket && this.closed(event.code);
    socket.onerror = () => {};
    this.watchdog = this.timers.set(() => this.watch(), WATCH);
  }

  take(data) {
    this.heard = this.now();
    this.due = undefined;
    if (typeof data !== "string") return;
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message.type === "welcome" && !this.greeted) {
      this.greeted = true;
      this.wait = FIRST_WAIT;
      this.lost = undefined;
      this.on.message(message);
      this.on.state("open");
      return;
    }
    this.on.message(message);
  }

  watch() {
    const now = this.now();
    if (!this.greeted ? now - this.since > CONNECT : this.due !== undefined && now - this.due > SILENCE) return this.failed();
    this.watchdog = this.timers.set(() => this.watch(), WATCH);
  }

  closed(code) {
    const final = CLOSED[code];
    if (!final) return this.failed(code === GOING_AWAY);
    this.stop();
    this.on.state(final, this.lost);
  }

  failed(stopped = false) {
    this.drop();
    this.timers.clear(this.timer);
    this.timers.clear(this.watchdog);
    this.lost ??= new Date();
    this.on.state(stopped ? "stopped" : "offline", this.lost);
    // Not all at the same moment: thirty phones lose the hub together.
    this.timer = this.timers.set(() => this.connect(), this.wait * (0.75 + 0.5 * this.random()));
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
  }

  /** Sends text (an object) or bytes, if there is a welcomed socket. `answered` marks what the hub must answer. */
  send(what, answered = true) {
    if (!this.greeted || this.socket.readyState !== 1) return false;
    if (answered) this.due ??= this.now();
    this.socket.send(what instanceof Uint8Array ? what : JSON.stringify(what));
    return true;
  }
}
