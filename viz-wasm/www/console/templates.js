// The cards of the library: what a lesson is about, what it needs, and the button that begins it.

import { known, pick, text } from "../words.js";
import { byId, keep, make, mark, say, show } from "./dom.js";

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

/** Whether only a browser can measure for it: where phones have no secure page, nobody can. */
const onlyBrowsers = (template) => (template.sensors ?? []).length > 0 && template.sensors.every(({ sources }) => (sources ?? []).every((source) => source === "web"));

/** What a group types: what a result needs, or what can stand in for a recording. */
const names = ({ inputs }, byHand) => (inputs ?? []).filter((input) => Boolean(input.by_hand) === byHand).map((input) => pick(input.label)).filter(Boolean).join(", ");

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

/** What stands in small letters on a card: subject, school years, minutes, and whose it is if it is not the hub's own. */
export function tags(template) {
  const [from, to] = template.grades ?? [];
  const years = from ? text("template-grades", { from, to }) : "";
  return [template.subject ? named(`subject-${template.subject}`, template.subject) : "", years, template.minutes ? text("template-minutes", { n: template.minutes }) : ""].filter(Boolean);
}

/** Whether a template comes from somebody this hub knows, in a word. */
export const trusted = ({ trust }) => named(`trust-${trust}`, trust);

/** Puts one card for each template; `begin(template, button)` starts a lesson, `open(template)` shows everything about it. `plain`:
 * browsers on phones get no sensors here. */
export function showTemplates(templates, { begin, open }, plain) {
  const list = byId("templates");
  mark(list, "aria-busy", null);
  const create = (template) => {
    const [title, task, chips] = [make("h2"), make("p", { className: "task" }), make("ul", { className: "tags" })];
    const [needed, asked] = [make("ul", { className: "needs" }), make("p", { className: "note" })];
    const barred = make("p", { className: "notice", "data-kind": "warn" }, make("span"), " ", make("a", { href: "/help#https" }));
    const button = make("button", { type: "button" });
    const more = make("button", { type: "button", className: "quiet" });
    const parts = { title, task, chips, needed, asked, barred, button, more, template };
    button.addEventListener("click", () => begin(parts.template, button));
    more.addEventListener("click", () => open(parts.template));
    const doing = make("div", { className: "doing" }, button, more);
    return Object.assign(make("li", { className: "card" }, title, chips, task, needed, asked, barred, doing), { parts });
  };
  keep(list, templates, ({ id, version }) => `${id} ${version}`, create, ({ parts }, template) => {
    parts.template = template;
    say(parts.title, pick(template.title));
    say(parts.task, pick(template.summary) || pick(template.task));
    const strange = template.trust && template.trust !== "builtin";
    parts.chips.replaceChildren(
      ...tags(template).map((said) => make("li", { className: "chip", textContent: said })),
      ...(strange ? [make("li", { className: "chip", "data-trust": template.trust, textContent: trusted(template) })] : []),
    );
    parts.needed.replaceChildren(
      ...needs(template).map(({ by, sensors }) => make("li", {}, make("b", { textContent: sensors }), make("span", { textContent: by }))),
    );
    const inputs = names(template, false);
    const byHand = names(template, true);
    const lines = [inputs ? text("template-inputs", { inputs }) : "", byHand ? text("template-by-hand", { inputs: byHand }) : ""];
    say(parts.asked, lines.filter(Boolean).join(" · "));
    parts.asked.hidden = !parts.asked.textContent;
    const useless = plain && onlyBrowsers(template);
    show(parts.barred, useless);
    say(parts.barred.firstElementChild, text("template-useless"));
    say(parts.barred.lastElementChild, text("insecure-link"));
    // It can be tried all the same, for a tablet with a secure page of its own.
    parts.button.classList.toggle("quiet", useless);
    say(parts.button, text("begin-lesson"));
    // Three cards have three buttons of one name; who hears them needs the title with it.
    mark(parts.button, "aria-label", `${text("begin-lesson")}: ${pick(template.title)}`);
    say(parts.more, text("template-more"));
    mark(parts.more, "aria-label", `${text("template-more")}: ${pick(template.title)}`);
  });
}
