// What a group enters several times, with another setting each time: a table with one column for each list of the template and one
// row for each setting. Saved row by row as it is filled in; gaps are allowed.

import { numberOf } from "../code.js";
import { paper } from "../quantity.js";
import { decimal, pick, text } from "../words.js";
import { element, make, say, show } from "./dom.js";
import { enter } from "./entered.js";

/** Rows that are shown at first; more come with a button. */
const FIRST = 3;

/** The name of a list's value in the API: `h.1`. */
export const cell = (input, row) => `${input.name}.${row}`;

/** How many rows are shown: those that have a value, one more, and no fewer than three. */
export function rowsShown(lists, known, asked) {
  const most = Math.max(...lists.map((input) => input.repeat));
  const filled = Math.max(0, ...lists.flatMap((input) => Array.from({ length: input.repeat }, (_, row) => (known[cell(input, row + 1)] === undefined ? 0 : row + 1))));
  return Math.min(most, Math.max(FIRST, filled + 1, asked));
}

/** The first row of a list that has no value; undefined if all have. */
export const emptyRow = (input, known) => Array.from({ length: input.repeat }, (_, row) => row + 1).find((row) => known[cell(input, row)] === undefined);

export class Lists {
  /** `phone()` is the phone in a lesson; `saved()` is called when something was. */
  constructor(phone, saved) {
    Object.assign(this, { phone, saved });
    this.known = {};
    this.asked = 0;
    element("table").addEventListener("submit", (event) => event.preventDefault());
    element("table-more").addEventListener("click", () => {
      this.asked = element("table-rows").children.length + 1;
      this.draw();
    });
  }

  /** Whether a list has a value at all. */
  done(input) {
    return Array.from({ length: input.repeat }, (_, row) => cell(input, row + 1)).some((name) => this.known[name] !== undefined);
  }

  /** Shows the lists; `known` is what the hub knows of this phone's numbers. */
  show(lists, known) {
    this.lists = lists;
    show(lists.length > 0, "table");
    if (lists.length === 0) return;
    if (known) this.known = { ...known };
    this.draw();
  }

  draw() {
    const rows = rowsShown(this.lists, this.known, this.asked);
    const key = JSON.stringify([this.lists.map((input) => [input.name, pick(input.label)]), rows]);
    const body = element("table-rows");
    if (body.dataset.key !== key) {
      body.dataset.key = key;
      element("table-head").replaceChildren(
        make("th", { scope: "col" }, text("row")),
        ...this.lists.map((input) => make("th", { scope: "col" }, `${pick(input.label) || input.name} (${paper(input.unit)})`)),
      );
      body.replaceChildren(...Array.from({ length: rows }, (_, row) => this.row(row + 1)));
    }
    for (const field of body.querySelectorAll("input")) {
      const value = this.known[field.dataset.cell];
      // What somebody is typing is not taken out of their hands.
      if (field !== document.activeElement && !field.dataset.dirty) field.value = value === undefined ? "" : decimal(value);
    }
    show(rows < Math.max(...this.lists.map((input) => input.repeat)), "table-more");
  }

  row(number) {
    const fields = this.lists.map((input) => {
      if (number > input.repeat) return make("td", {});
      const name = cell(input, number);
      const field = make("input", { inputMode: "decimal", autocomplete: "off", data: { cell: name }, aria: { label: `${pick(input.label) || input.name}, ${text("row")} ${number}`, describedby: "table-note" } });
      field.addEventListener("input", () => (field.dataset.dirty = "yes"));
      field.addEventListener("focus", () => (this.column = input.name));
      field.addEventListener("change", () => this.save(input, number, field));
      return make("td", {}, field);
    });
    return make("tr", {}, make("th", { scope: "row" }, String(number)), ...fields);
  }

  tell(said, good) {
    say("table-note", said);
    element("table-note").className = `note ${good ? "good" : "error"}`;
  }

  /** Saves one field, or clears it where it was emptied. */
  async save(input, number, field) {
    const wrong = (said) => {
      field.setAttribute("aria-invalid", "true");
      this.tell(`${text("row")} ${number}: ${said}`, false);
    };
    const typed = field.value.trim();
    const value = typed === "" ? null : numberOf(typed);
    if (value === undefined) return wrong(text("number"));
    if (value !== null && (value < input.min || value > input.max)) {
      const metres = value / 100;
      if (input.unit === "m" && metres >= input.min && metres <= input.max) return wrong(text("centimetres", { cm: decimal(value), m: decimal(Number(metres.toPrecision(12))) }));
      return wrong(text("between", { min: decimal(input.min), max: decimal(input.max) }));
    }
    const said = await this.send({ [cell(input, number)]: value });
    if (said) return wrong(said);
    field.setAttribute("aria-invalid", "false");
    delete field.dataset.dirty;
    this.tell(text("saved"), true);
  }

  /** Sends numbers to the hub; answers what went wrong. */
  async send(numbers) {
    const trouble = await enter(this.phone().joined, numbers);
    if (trouble) return trouble;
    for (const [name, value] of Object.entries(numbers)) {
      if (value === null) delete this.known[name];
      else this.known[name] = value;
    }
    this.draw();
    this.saved();
    return undefined;
  }

  /** The list that a measured value of this unit belongs into, if it has room: the one that was touched last, else the first. */
  wanted(unit) {
    const fitting = (this.lists ?? []).filter((input) => input.unit === unit && emptyRow(input, this.known) !== undefined);
    return fitting.find((input) => input.name === this.column) ?? fitting[0];
  }

  /** Puts a measured value into the first empty row of the list of its unit. */
  async put(unit, value) {
    const input = this.wanted(unit);
    if (!input) return;
    const row = emptyRow(input, this.known);
    if (value < input.min || value > input.max) return this.tell(text("between", { min: decimal(input.min), max: decimal(input.max) }), false);
    const said = await this.send({ [cell(input, row)]: value });
    this.tell(said ?? text("put-in-row", { row, column: pick(input.label) || input.name }), !said);
  }

  /** The next group begins with an empty table. */
  forget() {
    this.known = {};
    this.asked = 0;
  }
}
