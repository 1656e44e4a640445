// What a phone keeps, and for whom: against an IndexedDB that is imitated as far as it can fail.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arrive, rest } from "../../www/phone/arrival.js";
import { Sender } from "../../www/phone/sender.js";
import { LastingStore, MemoryStore } from "../../www/phone/store.js";
import { head, Hub, steady, World } from "./world.mjs";

const later = (call) => setImmediate(call);

/** A database of tables in memory. `how` may become lost (every transaction fails) or hung (none ever ends). */
class Database {
  constructor(tables) {
    Object.assign(this, { tables, how: "well" });
  }

  close() {}

  transaction() {
    if (this.how === "lost") throw new DOMException("Connection to Indexed Database server lost.", "UnknownError");
    const transaction = {};
    let open = 0;
    let timer;
    const request = (work) => {
      const asked = {};
      open += 1;
      later(() => {
        if (this.how === "hung") return;
        asked.result = work();
        asked.onsuccess?.();
        open -= 1;
        clearImmediate(timer);
        timer = setImmediate(() => setImmediate(() => open === 0 && transaction.oncomplete?.()));
      });
      return asked;
    };
    transaction.objectStore = (name) => {
      const rows = this.tables[name];
      return {
        get: (key) => request(() => rows.get(key)),
        put: (row, key) => request(() => rows.set(key, row)),
        add: (row) => request(() => (rows.set((this.tables.next += 1), row), this.tables.next)),
        delete: (key) => request(() => rows.delete(key)),
        getAll: () => request(() => [...rows.values()]),
        getAllKeys: () => request(() => [...rows.keys()]),
      };
    };
    return transaction;
  }
}

/** A storage that is given up after `patience` ms: short where it is to hang, long where a busy machine must not matter. */
function lasting(patience = 100) {
  const tables = { who: new Map(), batches: new Map(), next: 0 };
  const opened = [new Database(tables)];
  const open = async () => opened[opened.push(new Database(tables)) - 1];
  return { tables, opened, store: new LastingStore(opened[0], open, patience), other: () => new LastingStore(new Database(tables), open, 100) };
}

const A = { joined: { thing: "a", token: "A" } };
const B = { joined: { thing: "b", token: "B" } };

for (const [name, make] of [["in memory", () => new MemoryStore()], ["that lasts", () => lasting().store]]) {
  test(`a store ${name}: nobody reads, overwrites or wipes what another Thing left`, async () => {
    const store = make();
    assert.equal(await store.remember(A), true);
    const number = await store.put({ thing: "a", seq: 1 });
    await store.put({ thing: "b", seq: 1 });
    assert.equal(await store.remember(B), false, "an old tab does not write over who is here now");
    assert.deepEqual(await store.who(), A);
    assert.deepEqual(await store.all("a"), [{ thing: "a", seq: 1, number }]);
    await store.wipe("b");
    assert.deepEqual([await store.who(), (await store.all("a")).length, (await store.all("b")).length], [A, 1, 0]);
    assert.equal(await store.remember(B, { anew: true }), true);
    await store.wipe("a");
    assert.deepEqual([await store.who(), await store.all("a")], [B, []]);
  });
}

test("a connection that is lost is opened once more", async () => {
  const { store, opened } = lasting();
  opened[0].how = "lost";
  await store.remember(A);
  assert.deepEqual([await store.who(), opened.length], [A, 2]);
  opened[1].how = "lost";
  assert.equal(await store.put({ thing: "a" }), 1);
});

test("a storage that hangs holds nobody up, and is used again when it answers", async () => {
  const { store, opened } = lasting();
  opened[0].how = "hung";
  const begin = Date.now();
  await assert.rejects(store.put({ thing: "a" }), /no answer/);
  for (let count = 0; count < 20; count += 1) await assert.rejects(store.put({ thing: "a" }), /does not answer/);
  assert.ok(Date.now() - begin < 1000, "twenty batches do not wait one after the other");
});

/** A sender of a Thing over a store, in a world of its own. */
function sending(store, thing, world = new World()) {
  const sender = new Sender({ store, clock: steady(world), timers: world.timers, shortest: 100 });
  sender.thing = thing;
  return sender;
}

test("two tabs over one storage send each its own Thing's readings, and no other's", async () => {
  const { store, other } = lasting();
  const world = new World();
  const [a, b] = [sending(store, "a", world), sending(other(), "b", world)];
  a.begin([{ stream: "gyr", property: 3, components: 3 }]);
  for (let count = 0; count < 60; count += 1) a.take("gyr", count * 16_667, [0, 0, 0]);
  await a.finish();
  assert.ok(a.waiting.size > 0);
  const sent = [];
  b.online((bytes) => sent.push(bytes));
  await b.recover();
  assert.deepEqual([b.waiting.size, sent.length], [0, 0]);
  const reloaded = sending(other(), "a", world);
  await reloaded.recover();
  assert.equal(reloaded.waiting.size, a.waiting.size);
});

/** A socket to a hub that knows a Thing by its token. */
function socketTo(hub, token = "A") {
  const socket = { readyState: 1, close() {} };
  socket.send = (what) => {
    if (typeof what !== "string") return later(() => socket.onmessage?.({ data: JSON.stringify(hub.answer(what)) }));
    const known = JSON.parse(what).token === token;
    return later(() => (known ? socket.onmessage?.({ data: '{"type":"welcome"}' }) : socket.onclose?.({ code: 4401 })));
  };
  later(() => socket.onopen?.());
  return socket;
}

async function left() {
  const { store } = lasting(5000);
  await store.remember(A);
  const sender = sending(store, "a");
  sender.begin([{ stream: "gyr", property: 3, components: 3 }]);
  for (let count = 0; count < 120; count += 1) sender.take("gyr", count * 16_667, [0, 0, 0]);
  await sender.finish();
  return { store, readings: sender.totals.taken };
}

test("who goes on to another lesson sends what the old one left first; then the old one is gone", async () => {
  const { store, readings } = await left();
  const hub = new Hub();
  const answer = await arrive({ store, before: A, joined: B.joined, lang: "de", open: () => socketTo(hub), tell: () => {} });
  assert.deepEqual(answer, { lost: 0 });
  assert.equal(hub.readings(3).length, readings);
  assert.deepEqual([await store.who(), await store.all("a")], [undefined, []]);
});

test("what the old lesson's hub does not take is told in seconds", async () => {
  const { store } = await left();
  const { lost } = await arrive({ store, before: A, joined: B.joined, lang: "de", open: () => socketTo(new Hub(), "another"), tell: () => {} });
  assert.ok(lost > 1.8 && lost < 2.2, `${lost} s`);
  const silent = () => ({ readyState: 0, close() {}, send() {} });
  const again = await left();
  assert.ok((await rest({ store: again.store, joined: A.joined, lang: "de", open: silent, patience: 100, others: 0 })) > 1.8, "and a hub that is not there is not waited for");
});

test("the same Thing again: nothing is sent, nothing forgotten", async () => {
  const { store } = await left();
  const before = (await store.all("a")).length;
  const open = () => assert.fail("no socket");
  assert.deepEqual(await arrive({ store, before: A, joined: A.joined, lang: "de", open, tell: () => {} }), { again: true });
  assert.deepEqual([(await store.who()).joined, (await store.all("a")).length], [A.joined, before]);
  assert.equal(head((await store.all("a"))[0].bytes).property, 3);
});
