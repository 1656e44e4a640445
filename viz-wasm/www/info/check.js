// The phone's half of the doctor: what this browser can do here, said in easy words, and told to the hub without saying
// whose phone it is.

import { decimal, start, text, watch } from "../words.js";
import { database, exchange, motion } from "./probes.js";

const element = (id) => document.getElementById(id);
// A clock further off than this is worth a word; the hub corrects it either way.
const CLOCK_OFF = 2000;

let found;
let running = false;

/** Every finding: its key, whether it is good, bad or only worth knowing, and values for its words. */
function findings({ secure, websocket, clock_offset_ms: offset, rtt_ms: rtt, indexeddb, motion_api: moves }) {
  const seconds = Number.isFinite(offset) ? decimal((Math.abs(offset) / 1000).toFixed(1)) : "";
  return [
    { key: "check-hub", level: websocket ? "good" : "bad", values: { ms: Number.isFinite(rtt) ? Math.round(rtt) : 0 } },
    // A browser trusts the computer it runs on, also without encryption.
    { key: "check-secure", level: secure ? "good" : "warn", said: secure && location.protocol === "http:" ? "check-secure-local" : undefined },
    { key: "check-motion", level: moves ? "good" : secure ? "bad" : "warn" },
    { key: "check-store", level: indexeddb ? "good" : "warn" },
    ...(Number.isFinite(offset) ? [{ key: "check-clock", level: Math.abs(offset) <= CLOCK_OFF ? "good" : "warn", values: { seconds } }] : []),
  ];
}

function show() {
  document.title = `${text("check-title")} – Messwerk`;
  element("again").setAttribute("aria-busy", String(running));
  const verdict = element("verdict");
  if (!found) {
    verdict.dataset.kind = "info";
    verdict.textContent = text("check-running");
    return;
  }
  const list = findings(found);
  const worst = ["bad", "warn"].find((level) => list.some((one) => one.level === level)) ?? "good";
  verdict.dataset.kind = worst;
  verdict.textContent = text(`check-verdict-${worst}`);
  const items = list.map(({ key, level, values, said }) => {
    const item = document.createElement("li");
    item.className = "card stack";
    const head = document.createElement("div");
    head.className = "row apart";
    const title = Object.assign(document.createElement("h2"), { textContent: text(`${key}-title`) });
    const chip = Object.assign(document.createElement("span"), { className: "chip", textContent: text(`check-${level}`) });
    chip.dataset.state = level;
    head.append(title, chip);
    item.append(head, Object.assign(document.createElement("p"), { textContent: text(said ?? `${key}-${level === "good" ? "good" : "bad"}`, values) }));
    return item;
  });
  element("findings").replaceChildren(...items);
}

async function tell(body) {
  try {
    const answer = await fetch("/api/v1/check", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    return answer.ok;
  } catch {
    return false;
  }
}

async function run() {
  if (running) return;
  running = true;
  found = undefined;
  element("told").textContent = "";
  show();
  const [times, store, moves] = await Promise.all([exchange(), database(), motion()]);
  running = false;
  found = {
    secure: isSecureContext,
    websocket: times !== undefined,
    clock_offset_ms: times?.offset ?? null,
    rtt_ms: times?.rtt ?? null,
    indexeddb: store,
    motion_api: moves,
  };
  show();
  element("told").textContent = text((await tell(found)) ? "check-told" : "check-not-told");
}

start();
watch(show);
element("again").addEventListener("click", run);
await run();
