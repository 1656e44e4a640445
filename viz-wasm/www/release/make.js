// Making a release: first see exactly what would leave, then let just that leave.

import { pick, text } from "../words.js";
import { asTeacher, lessonPath } from "../console/api.js";
import { byId, make, say, show } from "../console/dom.js";
import { tapped } from "../console/tap.js";
import { sentences } from "./said.js";

/** `{lesson, failed, changed}`: whose results, where an error is shown, what is done after one left. */
export class Maker {
  constructor({ lesson, failed, changed }) {
    Object.assign(this, { lesson, failed, changed });
    this.seen = undefined;
    byId("wish").addEventListener("submit", (event) => {
      event.preventDefault();
      this.look();
    });
    // What was seen is not what is asked for any more.
    byId("wish").addEventListener("input", () => this.forget());
    byId("release").addEventListener("click", () => this.release());
  }

  async begin(label) {
    show(byId("make"), true);
    if (byId("label").value === "") byId("label").value = label;
    this.about = await asTeacher("GET", lessonPath(this.lesson));
    this.draw();
  }

  draw() {
    if (this.about) say(byId("make-lesson"), `${pick(this.about.title)} · ${text("release-groups", { n: this.about.things })}`);
    say(byId("release"), text(this.wanted?.public ? "release-do-public" : "release-do"));
    if (this.seen) byId("said").replaceChildren(...sentences(this.seen.release).map((said) => make("li", { textContent: said })));
  }

  forget() {
    this.seen = undefined;
    show(byId("seen"), false);
  }

  async look() {
    this.failed();
    this.forget();
    const region = byId("region").value.trim();
    this.wanted = {
      label: byId("label").value.trim(),
      ...(region ? { region } : {}),
      public: new FormData(byId("wish")).get("for") === "public",
      singles: byId("singles").checked,
    };
    this.seen = await tapped(byId("look"), () => asTeacher("POST", lessonPath(this.lesson, "/releases/preview"), this.wanted), this.failed);
    if (!this.seen) return;
    say(byId("json"), this.seen.json);
    show(byId("seen"), true);
    this.draw();
  }

  async release() {
    this.failed();
    const { id, sha256 } = this.seen;
    const body = { wanted: this.wanted, id, sha256 };
    const own = await tapped(byId("release"), () => asTeacher("POST", lessonPath(this.lesson, "/releases"), body), (error) => {
      if (error?.code === "release_changed") this.forget();
      this.failed(error);
    });
    if (!own) return;
    this.forget();
    this.changed(text("release-done"));
  }
}
