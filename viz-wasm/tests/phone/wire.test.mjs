// The bytes are those of docs/wire.md: its example, and what a batch does when it cannot be steps.

import assert from "node:assert/strict";
import { test } from "node:test";
import { batch, frame, numberOfId, randomHex } from "../../www/phone/wire.js";
import { head, times } from "./world.mjs";

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
const EXAMPLE = {
  property: 3,
  boot: "000000000000a1b2",
  seq: 12,
  times: [5_000_000, 5_010_000, 5_020_010],
  columns: [[0.5, -0.25, 9.81], [0, 0, -3], [0.01, 0.01, 0.01]],
  steps: 100,
  clock: { offset: 1_767_437_007_314_000, uncertainty: 2500 },
};

test("the example of docs/wire.md", () => {
  assert.equal(
    hex(batch(EXAMPLE)),
    "4d 57 01 03 03 03 03 00 b2 a1 00 00 00 00 00 00 0c 00 00 00 40 4b 4c 00 00 00 00 00 00 00 c8 42 " +
      "50 dc fb 7e 79 47 06 00 c4 09 00 00 10 27 1a 27 32 00 e7 ff d5 03 00 00 00 00 d4 fe 01 00 01 00 01 00",
  );
});

test("a value that is no whole step, or too many, travels as it is", () => {
  for (const value of [0.0001, 400, Number.MAX_VALUE]) {
    const bytes = batch({ ...EXAMPLE, columns: [[value, 0, 0], [0, 0, 0], [0, 0, 0]] });
    assert.equal(head(bytes).flags & 1, 0);
    assert.equal(bytes.length, 28 + 12 + 4 + 36);
    assert.equal(new DataView(bytes.buffer).getFloat32(44, true), Math.fround(value));
  }
});

test("times keep their distances, however far", () => {
  for (const [far, width] of [[65_535, 0], [65_536, 1], [5e9, 2]]) {
    const bytes = batch({ ...EXAMPLE, times: [-7, 3, 3 + far] });
    assert.equal(head(bytes).flags >> 2, width);
    assert.deepEqual(times(bytes), [-7, 3, 3 + far]);
  }
});

test("a scalar without a clock is small", () => {
  const bytes = batch({ property: 8, boot: "ffffffffffffffff", seq: 4_294_967_295, times: [1, 2], columns: [[-40, -41.5]], clock: undefined });
  assert.deepEqual(head(bytes), { property: 8, flags: 0, components: 1, readings: 2, boot: "ffffffffffffffff", seq: 4_294_967_295, first: 1 });
  assert.equal(bytes.length, 28 + 2 + 8);
});

test("ids are Crockford's base 32", () => {
  assert.equal(numberOfId("0000000000010"), 32n);
  assert.equal(numberOfId("000000000000z"), 31n);
  assert.equal(numberOfId("fzzzzzzzzzzzz"), 0xffffffffffffffffn);
});

test("a live frame is as the hub's", () => {
  const bytes = frame({ origin: 1_000_000, window: 50_000, thing: "0000000000001", property: 3, component: 2, windows: [[4, 3, 0.5, -1, 2], [6, 1, 7, 7, 7]] });
  assert.equal(bytes.length, 30 + 40);
  assert.equal(
    hex(bytes.subarray(0, 46)),
    "4d 57 46 31 40 42 0f 00 00 00 00 00 50 c3 00 00 01 00 01 00 00 00 00 00 00 00 03 02 02 00 04 00 00 00 06 00 00 00 03 00 00 00 01 00 00 00",
  );
});

test("random digits are random", () => {
  assert.match(randomHex(16), /^[0-9a-f]{16}$/);
  assert.notEqual(randomHex(16), randomHex(16));
});
