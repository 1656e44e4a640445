// The card that acts: one big next step and a few others, by the lesson's phase.

import { text } from "../words.js";
import { byId, keep, make, mark, say, show } from "./dom.js";
import { exportLinks } from "./exports.js";
import { fate, keeper } from "./lessons.js";
import { controls, nextAction, nextNumber } from "./phase.js";
import { tapped, twice } from "./tap.js";
import { asTeacher, lessonPath } from "./api.js";

export class Act {
  /** `send(command)` asks the hub, `failed(error)` shows why not. */
  constructor(session, { send, failed }) {
    Object.assign(this, { session, send, failed });
    const end = make("button", { type: "button", className: "danger", id: "end" });
    const label = make("span");
    end.append(label);
    this.relabelEnd = twice(end, label, () => text("do-end"), "end-sure", () => this.run(end, { do: "end" }));
    this.end = end;
    byId("location").addEventListener("change", async ({ target }) => {
      await this.run(target, { do: "allow_location", mode: target.checked ? "relative" : null });
      this.draw();
    });
  }

  run(button, command) {
    return tapped(button, () => this.send(command), this.failed);
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
    keep(byId("others"), [...controls(lesson), ...(lesson.phase === "ended" ? [] : [{ name: "end" }])], ({ name }) => name, (one) => this.other(one), (button, one) => {
      if (one.name === "end") return;
      // Not `command`: browsers give that property of buttons a meaning of their own.
      button.order = one.command;
      say(button.firstElementChild, text(`do-${one.name}`, { n: one.number ?? 0 }));
    });
    this.relabelEnd();
    this.drawLocation(lesson);
    this.drawOver(lesson);
  }

  other({ name }) {
    if (name === "end") return this.end;
    const button = make("button", { type: "button", className: "quiet", id: `do-${name}` }, make("span"));
    button.addEventListener("click", () => this.run(button, button.order));
    return button;
  }

  drawNext(lesson) {
    const next = nextAction(lesson, this.joined());
    const place = byId("next");
    let control = place.firstElementChild;
    if (control?.dataset.name !== next.name) {
      const focused = document.activeElement === control;
      control = next.command ? make("button", { type: "button" }) : make("a", { href: next.href, ...(next.apart ? { target: "_blank", rel: "noopener" } : {}) });
      control.className = "button large";
      control.id = "next-action";
      control.dataset.name = next.name;
      control.append(make("span"));
      if (next.command) control.addEventListener("click", () => this.run(control, control.order));
      place.replaceChildren(control);
      // Whoever started with the keyboard stops with the same key.
      if (focused) control.focus();
    }
    control.order = next.command;
    const left = lesson.phase === "countdown" ? Math.max(0, Math.ceil((lesson.take.begins - this.session.now()) / 1e6)) : 0;
    say(control.firstElementChild, text(`next-${next.name}`, { n: next.number ?? 0 }));
    const hint = lesson.phase === "countdown" ? "countdown" : lesson.take?.rehearsal && lesson.phase === "measuring" ? "rehearsal" : next.name;
    say(byId("next-hint"), text(`hint-${hint}`, { n: left, next: nextNumber(lesson) }));
    mark(byId("next-hint"), "data-count", hint === "countdown" ? left : null);
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
      byId("over").append(fateful, kept, exportLinks(this.session.id), erase);
      this.over = { fateful, kept };
      this.look();
    }
    const known = this.fate ?? lesson;
    say(this.over.fateful, fate(known));
    mark(this.over.fateful, "data-kept", known.kept ? true : null);
    this.over.kept.follow(known);
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
