// The library beyond its cards: finding a template, everything about one, taking a file in, changing one into another.

import { known, pick, text } from "../words.js";
import { asTeacher } from "./api.js";
import { byId, make, mark, say, show } from "./dom.js";
import { tags, trusted } from "./templates.js";
import { tapped } from "./tap.js";
import { toast } from "./toast.js";

const GRADES = Array.from({ length: 13 }, (_, at) => at + 1);
/** A file comes over the network and is looked through. */
const PATIENT = { wait: 60_000 };

const templatePath = ({ id, version }, rest = "") => `/api/v1/templates/${encodeURIComponent(id)}${rest}?version=${encodeURIComponent(version)}`;
const folded = (words) => words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

/** An element of a text as the hub tells it: a string, or `{tag, children, …}`. Only these tags are made, whatever is told. */
const TAGS = new Set(["p", "h3", "h4", "ul", "ol", "li", "em", "strong", "code", "pre", "blockquote", "br", "hr", "table", "thead", "tbody", "tr", "th", "td"]);
function element(node) {
  if (typeof node === "string") return document.createTextNode(node);
  const children = (node.children ?? []).map(element);
  if (node.tag === "img") return make("img", { src: node.src, alt: node.alt, loading: "lazy" });
  if (node.tag === "a" && /^https:\/\//.test(node.href ?? "")) {
    return make("a", { href: node.href, rel: "noopener noreferrer", target: "_blank" }, ...children);
  }
  const made = make(TAGS.has(node.tag) ? node.tag : "span");
  made.append(...children);
  return made;
}

export class Shelf {
  /** `begin(template, button)` starts a lesson; `draw()` puts the cards anew; `changed()` asks for the library anew. */
  constructor({ begin, failed, draw, changed }) {
    Object.assign(this, { begin, failed, changed, shown: undefined });
    for (const id of ["search", "by-subject", "by-grade"]) byId(id).addEventListener("input", draw);
    byId("import").addEventListener("click", () => byId("import-file").click());
    byId("import-file").addEventListener("change", () => this.take());
    const detail = byId("detail");
    byId("detail-close").addEventListener("click", () => detail.close());
    detail.addEventListener("click", (event) => event.target === detail && detail.close());
    byId("detail-begin").addEventListener("click", () => this.begin(this.shown, byId("detail-begin")).then(() => detail.close()));
    byId("detail-fork").addEventListener("click", () => this.fork());
    byId("detail-withdraw").addEventListener("click", () => this.withdraw());
  }

  /** The templates that fit what is searched for. */
  chosen(templates) {
    const words = folded(byId("search").value).split(/\s+/).filter(Boolean);
    const subject = byId("by-subject").value;
    const grade = Number(byId("by-grade").value);
    return templates.filter((template) => {
      const said = folded([pick(template.title), pick(template.summary), pick(template.task), ...tags(template), ...(template.authors ?? []), template.id].join(" "));
      const [from, to] = template.grades ?? [1, 13];
      return words.every((word) => said.includes(word)) && (!subject || template.subject === subject) && (!grade || (from <= grade && grade <= to));
    });
  }

  /** What can be searched for. */
  draw(templates) {
    mark(byId("search"), "placeholder", text("search-label"));
    const subjects = [...new Set(templates.map(({ subject }) => subject).filter(Boolean))].sort();
    this.offer(byId("by-subject"), text("subject-all"), subjects.map((one) => [one, known(`subject-${one}`) ? text(`subject-${one}`) : one]));
    this.offer(byId("by-grade"), text("grade-all"), GRADES.map((one) => [String(one), text("grade-one", { n: one })]));
    const count = this.chosen(templates).length;
    say(byId("found"), count === templates.length ? "" : text("templates-found", { n: count }));
    if (this.told) this.describe();
  }

  offer(select, all, options) {
    const wanted = [["", all], ...options];
    const key = wanted.join("\n");
    if (select.dataset.offered === key) return;
    select.dataset.offered = key;
    const { value } = select;
    select.replaceChildren(...wanted.map(([name, words]) => make("option", { value: name, textContent: words })));
    select.value = wanted.some(([name]) => name === value) ? value : "";
  }

  /** Everything about a template. */
  async open(template) {
    this.failed();
    this.shown = template;
    this.told = undefined;
    try {
      this.told = await asTeacher("GET", templatePath(template));
    } catch (error) {
      this.failed(error);
      return;
    }
    this.describe();
    if (!byId("detail").open) byId("detail").showModal();
    byId("detail").scrollTop = 0;
  }

  describe() {
    const told = this.told;
    say(byId("detail-problem"), "");
    say(byId("detail-title"), pick(told.title));
    say(byId("detail-summary"), pick(told.summary) || pick(told.task));
    byId("detail-download").href = templatePath(told, "/download");
    show(byId("detail-withdraw"), told.source !== "builtin");
    const origin = told.origin ? text("template-origin", { id: told.origin.id, version: told.origin.version, authors: told.origin.authors.join(", ") }) : "";
    const facts = [
      ["template-for", tags(told).join(" · ")],
      ["template-group", told.group ? text("template-people", { n: told.group }) : ""],
      ["template-languages", (told.languages ?? []).join(", ")],
      ["template-authors", (told.authors ?? []).join(", ")],
      ["template-license", told.license],
      ["template-version", `${told.id} ${told.version}`],
      ["template-trust", [trusted(told), told.signer ? text("template-signer", { key: told.signer }) : ""].filter(Boolean).join(" · ")],
      ["template-from", origin],
    ].filter(([, said]) => said);
    byId("detail-facts").replaceChildren(...facts.flatMap(([key, said]) => [make("dt", { textContent: text(key) }), make("dd", { textContent: said })]));
    const texts = told.texts?.[document.documentElement.lang] ?? Object.values(told.texts ?? {})[0] ?? [];
    byId("detail-texts").replaceChildren(
      ...texts.map(({ title, body }) => make("section", {}, make("h3", { textContent: title }), ...body.map(element))),
    );
  }

  /** Makes a draft of it, under a name of its own, and opens the editor. */
  async fork() {
    const told = this.told;
    const refused = (error) => say(byId("detail-problem"), error?.message ?? "");
    const draft = await tapped(byId("detail-fork"), () => asTeacher("POST", templatePath(told, "/fork"), {}), refused);
    if (draft) location.assign(`/t/editor#${draft.id}`);
  }

  async withdraw() {
    const told = this.told;
    const refused = (error) => say(byId("detail-problem"), error?.message ?? "");
    const done = await tapped(byId("detail-withdraw"), () => asTeacher("DELETE", templatePath(told)).then(() => true), refused);
    if (!done) return;
    byId("detail").close();
    await this.changed();
    toast(text("template-withdrawn", { title: pick(told.title) }), async () => {
      await asTeacher("POST", templatePath(told, "/restore"), {}).catch(this.failed);
      await this.changed();
    });
  }

  /** Takes a file in. */
  async take() {
    const [file] = byId("import-file").files;
    byId("import-file").value = "";
    if (!file) return;
    this.failed();
    const made = await tapped(byId("import"), () => asTeacher("POST", "/api/v1/templates", file, PATIENT), this.failed);
    if (!made) return;
    await this.changed();
    toast(text("template-imported", { title: pick(made.title), trust: trusted(made) }));
    this.open(made);
  }
}
