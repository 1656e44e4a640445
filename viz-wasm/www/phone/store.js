// What a phone keeps: who it is in this lesson (one record) and the batches the hub has not acknowledged. Both stores do
// the same; the one in memory forgets with the page, and says so by `lasting`.
//
// Nothing else is kept in the browser. `wipe` leaves nothing behind.

const NAME = "messwerk";
const VERSION = 1;
/** A browser that has not opened its storage after this long (private windows may hang) will not. */
const PATIENCE = 3000;

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

  async remember(me) {
    this.me = me;
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

  /** All batches in the order they were put, each with its `number`. */
  async all() {
    return [...this.rows].map(([number, batch]) => ({ ...batch, number }));
  }

  async wipe() {
    this.me = undefined;
    this.rows.clear();
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
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });

/** Keeps everything in IndexedDB, which works without HTTPS too. */
class LastingStore {
  constructor(database) {
    this.lasting = true;
    this.database = database;
    // Another tab wants to delete or upgrade: do not stand in its way.
    database.onversionchange = () => database.close();
  }

  async within(mode, table, work) {
    const transaction = this.database.transaction(table, mode);
    const result = work(transaction.objectStore(table));
    const [answer] = await Promise.all([result && done(result), finished(transaction)]);
    return answer;
  }

  who() {
    return this.within("readonly", "who", (table) => table.get(1));
  }

  remember(me) {
    return this.within("readwrite", "who", (table) => table.put(me, 1));
  }

  put(batch) {
    return this.within("readwrite", "batches", (table) => table.add(batch));
  }

  forget(number) {
    return this.within("readwrite", "batches", (table) => table.delete(number));
  }

  async all() {
    const [rows, numbers] = await Promise.all([
      this.within("readonly", "batches", (table) => table.getAll()),
      this.within("readonly", "batches", (table) => table.getAllKeys()),
    ]);
    return rows.map((row, place) => ({ ...row, number: numbers[place] }));
  }

  async wipe() {
    const transaction = this.database.transaction(["who", "batches"], "readwrite");
    transaction.objectStore("who").clear();
    transaction.objectStore("batches").clear();
    await finished(transaction);
  }
}

/** Opens the browser's storage; where there is none, the memory. */
export async function openStore(indexedDB = globalThis.indexedDB) {
  try {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("who");
      request.result.createObjectStore("batches", { autoIncrement: true });
    };
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no answer from the storage")), PATIENCE));
    return new LastingStore(await Promise.race([done(request), late]));
  } catch (error) {
    console.warn(`nothing is kept over a reload: ${error}`);
    return new MemoryStore();
  }
}
