// Taking a result out of the class's result, with a reason that everybody sees, and counting it again.

import { text } from "../words.js";
import { make, mark, say, show } from "./dom.js";
import { redraw, tool } from "./icons.js";

/** What usually goes wrong. */
const USUAL = ["reason-slipped", "reason-wrong-length", "reason-too-wide", "reason-disturbed", "reason-trial"];
const LONGEST = 200;

export class Exclusion {
  constructor(thing, run) {
    this.thing = thing;
    this.run = run;
    this.panel = make("form", { className: "reason-form", hidden: true, id: `exclude-${thing}`, noValidate: true });
    this.toggle = tool("exclude", () => (this.finding?.excluded ? this.send(this.toggle, null) : this.open(this.panel.hidden)));
    mark(this.toggle, "aria-controls", this.panel.id);
    this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
  }

  /** Built when first asked for: thirty closed forms would only slow the page. */
  build() {
    if (this.field) return;
    const [words, field] = [make("p", { className: "hint" }), make("input", { id: `reason-${this.thing}`, maxLength: LONGEST, autocomplete: "off" })];
    const label = make("label", { htmlFor: field.id });
    const submit = make("button", { type: "submit" });
    const cancel = make("button", { type: "button", className: "quiet" });
    const usual = USUAL.map((key) => {
      const button = make("button", { type: "button", className: "quiet" });
      button.dataset.key = key;
      button.addEventListener("click", () => this.send(button, text(key)));
      return button;
    });
    cancel.addEventListener("click", () => this.open(false));
    this.panel.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value.trim()) this.send(submit, field.value.trim());
      else field.focus();
    });
    this.panel.append(words, make("div", { className: "usual" }, ...usual), label, make("div", { className: "codeform" }, field, submit), cancel);
    Object.assign(this, { words, field, label, submit, cancel, usual });
  }

  open(wanted) {
    this.build();
    show(this.panel, wanted);
    mark(this.toggle, "aria-expanded", String(wanted));
    this.relabel();
    (wanted ? this.usual[0] : this.toggle).focus();
  }

  async send(button, reason) {
    const done = await this.run(button, { do: "exclude", thing: this.thing, run: this.finding.run, reason });
    if (!done) return;
    const inside = this.panel.contains(document.activeElement);
    show(this.panel, false);
    mark(this.toggle, "aria-expanded", "false");
    if (this.field) this.field.value = "";
    if (inside) this.toggle.focus();
  }

  relabel() {
    if (!this.field) return;
    say(this.words, text("exclude-how"));
    say(this.label, text("exclude-other"));
    say(this.submit, text("exclude"));
    say(this.cancel, text("cancel"));
    for (const button of this.usual) say(button, text(button.dataset.key));
  }

  draw(thing, finding) {
    this.finding = finding;
    // What belongs to a measurement that was taken back counts again with it, not alone.
    const there = Boolean(finding) && !finding.reason && !finding.undone;
    show(this.toggle, there);
    if (!there) show(this.panel, false);
    const does = finding?.excluded ? "include" : "exclude";
    redraw(this.toggle.drawn, does);
    say(this.toggle.word, text(does));
    mark(this.toggle, "aria-label", `${text(does)}: ${thing.nickname}`);
    mark(this.toggle, "aria-expanded", finding?.excluded ? null : String(!this.panel.hidden));
    this.relabel();
  }
}
