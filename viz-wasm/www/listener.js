// A socket that only listens: connects, stays connected, and says how it stands. Boards and consoles listen so; the phone's own line
// (phone/line.js) also talks. Knows no page: the socket's factory, clock and timers are handed in.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
/** A hub that has not answered a connection for this long is not there. */
const CONNECT = 5000;
const WATCH = 1000;
const GOING_AWAY = 1001;
/** The hub has no room for this page now (too many boards); at once again it would only push out another. */
const NO_ROOM = 1013;

/** The browser's own clock and timers. */
export const here = {
  now: () => performance.now(),
  timers: { set: (callback, ms) => setTimeout(callback, ms), clear: (timer) => clearTimeout(timer) },
};

export class Listener {
  /**
   * `open()` makes a WebSocket; `silence` is how long, in ms, the hub may say nothing before the socket is dead, however open it looks.
   * `on` takes message(data), state(name, since) with connecting, live, offline or stopped; closed(code), true if there is no use
   * in coming back; and refused(), called once at a time when the hub closed before it had said anything, true likewise.
   */
  constructor({ open, silence, on, now = here.now, timers = here.timers, random = Math.random }) {
    Object.assign(this, { open, silence, on, now, timers, random });
    this.wait = FIRST_WAIT;
    this.over = true;
  }

  start() {
    this.over = false;
    this.lost = null;
    this.connect();
  }

  stop() {
    this.over = true;
    this.drop();
  }

  /** The page woke up or the network came back: do not wait for the next try, and do not trust what looks open. */
  wake() {
    if (this.over) return;
    if (this.greeted && this.now() - this.heard <= this.silence) return;
    if (this.socket && !this.greeted && this.now() - this.since < WATCH) return;
    this.wait = FIRST_WAIT;
    this.connect();
  }

  /** Lets go of the socket at once. A browser waits for minutes for a network that does not answer a closing handshake. */
  drop() {
    this.timers.clear(this.timer);
    this.timers.clear(this.watchdog);
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
    this.drop();
    if (this.over) return;
    if (this.lost === null) this.on.state("connecting", null);
    this.since = this.heard = this.now();
    let socket;
    try {
      socket = this.open();
    } catch {
      return this.failed();
    }
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => socket === this.socket && this.take(event.data);
    socket.onclose = (event) => socket === this.socket && this.closed(event.code);
    this.watchdog = this.timers.set(() => this.watch(), WATCH);
    return undefined;
  }

  take(data) {
    this.heard = this.now();
    if (!this.greeted) {
      this.greeted = true;
      this.lost = null;
      this.wait = FIRST_WAIT;
      this.on.state("live", null);
    }
    this.on.message(data);
  }

  watch() {
    const now = this.now();
    if (this.greeted ? now - this.heard > this.silence : now - this.since > CONNECT) return this.failed();
    this.watchdog = this.timers.set(() => this.watch(), WATCH);
    return undefined;
  }

  closed(code) {
    const greeted = this.greeted;
    if (this.on.closed?.(code)) return this.stop();
    if (code === NO_ROOM) this.wait = LONGEST_WAIT;
    this.failed(code === GOING_AWAY);
    if (!greeted) this.ask();
    return undefined;
  }

  /** A socket that was refused before it opened does not say why; whoever listens asks the API. The next tries do not wait for it. */
  async ask() {
    if (this.asking || !this.on.refused) return;
    this.asking = true;
    const final = await this.on.refused().catch(() => false);
    this.asking = false;
    if (final && !this.over && !this.greeted) this.stop();
  }

  failed(stopped = false) {
    this.drop();
    this.lost ??= new Date();
    this.on.state(stopped ? "stopped" : "offline", this.lost);
    // Not all at the same moment: many pages lose the hub together.
    this.timer = this.timers.set(() => this.connect(), this.wait * (0.75 + 0.5 * this.random()));
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
  }
}
