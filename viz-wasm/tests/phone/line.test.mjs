// The socket of a phone: greets, comes back, and knows when not to.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Line } from "../../www/phone/line.js";
import { World } from "./world.mjs";

/** A line in a world of its own; `sockets` are all it opened, for the test to answer. */
function setting() {
  const world = new World();
  const sockets = [];
  const states = [];
  const messages = [];
  const open = () => {
    const socket = {
      readyState: 0,
      sent: [],
      send: (what) => socket.sent.push(what),
      close: () => (socket.readyState = 3),
      welcome() {
        socket.readyState = 1;
        socket.onopen();
        socket.onmessage({ data: JSON.stringify({ type: "welcome" }) });
      },
    };
    sockets.push(socket);
    return socket;
  };
  const line = new Line({
    open,
    hello: () => ({ type: "hello" }),
    now: () => world.time,
    timers: world.timers,
    random: () => 0.5,
    on: { state: (name) => states.push(name), message: (message) => messages.push(message.type) },
  });
  return { world, sockets, states, messages, line };
}

test("it greets first and is open when it is welcomed", async () => {
  const { sockets, states, messages, line } = setting();
  line.start();
  assert.equal(line.send({ type: "ping" }), false, "nothing goes out before");
  sockets[0].welcome();
  assert.deepEqual(sockets[0].sent, ['{"type":"hello"}']);
  assert.deepEqual([states, messages], [["connecting", "open"], ["welcome"]]);
  assert.equal(line.send(new Uint8Array([1])), true);
});

test("it comes back sooner, then later, and at once when woken", async () => {
  const { world, sockets, states, line } = setting();
  line.start();
  sockets[0].welcome();
  sockets[0].onclose({ code: 1006 });
  assert.equal(states.at(-1), "offline");
  await world.run(600);
  assert.equal(sockets.length, 2);
  sockets[1].onclose({ code: 1006 });
  await world.run(600);
  assert.equal(sockets.length, 2, "a second the second time");
  line.wake();
  assert.equal(sockets.length, 3);
  sockets[2].welcome();
  assert.equal(states.at(-1), "open");
  line.wake();
  assert.equal(sockets.length, 3, "one that was just heard is not torn down");
  await world.run(5000);
  line.wake();
  assert.equal(sockets.length, 4, "one that was not heard of late is not trusted");
});

test("a hub that does not answer in 5 s is tried anew", async () => {
  const { world, sockets, line } = setting();
  line.start();
  await world.run(7500);
  assert.equal(sockets.length, 2);
  assert.equal(sockets[0].readyState, 3);
});

test("silence while an answer is due is a dead socket; silence in rest is not", async () => {
  const { world, sockets, line } = setting();
  line.start();
  sockets[0].welcome();
  await world.run(60_000);
  assert.equal(sockets.length, 1);
  line.send(new Uint8Array([1]));
  await world.run(11_000);
  assert.equal(sockets.length, 2);
});

test("what is final is final, until somebody asks for it", async () => {
  for (const [code, name] of [[4400, "bad"], [4401, "unknown"], [4409, "elsewhere"], [4410, "over"]]) {
    const { world, sockets, states, line } = setting();
    line.start();
    sockets[0].welcome();
    sockets[0].onclose({ code });
    line.wake();
    await world.run(60_000);
    assert.equal(sockets.length, 1);
    assert.equal(states.at(-1), name);
    line.start();
    sockets[1].welcome();
    assert.equal(states.at(-1), "open");
  }
});

test("a hub that stops says so, and is found again", async () => {
  const { world, sockets, states, line } = setting();
  line.start();
  sockets[0].welcome();
  sockets[0].onclose({ code: 1001 });
  assert.equal(states.at(-1), "stopped");
  await world.run(1000);
  sockets[1].welcome();
  assert.equal(states.at(-1), "open");
});
