// Checks one after the other, one line each, and a closing line that `cargo xtask test` counts.

import assert from "node:assert/strict";

let [passed, failed, last] = [0, 0, "the beginning"];

function fail(name, error) {
  failed += 1;
  console.log(`FAIL ${name}\n     ${String(error?.stack ?? error).split("\n").slice(0, 12).join("\n     ")}`);
}

/** Runs a check. A failed one is told with its reason; the next ones run all the same. */
export async function check(name, run) {
  const begin = performance.now();
  try {
    await run();
    passed += 1;
    console.log(`ok   ${name} (${Math.round(performance.now() - begin)} ms)`);
  } catch (error) {
    fail(name, error);
  }
  last = name;
}

// What goes wrong between two checks fails by the name of the last one, with the reason, and what stood before still counts.
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (error) => {
    fail(`after "${last}": the program ended`, error);
    finish();
  });
}

/** The closing line; ends the program, so that a browser that does not let go holds nothing up. */
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}

/** Waits until something holds; says what it waited for. */
export async function until(what, holds, time = 20_000) {
  const end = Date.now() + time;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${time} ms for: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A picture says as much to eyes that see no colour: as many edges remain in grey. */
export async function toldApart(page, selector) {
  const edges = await page.$eval(selector, (canvas) => {
    const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const grey = (i) => 0.2126 * data[i] + 0.7152 * data[i + 1] + 0.0722 * data[i + 2];
    let [seen, kept] = [0, 0];
    for (let i = 0; i + 4 < data.length; i += 4) {
      if ((i / 4) % width === width - 1) continue;
      const apart = Math.max(...[0, 1, 2].map((part) => Math.abs(data[i + part] - data[i + 4 + part])));
      if (apart < 90) continue;
      seen += 1;
      if (Math.abs(grey(i) - grey(i + 4)) > 12) kept += 1;
    }
    return { seen, kept };
  });
  assert.ok(edges.seen > 50 && edges.kept / edges.seen > 0.97, JSON.stringify(edges));
}
