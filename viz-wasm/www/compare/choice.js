// Which lessons are compared, and what their classes are called. The choice stands in the address behind its #, so that a reload,
// a bookmark or the projector's browser shows the same.

import { byId, keep, make, mark, say, show } from "../console/dom.js";
import { moment } from "../console/when.js";
import { pick, text } from "../words.js";

/** As many as the hub compares at once. */
const MOST = 12;
const LABEL = 40;

export class Choice {
  /** `changed` is called after each change. */
  constructor(changed) {
    this.changed = changed;
    this.lessons = [];
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
    /** What the class of each chosen lesson is called, by lesson. */
    this.chosen = new Map(given.map((one) => [one.split(":")[0], one.split(":").slice(1).join(":").slice(0, LABEL)]));
    this.wanted = given.length > 0;
  }

  /** Writes the choice into the address. */
  remember() {
    const parameters = new URLSearchParams(this.sources().map(({ id, label }) => ["c", label ? `${id}:${label}` : id]));
    const hash = `#${parameters}`;
    if (location.hash !== hash && (location.hash || parameters.size)) history.replaceState(null, "", hash);
  }

  /** Takes the list of lessons; those that nobody joined have nothing to compare. */
  offer(lessons) {
    this.lessons = lessons.filter((lesson) => lesson.things > 0 || this.chosen.has(lesson.id));
    if (!this.template || this.wanted) {
      const chosen = this.lessons.find((lesson) => this.chosen.has(lesson.id));
      // Else the template with most lessons: that is what somebody may want to compare.
      const most = [...this.templates().values()].sort((one, other) => other.count - one.count)[0];
      this.template = chosen?.template ?? this.template ?? most?.id;
      this.wanted = false;
    }
    this.draw();
  }

  templates() {
    const found = new Map();
    for (const lesson of this.lessons) {
      const known = found.get(lesson.template);
      found.set(lesson.template, { id: lesson.template, title: lesson.title, count: (known?.count ?? 0) + 1 });
    }
    return found;
  }

  /** Lessons of the chosen template, newest first. */
  shown() {
    return this.lessons.filter((lesson) => lesson.template === this.template);
  }

  /** The chosen lessons as the hub wants them. */
  sources() {
    const chosen = this.shown().filter((lesson) => this.chosen.has(lesson.id));
    return chosen.map(({ id }) => ({ kind: "lesson", id, label: this.chosen.get(id) || undefined }));
  }

  /** Whether one of the chosen lessons may still get results. */
  running() {
    return this.shown().some((lesson) => this.chosen.has(lesson.id) && lesson.state !== "ended");
  }

  /** Whether somebody is typing or choosing just now. */
  busy() {
    return byId("choice").contains(document.activeElement) && document.activeElement.matches("input[type=text], select");
  }

  draw() {
    const templates = [...this.templates().values()];
    show(byId("none"), templates.length === 0);
    show(byId("choosing"), templates.length > 0);
    const select = byId("template");
    const options = templates.map(({ id, title, count }) => ({ id, words: text("compare-template-of", { title: pick(title), n: count }) }));
    if (select.dataset.shown !== JSON.stringify(options)) {
      select.dataset.shown = JSON.stringify(options);
      select.replaceChildren(...options.map(({ id, words }) => make("option", { value: id, textContent: words })));
    }
    if (this.template) select.value = this.template;
    keep(byId("lessons"), this.shown(), ({ id }) => id, (lesson) => this.row(lesson), (row, lesson) => this.follow(row, lesson));
    say(byId("hint"), this.hint());
  }

  hint() {
    const count = this.sources().length;
    if (this.shown().length < 2) return text("compare-only-one");
    if (count < 2) return text("compare-two");
    return count >= MOST ? text("compare-most", { n: MOST }) : "";
  }

  row({ id }) {
    const box = make("input", { type: "checkbox", id: `lesson-${id}` });
    const name = make("input", { type: "text", maxLength: LABEL, autocomplete: "off", value: this.chosen.get(id) ?? "" });
    const [when, facts] = [make("span"), make("small")];
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
    const label = make("label", { className: "choice", htmlFor: box.id }, box, make("span", {}, when, facts));
    return Object.assign(make("li", {}, label, name), { parts: { box, name, when, facts } });
  }

  follow({ parts: { box, name, when, facts } }, lesson) {
    const chosen = this.chosen.has(lesson.id);
    box.checked = chosen;
    box.disabled = !chosen && this.sources().length >= MOST;
    say(when, moment(lesson.created));
    say(facts, [text("took-part", { n: lesson.things }), lesson.state === "ended" ? "" : text("compare-runs")].filter(Boolean).join(" · "));
    // A class without a name gets a letter from the hub, by its place among the chosen.
    const place = this.sources().findIndex(({ id }) => id === lesson.id);
    name.placeholder = place < 0 ? "" : String.fromCharCode(65 + place);
    mark(name, "aria-label", text("compare-name-of", { when: moment(lesson.created) }));
    show(name, chosen);
    if (document.activeElement !== name) name.value = this.chosen.get(lesson.id) ?? name.value;
  }
}
