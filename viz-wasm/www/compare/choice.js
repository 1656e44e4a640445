// Which lessons and releases are compared, and what their classes are called. The choice stands in the address behind its #, so that
// a reload, a bookmark or the projector's browser shows the same.

import { byId, keep, make, mark, say, show } from "../console/dom.js";
import { text } from "../words.js";
import { classes, templates } from "./classes.js";

/** As many as the hub compares at once. */
const MOST = 12;
const LABEL = 40;

export class Choice {
  /** `changed` is called after each change. */
  constructor(changed) {
    this.changed = changed;
    this.all = [];
    this.template = undefined;
    this.recall();
    byId("template").addEventListener("change", () => {
      this.template = byId("template").value;
      this.draw();
      this.changed();
    });
  }

  /** Reads the choice out of the address: `#c=ID:NAME&c=ID`. */
  recall() {
    const given = new URLSearchParams(location.hash.slice(1)).getAll("c");
    /** What each chosen class is called, by the id of its lesson or release. */
    this.chosen = new Map(given.map((one) => [one.split(":")[0], one.split(":").slice(1).join(":").slice(0, LABEL)]));
    this.wanted = given.length > 0;
  }

  /** The choice as it stands in the address. */
  parameters() {
    return this.sources().map(({ id, label }) => ["c", label ? `${id}:${label}` : id]);
  }

  /** Takes the lists of lessons and releases, and what templates are called. */
  offer(lessons, releases, titles) {
    this.all = classes(lessons, releases, titles, this.chosen);
    if (!this.template || this.wanted) {
      const chosen = this.all.find(({ id }) => this.chosen.has(id));
      // Else the template with most classes: that is what somebody may want to compare.
      const most = templates(this.all).sort((one, other) => other.count - one.count)[0];
      this.template = chosen?.template ?? this.template ?? most?.id;
      this.wanted = false;
    }
    this.draw();
  }

  /** Classes of the chosen template, newest first. */
  shown(kind) {
    return this.all.filter((one) => one.template === this.template && (!kind || one.kind === kind));
  }

  /** The chosen classes as the hub wants them. */
  sources() {
    const chosen = this.shown().filter(({ id, barred }) => this.chosen.has(id) && !barred);
    return chosen.map(({ kind, id }) => ({ kind, id, label: this.chosen.get(id) || undefined }));
  }

  /** Whether one of the chosen lessons may still get results. */
  running() {
    return this.shown().some(({ id, running }) => this.chosen.has(id) && running);
  }

  /** Whether somebody is typing or choosing just now. */
  busy() {
    return byId("choice").contains(document.activeElement) && document.activeElement.matches("input[type=text], select");
  }

  draw() {
    const known = templates(this.all);
    show(byId("none"), known.length === 0);
    show(byId("choosing"), known.length > 0);
    const select = byId("template");
    const options = known.map(({ id, title, count }) => ({ id, words: text("compare-template-of", { title, n: count }) }));
    if (select.dataset.shown !== JSON.stringify(options)) {
      select.dataset.shown = JSON.stringify(options);
      select.replaceChildren(...options.map(({ id, words }) => make("option", { value: id, textContent: words })));
    }
    if (this.template) select.value = this.template;
    for (const [list, kind] of [["lessons", "lesson"], ["releases", "release"]]) {
      keep(byId(list), this.shown(kind), ({ id }) => id, (one) => this.row(one), (row, one) => this.follow(row, one));
    }
    show(byId("own-part"), this.shown("lesson").length > 0);
    show(byId("shared-part"), this.shown("release").length > 0);
    say(byId("hint"), this.hint());
  }

  hint() {
    const count = this.sources().length;
    if (this.shown().filter(({ barred }) => !barred).length < 2) return text("compare-only-one");
    if (count < 2) return text("compare-two");
    return count >= MOST ? text("compare-most", { n: MOST }) : "";
  }

  row({ kind, id }) {
    const box = make("input", { type: "checkbox", id: `${kind}-${id}` });
    const name = make("input", { type: "text", maxLength: LABEL, autocomplete: "off", value: this.chosen.get(id) ?? "" });
    const [what, facts] = [make("span"), make("small")];
    box.addEventListener("change", () => {
      if (box.checked) this.chosen.set(id, name.value.trim());
      else this.chosen.delete(id);
      this.draw();
      this.changed();
    });
    name.addEventListener("input", () => {
      if (!this.chosen.has(id)) return;
      this.chosen.set(id, name.value.trim());
      this.changed();
    });
    const label = make("label", { className: "choice", htmlFor: box.id }, box, make("span", {}, what, facts));
    return Object.assign(make("li", {}, label, name), { parts: { box, name, what, facts } });
  }

  follow({ parts: { box, name, what, facts } }, one) {
    const chosen = this.chosen.has(one.id) && !one.barred;
    box.checked = chosen;
    box.disabled = Boolean(one.barred) || (!chosen && this.sources().length >= MOST);
    say(what, one.name());
    say(facts, one.facts().filter(Boolean).join(" · "));
    // A lesson without a name gets a letter from the hub, by its place among the chosen; a release has its school's name.
    const place = this.sources().findIndex(({ id }) => id === one.id);
    name.placeholder = one.proposed ?? (place < 0 ? "" : String.fromCharCode(65 + place));
    mark(name, "aria-label", text("compare-name-of", { when: one.name() }));
    show(name, chosen);
    if (document.activeElement !== name) name.value = this.chosen.get(one.id) ?? name.value;
  }
}
