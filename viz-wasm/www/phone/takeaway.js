// What a pupil takes along or takes back: the own series as a file, any own run that shall be gone.

import { clock, lang, text } from "../words.js";
import { ask, element, make, say, show } from "./dom.js";
import { sentence } from "./problem.js";
import { measured } from "../measured.js";

const bearer = (phone) => ({ authorization: `Bearer ${phone.joined.token}` });

function tell(said, kind = "") {
  say("takeaway-said", said);
  element("takeaway-said").className = `note ${kind}`;
}

/** Readings as CSV or JSON; the workbook has the results and what was entered as well. */
const path = ({ lesson, thing }, format) =>
  format === "xlsx" ? `/api/v1/lessons/${encodeURIComponent(lesson)}/workbook?lang=${lang()}`
  : `/api/v1/lessons/${encodeURIComponent(lesson)}/observations?thing=${encodeURIComponent(thing)}&format=${format}&lang=${lang()}`;

/** What the hub calls the file: by the lesson's title and day, never by a name. */
const named = (answer, format) => /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? `messwerk.${format}`;

async function save(phone, format) {
  tell(text("saving"));
  try {
    const answer = await fetch(path(phone.joined, format), { headers: bearer(phone) });
    if (!answer.ok) return tell(await sentence(answer), "error");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = named(answer, format);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    tell(text("saved-file"), "good");
  } catch {
    tell(text("no-hub"), "error");
  }
}

/** The report opens beside this page, by a form: an address would keep the token, and a link sends none. */
function report(phone) {
  const [token, language] = element("report").querySelectorAll("input");
  token.value = phone.joined.token;
  language.value = lang();
}

/** The own runs that are not deleted, newest first: number and begin (µs, if known), whether they have a result or not. */
const found = new Map();
const gone = new Set();
/** For which state of the lesson the hub was asked: a run that came since is asked for again. */
let asked;
/** For which one it answered. */
let looked;

/** All of them as the hub has them: decimated to one column a run, which is a few lines. */
async function look(phone) {
  const { lesson, thing } = phone.joined;
  const key = JSON.stringify([thing, phone.screen, phone.lesson?.take, phone.sender.done, phone.result?.own?.length]);
  if (asked === key) return;
  asked = key;
  const query = `thing=${encodeURIComponent(thing)}&format=json&width=1`;
  try {
    const answer = await fetch(`/api/v1/lessons/${encodeURIComponent(lesson)}/observations?${query}`, { headers: bearer(phone) });
    if (!answer.ok) return;
    const rows = await answer.json();
    if (asked !== key) return;
    found.clear();
    // What was entered by hand anew is there again, and no row tells it.
    gone.delete(0);
    for (const { run, phenomenon_time: time } of rows) {
      if (!found.has(run)) found.set(run, time);
      gone.delete(run);
    }
    looked = key;
    list(phone);
  } catch {
    // Without the hub nothing can be deleted either; those with a result are listed anyway.
  }
}

function label(phone, run, time) {
  const at = time ? clock(new Date(time)) : "";
  const own = (phone.result?.own ?? []).filter((one) => one.run === run).map((one) => `${one.name} = ${measured(one.value, one.uncertainty, one.unit)}`);
  const about = [at, ...own].filter(Boolean).join(", ");
  // What was measured by hand is no recording: its run is 0.
  if (run === 0) return text("forget-by-hand", { about });
  return about ? text("forget-run-of", { run, about }) : text("forget-run", { run });
}

function list(phone) {
  const runs = new Map([...(phone.result?.own ?? []).map((one) => [one.run, undefined]), ...found].filter(([run]) => !gone.has(run)));
  const rows = [...runs].sort(([one], [other]) => other - one).map(([run, time]) => [run, label(phone, run, time)]);
  show(rows.length > 0, "forget-runs", "report", "save-files");
  // What was measured by hand has no readings: CSV and JSON would be empty.
  show(rows.some(([run]) => run > 0), "save-csv", "save-json");
  show(rows.length === 0 && looked === asked && asked !== undefined, "takeaway-nothing");
  const place = element("forget-runs");
  const key = JSON.stringify(rows);
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.replaceChildren(
    ...rows.map(([run, said]) => {
      const button = make("button", { type: "button", className: "danger", data: { run } }, said);
      button.addEventListener("click", () => forget(phone, run, said));
      return button;
    }),
  );
}

async function forget(phone, run, said) {
  say("ask-forget-which", said);
  if (!(await ask("ask-forget"))) return;
  try {
    const answer = await fetch(`/api/v1/things/${encodeURIComponent(phone.joined.thing)}/runs/${run}`, { method: "DELETE", headers: bearer(phone) });
    if (!answer.ok) return tell(await sentence(answer), "error");
    gone.add(run);
    found.delete(run);
    asked = undefined;
    phone.forgot(run);
    tell(text("forgotten"), "good");
    list(phone);
    // The button that had the focus is gone.
    (element("forget-runs").querySelector("button") ?? element("takeaway-said")).focus();
  } catch {
    tell(text("no-hub"), "error");
  }
}

export function takeaway(phone, shown) {
  show(shown, "takeaway");
  if (!shown) return;
  list(phone);
  look(phone);
}

export function wire(phone) {
  element("save-csv").addEventListener("click", () => save(phone(), "csv"));
  element("save-json").addEventListener("click", () => save(phone(), "json"));
  element("save-xlsx").addEventListener("click", () => save(phone(), "xlsx"));
  element("report").addEventListener("submit", () => report(phone()));
}
