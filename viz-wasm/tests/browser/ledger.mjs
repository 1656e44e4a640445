// What phones handed to their sockets, held against what the hub stored. Reads the batches from their bytes as docs/wire.md
// describes them, with nothing of the sending module, so that one mistake cannot hide in both.

const NAMES = { 1: "acceleration", 2: "linear_acceleration", 3: "angular_velocity", 8: "sound_level", 12: "orientation", 13: "displacement", 14: "time_interval", 15: "frequency" };

/** A batch of docs/wire.md: `{property, boot, seq, readings: [[hub time µs, x, y, z]]}`. */
export function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0) !== 0x4d57 || view.getUint8(2) !== 1) throw new Error("not a batch");
  const [property, flags, components] = [view.getUint8(3), view.getUint8(4), view.getUint8(5)];
  const rows = view.getUint16(6, true);
  const boot = view.getBigUint64(8, true).toString(16).padStart(16, "0");
  const seq = view.getUint32(16, true);
  let time = view.getBigInt64(20, true);
  let at = 28;
  const steps = flags & 1 ? view.getFloat32(at, true) : undefined;
  if (flags & 1) at += 4;
  const offset = flags & 2 ? view.getBigInt64(at, true) : 0n;
  if (flags & 2) at += 12;
  const width = (flags >> 2) & 3;
  const times = [time];
  for (let row = 1; row < rows; row += 1) {
    time += width === 0 ? BigInt(view.getUint16(at, true)) : width === 1 ? BigInt(view.getUint32(at, true)) : view.getBigInt64(at, true);
    at += 2 << width;
    times.push(time);
  }
  const columns = [];
  for (let component = 0; component < components; component += 1) {
    const column = [];
    for (let row = 0; row < rows; row += 1) {
      column.push(steps === undefined ? view.getFloat32(at, true) : Math.fround(view.getInt16(at, true) / steps));
      at += steps === undefined ? 4 : 2;
    }
    columns.push(column);
  }
  if (at !== bytes.byteLength) throw new Error(`a batch of ${bytes.byteLength} bytes that should have ${at}`);
  return { property: NAMES[property], boot, seq, readings: times.map((raw, row) => [raw + offset, ...columns.map((column) => column[row])]) };
}

/** Of readings closer than the template's 100 a second the hub leaves some out, two hundredths after a kept one at most, and says so
 * at a neighbour; in µs. */
const NEAR = 20_000n;

/** The stored readings of a stream in order: whether one at `time`, which is missing, was left out for standing too close. */
function crowded(stored, time) {
  const next = stored.findIndex((reading) => reading.time > time);
  const [before, after] = [stored.at(next < 0 ? -1 : next - 1), stored[next]];
  return Boolean(next !== 0 && before && time - before.time <= NEAR && (before.thinned || after?.thinned));
}

/** `2026-11-22T10:00:00.123456Z` as µs since 1970. */
export function micros(text) {
  const [whole, part = ""] = text.replace("Z", "").split(".");
  return BigInt(Date.parse(`${whole}Z`)) * 1000n + BigInt(part.padEnd(6, "0"));
}

export class Ledger {
  constructor() {
    this.batches = new Map();
    this.again = 0;
  }

  /** Bytes that a phone sent; `who` is its Thing or its token. */
  sent(who, bytes) {
    const batch = decode(new Uint8Array(bytes));
    const key = `${who} ${batch.property} ${batch.boot} ${batch.seq}`;
    if (this.batches.has(key)) this.again += 1;
    this.batches.set(key, { who, ...batch });
  }

  /**
   * Compares with the hub's export (CSV lines with a header, with flags); `names` gives the Thing of a token. What lies outside the Take
   * `{begins, ends}` (µs) must not be there: a phone hears of the stop a moment after it.
   */
  compare(lines, { begins, ends }, names = new Map()) {
    const header = lines[0].split(",");
    const column = Object.fromEntries(header.map((name, place) => [name, place]));
    const here = new Map();
    const stored = new Map();
    const trouble = [];
    for (const line of lines.slice(1)) {
      const cells = line.split(",");
      const values = ["x", "y", "z"].map((name) => cells[column[name]]).filter((cell) => cell !== "").map((cell) => Math.fround(Number(cell)));
      const key = `${cells[column.thing]} ${cells[column.property]} ${micros(cells[column.phenomenon_time])}`;
      if (here.has(key)) trouble.push(`stored twice: ${key}`);
      here.set(key, values);
      const stream = `${cells[column.thing]} ${cells[column.property]}`;
      if (!stored.has(stream)) stored.set(stream, []);
      stored.get(stream).push({ time: micros(cells[column.phenomenon_time]), thinned: cells[column.flags].includes("thinned") });
    }
    for (const readings of stored.values()) readings.sort((one, other) => Number(one.time - other.time));
    const streams = new Set();
    const things = new Set();
    let readings = 0;
    let left = 0;
    for (const { who, property, boot, seq, readings: rows } of this.batches.values()) {
      const thing = names.get(who) ?? who;
      things.add(thing);
      streams.add(`${thing} ${property}`);
      for (const [time, ...values] of rows) {
        if (time < BigInt(begins) || time >= BigInt(ends)) continue;
        readings += 1;
        const key = `${thing} ${property} ${time}`;
        const there = here.get(key);
        if (!there && crowded(stored.get(`${thing} ${property}`) ?? [], time)) left += 1;
        else if (!there) trouble.push(`not stored: ${key} of batch ${boot}/${seq}`);
        else if (there.length !== values.length || there.some((value, place) => value !== values[place])) trouble.push(`other value: ${key} ${there} instead of ${values}`);
        here.delete(key);
      }
    }
    for (const key of here.keys()) trouble.push(`stored and never sent: ${key}`);
    trouble.push(...this.holes());
    return { things: things.size, streams: streams.size, batches: this.batches.size, again: this.again, readings, left, trouble: trouble.slice(0, 20) };
  }

  /** Numbers that a phone left out: a batch that was made and never sent. */
  holes() {
    const numbers = new Map();
    for (const { who, property, boot, seq } of this.batches.values()) {
      const key = `${who} ${property} ${boot}`;
      numbers.set(key, [...(numbers.get(key) ?? []), seq]);
    }
    const holes = [];
    for (const [key, found] of numbers) {
      const sorted = found.sort((one, other) => one - other);
      sorted.forEach((seq, place) => place > 0 && seq !== sorted[place - 1] + 1 && holes.push(`never sent: ${key} between ${sorted[place - 1]} and ${seq}`));
    }
    return holes;
  }
}
