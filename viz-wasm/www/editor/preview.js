// The lesson with a simulated class: what its fixtures give, what each group finds, and the board's figures.

import { lang, pick, text } from "../words.js";
import { asTeacher } from "../console/api.js";
import { byId, make, mark, say } from "../console/dom.js";
import { tapped } from "../console/tap.js";

/** A class is simulated and analysed for it. */
const PATIENT = { wait: 60_000 };

const row = (tag, cells) => make("tr", {}, ...cells.map((cell) => make(tag, { textContent: cell, scope: tag === "th" ? "col" : undefined })));

function table(caption, head, rows) {
  return make("table", {}, make("caption", { textContent: caption }), make("thead", {}, row("th", head)), make("tbody", {}, ...rows.map((cells) => row("td", cells))));
}

/** A figure of the hub: a picture with what it says beside it. It is an image, so that nothing in it can be a script. */
function figure({ title, summary, svg }) {
  if (!svg) return make("p", { className: "note", textContent: `${text("preview-no-figure", { name: title })} ${summary ?? ""}` });
  const picture = make("img", { alt: summary, loading: "lazy", src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}` });
  return make("figure", {}, make("figcaption", { textContent: title }), picture);
}

export class Preview {
  constructor({ files, failed }) {
    Object.assign(this, { files, failed, shown: undefined });
    byId("preview").addEventListener("click", () => this.run());
  }

  async run() {
    this.failed();
    const path = `/api/v1/templates/preview?lang=${lang()}`;
    const answer = await tapped(byId("preview"), () => asTeacher("POST", path, { files: this.files() }, PATIENT), (error) => this.failed(error));
    if (!answer) return;
    this.shown = answer;
    this.draw();
  }

  /** The files have changed since. */
  stale() {
    if (this.shown) say(byId("preview-how"), text("editor-preview-stale"));
  }

  draw() {
    const told = this.shown;
    if (!told) return;
    say(byId("preview-how"), told.groups.length ? text("preview-class", { n: told.groups.length }) : text("preview-no-class"));
    byId("fixtures").replaceChildren(
      make("ul", { className: "findings" }, ...told.fixtures.map(({ name, passed, findings }) =>
        make("li", { "data-level": passed ? "ok" : "bad" }, make("b", { textContent: name }), " ", make("span", { textContent: text(passed ? "fixture-passed" : "fixture-failed") }),
          ...findings.map((one) => make("span", { className: "fix", textContent: pick(one.text) }))),
      )),
    );
    const steps = told.steps.map(({ label, name }) => `${pick(label)} (${name})`);
    const groups = told.groups.map(({ number, results, hints }) => [String(number), ...results.map((result) => result.said), hints.map(pick).join(" ")]);
    byId("outcomes").replaceChildren(...(groups.length ? [table(text("preview-outcomes"), [text("preview-group"), ...steps, text("preview-hints")], groups)] : []));
    mark(byId("outcomes"), "tabindex", groups.length ? "0" : null);
    byId("figures").replaceChildren(...told.figures.map(figure));
  }
}
