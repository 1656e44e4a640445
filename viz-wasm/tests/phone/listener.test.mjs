// The socket of boards and consoles: what it says of a network that is gone, and that it comes back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Listener } from "../../www/listener.js";
import { World } from "./world.mjs";

/** A listener in a world of its own. Its sockets never close by themselves, as those of a dead network. */
function setting(on = {}) {
  const world = new World();
  const [sockets, states] = [[], []];
  const open = () => {
    const socket = { closed: false, close: () => (socket.closed = true), say: (data) => socket.onmessage?.({ data }) };
    sockets.push(socket);
    return socket;
  };
  const listener = new Listener({ open, silence: 8000, now: () => world.time, timers: world.timers, random: () => 0.5, on: { state: (name) => states.push(name), message: () => {}, ...on } });
  return { world, sockets, states, listener };
}

test("a silent socket is given up at once, without waiting for its closing", async () => {
  const { world, sockets, states, listener } = setting();
  listener.start();
  sockets[0].say("{}");
  assert.deepEqual(states, ["connecting", "live"]);
  await world.run(9500);
  assert.equal(states.at(-1), "offline");
  await world.run(600);
  assert.equal(sockets.length, 2, "and another is tried");
  sockets[0].say("{}");
  assert.equal(states.at(-1), "offline", "the old one is not listened to any more");
  sockets[1].say("{}");
  assert.equal(states.at(-1), "live");
});

test("one that does not open in 5 s is tried anew, again and again", async () => {
  const { world, sockets, states, listener } = setting();
  listener.start();
  await world.run(7000);
  assert.equal(states.at(-1), "offline");
  assert.equal(sockets.length, 2);
  await world.run(40_000);
  assert.ok(sockets.length >= 4, `${sockets.length} tries`);
  assert.ok(sockets.slice(0, -1).every((socket) => socket.closed));
});

test("one that speaks is left alone; a page that wakes up does not wait", async () => {
  const { world, sockets, listener } = setting();
  listener.start();
  for (let second = 0; second < 30; second += 1) {
    sockets[0].say("{}");
    await world.run(1000);
  }
  listener.wake();
  assert.equal(sockets.length, 1);
  sockets[0].onclose({ code: 1006 });
  listener.wake();
  assert.equal(sockets.length, 2);
});

test("a refusal is looked into while the tries go on, and ends them", async () => {
  let answer;
  const refused = () => new Promise((done) => (answer = done));
  const { world, sockets, states, listener } = setting({ refused });
  listener.start();
  sockets[0].onclose({ code: 1006 });
  assert.equal(states.at(-1), "offline", "said before the answer is there");
  await world.run(600);
  assert.equal(sockets.length, 2);
  answer(true);
  await world.run(20_000);
  assert.equal(sockets.length, 2, "no use in trying again");
});

test("one that a full hub sends away comes back late", async () => {
  const { world, sockets, listener } = setting();
  listener.start();
  sockets[0].say("{}");
  sockets[0].onclose({ code: 1013 });
  await world.run(7000);
  assert.equal(sockets.length, 1);
  await world.run(2000);
  assert.equal(sockets.length, 2);
});

test("a hub that says it stops is told apart, and some codes are final", async () => {
  const { sockets, states, listener } = setting({ closed: (code) => code === 4404 });
  listener.start();
  sockets[0].say("{}");
  sockets[0].onclose({ code: 1001 });
  assert.equal(states.at(-1), "stopped");
  listener.wake();
  sockets[1].say("{}");
  sockets[1].onclose({ code: 4404 });
  listener.wake();
  assert.equal(sockets.length, 2);
});
