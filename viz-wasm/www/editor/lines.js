// A text with its line numbers: a plain text area, which every keyboard and screen reader knows, and the numbers beside it.

import { byId, make } from "../console/dom.js";

const TAB = "  ";

export class Lines {
  /** `changed(text)` is called with every change. */
  constructor(changed) {
    this.area = byId("text");
    this.numbers = byId("lines");
    this.marked = "";
    this.area.addEventListener("input", () => {
      this.number();
      changed(this.area.value);
    });
    this.area.addEventListener("scroll", () => (this.numbers.scrollTop = this.area.scrollTop));
    this.area.addEventListener("keydown", (event) => this.indent(event));
    this.free = false;
  }

  /** Tab indents, unless Escape was pressed just before: then it leaves the field, as everywhere. */
  indent(event) {
    if (event.key === "Escape") {
      this.free = true;
      return;
    }
    if (event.key === "Tab" && !event.shiftKey && !this.free) {
      event.preventDefault();
      this.area.setRangeText(TAB, this.area.selectionStart, this.area.selectionEnd, "end");
      this.area.dispatchEvent(new Event("input"));
    }
    if (event.key !== "Shift") this.free = false;
  }

  show(text, findings = []) {
    if (this.area.value !== text) {
      const { selectionStart, selectionEnd } = this.area;
      this.area.value = text;
      this.area.setSelectionRange(Math.min(selectionStart, text.length), Math.min(selectionEnd, text.length));
    }
    this.findings = findings;
    this.number();
  }

  /** The numbers; a line with a finding has a sign beside it. */
  number() {
    const count = this.area.value.split("\n").length;
    const levels = new Map();
    for (const { line, level } of this.findings ?? []) if (levels.get(line) !== "error") levels.set(line, level);
    const wanted = `${count} ${[...levels].join(" ")}`;
    if (this.marked === wanted) return;
    this.marked = wanted;
    const signs = { error: "✕", warning: "!", hint: "i" };
    this.numbers.replaceChildren(
      ...Array.from({ length: count }, (_, at) => {
        const level = levels.get(at + 1);
        return make("span", { "data-level": level, textContent: `${level ? `${signs[level] ?? "!"} ` : ""}${at + 1}\n` });
      }),
    );
    this.numbers.scrollTop = this.area.scrollTop;
  }

  /** Puts the cursor on a line, from 1, and a column. */
  go(line, column = 1) {
    const lines = this.area.value.split("\n");
    const start = lines.slice(0, Math.max(0, line - 1)).reduce((sum, one) => sum + one.length + 1, 0);
    const at = Math.min(this.area.value.length, start + Math.max(0, column - 1));
    this.area.focus();
    this.area.setSelectionRange(at, at);
    const height = Number.parseFloat(getComputedStyle(this.area).lineHeight) || 22;
    this.area.scrollTop = Math.max(0, (line - 4) * height);
  }
}
