// What a pupil takes along or takes back: the own series as a file, a run that shall be gone.

import { text } from "../words.js";
import { ask, element, say, show } from "./dom.js";

const bearer = (phone) => ({ authorization: `Bearer ${phone.joined.token}` });

function tell(said, kind = "") {
  say("takeaway-said", said);
  element("takeaway-said").className = `note ${kind}`;
}

async function save(phone, format) {
  tell(text("saving"));
  const things = `/api/v1/lessons/${encodeURIComponent(phone.joined.lesson)}/observations?thing=${encodeURIComponent(phone.joined.thing)}&format=${format}`;
  try {
    const answer = await fetch(things, { headers: { ...bearer(phone), accept: format === "csv" ? "text/csv" : "application/json" } });
    if (!answer.ok) {
      const said = await answer.json().catch(() => ({}));
      return tell(text("save-failed", { text: said.detail ?? `HTTP ${answer.status}` }), "error");
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `messwerk-${phone.joined.nickname.replace(/\s+/g, "-")}.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    tell(text("saved-file"), "good");
  } catch {
    tell(text("no-hub"), "error");
  }
}

/** The newest run with a result; that is the one a pupil means. */
const newest = (phone) => Math.max(0, ...(phone.result?.own ?? []).map((one) => one.run));

async function forget(phone) {
  const run = newest(phone);
  if (!run || !(await ask("ask-forget"))) return;
  try {
    const answer = await fetch(`/api/v1/things/${encodeURIComponent(phone.joined.thing)}/runs/${run}`, { method: "DELETE", headers: bearer(phone) });
    const said = answer.ok ? {} : await answer.json().catch(() => ({}));
    tell(answer.ok ? text("forgotten") : text("forget-failed", { text: said.detail ?? `HTTP ${answer.status}` }), answer.ok ? "good" : "error");
  } catch {
    tell(text("no-hub"), "error");
  }
}

export function takeaway(phone, shown) {
  show(shown, "takeaway");
  show(newest(phone) > 0, "forget-run");
  say("forget-run", text("forget-run", { run: newest(phone) }));
}

export function wire(phone) {
  element("save-csv").addEventListener("click", () => save(phone(), "csv"));
  element("save-json").addEventListener("click", () => save(phone(), "json"));
  element("forget-run").addEventListener("click", () => forget(phone()));
}
