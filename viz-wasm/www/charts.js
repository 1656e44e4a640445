// Figures on a page: canvas, sentence, table, keys. What they show is decided in wasm; this hands on sizes and events.

import { play, stop } from "./sound.js";
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
    this.paused = false;
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

  /** Stops or continues the time axes of all figures; data are taken meanwhile. */
  pause(paused) {
    this.paused = paused;
    this.board.pause(paused);
    for (const figure of this.figures) figure.label();
    this.refresh();
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
    // Of curves that have just begun there is nothing to say yet; a second later there is.
    const collecting = this.board.collecting();
    if (now - this.spoken >= SENTENCE_PERIOD || collecting !== this.collecting) {
      this.spoken = now;
      this.collecting = collecting;
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
    // Curves of a lesson move; results and plain figures stand until there are others.
    this.moves = this.name !== "strip" && !charts.board.stands;
    const id = `figure-${(count += 1)}`;
    const make = (tag, properties, parent) => parent.appendChild(Object.assign(document.createElement(tag), properties));
    const caption = make("figcaption", {}, element);
    this.heading = make("h2", { id: `${id}-title` }, caption);
    this.tools = make("div", { className: "tools" }, caption);
    const button = (name, act) => {
      const made = make("button", { type: "button", className: "quiet" }, this.tools);
      made.dataset.tool = name;
      made.addEventListener("click", act);
      return made;
    };
    if (this.name === "tiles") {
      this.back = button("back", () => this.turn(-1));
      this.on = button("on", () => this.turn(1));
    }
    // A page with one switch for all its figures has it outside.
    if (this.moves && !document.getElementById("pause")) this.still = button("pause", () => charts.pause(!charts.paused));
    this.sound = button("listen", () => this.listening());
    this.toggle = button("table", () => this.switch());
    this.stage = make("div", { className: "stage" }, element);
    this.canvas = make("canvas", { id: `${id}-canvas`, tabIndex: 0 }, this.stage);
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-labelledby", `${id}-title ${id}-summary`);
    this.canvas.setAttribute("aria-describedby", `${id}-keys`);
    this.readout = make("output", { id: `${id}-readout` }, element);
    this.readout.setAttribute("for", this.canvas.id);
    this.summary = make("p", { id: `${id}-summary`, className: "summary" }, element);
    // Results are worth hearing whenever they change; curves only while one listens to them.
    this.summary.setAttribute("aria-live", this.moves ? "off" : "polite");
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
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.on && (event.key === "PageUp" || event.key === "PageDown")) {
        event.preventDefault();
        return this.turn(event.key === "PageUp" ? -1 : 1);
      }
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
    if (this.moves) {
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

  /** Chart or table, never both. */
  switch() {
    this.scroller.hidden = !this.scroller.hidden;
    this.stage.hidden = !this.scroller.hidden;
    if (!this.scroller.hidden) this.tabulate();
    this.label();
    this.charts.dirty = true;
  }

  /** Plays the figure, or stops it. */
  listening() {
    if (this.playing) return stop();
    const melody = JSON.parse(this.charts.attempt(() => this.charts.board.melody(this.name)) ?? "{}");
    if (!melody.values?.some(Number.isFinite)) return this.read(text("listen-nothing"));
    const number = (value) => value.toLocaleString(lang(), { maximumSignificantDigits: 3 });
    this.read(text("listen-now", { name: melody.name, low: number(melody.low), high: number(melody.high), unit: melody.unit }));
    this.playing = true;
    this.label();
    play(melody, () => {
      this.playing = false;
      this.label();
    });
  }

  /** Turns the sheet of tiles. */
  turn(step) {
    const page = Math.min(this.sheets[1] - 1, Math.max(0, this.sheets[0] + step));
    this.charts.attempt(() => this.charts.board.turn(page));
    this.read(text("page-of", { page: page + 1, pages: this.sheets[1] }));
  }

  /** Says which sheet of tiles this is; one sheet needs no buttons. */
  paged([page, pages]) {
    if (this.sheets?.[0] === page && this.sheets[1] === pages) return;
    this.sheets = [page, pages];
    this.back.hidden = this.on.hidden = pages < 2;
    this.back.setAttribute("aria-disabled", String(page === 0));
    this.on.setAttribute("aria-disabled", String(page === pages - 1));
    this.title();
  }

  label() {
    const name = (button, key) => {
      button.textContent = text(key);
    };
    name(this.toggle, this.scroller.hidden ? "as-table" : "as-chart");
    name(this.sound, this.playing ? "listen-stop" : "listen");
    this.sound.setAttribute("aria-pressed", String(Boolean(this.playing)));
    if (this.still) name(this.still, this.charts.paused ? "resume" : "pause");
    if (this.on) {
      for (const [button, key, sign] of [[this.back, "page-back", "◀"], [this.on, "page-on", "▶"]]) {
        button.textContent = sign;
        button.setAttribute("aria-label", text(key));
        button.hidden = (this.sheets?.[1] ?? 1) < 2;
      }
    }
    this.keys.textContent = text(this.on ? "keys-pages" : this.charts.board.stands ? "keys-still" : "keys");
    this.title();
    if (!this.scroller.hidden) this.tabulate();
  }

  title() {
    let title = this.charts.attempt(() => this.charts.board.title(this.name)) ?? "";
    if (this.sheets?.[1] > 1) title += ` (${this.sheets[0] + 1}/${this.sheets[1]})`;
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
    if (this.on) this.paged(this.charts.attempt(() => this.charts.board.sheets(width, height, type, line)) ?? [0, 1]);
  }

  speak() {
    this.title();
    const summary = this.charts.attempt(() => this.charts.board.summary(this.name)) ?? "";
    if (this.summary.textContent !== summary) this.summary.textContent = summary;
    // What is being read stands still: while the figures are stopped, and while the keyboard is in the table.
    const read = this.charts.paused || this.scroller.matches(":focus-visible, :has(:focus-visible)");
    if (!this.scroller.hidden && !read) this.tabulate();
  }

  tabulate() {
    const json = this.charts.attempt(() => this.charts.board.table(this.name));
    if (json === undefined) return;
    if (this.tabled !== json) this.fill(JSON.parse(json));
    this.tabled = json;
    // The button keeps the keyboard's place while the table changes.
    if (!this.csv) {
      this.csv = Object.assign(document.createElement("button"), { type: "button", className: "quiet" });
      this.csv.addEventListener("click", () => this.save());
      this.scroller.prepend(this.csv);
    }
    if (this.csv.textContent !== text("save-csv")) this.csv.textContent = text("save-csv");
  }

  /** Brings the table to these cells. Of a table of the same shape only those change that differ: a reader keeps the place. */
  fill({ caption, columns, rows }) {
    const old = this.scroller.querySelector("table");
    const put = (cell, said) => cell.textContent !== said && (cell.textContent = said);
    if (old?.tHead.rows[0].cells.length === columns.length && old.tBodies[0].rows.length === rows.length) {
      put(old.caption, caption);
      columns.forEach((said, place) => put(old.tHead.rows[0].cells[place], said));
      rows.forEach((cells, line) => cells.forEach((said, place) => put(old.tBodies[0].rows[line].cells[place], said)));
      return;
    }
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
    old?.remove();
    this.scroller.append(table);
  }

  /** Hands the numbers in full to the browser as a file. */
  save() {
    const csv = this.charts.attempt(() => this.charts.board.csv(this.name));
    if (csv === undefined) return;
    const link = Object.assign(document.createElement("a"), {
      href: URL.createObjectURL(new Blob(["\ufeff", csv], { type: "text/csv;charset=utf-8" })),
      // A page may know a better name than the figure's own.
      download: `${this.canvas.closest("figure")?.dataset.file ?? `messwerk-${this.name}`}.csv`,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
}
