// What the template asks a group to enter: one field each, saved by itself.

import { numberOf } from "../code.js";
import { decimal, pick, text } from "../words.js";
import { element, make, say, show } from "./dom.js";
import { enter } from "./entered.js";
import { paper } from "../quantity.js";

export class Inputs {
  /** `phone()` is the phone in a lesson; `saved()` is called when a field was. */
  constructor(phone, saved) {
    Object.assign(this, { phone, saved });
    this.done = new Set();
    /** What the hub has said it knows. */
    this.told = new Set();
    /** How a value is put into a field and saved, by the field's name. */
    this.ways = {};
    for (const form of ["inputs", "by-hand"]) element(form).addEventListener("submit", (event) => event.preventDefault());
  }

  /** What is still to be entered; what only those enter who measure by hand is never missing. */
  missing(inputs) {
    return inputs.filter((input) => !input.by_hand && !input.optional && !this.done.has(input.name));
  }

  /** Brings the first field that is still empty to the middle of the screen, and the keyboard with it. */
  focus(inputs) {
    const [first] = this.missing(inputs);
    const field = first && element(`input-${first.name}`);
    field?.focus({ preventScroll: true });
    field?.scrollIntoView({ block: "center" });
  }

  /**
   * One field per input; made once, only its texts change with the language. `entered` is what the hub knew when the phone came,
   * `known` what it knows now.
   */
  show(all, entered = {}, known = undefined) {
    const of = (hand) => all.filter((input) => Boolean(input.by_hand) === hand);
    show(of(false).length > 0, "values");
    show(of(true).length > 0, "by-hand");
    for (const input of all) {
      const id = `input-${input.name}`;
      if (!element(id)) element(input.by_hand ? "by-hand" : "inputs").append(this.field(input, id, entered[input.name]));
      say(`${id}-label`, `${pick(input.label) || input.name} (${paper(input.unit)})`);
      say(`${id}-save`, text("save"));
      if (known) this.follow(input.name, known);
    }
  }

  /** Empties a field whose number the hub has forgotten since: of a rehearsal nothing is left. */
  follow(name, known) {
    if (known[name] !== undefined) this.told.add(name);
    else if (this.told.has(name)) this.empty(name);
  }

  empty(name) {
    this.told.delete(name);
    this.done.delete(name);
    element(`input-${name}`).value = "";
    say(`input-${name}-note`, "");
  }

  /** Forgets everything that was entered: the next group begins with empty fields. */
  forget() {
    for (const name of Object.keys(this.ways)) this.empty(name);
  }

  /** The field that a stopwatch's seconds belong into, if there is one. */
  timed(inputs) {
    return inputs.find((input) => input.by_hand && input.unit === "s");
  }

  /** Puts a value into a field, as if it had been typed, and saves it with its standard uncertainty. */
  put(input, value, uncertainty) {
    return this.ways[input.name]?.(value, uncertainty);
  }

  field(input, id, entered) {
    const label = make("label", { id: `${id}-label`, htmlFor: id });
    const entry = make("input", { id, inputMode: "decimal", autocomplete: "off", aria: { describedby: `${id}-note` } });
    const save = make("button", { type: "button", id: `${id}-save`, className: "quiet", aria: { describedby: `${id}-label` } });
    const note = make("p", { id: `${id}-note`, className: "note", role: "status" });
    if (entered !== undefined) {
      entry.value = decimal(entered);
      this.done.add(input.name);
    }
    // How well the number is known that was put here: saved again unchanged, it is known as well.
    let put;
    const tell = (said, good) => {
      say(note, said);
      note.className = `note ${good ? "good" : "error"}`;
      entry.setAttribute("aria-invalid", String(!good));
    };
    const send = async (uncertainty) => {
      const value = numberOf(entry.value);
      const [min, max] = [input.min ?? -Infinity, input.max ?? Infinity];
      if (value === undefined) return tell(text("number"), false);
      if (value < min || value > max) {
        // A ruler's number where metres are asked for.
        if (input.unit === "m" && value / 100 >= min && value / 100 <= max) return tell(text("centimetres", { cm: decimal(value), m: decimal(Number((value / 100).toPrecision(12))) }), false);
        // Ten swings' seconds where one's are asked for.
        if (input.by_hand && input.unit === "s" && value / 10 >= min && value / 10 <= max) return tell(text("ten-swings", { all: decimal(value), one: decimal(Number((value / 10).toPrecision(12))) }), false);
        return tell(text("between", { min: decimal(min), max: decimal(max) }), false);
      }
      const trouble = await enter(this.phone().joined, { [input.name]: value, ...(uncertainty === undefined ? {} : { [`u_${input.name}`]: uncertainty }) });
      if (trouble) return tell(trouble, false);
      this.done.add(input.name);
      tell(text("saved"), true);
      this.saved();
    };
    const again = () => send(put && put.shown === entry.value ? put.uncertainty : undefined);
    save.addEventListener("click", again);
    this.ways[input.name] = (value, uncertainty) => {
      entry.value = decimal(value);
      put = { shown: entry.value, uncertainty };
      return again();
    };
    entry.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      again();
    });
    return make("div", { className: "field" }, label, entry, save, note);
  }
}
