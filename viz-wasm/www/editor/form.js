// The form: the common keys of a lesson.toml as fields. What a field says is written into the same text that stands beside it.

import { text } from "../words.js";
import { byId, make, mark, say } from "../console/dom.js";
import { get, set } from "./toml.js";

const PLAN = "lesson.toml";
const SUBJECTS = ["physics", "chemistry", "biology", "geography", "mathematics", "computing", "sports", "general"];
const MODES = ["open", "timed", "trigger"];
const LICENSES = ["CC-BY-SA-4.0", "CC-BY-4.0", "CC0-1.0"];

/** Each field: its table and key, how it is typed, and what it offers. `slot` is one of a list's places. */
const FIELDS = [
  { legend: "form-about", fields: [
    { table: "title", key: "de", kind: "line", word: "form-title-de" },
    { table: "title", key: "en", kind: "line", word: "form-title-en" },
    { table: "summary", key: "de", kind: "lines", word: "form-summary-de" },
    { table: "summary", key: "en", kind: "lines", word: "form-summary-en" },
    { table: "task", key: "de", kind: "lines", word: "form-task-de" },
    { table: "task", key: "en", kind: "lines", word: "form-task-en" },
  ] },
  { legend: "form-class", fields: [
    { table: "", key: "subject", kind: "choice", word: "form-subject", of: () => SUBJECTS, said: (one) => text(`subject-${one}`) },
    { table: "", key: "grades", slot: 0, kind: "number", word: "form-grade-from" },
    { table: "", key: "grades", slot: 1, kind: "number", word: "form-grade-to" },
    { table: "", key: "minutes", kind: "number", word: "form-minutes" },
    { table: "", key: "group", kind: "number", word: "form-group" },
  ] },
  { legend: "form-run", fields: [
    { table: "run", key: "mode", kind: "choice", word: "form-mode", of: () => MODES, said: (one) => text(`run-${one}`), optional: true },
    { table: "run", key: "countdown_s", kind: "number", word: "form-countdown", optional: true },
    { table: "run", key: "length_s", kind: "number", word: "form-length", optional: true },
  ] },
  { legend: "form-result", fields: [
    { table: "", key: "outcome", kind: "line", word: "form-outcome" },
    { table: "reference", key: "value", kind: "number", word: "form-reference", optional: true },
    { table: "reference", key: "tolerance", kind: "number", word: "form-tolerance", optional: true },
    { table: "comparison", key: "margin", kind: "number", word: "form-margin", optional: true },
    { table: "simulation", key: "scenario", kind: "choice", word: "form-scenario", of: (known) => known.scenarios, said: (one) => one, optional: true },
  ] },
  { legend: "form-rights", fields: [
    { table: "", key: "id", kind: "line", word: "form-id" },
    { table: "", key: "version", kind: "line", word: "form-version" },
    { table: "", key: "authors", kind: "names", word: "form-authors" },
    { table: "", key: "license", kind: "choice", word: "form-license", of: () => LICENSES, said: (one) => one },
  ] },
];

/** What a field shows for a value of the file. */
function shown({ kind, slot }, value) {
  if (value === undefined) return "";
  if (slot !== undefined) return String(value[slot] ?? "");
  return kind === "names" ? value.join(", ") : String(value);
}

/** The value that the file gets for what was typed; `undefined` takes the key out. */
function meant(field, typed, before) {
  const said = typed.trim();
  if (!said && field.optional) return undefined;
  if (field.kind === "names") return said.split(",").map((name) => name.trim()).filter(Boolean);
  if (field.kind !== "number") return field.kind === "lines" ? typed.replace(/\s*\n\s*/g, " ").trim() : said;
  const number = Number(said.replace(",", "."));
  // What is no number goes into the file as it is typed: the findings say what is wrong with it.
  const value = said && Number.isFinite(number) ? number : said;
  if (field.slot === undefined) return value;
  const list = Array.isArray(before) ? [...before] : [];
  list[field.slot] = value;
  return Array.from(list, (one) => one ?? 0);
}

/** A field for one key; `changed(text)` gets the new text of the file. */
function control(field, known, plan, changed) {
  const id = `field-${field.table || "top"}-${field.key}${field.slot ?? ""}`;
  const input = {
    lines: () => make("textarea", { id, rows: 3 }),
    choice: () => make("select", { id }),
  }[field.kind]?.() ?? make("input", { id, inputMode: field.kind === "number" ? "decimal" : "text", autocomplete: "off" });
  const label = make("label", { htmlFor: id });
  const hint = make("p", { className: "hint", id: `${id}-hint` });
  mark(input, "aria-describedby", hint.id);
  input.addEventListener(field.kind === "choice" ? "change" : "input", () => {
    const { value } = get(plan(), field.table, field.key);
    changed(set(plan(), field.table, field.key, meant(field, input.value, value)));
  });
  return { field, input, label, hint, row: make("div", { className: `field ${field.kind}` }, label, input, hint) };
}

export class Form {
  /** `plan()` is the file's text, `changed(text)` takes a new one, `known` has the names the hub knows. */
  constructor({ plan, changed, known }) {
    this.plan = plan;
    this.known = known;
    this.groups = FIELDS.map(({ legend, fields }) => ({ legend, head: make("legend"), controls: fields.map((field) => control(field, known, plan, changed)) }));
    byId("form").replaceChildren(...this.groups.map(({ head, controls }) => make("fieldset", {}, head, ...controls.map(({ row }) => row))));
    byId("form").addEventListener("submit", (event) => event.preventDefault());
  }

  /** Shows what the file says; a field somebody types in is left alone. */
  show(findings) {
    for (const { legend, head, controls } of this.groups) {
      say(head, text(legend));
      for (const { field, input, label, hint } of controls) {
        say(label, text(field.word));
        const { value, there } = get(this.plan(), field.table, field.key);
        const closed = there && value === undefined;
        input.disabled = closed;
        const words = shown(field, value);
        if (field.kind === "choice") this.options(field, input, words);
        if (document.activeElement !== input && input.value !== words) input.value = words;
        const key = [field.table, field.key].filter(Boolean).join(".");
        const wrong = findings.find((finding) => finding.file === PLAN && finding.level === "error" && finding.key === key);
        mark(input, "aria-invalid", wrong ? "true" : null);
        say(hint, closed ? text("form-in-text") : wrong ? `${wrong.said} ${wrong.mend}` : "");
        mark(hint, "data-wrong", Boolean(wrong));
      }
    }
  }

  options(field, input, value) {
    const names = ["", ...field.of(this.known)];
    if (value && !names.includes(value)) names.push(value);
    const wanted = names.map((name) => `${name}\t${name ? field.said(name) : "–"}`).join("\n");
    if (input.dataset.offered === wanted) return;
    input.dataset.offered = wanted;
    input.replaceChildren(...names.map((name) => make("option", { value: name, textContent: name ? field.said(name) : "–" })));
    input.value = value;
  }
}
