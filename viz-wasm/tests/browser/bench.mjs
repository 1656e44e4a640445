// Prints the time per frame of our overlay and of uPlot as one line of JSON: node bench.mjs

import { launch } from "./browser.mjs";
import { FakeHub } from "./hub.mjs";

// uPlot places its canvas with inline styles, which the hub's own policy forbids.
const hub = new FakeHub({ csp: "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'" });
const address = await hub.listen();
const browser = await launch();
const page = await browser.page(`${address}/bench/bench.html`, { width: 1400, height: 1300 });
await page.waitForFunction(() => window.report, undefined, { timeout: 120_000 });
console.log(JSON.stringify(await page.evaluate(() => window.report)));
if (process.argv[2]) await page.screenshot({ path: process.argv[2] });
if (page.problems.length) console.error(page.problems);
await browser.close();
await hub.close();
