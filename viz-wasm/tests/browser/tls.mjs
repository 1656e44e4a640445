// What a real browser says of a hub's certificate: `node tls.mjs HOME RULES URL…` prints one line of JSON for each URL. HOME has
// the certificates that are trusted (`.pki/nssdb`), RULES are Chromium's --host-resolver-rules.
import { chromium } from "playwright-core";

const [home, rules, ...urls] = process.argv.slice(2);
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  env: { ...process.env, HOME: home },
  args: [...quiet, `--host-resolver-rules=${rules}`],
});

// In the page: what it may do, and whether a WebSocket of the hub answers it.
const look = async () => {
  const echo = await new Promise((resolve) => {
    const socket = new WebSocket(`wss://${location.host}/api/v1/check/socket`);
    socket.onopen = () => socket.send("1");
    socket.onmessage = ({ data }) => resolve(JSON.parse(data).echo);
    socket.onerror = () => resolve(null);
  });
  return { address: location.href, secure: isSecureContext, motion: typeof DeviceMotionEvent === "function", worker: "serviceWorker" in navigator, echo };
};

try {
  for (const url of urls) {
    const page = await browser.newPage();
    try {
      await page.goto(url, { timeout: 20_000 });
      console.log(JSON.stringify(await page.evaluate(look)));
    } catch (error) {
      console.log(JSON.stringify({ address: url, error: /net::(\w+)/.exec(error.message)?.[1] ?? error.message }));
    }
    await page.close();
  }
} finally {
  await browser.close();
}
