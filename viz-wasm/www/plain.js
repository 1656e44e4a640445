// Figures from plain data on a page: the same canvas, sentence, table, keys and tones as the live ones (charts.js).

import { Charts } from "./charts.js";
import { currentTheme, lang } from "./words.js";

/** Loads what draws plain figures; undefined if it is not built. A page of live charts loads another module (charts.js). */
export async function load() {
  try {
    const wasm = await import("/assets/pkg/messwerk_viz_plain.js");
    await wasm.default({ module_or_path: "/assets/pkg/messwerk_viz_plain_bg.wasm" });
    return wasm;
  } catch (error) {
    console.warn(String(error));
    return undefined;
  }
}

/** Several plain figures under their names, as charts.js asks a board for its figures. */
class Desk {
  constructor(wasm) {
    this.wasm = wasm;
    this.figures = new Map();
    // Nothing in them moves by itself.
    this.stands = true;
  }

  /** Takes a figure's data under a name; a name that is known gets newer data and keeps what is read out. */
  set(name, data) {
    const json = JSON.stringify(data);
    const known = this.figures.get(name);
    if (known) return known.replace(json);
    const figure = new this.wasm.Plain(json);
    figure.language(lang());
    figure.theme(currentTheme());
    this.figures.set(name, figure);
  }

  language(tag) {
    for (const figure of this.figures.values()) figure.language(tag);
  }

  theme(name) {
    for (const figure of this.figures.values()) figure.theme(name);
  }

  advance() {
    return false;
  }

  collecting() {
    return false;
  }

  draw(name, ...rest) {
    this.figures.get(name)?.draw(...rest);
  }

  point(name, ...rest) {
    return this.figures.get(name)?.point(...rest) ?? "";
  }

  key(name, key) {
    return this.figures.get(name)?.key(key);
  }

  title(name) {
    return this.figures.get(name)?.title() ?? "";
  }

  summary(name) {
    return this.figures.get(name)?.summary() ?? "";
  }

  table(name) {
    return this.figures.get(name)?.table();
  }

  csv(name) {
    return this.figures.get(name)?.csv();
  }

  melody(name) {
    return this.figures.get(name)?.melody() ?? "{}";
  }
}

/** Figures of a page. `type` gives the height of the type in CSS pixels; `trouble` shows a text. */
export class PlainCharts {
  constructor(wasm, type, trouble) {
    this.desk = new Desk(wasm);
    this.charts = new Charts(this.desk, type, trouble);
    this.shown = new Map();
  }

  /** Shows data (an object with `kind`, see docs/figures.md) in a `<figure data-figure="NAME">`. Returns false, and tells
   *  the page, if they make no figure. */
  show(element, data) {
    const name = element.dataset.figure;
    const fits = this.charts.attempt(() => {
      this.desk.set(name, data);
      return true;
    });
    if (!fits) return false;
    const old = this.shown.get(name);
    if (old?.element !== element) {
      // A page may have put another element under the name.
      this.charts.figures = this.charts.figures.filter((figure) => figure !== old);
      this.shown.set(name, this.charts.add(element));
    }
    this.charts.refresh();
    return true;
  }
}

/** Draws a figure once on a canvas of any size and returns its words: `{ title, summary, table }`. */
export function drawPlain(wasm, canvas, data, { language = lang(), theme = currentTheme(), type = canvas.height / 28 } = {}) {
  const figure = new wasm.Plain(JSON.stringify(data));
  try {
    figure.language(language);
    figure.theme(theme);
    figure.draw(canvas.getContext("2d", { alpha: false }), canvas.width, canvas.height, type, Math.max(type / 8, 2));
    return { title: figure.title(), summary: figure.summary(), table: JSON.parse(figure.table()) };
  } finally {
    figure.free();
  }
}
