// What the hub found: where, what is wrong, what to do. Asked anew a moment after each change; the newest answer counts.

import { pick, text } from "../words.js";
import { asTeacher } from "../console/api.js";
import { byId, make, mark, say } from "../console/dom.js";

/** A moment in which somebody goes on typing, ms. */
const PAUSE = 500;
/** Reading a large template with pictures over a slow network takes its time. */
const PATIENT = { wait: 30_000 };

export class Findings {
  /** `files()` are the files, `told(findings)` gets what was found, `go(finding)` leads there. */
  constructor({ files, told, go, failed }) {
    Object.assign(this, { files, told, go, failed, all: [], round: 0, timer: undefined, state: "waiting" });
  }

  /** Asks soon. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    clearTimeout(this.timer);
    const round = ++this.round;
    try {
      const answer = await asTeacher("POST", "/api/v1/templates/lint", { files: this.files() }, PATIENT);
      if (round !== this.round) return;
      this.state = "known";
      this.all = answer.findings;
    } catch (error) {
      if (round !== this.round) return;
      this.state = "failed";
      this.failed(error);
      return;
    }
    this.draw();
    this.told(this.spoken());
  }

  errors() {
    return this.all.filter(({ level }) => level === "error").length;
  }

  /** The findings with their words in the page's language. */
  spoken() {
    return this.all.map((finding) => ({ ...finding, said: pick(finding.text), mend: pick(finding.fix) }));
  }

  draw() {
    const errors = this.errors();
    const others = this.all.length - errors;
    const verdict = byId("verdict");
    say(verdict, this.state !== "known" ? text("findings-waiting") : errors ? text("findings-errors", { n: errors }) : others ? text("findings-others", { n: others }) : text("findings-none"));
    mark(verdict, "data-level", this.state !== "known" ? null : errors ? "bad" : others ? "warn" : "ok");
    const levels = { error: "bad", warning: "warn", hint: "note" };
    byId("findings").replaceChildren(
      ...this.spoken().map((finding) => {
        const where = finding.line ? text("finding-at", { file: finding.file, line: finding.line }) : finding.file;
        const button = make("button", { type: "button", className: "link where", textContent: finding.key ? `${where} · ${finding.key}` : where });
        button.addEventListener("click", () => this.go(finding));
        return make("li", { "data-level": levels[finding.level] ?? "note" }, make("b", { textContent: text(`finding-${finding.level}`) }), " ", button, make("span", { textContent: finding.said }), make("span", { className: "fix", textContent: finding.mend }));
      }),
    );
  }
}
