// What a phone keeps: who it is in this lesson (one record) and the batches the hub has not acknowledged, each with the
// Thing that measured it. Both stores do the same; the one in memory forgets with the page, and says so by `lasting`.
//
// Several tabs share what lasts, and a phone may go from one lesson to the next while an old tab still lives: nobody reads,
// overwrites or wipes what another Thing left. Nothing else is kept in the browser, and `wipe` leaves nothing behind.

const NAME = "messwerk";
const VERSION = 1;
/** A browser that has not answered after this long (private windows may hang, iOS loses its storage's server) will not. */
const PATIENCE = 3000;

/** Whether a record in the store is this Thing's; one without a Thing is nobody's and may go. */
const own = (record, thing) => !record || record.joined?.thing === undefined || record.joined.thing === thing;

/** Keeps everything as long as the page lives. */
export class MemoryStore {
  constructor() {
    this.lasting = false;
    this.me = undefined;
    this.rows = new Map();
    this.next = 1;
  }

  async who() {
    return this.me;
  }

  /** Remembers who this phone is; false if it is another Thing by now. `anew` takes the other's place. */
  async remember(me, { anew = false } = {}) {
    if (!anew && !own(this.me, me.joined?.thing)) return false;
    this.me = me;
    return true;
  }

  /** Takes a batch; when it resolves, the batch is kept. Answers the number to forget it by. */
  async put(batch) {
    const number = (this.next += 1);
    this.rows.set(number, batch);
    return number;
  }

  async forget(number) {
    this.rows.delete(number);
  }

  /** The batches of a Thing in the order they were put, each with its `number`. */
  async all(thing) {
    return [...this.rows].map(([number, batch]) => ({ ...batch, number })).filter((batch) => batch.thing === thing);
  }

  /** Forgets a Thing: who it is and its batches. */
  async wipe(thing) {
    if (own(this.me, thing)) this.me = undefined;
    for (const [number, batch] of this.rows) if (batch.thing === undefined || batch.thing === thing) this.rows.delete(number);
  }
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("the storage gave up"));
  });

/** A promise that does not wait for ever. */
function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error("no answer from the storage")), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Keeps everything in IndexedDB, which works without HTTPS too. */
export class LastingStore {
  /** `open()` opens the database; it is asked again when the connection is lost. */
  constructor(database, open, patience = PATIENCE) {
    this.lasting = true;
    this.reopen = open;
    this.patience = patience;
    /** Transactions that did not answer in time: while there are any, nobody waits for another. */
    this.stuck = 0;
    this.use(database);
  }

  use(database) {
    this.database = database;
    // Another tab wants to delete or upgrade: do not stand in its way.
    database.onversionchange = () => database.close();
  }

  /** One transaction, in time; where the connection is lost, one more on a new one. */
  async run(mode, tables, work) {
    if (this.stuck > 0) throw new Error("the storage does not answer");
    const once = async () => {
      const transaction = this.database.transaction(tables, mode);
      const ended = finished(transaction);
      const [answer] = await Promise.all([work((table) => transaction.objectStore(table)), ended]);
      return answer;
    };
    const timed = async () => {
      const running = once();
      let over = false;
      const settle = () => (over = true);
      running.then(settle, settle);
      try {
        return await within(this.patience, running);
      } catch (error) {
        if (!over) {
          this.stuck += 1;
          const free = () => (this.stuck -= 1);
          running.then(free, free);
          throw Object.assign(error, { hangs: true });
        }
        throw error;
      }
    };
    try {
      return await timed();
    } catch (error) {
      if (error.hangs) throw error;
      this.use(await within(this.patience, this.reopen()));
      return timed();
    }
  }

  who() {
    return this.run("readonly", ["who"], (table) => done(table("who").get(1)));
  }

  remember(me, { anew = false } = {}) {
    return this.run("readwrite", ["who"], async (table) => {
      const who = table("who");
      if (!anew && !own(await done(who.get(1)), me.joined?.thing)) return false;
      await done(who.put(me, 1));
      return true;
    });
  }

  put(batch) {
    return this.run("readwrite", ["batches"], (table) => done(table("batches").add(batch)));
  }

  forget(number) {
    return this.run("readwrite", ["batches"], (table) => done(table("batches").delete(number)));
  }

  async all(thing) {
    const [rows, numbers] = await this.run("readonly", ["batches"], (table) => Promise.all([done(table("batches").getAll()), done(table("batches").getAllKeys())]));
    return rows.map((row, place) => ({ ...row, number: numbers[place] })).filter((row) => row.thing === thing);
  }

  wipe(thing) {
    return this.run("readwrite", ["who", "batches"], async (table) => {
      const [who, batches] = [table("who"), table("batches")];
      if (own(await done(who.get(1)), thing)) who.delete(1);
      const [rows, numbers] = await Promise.all([done(batches.getAll()), done(batches.getAllKeys())]);
      rows.forEach((row, place) => (row.thing === undefined || row.thing === thing) && batches.delete(numbers[place]));
    });
  }
}

/** Opens the browser's storage; where there is none, the memory. */
export async function openStore(indexedDB = globalThis.indexedDB) {
  const open = () => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("who");
      request.result.createObjectStore("batches", { autoIncrement: true });
    };
    return done(request);
  };
  try {
    return new LastingStore(await within(PATIENCE, open()), open);
  } catch (error) {
    console.warn(`nothing is kept over a reload: ${error}`);
    return new MemoryStore();
  }
}
