// The bytes a phone speaks: batches to the hub (docs/wire.md, "the same in binary") and live frames (MWF1) to its own
// chart. Pure functions; the browser and Node run the same code.

/** The streams a browser can measure, with the hub's codes. What is not here needs phyphox. */
export const STREAMS = {
  acc: { property: 1, name: "acceleration", components: 3 },
  lin: { property: 2, name: "linear_acceleration", components: 3 },
  gyr: { property: 3, name: "angular_velocity", components: 3 },
  sound: { property: 8, name: "sound_level", components: 1 },
  ori: { property: 12, name: "orientation", components: 3 },
  disp: { property: 13, name: "displacement", components: 3 },
  dt: { property: 14, name: "time_interval", components: 1 },
  freq: { property: 15, name: "frequency", components: 1 },
};

const HEADER = 28;
const STEPS = 1;
const CLOCK = 2;
const MOST_STEPS = 32767;
/** How far from a whole step a value may lie and still be one: doubles that were rounded to 0.1 and turned to radians. */
const CLOSE = 1e-4;

/** Whether every value is a whole number of steps within 16 bits, so that nothing is lost by counting them. */
function whole(columns, steps) {
  return columns.every((column) =>
    column.every((value) => {
      const count = value * steps;
      return Math.abs(count) <= MOST_STEPS && Math.abs(count - Math.round(count)) < CLOSE;
    }),
  );
}

/**
 * A batch as bytes. `times` are µs on the sender's clock, ascending; `columns` as many as the property has components;
 * `steps` per unit where the sensor rounds (values that are no whole steps travel as f32 instead); `clock` is
 * `{offset, uncertainty}` in µs or nothing.
 */
export function batch({ property, boot, seq, times, columns, steps, clock }) {
  const n = times.length;
  const stepped = Boolean(steps) && whole(columns, steps);
  let widest = 0;
  for (let row = 1; row < n; row += 1) widest = Math.max(widest, times[row] - times[row - 1]);
  const width = widest <= 0xffff ? 0 : widest <= 0xffffffff ? 1 : 2;
  const size = HEADER + (stepped ? 4 : 0) + (clock ? 12 : 0) + (n - 1) * (2 << width) + n * columns.length * (stepped ? 2 : 4);
  const out = new DataView(new ArrayBuffer(size));
  let at = 0;
  const put = (bytes, method, value) => {
    out[method](at, value, true);
    at += bytes;
  };
  for (const byte of [0x4d, 0x57, 1, property, (stepped ? STEPS : 0) | (clock ? CLOCK : 0) | (width << 2), columns.length]) put(1, "setUint8", byte);
  put(2, "setUint16", n);
  put(8, "setBigUint64", BigInt(`0x${boot}`));
  put(4, "setUint32", seq);
  put(8, "setBigInt64", BigInt(times[0]));
  if (stepped) put(4, "setFloat32", steps);
  if (clock) {
    put(8, "setBigInt64", BigInt(Math.round(clock.offset)));
    put(4, "setUint32", Math.min(0xffffffff, Math.max(0, Math.ceil(clock.uncertainty))));
  }
  for (let row = 1; row < n; row += 1) {
    const difference = times[row] - times[row - 1];
    if (width === 2) put(8, "setBigInt64", BigInt(difference));
    else put(2 << width, width ? "setUint32" : "setUint16", difference);
  }
  for (const column of columns) {
    for (const value of column) {
      if (stepped) put(2, "setInt16", Math.round(value * steps));
      else put(4, "setFloat32", value);
    }
  }
  return new Uint8Array(out.buffer);
}

const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

/** The number of an id as the hub writes it: 13 characters of Crockford's base 32. */
export const numberOfId = (id) => [...id].reduce((sum, letter) => sum * 32n + BigInt(Math.max(0, LETTERS.indexOf(letter))), 0n);

/** A live frame of one series: `windows` are `[index, count, mean, min, max]`, ascending by index. */
export function frame({ origin, window, thing, property, component, windows }) {
  const out = new DataView(new ArrayBuffer(30 + 20 * windows.length));
  [0x4d, 0x57, 0x46, 0x31].forEach((byte, place) => out.setUint8(place, byte));
  out.setBigInt64(4, BigInt(origin), true);
  out.setUint32(12, window, true);
  out.setUint16(16, 1, true);
  out.setBigUint64(18, numberOfId(thing), true);
  out.setUint8(26, property);
  out.setUint8(27, component);
  out.setUint16(28, windows.length, true);
  windows.forEach((values, row) => {
    values.forEach((value, column) => {
      const at = 30 + 4 * (column * windows.length + row);
      if (column === 0) out.setInt32(at, value, true);
      else if (column === 1) out.setUint32(at, value, true);
      else out.setFloat32(at, value, true);
    });
  });
  return new Uint8Array(out.buffer);
}

/** As many random hexadecimal digits: works without HTTPS, where `randomUUID` does not. */
export const randomHex = (digits) =>
  [...crypto.getRandomValues(new Uint8Array(digits / 2))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
