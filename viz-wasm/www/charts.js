// Figures on a page: canvas, sentence, table, keys. What they show is decided in wasm; this hands on sizes and events.

import { currentTheme, lang, text, watch } from "./words.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
// Twenty pictures a second look smooth for a curve that moves by whole windows; who prefers calm gets one.
const PERIOD = 50;
const CALM_PERIOD = 1000;
// Screen readers hear a changed sentence at most this often.
const SENTENCE_PERIOD = 5000;

/** Loads the charts; undefined if they are not built. */
export async function load() {
  try {
    const wasm = await import("/assets/pkg/messwerk_viz_wasm.js");
    await wasm.default({ module_or_path: "/assets/pkg/messwerk_viz_wasm_bg.wasm" });
    return wasm;
  } catch (error) {
    console.warn(String(error));
    return undefined;
  }
}

export class Charts {
  /** `board` is the wasm Board; `type` gives the height of the type in CSS pixels; `trouble` shows a text. */
  constructor(board, type, trouble) {
    this.board = board;
    this.type = type;
    this.trouble = trouble;
    this.figures = [];
    this.dirty = true;
    this.last = -Infinity;
    this.spoken = -Infinity;
    watch(() => {
      board.language(lang());
      board.theme(currentTheme());
      for (const figure of this.figures) figure.label();
      this.refresh();
    });
    const frame = (now) => {
      this.tick(now);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  add(element) {
    const figure = new Figure(this, element);
    this.figures.push(figure);
    return figure;
  }

  /** Runs a call into wasm; its error becomes a text on the page, not a dead page. */
  attempt(call) {
    try {
      const result = call();
      return result;
    } catch (error) {
      this.trouble(text("trouble", { text: error.message ?? String(error) }));
      return undefined;
    }
  }

  /** Everything is to be drawn and said anew. */
  refresh() {
    this.dirty = true;
    this.spoken = -Infinity;
  }

  frame(bytes) {
    this.attempt(() => this.board.frame(bytes));
    this.dirty = true;
    // The first data make the first sentence at once, not with the next five seconds.
    if (!this.fed) this.refresh();
    this.fed = true;
  }

  tick(now) {
    if (now - this.last < (calm.matches ? CALM_PERIOD : PERIOD)) return;
    const moved = this.board.advance(performance.timeOrigin + performance.now());
    if (moved || this.dirty) {
      this.last = now;
      this.dirty = false;
      for (const figure of this.figures) figure.draw();
    }
    if (now - this.spoken >= SENTENCE_PERIOD) {
      this.spoken = now;
      for (const figure of this.figures) figure.speak();
    }
  }
}

let count = 0;

class Figure {
  constructor(charts, element) {
    this.charts = charts;
    this.element = element;
    this.name = element.dataset.figure;
    const id = `figure-${(count += 1)}`;
    const make = (tag, properties, parent) => parent.appendChild(Object.assign(document.createElement(tag), properties));
    const caption = make("figcaption", {}, element);
    this.heading = make("h2", { id: `${id}-title` }, caption);
    this.tools = make("div", { className: "tools" }, caption);
    this.toggle = make("button", { type: "button", className: "quiet" }, this.tools);
    this.stage = make("div", { className: "stage" }, element);
    this.canvas = make("canvas", { id: `${id}-canvas`, tabIndex: 0 }, this.stage);
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-labelledby", `${id}-title ${id}-summary`);
    this.canvas.setAttribute("aria-describedby", `${id}-keys`);
    this.readout = make("output", { id: `${id}-readout` }, element);
    this.readout.setAttribute("for", this.canvas.id);
    this.summary = make("p", { id: `${id}-summary`, className: "summary" }, element);
    // Results are worth hearing whenever they change; curves only while one listens to them.
    this.summary.setAttribute("aria-live", this.name === "strip" ? "polite" : "off");
    this.keys = make("p", { id: `${id}-keys`, className: "keys" }, element);
    this.scroller = make("div", { className: "table", hidden: true, tabIndex: 0 }, element);
    this.scroller.setAttribute("role", "region");
    this.scroller.setAttribute("aria-labelledby", `${id}-title`);
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.listen();
    this.label();
  }

  listen() {
    const { canvas, charts } = this;
    this.toggle.addEventListener("click", () => {
      this.scroller.hidden = !this.scroller.hidden;
      this.stage.hidden = !this.scroller.hidden;
      if (!this.scroller.hidden) this.tabulate();
      this.label();
      charts.dirty = true;
    });
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const said = charts.attempt(() => charts.board.key(this.name, event.key));
      if (said === undefined) return;
      event.preventDefault();
      this.read(said);
    });
    canvas.addEventListener("click", (event) => {
      const { scale, width, height, type, line } = this.measure();
      const [x, y] = [Math.round(event.offsetX * scale), Math.round(event.offsetY * scale)];
      const said = charts.attempt(() => charts.board.point(this.name, x, y, width, height, type, line));
      this.read(said ?? "");
    });
    canvas.addEventListener("dblclick", () => this.read(charts.attempt(() => charts.board.key(this.name, "Enter")) ?? ""));
    if (this.name !== "strip") {
      canvas.addEventListener("focus", () => this.summary.setAttribute("aria-live", "polite"));
      canvas.addEventListener("blur", () => this.summary.setAttribute("aria-live", "off"));
    }
    new ResizeObserver(() => (charts.dirty = true)).observe(canvas);
  }

  /** A readout may also have changed what is highlighted or how long the time axis is. */
  read(said) {
    this.readout.textContent = said;
    this.charts.dirty = true;
  }

  label() {
    this.toggle.textContent = text(this.scroller.hidden ? "asTable" : "asChart");
    this.keys.textContent = text("keys");
    this.title();
    if (!this.scroller.hidden) this.tabulate();
  }

  title() {
    const title = this.charts.attempt(() => this.charts.board.title(this.name)) ?? "";
    if (this.heading.textContent !== title) this.heading.textContent = title;
  }

  measure() {
    const scale = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(this.canvas.clientWidth * scale));
    const height = Math.max(1, Math.round(this.canvas.clientHeight * scale));
    const type = this.charts.type() * scale;
    return { scale, width, height, type, line: Math.max(type / 8, 2 * scale) };
  }

  draw() {
    if (this.stage.hidden || this.canvas.clientWidth === 0) return;
    const { width, height, type, line } = this.measure();
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    this.charts.attempt(() => this.charts.board.draw(this.name, this.context, width, height, type, line));
  }

  speak() {
    this.title();
    const summary = this.charts.attempt(() => this.charts.board.summary(this.name)) ?? "";
    if (this.summary.textContent !== summary) this.summary.textContent = summary;
    if (!this.scroller.hidden) this.tabulate();
  }

  tabulate() {
    const json = this.charts.attempt(() => this.charts.board.table(this.name));
    if (json === undefined) return;
    const { caption, columns, rows } = JSON.parse(json);
    const table = document.createElement("table");
    table.createCaption().textContent = caption;
    const head = table.createTHead().insertRow();
    for (const column of columns) head.appendChild(Object.assign(document.createElement("th"), { scope: "col", textContent: column }));
    const body = table.createTBody();
    for (const cells of rows) {
      const row = body.insertRow();
      cells.forEach((cell, place) => {
        const tag = place === 0 ? "th" : "td";
        const made = row.appendChild(Object.assign(document.createElement(tag), { textContent: cell }));
        if (place === 0) made.scope = "row";
      });
    }
    this.scroller.replaceChildren(table);
  }
}
