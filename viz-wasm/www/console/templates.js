// The cards of the library: what a lesson is about, what it needs, and the button that begins it.

import { known, pick, text } from "../words.js";
import { byId, keep, make, mark, say } from "./dom.js";

const SEATS = 35;
/** What the field holds; how many a lesson takes is a setting of the hub, which refuses more. */
const MOST = 9999;

/** The text of a key, or the hub's own name for what is newer than this page. */
const named = (key, name) => (known(key) ? text(key) : String(name));

/** What sends which sensor, grouped: sensors that the same programs send stand together. */
function needs(template) {
  const groups = new Map();
  for (const { stream, sources } of template.sensors ?? []) {
    const by = (sources ?? []).map((source) => named(`source-${source.replaceAll("_", "-")}`, source)).join(", ");
    groups.set(by, [...(groups.get(by) ?? []), named(`sensor-${stream}`, stream)]);
  }
  return [...groups].map(([by, sensors]) => ({ by, sensors: sensors.join(" · ") }));
}

/** How many Things the next lesson takes; the field is right or says what is wrong. */
export function seats() {
  const field = byId("seats");
  const typed = Number(field.value.trim());
  const right = Number.isInteger(typed) && typed >= 1 && typed <= MOST;
  mark(field, "aria-invalid", right ? null : "true");
  return right ? typed : undefined;
}

function step(by) {
  const field = byId("seats");
  const now = Number.parseInt(field.value, 10);
  field.value = String(Math.min(MOST, Math.max(1, (Number.isFinite(now) ? now : SEATS) + by)));
  mark(field, "aria-invalid", null);
}

export function listenToSeats() {
  byId("fewer").addEventListener("click", () => step(-1));
  byId("more").addEventListener("click", () => step(1));
  byId("seats").addEventListener("input", seats);
}

/** Puts one card for each template; `begin(template, button)` starts a lesson. */
export function showTemplates(templates, begin) {
  const list = byId("templates");
  mark(list, "aria-busy", null);
  const create = (template) => {
    const [title, task] = [make("h2"), make("p", { className: "task" })];
    const [needed, asked] = [make("ul", { className: "needs" }), make("p", { className: "note" })];
    const button = make("button", { type: "button" });
    button.addEventListener("click", () => begin(template, button));
    return Object.assign(make("li", { className: "card" }, title, task, needed, asked, button), { parts: { title, task, needed, asked, button } });
  };
  keep(list, templates, ({ id }) => id, create, ({ parts }, template) => {
    say(parts.title, pick(template.title));
    say(parts.task, pick(template.task));
    parts.needed.replaceChildren(
      ...needs(template).map(({ by, sensors }) => make("li", {}, make("b", { textContent: sensors }), make("span", { textContent: by }))),
    );
    const inputs = (template.inputs ?? []).map((input) => pick(input.label)).filter(Boolean);
    const lines = [inputs.length ? text("template-inputs", { inputs: inputs.join(", ") }) : "", template.minutes ? text("template-minutes", { n: template.minutes }) : ""];
    say(parts.asked, lines.filter(Boolean).join(" · "));
    parts.asked.hidden = !parts.asked.textContent;
    say(parts.button, text("begin-lesson"));
    // Three cards have three buttons of one name; who hears them needs the title with it.
    mark(parts.button, "aria-label", `${text("begin-lesson")}: ${pick(template.title)}`);
  });
}
