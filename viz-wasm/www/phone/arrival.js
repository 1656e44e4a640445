// Somebody scans or types a code on a phone that is in a lesson already. Nothing of the old one is touched before the hub
// has let the phone into the new one; then what the old one left unsent is sent first.

import { Line } from "./line.js";
import { Sender } from "./sender.js";
import { platform } from "./device.js";
import { randomHex } from "./wire.js";

/** What is not sent after this long is given up, and said, in ms. */
const PATIENCE = 15_000;
/** Another tab of the old lesson writes down what it has in this time, when it hears that it is over. */
const OTHERS = 300;
const AGAIN = 500;
const timers = { set: (callback, ms) => setTimeout(callback, ms), clear: (timer) => clearTimeout(timer) };

/** Sends what a Thing of this phone has left in the store; answers the seconds that could not be sent. */
export async function rest({ store, joined, lang, open, patience = PATIENCE, others = OTHERS }) {
  await new Promise((done) => setTimeout(done, others));
  // Batches are sealed with their clock: none is needed to send them.
  const clock = { now: () => Math.round(performance.now() * 1000), told: () => undefined, ready: false };
  const sender = new Sender({ store, clock, timers });
  sender.thing = joined.thing;
  await sender.recover();
  if (sender.done) return 0;
  await new Promise((done) => {
    const page = randomHex(16);
    const end = () => {
      clearTimeout(late);
      line.stop();
      done();
    };
    const late = setTimeout(end, patience);
    sender.changed = () => sender.done && end();
    const line = new Line({
      open,
      hello: () => ({ type: "hello", token: joined.token, page, lang, platform: platform() }),
      now: () => performance.now(),
      timers,
      on: {
        message: (message) => ["ack", "nack"].includes(message.type) && sender.answer(message),
        state: (name) => {
          if (name === "open") return sender.online((bytes) => line.send(bytes));
          sender.offline();
          // The lesson is over; what is left goes with the next try. A hub that knows the phone no more takes nothing.
          if (name === "over" && !sender.done) timers.set(() => line.start(), AGAIN);
          if (["unknown", "bad"].includes(name)) end();
          return undefined;
        },
      },
    });
    line.start();
  });
  const left = sender.unsent;
  await sender.stop();
  return left;
}

/** The old lesson's tabs hear that this phone is somebody else now, and write down what they have. */
function tellTabs(thing) {
  if (!globalThis.BroadcastChannel) return;
  const channel = new BroadcastChannel("messwerk");
  channel.postMessage({ thing });
  channel.close();
}

/**
 * The hub let the phone in as `joined`; `before` is what the store remembers of it (`{joined}`) or nothing. Answers
 * `{again}` where it is the same Thing, else `{lost}`, the seconds of the old one that could not be sent.
 */
export async function arrive({ store, before, joined, lang, open, tell = tellTabs }) {
  if (!before?.joined) return { lost: 0 };
  if (before.joined.thing === joined.thing) return { again: true };
  tell(joined.thing);
  const lost = await rest({ store, joined: before.joined, lang, open });
  await store.wipe(before.joined.thing).catch(() => {});
  return { lost };
}
