// Whether results go with a number of each class: its name, its unit and one field for each class, and what the hub found. It stands in
// the address, too: `x=NAME:UNIT` and `v=ID:NUMBER`.

import { byId, keep, make, mark, say, show } from "../console/dom.js";
import { measured, plain } from "../measured.js";
import { currentTheme, decimal, lang, pick, text } from "../words.js";

/** A number as people type it, with comma or point; `undefined` if it is none. */
function typed(value) {
  const words = value.trim().replace("−", "-").replace(",", ".");
  const number = Number(words);
  return words !== "" && Number.isFinite(number) && Math.abs(number) <= 1e12 ? number : undefined;
}

const lines = (list, texts) => list.replaceChildren(...texts.map((one) => make("li", { textContent: pick(one) })));

export class Across {
  /** `changed` is called after each change. */
  constructor(changed) {
    this.changed = changed;
    this.recall();
    for (const id of ["across-name", "across-unit"]) byId(id).addEventListener("input", changed);
  }

  recall() {
    const given = new URLSearchParams(location.hash.slice(1));
    const [name = "", ...unit] = (given.get("x") ?? "").split(":");
    /** What was typed, by class. */
    this.values = new Map(given.getAll("v").map((one) => [one.split(":")[0], one.split(":")[1] ?? ""]));
    byId("across-name").value = name.slice(0, byId("across-name").maxLength);
    byId("across-unit").value = unit.join(":").slice(0, byId("across-unit").maxLength);
    if (name) byId("across-part").open = true;
  }

  parameters(sources) {
    const name = byId("across-name").value.trim();
    if (!name) return [];
    const values = sources.filter(({ id }) => this.values.get(id)?.trim()).map(({ id }) => ["v", `${id}:${this.values.get(id).trim()}`]);
    return [["x", `${name}:${byId("across-unit").value.trim()}`], ...values];
  }

  /** What the hub is asked; nothing before there is a name and a number. */
  wanted(sources) {
    const name = byId("across-name").value.trim();
    const values = sources.map(({ id }) => typed(this.values.get(id) ?? "") ?? null);
    if (!name || values.every((value) => value === null)) return undefined;
    return { name, unit: byId("across-unit").value.trim(), values };
  }

  /** A field for each class; `found` is what the hub answered. */
  draw({ sources, comparison, across, asked }) {
    const rows = sources.map(({ id }, index) => ({ id, label: comparison.classes[index].label }));
    keep(byId("across-values"), rows, ({ id }) => id, (row) => this.field(row), (element, row) => this.follow(element, row));
    show(byId("across-found"), Boolean(across));
    if (!across) return;
    const { words } = across;
    say(byId("across-headline"), pick(words.headline));
    mark(byId("across-headline"), "data-verdict", across.verdict);
    show(byId("across-figure").parentElement, across.line !== null);
    this.figure(sources, asked, words);
    this.numbers(across, comparison);
    lines(byId("across-left-out"), words.left_out);
    lines(byId("across-decided"), [...words.decided, ...words.assumptions]);
  }

  field({ id }) {
    const input = make("input", { type: "text", inputMode: "decimal", id: `across-${id}`, autocomplete: "off", maxLength: 20, value: this.values.get(id) ?? "" });
    input.addEventListener("input", () => {
      this.values.set(id, input.value);
      mark(input, "aria-invalid", input.value.trim() && typed(input.value) === undefined ? "true" : null);
      this.changed();
    });
    const name = make("span");
    return Object.assign(make("li", {}, make("label", { htmlFor: input.id }, name), input), { parts: { name } });
  }

  follow({ parts: { name } }, { label }) {
    say(name, label);
  }

  figure(sources, across, words) {
    const image = byId("across-figure");
    if (!across || image.parentElement.hidden) return;
    const width = Math.round(Math.min(1280, Math.max(320, image.parentElement.clientWidth || innerWidth)));
    const height = Math.round(width < 600 ? 400 : 560);
    const parameters = new URLSearchParams({
      sources: JSON.stringify(sources), across: JSON.stringify(across), lang: lang(), theme: currentTheme(), width, height,
    });
    const address = `/api/v1/compare/across.svg?${parameters}`;
    Object.assign(image, { width, height, alt: pick(words.headline) });
    if (image.getAttribute("src") !== address) image.src = address;
  }

  numbers({ name, unit, classes, line }, comparison) {
    show(byId("across-numbers-part"), line !== null);
    const heads = [text("compare-class"), unit ? `${name} (${unit})` : name, text("compare-mean"), text("compare-above")];
    byId("across-head").replaceChildren(...heads.map((words, index) => make("th", { scope: "col", textContent: words, className: index ? "number" : "" })));
    const cell = (words) => make("td", { textContent: words, className: "number" });
    const rows = classes.map(({ label, x, above }, index) => {
      const { mean, se } = comparison.classes[index];
      return make(
        "tr", {},
        make("th", { scope: "row", textContent: label }),
        cell(x === null ? "–" : decimal(x).replace("-", "−")),
        cell(mean === null ? "–" : measured(mean, se, comparison.unit)),
        cell(above === null ? "–" : plain(above, 2)),
      );
    });
    byId("across-rows").replaceChildren(...rows);
  }
}
