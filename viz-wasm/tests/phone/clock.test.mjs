// The clock's offset under networks with known truth: the error is within what it says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, FIRST, jumped } from "../../www/phone/clock.js";
import { die, World } from "./world.mjs";

const TRUTH = 1_767_437_007_314_000;

/** A clock whose pings take `there` and whose pongs take `back` ms; the hub's clock is `truth()` ahead. */
function setting({ there, back, truth = () => TRUTH }) {
  const world = new World();
  const clock = new Clock({ now: () => Math.round(world.time * 1000), timers: world.timers });
  const sent = [];
  const send = ({ type, t }) => {
    assert.equal(type, "ping");
    sent.push(world.time);
    world.timers.set(() => {
      const hub = Math.round(world.time * 1000) + truth();
      world.timers.set(() => clock.pong({ t, hub }), back());
    }, there());
  };
  return { world, clock, send, sent };
}

test("eight exchanges at once, then one every 30 s", async () => {
  const { world, clock, send, sent } = setting({ there: () => 5, back: () => 5 });
  assert.equal(clock.told(), undefined);
  clock.begin(send);
  await world.run(1000);
  assert.equal(sent.length, FIRST);
  assert.ok(clock.ready);
  await world.run(60_000);
  assert.equal(sent.length, FIRST + 2);
  clock.end();
  await world.run(60_000);
  assert.equal(sent.length, FIRST + 2);
});

test("on an even way there and back the offset is right", async () => {
  const { world, clock, send } = setting({ there: () => 20, back: () => 20 });
  clock.begin(send);
  await world.run(2000);
  assert.deepEqual([clock.told().offset, clock.told().uncertainty >= 20_000, clock.told().uncertainty < 20_100], [TRUTH, true, true]);
  assert.equal(clock.rtt, 40_000);
  assert.equal(clock.hub(1_000_000), TRUTH + 1_000_000);
});

test("the quickest exchange counts, and the truth lies within the uncertainty", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = die(seed);
    // Mostly slow and lopsided; some quick ones among them.
    const delay = () => (random() < 0.3 ? 5 * random() : 400 * random());
    const { world, clock, send } = setting({ there: delay, back: delay });
    clock.begin(send);
    await world.run(20_000);
    const { offset, uncertainty } = clock.told();
    assert.ok(Math.abs(offset - TRUTH) <= uncertainty, `seed ${seed}: off by ${offset - TRUTH}, said ± ${uncertainty}`);
    assert.ok(uncertainty < 220_000);
  }
});

test("an old exchange gives way to a newer one when the clocks drift apart", async () => {
  let world;
  const all = setting({ there: () => 10, back: () => 10, truth: () => TRUTH + Math.round(world.time * 0.02) });
  world = all.world;
  all.clock.begin(all.send);
  await world.run(1_800_000);
  const { offset, uncertainty } = all.clock.told();
  assert.ok(Math.abs(offset - TRUTH - 36_000) <= uncertainty, `${offset - TRUTH - 36_000} ± ${uncertainty}`);
});

test("a clock that slept is believed at once", async () => {
  let truth = TRUTH;
  const { world, clock, send } = setting({ there: () => 10, back: () => 10, truth: () => truth });
  clock.begin(send);
  await world.run(2000);
  const before = clock.told();
  truth += 5_000_000;
  await world.run(31_000);
  assert.ok(jumped(before, clock.told()));
  assert.equal(clock.told().offset, truth);
});

test("answers that cannot be are not looked at", () => {
  const { clock } = setting({ there: () => 1, back: () => 1 });
  clock.pong({ t: 5000, hub: TRUTH });
  clock.pong({ t: "x", hub: TRUTH });
  clock.pong({ t: 0, hub: null });
  assert.equal(clock.told(), undefined);
});

test("a page's clock that stood still while the phone slept: nothing is known before the next exchange", async () => {
  const world = new World();
  let asleep = 0;
  const clock = new Clock({ now: () => Math.round(world.time * 1000), wall: () => Math.round(world.time * 1000) + asleep, timers: world.timers });
  const hub = (late = 0) => Math.round(world.time * 1000) + TRUTH + asleep - late;
  const send = ({ t }) => world.timers.set(() => clock.pong({ t, hub: hub(20_000) }), 40);
  clock.begin(send);
  await world.run(2000);
  const [before, epoch] = [clock.told(), clock.epoch];
  assert.equal(before.offset, TRUTH);
  const old = Math.round(world.time * 1000);
  asleep = 30_000_000;
  assert.deepEqual([clock.told(), clock.ready, clock.hub(), clock.epoch], [undefined, false, undefined, epoch + 1]);
  clock.pong({ t: old - 1000, hub: hub() });
  assert.equal(clock.told(), undefined, "an exchange over the sleep says nothing");
  await world.run(500);
  assert.equal(clock.told().offset, TRUTH + asleep, "it asks at once");
  // The wall clock's small steps are no sleep.
  asleep += 100_000;
  assert.equal(clock.epoch, epoch + 1);
});
