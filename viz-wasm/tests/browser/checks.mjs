// Checks one after the other, one line each, and a closing line that `cargo xtask test` counts.

let [passed, failed] = [0, 0];

/** Runs a check. A failed one is told with its reason; the next ones run all the same. */
export async function check(name, run) {
  const begin = performance.now();
  try {
    await run();
    passed += 1;
    console.log(`ok   ${name} (${Math.round(performance.now() - begin)} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n     ${String(error?.stack ?? error).split("\n").slice(0, 12).join("\n     ")}`);
  }
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
