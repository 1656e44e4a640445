// A phone without a page: the page's own sending module under Node, fed by a pendulum.

import { Clock } from "../../www/phone/clock.js";
import { Line } from "../../www/phone/line.js";
import { Sender } from "../../www/phone/sender.js";
import { MemoryStore } from "../../www/phone/store.js";
import { randomHex, STREAMS } from "../../www/phone/wire.js";

const timers = { set: (callback, ms) => setTimeout(callback, ms), clear: (timer) => clearTimeout(timer) };
const us = () => Math.round(performance.now() * 1000);

/** Joins with the hub's answer to `POST /join`; begins and ends with the lesson's Takes. */
export class Instance {
  /** `ledger`, if there is one, is told of every batch that is handed to a socket. */
  constructor({ address, joined, place, WebSocket, ledger }) {
    this.thing = joined.thing;
    this.place = place;
    this.clock = new Clock({ now: us, timers });
    this.sender = new Sender({ store: new MemoryStore(), clock: this.clock, timers });
    this.sender.thing = joined.thing;
    this.line = new Line({
      open: () => {
        const socket = new WebSocket(`${address.replace("http", "ws")}/api/v1/phone`, { origin: address });
        const send = socket.send.bind(socket);
        socket.send = (data) => {
          if (typeof data !== "string") ledger?.sent(this.thing, data);
          send(data);
        };
        // A cut connection is told as an error too; the line learns it from the close.
        socket.on("error", () => {});
        return socket;
      },
      hello: () => ({ type: "hello", token: joined.token, page: this.page, lang: "de", platform: "other" }),
      now: () => performance.now(),
      timers,
      on: { message: (message) => this.take(message), state: (name) => this.state(name) },
    });
    this.page = randomHex(16);
    this.line.start();
  }

  state(name) {
    if (name === "open") {
      this.clock.begin((message) => this.line.send(message));
      this.sender.online((bytes) => this.line.send(bytes));
    } else {
      this.clock.end();
      this.sender.offline();
    }
  }

  take(message) {
    if (message.type === "pong") this.clock.pong(message);
    if (message.type === "ack" || message.type === "nack") this.sender.answer(message);
    const lesson = message.type === "welcome" ? message.lesson : message.type === "lesson" ? message : undefined;
    if (!lesson) return;
    const { take } = lesson;
    if (lesson.phase === "measuring" && take && this.taken !== take.number) this.begin(take);
    if (lesson.phase !== "measuring" && this.measuring) this.end(take?.ends ?? Infinity);
  }

  begin(take) {
    this.taken = take.number;
    const streams = ["gyr", "acc"].map((stream) => ({ stream, ...STREAMS[stream] }));
    this.sender.begin(streams, { begins: take.begins });
    this.measuring = setInterval(() => {
      const t = performance.now() / 1000;
      const phase = (2 * Math.PI * t) / (1.2 + 0.02 * this.place);
      this.sender.take("gyr", us(), [0.01, 0.01, 0.8 * Math.cos(phase)]);
      this.sender.take("acc", us(), [0, 0.3 * Math.cos(2 * phase), 9.81]);
    }, 1000 / 60);
  }

  end(ends) {
    clearInterval(this.measuring);
    this.measuring = undefined;
    this.sender.finish(ends);
  }

  stop() {
    this.line.stop();
    return this.sender.stop();
  }
}
