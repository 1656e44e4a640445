// The sending module: whatever the network does, the hub has every reading that was taken exactly once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../../www/phone/clock.js";
import { Sender, UNANSWERED } from "../../www/phone/sender.js";
import { MemoryStore } from "../../www/phone/store.js";
import { die, head, Hub, Network, offsetOf, steady, times, World } from "./world.mjs";

const GYR = { stream: "gyr", property: 3, components: 3, steps: 572.957795 };
const ACC = { stream: "acc", property: 1, components: 3, steps: 10 };
/** Hub time minus page time, as `steady` tells it. */
const OFFSET = 1_767_437_000_000_000;

/** A sender in a world of its own. */
function setting({ seed = 1, store = new MemoryStore(), network = {}, hub = {}, ...options } = {}) {
  const random = die(seed);
  const world = options.world ?? new World();
  const page = (clock = steady(world)) =>
    new Sender({
      store,
      clock,
      timers: world.timers,
      boot: () => Array.from({ length: 16 }, () => Math.floor(16 * random()).toString(16)).join(""),
      ...options,
    });
  const there = new Hub({ random, ...hub });
  return { random, world, store, hub: there, net: new Network(world, there, random, network), page, sender: page() };
}

/** Readings of both streams every 1/60 s for so many seconds; answers the times that were handed in. */
async function measure({ world }, sender, seconds, random = () => 0.5) {
  const begin = world.time;
  const handed = [];
  for (let count = 0; world.time < begin + 1000 * seconds; count += 1) {
    const at = Math.round(begin * 1000 + count * 16_667 + 400 * random());
    handed.push(at);
    sender.take("gyr", at, [0.1 * count, 0, -0.2].map((degrees) => (Math.round(degrees * 10) / 10) * (Math.PI / 180)));
    sender.take("acc", at, [0.1, -9.8, Math.round(10 * random()) / 10]);
    await world.run(begin + ((count + 1) * 1000) / 60 - world.time);
  }
  return handed;
}

/** A page whose clock stands still while it sleeps, and a hub whose clock goes on. */
function sleeper() {
  const world = new World();
  const now = () => Math.round(world.time * 1000);
  let asleep = 0;
  const clock = new Clock({ now, wall: () => now() + asleep, timers: world.timers });
  const all = setting({ world });
  const sender = all.page(clock);
  const hubTime = () => now() + OFFSET + asleep;
  /** Where every reading belongs, by the time it was handed in: the clock of then, never a later one. */
  const handed = new Map();
  return {
    ...all,
    clock,
    sender,
    hubTime,
    sleep: (seconds) => (asleep += 1e6 * seconds),
    compare: () => clock.begin(({ t }) => world.timers.set(() => clock.pong({ t, hub: hubTime() - 20_000 }), 40)),
    async measure(seconds) {
      const before = asleep;
      const taken = await measure(all, sender, seconds);
      for (const at of taken) handed.set(at, at + OFFSET + before);
      return taken;
    },
    /** The readings of a property that have arrived, by their own time; each where it belongs, within 30 ms. */
    arrived(property) {
      const found = stamped(all.hub, property);
      for (const [at, stamp] of found) assert.ok(Math.abs(stamp - handed.get(at)) < 30_000, `off by ${(stamp - handed.get(at)) / 1000} ms`);
      return found.map(([at]) => at);
    },
  };
}

/** `[time, hub time]` of the readings of a property that the hub has, in order of time. */
const stamped = (hub, property) =>
  [...hub.batches.values()]
    .filter((bytes) => head(bytes).property === property)
    .flatMap((bytes) => times(bytes).map((at) => [at, at + offsetOf(bytes)]))
    .sort(([one], [other]) => one - other);

/** The times of a property's readings by boot, in order of their arrival; fails where a number is left out. */
function recordings(hub, property) {
  const found = new Map();
  for (const bytes of hub.batches.values()) {
    const { boot, seq, property: of } = head(bytes);
    if (of !== property) continue;
    const batches = found.get(boot) ?? found.set(boot, []).get(boot);
    batches[seq - 1] = times(bytes);
  }
  for (const batches of found.values()) assert.ok(!Array.from(batches).includes(undefined), "no number is left out");
  return [...found.values()].map((batches) => batches.flat());
}

test("on a good network every batch is stored once, in order, with whole steps", async () => {
  const all = setting();
  const { world, sender, hub, net } = all;
  net.connect(sender);
  sender.begin([GYR, ACC]);
  const handed = await measure(all, sender, 5);
  await sender.finish();
  await world.run(3000);
  assert.deepEqual(hub.readings(3), handed);
  assert.deepEqual(hub.readings(1), handed);
  assert.equal(hub.duplicates, 0);
  assert.equal(sender.unsent, 0);
  assert.ok(sender.done);
  const heads = [...hub.batches.values()].map(head);
  assert.ok(heads.every(({ flags }) => flags === 3), "steps, a clock, differences of two bytes");
  assert.equal(new Set(heads.map(({ boot }) => boot)).size, 2, "one boot a stream");
  const numbers = heads.filter(({ property }) => property === 3).map(({ seq }) => seq);
  assert.deepEqual(numbers, numbers.map((_, place) => place + 1));
  // 12 to 13 readings at 60 Hz: 200 ms.
  assert.ok(heads.every(({ readings }) => readings <= 14), JSON.stringify(heads.map(({ readings }) => readings)));
});

// Thousands of batches through ten networks, none of which can be trusted.
for (let seed = 1; seed <= 10; seed += 1) {
  test(`exactly once through a network that drops, doubles, delays and cuts (seed ${seed})`, async () => {
    const network = { drop: 0.05, double: 0.1, delay: [1, 300], cut: 0.03, away: [100, 6000] };
    const all = setting({ seed, network, hub: { nacks: 0.03 } });
    const { world, sender, hub, net, random } = all;
    net.connect(sender);
    const handed = [];
    // Two Takes, each under a new boot.
    for (let take = 0; take < 2; take += 1) {
      sender.begin([GYR, ACC]);
      handed.push(...(await measure(all, sender, 60, random)));
      await sender.finish();
    }
    await world.run(600_000, () => sender.done);
    assert.ok(sender.done, `${sender.waiting.size} batches left`);
    assert.deepEqual(hub.readings(3), handed);
    assert.deepEqual(hub.readings(1), handed);
    assert.equal(sender.totals.taken, 2 * handed.length);
    assert.ok(net.cuts > 0 && hub.duplicates > 0, "the network was bad");
    assert.ok(hub.batches.size > 200, `${hub.batches.size} batches`);
    assert.equal((await all.store.all()).length, 0, "nothing acknowledged is kept");
  });
}

test("a page that is reloaded at any moment loses nothing that was taken", async () => {
  for (let seed = 20; seed < 30; seed += 1) {
    const all = setting({ seed, network: { drop: 0.02, double: 0.05, delay: [20, 400], cut: 0.02 } });
    const { world, hub, store, random, page } = all;
    let taken = 0;
    let net;
    for (let load = 0; load < 6; load += 1) {
      const sender = page();
      await sender.recover();
      net = new Network(world, hub, random, all.net);
      net.connect(sender);
      sender.begin([GYR]);
      await measure(all, sender, 3 + 5 * random(), random);
      taken += sender.totals.taken;
      // Gone without a word: what was collected for the open batch was never taken, and all else is in the store.
      net.epoch += 1;
      net.break = () => {};
      sender.send = undefined;
      sender.session = undefined;
      sender.streams = new Map();
      world.timers.clear(sender.timer);
    }
    const last = page();
    await last.recover();
    new Network(world, hub, random, all.net).connect(last);
    await world.run(600_000, () => last.done);
    const stored = hub.readings(3);
    assert.equal(stored.length, taken);
    assert.equal(new Set(stored).size, stored.length, "no reading twice");
    assert.equal((await store.all()).length, 0);
  }
});

test("never more than 32 unanswered, and the rest follows", async () => {
  const all = setting();
  const { world, sender, hub } = all;
  sender.begin([GYR]);
  await measure(all, sender, 60);
  await sender.finish();
  const out = [];
  sender.online((bytes) => out.push(bytes));
  assert.equal(out.length, UNANSWERED);
  assert.ok(sender.unsent > 59.5 && sender.unsent < 60.5, `${sender.unsent} s`);
  for (let answered = 0; answered < out.length; answered += 1) sender.answer(hub.answer(out[answered]));
  assert.ok(sender.done);
  assert.equal(out.length, sender.totals.taken && hub.batches.size);
  await world.run(100);
});

test("the network decides how long a batch is", async () => {
  for (const [delay, least, most] of [[[5, 10], 5, 8], [[150, 150], 20, 45], [[700, 800], 55, 62]]) {
    const all = setting({ network: { delay } });
    const { world, sender, hub, net } = all;
    net.connect(sender);
    sender.begin([GYR]);
    await measure(all, sender, 30);
    await sender.finish();
    await world.run(5000);
    const sizes = [...hub.batches.values()].map((bytes) => head(bytes).readings).slice(-8, -1);
    assert.ok(sizes.every((size) => size >= least && size <= most), `${delay} ms: ${sizes}`);
  }
});

test("a nack holds everything back for as long as it says, and then the same goes again", async () => {
  const all = setting();
  const { world, sender, hub } = all;
  const out = [];
  sender.online((bytes) => out.push([world.time, bytes]));
  sender.begin([GYR]);
  await measure(all, sender, 0.25);
  const { boot, property, seq } = head(out[0][1]);
  sender.answer({ type: "nack", boot, property, seq, retry_ms: 2000, code: "busy", detail: "" });
  const [from, sent] = [world.time, out.length];
  await measure(all, sender, 1.5);
  assert.equal(out.length, sent, "silent while the hub has no room");
  await measure(all, sender, 1);
  assert.ok(out[sent][0] >= from + 2000 && out[sent][0] < from + 2300);
  assert.deepEqual(head(out[sent][1]), head(out[0][1]));
  for (const [, bytes] of out.slice(1)) sender.answer(hub.answer(bytes));
});

test("what no longer fits is dropped, the oldest first, counted and said", async () => {
  const all = setting({ most: 600 });
  const { sender, hub, net, world } = all;
  sender.begin([GYR]);
  const handed = await measure(all, sender, 20);
  await sender.finish();
  const { dropped, dropped_s } = sender.totals;
  assert.equal(dropped + 600 >= handed.length && dropped % 1 === 0, true);
  assert.ok(dropped_s > 9 && dropped_s < 11, `${dropped_s} s`);
  net.connect(sender);
  await world.run(5000);
  assert.deepEqual(hub.readings(3), handed.slice(dropped), "the newest are there");
});

test("twenty minutes at 60 Hz are kept", async () => {
  const all = setting();
  const { sender, world, hub, net } = all;
  sender.begin([GYR]);
  for (let count = 0; count < 72_000; count += 1) {
    sender.take("gyr", count * 16_667, [0, 0, 0.1]);
    if (count % 60 === 0) await world.run(1000);
  }
  await sender.finish();
  assert.equal(sender.totals.dropped, 0);
  const bytes = (await all.store.all()).reduce((sum, entry) => sum + entry.bytes.length, 0);
  assert.ok(bytes < 1_200_000, `${bytes} bytes`);
  net.connect(sender);
  await world.run(120_000, () => sender.done);
  assert.equal(hub.readings(3).length, 72_000);
});

test("only readings between start and stop count", async () => {
  const all = setting();
  const { sender, hub, net, world } = all;
  const offset = 1_767_437_000_000_000;
  net.connect(sender);
  // The countdown runs for a second more; the sensor does already.
  sender.begin([GYR], { begins: offset + 1_000_000 });
  const handed = await measure(all, sender, 3.1);
  // The word that it stopped comes a little late. What went out meanwhile the hub leaves out itself.
  await sender.finish(offset + 3_050_000);
  await world.run(2000);
  assert.deepEqual(hub.readings(3), handed.filter((at) => at >= 1_000_000 && at < 3_050_000));
});

test("a pause is a new boot; so is a clock that jumped", async () => {
  const world = new World();
  const clock = steady(world);
  const all = setting({ world });
  const sender = all.page(clock);
  all.net.connect(sender);
  sender.begin([GYR]);
  const boots = () => new Set([...all.hub.batches.values()].map((bytes) => head(bytes).boot)).size;
  await measure(all, sender, 1);
  sender.interrupt();
  await measure(all, sender, 1);
  assert.equal(boots(), 2);
  // A millisecond is drift and stays; a second is a clock that slept.
  clock.told = () => ({ offset: 1_767_437_000_001_000, uncertainty: 2500 });
  await measure(all, sender, 1);
  assert.equal(boots(), 2);
  clock.told = () => ({ offset: 1_767_437_001_000_000, uncertainty: 2500 });
  await measure(all, sender, 1);
  await sender.finish();
  await world.run(1000);
  assert.equal(boots(), 3);
});

test("readings wait for the clock, and go without its last precision if that takes too long", async () => {
  const world = new World();
  const clock = { ...steady(world), ready: false };
  const all = setting({ world });
  const sender = all.page(clock);
  all.net.connect(sender);
  sender.begin([GYR]);
  await measure(all, sender, 2);
  assert.equal(all.hub.batches.size, 0);
  const handed = await measure(all, sender, 3);
  await sender.finish();
  await world.run(1000);
  assert.equal(all.hub.readings(3).length, 2 * 60 + handed.length);
});

test("a storage that fails is said, and the readings go all the same", async () => {
  const store = new MemoryStore();
  store.lasting = true;
  store.put = async () => {
    throw new Error("the disk is full");
  };
  const all = setting({ store });
  all.net.connect(all.sender);
  all.sender.begin([GYR]);
  const handed = await measure(all, all.sender, 2);
  await all.sender.finish();
  await all.world.run(1000);
  assert.equal(all.sender.lasting, false);
  assert.deepEqual(all.hub.readings(3), handed);
});

test("nonsense of a sensor is not taken", async () => {
  const all = setting();
  const { sender, hub, net, world } = all;
  net.connect(sender);
  sender.begin([GYR]);
  sender.take("gyr", 1000, [0, 0, 1]);
  sender.take("gyr", 1000, [0, 0, 2]);
  sender.take("gyr", 500, [0, 0, 3]);
  sender.take("gyr", 2000, [0, Number.NaN, 3]);
  sender.take("mag", 2000, [0, 0, 0]);
  await sender.finish();
  await world.run(500);
  assert.deepEqual(hub.readings(3), [1000]);
});

test("a phone that slept while its clock stood still tells no wrong time: not before the next exchange", async () => {
  const world = new World();
  let asleep = 0;
  const now = () => Math.round(world.time * 1000);
  const clock = new Clock({ now, wall: () => now() + asleep, timers: world.timers });
  const ping = ({ t }) => world.timers.set(() => clock.pong({ t, hub: now() + OFFSET + asleep - 20_000 }), 40);
  const all = setting({ world });
  const sender = all.page(clock);
  const sent = [];
  sender.online((bytes) => sent.push(bytes));
  clock.begin(ping);
  await world.run(2000);
  sender.begin([GYR]);
  await measure(all, sender, 1);
  sender.interrupt();
  clock.end();
  sender.offline();
  asleep = 30_000_000;
  // Sensors come at once, the hub 700 ms later.
  const woken = now();
  await measure(all, sender, 0.7);
  clock.begin(ping);
  sender.online((bytes) => sent.push(bytes));
  await measure(all, sender, 0.02);
  // The Take ends before the first exchange: what was measured waits for it all the same.
  await sender.finish();
  assert.ok(!sender.done);
  await world.run(2000);
  for (const bytes of sent) sender.answer(all.hub.answer(bytes));
  await world.run(15_000, () => sender.done);
  assert.ok(sender.done);
  const offsets = new Map();
  for (const bytes of sent) offsets.set(head(bytes).first, offsetOf(bytes));
  const errors = [...offsets].map(([first, offset]) => Math.abs(offset - OFFSET - (first >= woken ? asleep : 0)));
  assert.ok([...offsets.keys()].some((first) => first >= woken) && [...offsets.keys()].some((first) => first < woken));
  assert.ok(Math.max(...errors) < 1000, `off by ${Math.max(...errors)} µs`);
  assert.equal(sender.totals.dropped, 0);
});

test("a nack after the end, on a slow storage, is not the last word", async () => {
  const store = new MemoryStore();
  const world = new World();
  const put = store.put.bind(store);
  store.put = async (batch) => {
    await new Promise((done) => world.timers.set(done, 300));
    return put(batch);
  };
  const all = setting({ world, store });
  const { sender, hub } = all;
  const sent = [];
  sender.online((bytes) => sent.push(bytes));
  sender.begin([GYR]);
  sender.take("gyr", 0, [0, 0, 0]);
  await world.run(20);
  sender.take("gyr", 20_000, [0, 0, 1]);
  sender.finish();
  await world.run(2000);
  assert.equal(sent.length, 1);
  const { boot, property, seq } = head(sent[0]);
  sender.answer({ type: "nack", boot, property, seq, retry_ms: 500 });
  await world.run(2000);
  assert.equal(sent.length, 2, "sent again without a new connection");
  sender.answer(hub.answer(sent[1]));
  assert.ok(sender.done);
});

test("what was never compared before the next sleep gets no other clock: it is lost, said, and all else goes on", async () => {
  const all = sleeper();
  const { world, sender, net, compare, sleep, clock } = all;
  net.connect(sender);
  compare();
  await world.run(2000);
  sender.begin([GYR]);
  const first = await all.measure(1);
  clock.end();
  sleep(30);
  // The network is away: no exchange between this sleep and the next, and the Take ends meanwhile.
  const between = await all.measure(2);
  sender.finish();
  assert.ok(!sender.done);
  sleep(60);
  await world.run(1000);
  assert.ok(sender.done && sender.late.length === 0, "nothing waits for a clock that nobody knows any more");
  compare();
  await world.run(1000);
  assert.deepEqual(all.arrived(3), first);
  assert.equal(sender.totals.dropped, between.length);
  assert.ok(sender.totals.dropped_s > 1.9 && sender.totals.dropped_s < 2.1, `${sender.totals.dropped_s} s`);
  // The sender lives: the next Take is sent as ever.
  sender.begin([GYR]);
  const then = await all.measure(1);
  sender.finish();
  await world.run(1000);
  assert.deepEqual(all.arrived(3), [...first, ...then]);
});

test("a sleep after the end does not stop the next Take, nor the one before by the next one's begin", async () => {
  const all = sleeper();
  const { world, sender, net, compare, sleep, clock, hubTime } = all;
  net.connect(sender);
  compare();
  await world.run(2000);
  sender.begin([GYR]);
  const first = await all.measure(1);
  clock.end();
  sleep(30);
  const between = await all.measure(1);
  sender.finish();
  sleep(60);
  sender.begin([GYR], { begins: hubTime() });
  const then = await all.measure(1);
  compare();
  then.push(...(await all.measure(4)));
  sender.finish();
  await world.run(1000);
  assert.ok(sender.done);
  assert.deepEqual(all.arrived(3), [...first, ...then]);
  assert.equal(sender.totals.dropped, between.length);
  assert.equal(sender.totals.taken, first.length + then.length);
});

test("within a recording no reading is told by the clock of before an earlier sleep", async () => {
  const all = sleeper();
  const { world, sender, net, compare, sleep, clock } = all;
  net.connect(sender);
  compare();
  await world.run(2000);
  sender.begin([GYR]);
  const first = await all.measure(1);
  clock.end();
  sleep(30);
  const between = await all.measure(1);
  sleep(60);
  compare();
  const then = await all.measure(4);
  sender.finish();
  await world.run(1000);
  assert.deepEqual(all.arrived(3), [...first, ...then]);
  assert.equal(sender.totals.dropped, between.length);
});

for (const next of [false, true]) {
  test(`what waits of a Take that is over is judged by that Take, ${next ? "also while the next one runs" : "also while none runs"}`, async () => {
    // The sleep was noticed between two looks: the comparison of then is known to the stream, and to the clock no more.
    const world = new World();
    const clock = { ...steady(world), epoch: 0 };
    const all = setting({ world });
    const sender = all.page(clock);
    all.net.connect(sender);
    sender.begin([GYR]);
    const handed = await measure(all, sender, 1);
    clock.told = () => undefined;
    handed.push(...(await measure(all, sender, 1)));
    sender.finish();
    if (next) sender.begin([GYR], { begins: OFFSET + 60_000_000 });
    clock.epoch += 1;
    await world.run(1000);
    assert.deepEqual(stamped(all.hub, 3), handed.map((at) => [at, at + OFFSET]));
  });
}

for (const [name, known] of [["is not ready", { ready: false }], ["was not compared", { ready: false, told: () => undefined }]]) {
  test(`a pause while the clock ${name} is a gap all the same`, async () => {
    const world = new World();
    const clock = { ...steady(world), ...known };
    const all = setting({ world });
    const sender = all.page(clock);
    all.net.connect(sender);
    sender.begin([GYR, ACC], { begins: OFFSET + 100_000 });
    const before = await measure(all, sender, 1);
    sender.interrupt();
    // How a sensor rounds holds for what follows alone.
    sender.steps("acc", undefined);
    // A second pause, before anything came, divides nothing.
    sender.interrupt();
    const after = await measure(all, sender, 1);
    assert.ok(sender.unsent > 0.9, `${sender.unsent} s`);
    Object.assign(clock, steady(world));
    after.push(...(await measure(all, sender, 1)));
    sender.finish();
    await world.run(1000);
    assert.ok(sender.done);
    const counted = before.filter((at) => at >= 100_000);
    for (const { property } of [GYR, ACC]) assert.deepEqual(recordings(all.hub, property), [counted, after]);
    assert.equal(sender.totals.dropped, 0);
    assert.equal(sender.totals.taken, 2 * (counted.length + after.length));
    for (const bytes of all.hub.batches.values()) {
      const { property, first, flags } = head(bytes);
      assert.equal(Boolean(flags & 1), property === GYR.property || first < after[0]);
    }
  });
}

test("the hub, which counts Runs as they arrive, gets the older first", async () => {
  const world = new World();
  const clock = { ...steady(world), told: () => undefined };
  const all = setting({ world });
  const sender = all.page(clock);
  sender.begin([GYR]);
  const handed = [await measure(all, sender, 0.5)];
  sender.finish();
  sender.begin([GYR]);
  handed.push(await measure(all, sender, 0.5));
  // The comparison and the end come in the same moment: no timer has looked at what waits.
  Object.assign(clock, steady(world));
  await sender.finish();
  for (const { bytes } of sender.waiting.values()) all.hub.answer(bytes);
  assert.deepEqual(recordings(all.hub, 3), handed);
});

test("after a group has gone nothing is told of it", async () => {
  const all = setting({ most: 60 });
  const { sender, world } = all;
  sender.begin([GYR]);
  await measure(all, sender, 5);
  await sender.finish();
  const sent = [];
  sender.online((bytes) => sent.push(bytes));
  sender.answer({ ...all.hub.answer(sent[0]), stored: 0, rejected: 7, reasons: [{ reason: "not_recording", count: 7 }] });
  assert.ok(sender.totals.dropped_s > 1 && sender.totals.rejected === 7 && sender.reasons.not_recording === 7);
  await sender.stop();
  sender.clear();
  assert.deepEqual(sender.reasons, {});
  assert.ok(Object.values(sender.totals).every((count) => count === 0), JSON.stringify(sender.totals));
  // The next group's own is counted from nothing.
  sender.begin([GYR]);
  const handed = await measure(all, sender, 0.5);
  await sender.finish();
  await world.run(500);
  assert.equal(sender.totals.taken, handed.length);
});
