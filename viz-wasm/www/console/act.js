// The card that acts: one big next step and a few others, by the lesson's phase.

import { text } from "../words.js";
import { byId, keep, make, mark, say, show } from "./dom.js";
import { exportLinks } from "./exports.js";
import { fate, keeper } from "./lessons.js";
import { controls, nextAction, nextNumber } from "./phase.js";
import { owing } from "./standing.js";
import { bar, deaf, once, rest, tapped, twice } from "./tap.js";
import { asTeacher, lessonPath } from "./api.js";
import { fixed } from "../measured.js";

export class Act {
  /** `send(command)` asks the hub, `failed(error)` shows why not. */
  constructor(session, { send, failed }) {
    Object.assign(this, { session, send, failed });
    const end = make("button", { type: "button", className: "danger", id: "end" });
    const label = make("span");
    end.append(label);
    this.relabelEnd = twice(end, label, () => text("do-end"), "end-sure", () => this.run(end, { do: "end" }), (ending) => {
      this.ending = ending;
      this.drawOwing();
    });
    this.end = end;
    byId("location").addEventListener("change", async ({ target }) => {
      await this.run(target, { do: "allow_location", mode: target.checked ? "relative" : null });
      this.draw();
    });
  }

  /** Sends a command; what got no answer is told beside the button, for the sentence above may be out of sight. */
  async command(command) {
    try {
      const answer = await this.send(command);
      this.unanswered = undefined;
      // At once, not with the next picture: until then the tapped control would take another tap for what it meant before.
      this.draw();
      return answer;
    } catch (error) {
      this.unanswered = error.status === 0 ? this.session.lesson?.phase : undefined;
      this.draw();
      throw error;
    }
  }

  run(button, command) {
    return tapped(button, () => this.command(command), this.failed);
  }

  /** What a key means: the next step's has the pauses of its button. */
  key(command) {
    const control = byId("next").firstElementChild;
    if (control?.order?.do === command.do) return this.run(control, command);
    return this.command(command).catch(this.failed);
  }

  /** Whether the next step has just come to mean something else. */
  rests() {
    const control = byId("next").firstElementChild;
    return Boolean(control) && deaf(control);
  }

  /** Counts only those that are still there. */
  joined() {
    return this.session.lesson?.things.length ?? 0;
  }

  draw() {
    const { lesson } = this.session;
    if (!lesson) return;
    show(byId("act"), true);
    this.drawNext(lesson);
    const others = lesson.phase === "ended" ? [] : [...controls(lesson), { place: "end", name: "end" }];
    keep(byId("others"), others, ({ place }) => place, (one) => this.other(one), (button, one) => this.follow(button, one));
    this.relabelEnd();
    this.drawOwing();
    this.drawLocation(lesson);
    this.drawOver(lesson);
  }

  other({ place }) {
    if (place === "end") return this.end;
    const button = once(make("button", { type: "button", className: "quiet" }, make("span")));
    button.addEventListener("click", () => this.run(button, button.order));
    return button;
  }

  follow(button, { place, name, command, number, off }) {
    if (place === "end") return;
    // Not `command`: browsers give that property of buttons a meaning of their own.
    button.order = command;
    const id = `do-${name}`;
    if (button.id && button.id !== id) rest(button);
    button.id = id;
    bar(button, Boolean(off));
    say(button.firstElementChild, text(`do-${name}`, { n: number ?? 0 }));
  }

  drawNext(lesson) {
    const next = nextAction(lesson, this.joined());
    const place = byId("next");
    let control = place.firstElementChild;
    if (control?.dataset.name !== next.name) {
      const before = control;
      const focused = document.activeElement === before;
      control = next.command ? once(make("button", { type: "button" })) : make("a", { href: next.href, ...(next.apart ? { target: "_blank", rel: "noopener" } : {}) });
      control.className = "button large";
      control.id = "next-action";
      control.dataset.name = next.name;
      control.append(make("span"));
      if (next.command) control.addEventListener("click", () => this.run(control, control.order));
      else control.addEventListener("click", (event) => deaf(control) && event.preventDefault());
      place.replaceChildren(control);
      // The second half of a double click must not undo the first.
      if (before) rest(control);
      // Whoever started with the keyboard stops with the same key.
      if (focused) control.focus();
    }
    control.order = next.command;
    say(control.firstElementChild, text(`next-${next.name}`, { n: next.number ?? 0 }));
    this.drawHint(lesson, next);
  }

  drawHint(lesson, next) {
    const left = lesson.phase === "countdown" ? Math.max(0, Math.ceil((lesson.take.begins - this.session.now()) / 1e6)) : 0;
    const lost = ["offline", "stopped"].includes(this.session.state);
    // What the phase says now may be what the unanswered command was to bring about.
    if (this.unanswered !== undefined && this.unanswered !== lesson.phase) this.unanswered = undefined;
    const hint =
      this.unanswered !== undefined ? "unanswered"
      : lost ? "offline"
      : lesson.phase === "countdown" ? "countdown"
      : lesson.take?.rehearsal && lesson.phase === "measuring" ? "rehearsal"
      : next.name;
    say(byId("next-hint"), text(`hint-${hint}`, { n: left, next: nextNumber(lesson) }));
    mark(byId("next-hint"), "data-count", hint === "countdown" ? left : null);
    mark(byId("next-hint"), "data-look", hint === "unanswered" ? "bad" : hint === "offline" ? "warn" : null);
  }

  /** Whoever ends the lesson learns first that something is still out there. */
  drawOwing() {
    const { lesson } = this.session;
    if (!lesson) return;
    const owed = owing(this.session);
    const told = owed.things > 0 && (lesson.phase === "stopped" || (lesson.phase !== "ended" && this.ending));
    say(byId("owing"), told ? text("owing", { n: owed.things, s: fixed(owed.seconds, 0) }) : "");
    show(byId("owing"), told);
  }

  /** Only templates that need places ask; off until the teacher says so. */
  drawLocation(lesson) {
    show(byId("location-part"), Boolean(lesson.location_asked) && lesson.phase !== "ended");
    byId("location").checked = Boolean(lesson.location);
  }

  /** What can be done with a lesson that is over: keep it, take it away, erase it. */
  drawOver(lesson) {
    show(byId("over"), lesson.phase === "ended");
    if (lesson.phase !== "ended") return;
    if (!this.over) {
      const fateful = make("p", { className: "fate" });
      const kept = keeper(this.session.id, this.failed, () => this.look());
      const erase = make("button", { type: "button", className: "danger", id: "erase" });
      this.relabelErase = twice(erase, erase, () => text("erase"), "erase-sure", () =>
        tapped(erase, async () => {
          await asTeacher("DELETE", lessonPath(this.session.id));
          location.assign("/t");
        }, this.failed));
      const compare = make("a", { className: "button quiet", href: `/t/compare#c=${this.session.id}` });
      const share = make("a", { className: "button quiet", href: `/t/${this.session.id}/release` });
      byId("over").append(fateful, make("div", { className: "doing" }, compare, share, kept), exportLinks(this.session.id), erase);
      this.over = { fateful, kept, compare, share };
      this.look();
    }
    const known = this.fate ?? lesson;
    say(this.over.fateful, fate(known));
    mark(this.over.fateful, "data-kept", known.kept ? true : null);
    this.over.kept.follow(known);
    say(this.over.compare, text("compare-this"));
    say(this.over.share, text("share-results"));
    this.relabelErase();
  }

  /** When the lesson will be erased stands with the lesson, not in its messages. */
  async look() {
    try {
      this.fate = await asTeacher("GET", lessonPath(this.session.id));
      this.draw();
    } catch (error) {
      this.failed(error);
    }
  }
}
