// A teacher hands in files of open data: which station, which files, how far each has come, and what became of it.

import { ask, Refused, sentence } from "../console/api.js";
import { keep, make, mark, say, show } from "../console/dom.js";
import { moment } from "../console/when.js";
import { decimal, known, text, watch } from "../words.js";
import { byId, nameOf } from "./shared.js";
import { why } from "./why.js";

/** What the hub takes, bytes. */
const LARGEST = 64 * 1024 * 1024;
/** How often the files are asked for, ms: while one is being read, and otherwise (a feed may bring some). */
const SOON = 700;
const LATER = 20_000;
/** The hub reads one file at a time and lets a few wait; how long until it is asked again whether there is a place, ms, and how often. */
const PLACE = 2000;
const TRIES = 60;
/** Files that are listed. */
const MOST = 10;
/** The choice of a station that is still to be made. */
const NEW = "new";

const CHIPS = { running: "sending", done: "good", failed: "warn", cancelled: "warn", cut: "warn" };
const going = (file) => file.state === "waiting" || file.state === "running";
export const slug = (name) => name.replaceAll("_", "-");
const path = (station, rest = "") => `/api/v1/stations/${encodeURIComponent(station)}/files${rest}`;
const size = (bytes) => (bytes < 1e5 ? `${decimal(Math.max(0.1, bytes / 1e3).toFixed(1))}\u00a0kB` : `${decimal((bytes / 1e6).toFixed(1))}\u00a0MB`);

/** The hub's sentences about a file that it could not read, in the page's language. */
const ERRORS = [
  [/damaged or cut off/, "files-error-damaged"], [/web page/, "files-error-page"], [/unpacks to more|more than one file/, "files-error-large"],
  [/list of all stations/, "files-error-list"], [/not in this list/, "files-error-not-listed"], [/list of one sensor/, "files-error-sensor"],
  [/temporary folder/, "files-error-disk"],
];
/** The same by the hub's word, for what its sentences say in too many ways. */
const CODES = {
  file_interval: "files-error-interval", file_unknown: "problem-file-unknown", file_cancelled: "files-error-cancelled", file_cut: "files-error-cut",
  station_erased: "files-error-gone", conflict: "files-error-gone", unavailable: "files-error-busy",
};

/** Why a file was not read: our words where we have some, else the hub's own. */
export function unread(error, code) {
  const [, key] = ERRORS.find(([pattern]) => pattern.test(error)) ?? [, CODES[code]];
  return key ? text(key) : text("files-error-other", { error });
}

/** What was counted, in one sentence. What is empty in the file is nothing that could have been stored. */
function result(file) {
  const { rows, stored, duplicates, rejected } = file;
  const empty = file.reasons.reduce((sum, { what, count }) => sum + (what === "no_value" ? count : 0), 0);
  const left = Math.max(0, rejected - empty);
  const more = [left ? text("files-left", { n: left }) : "", empty ? text("files-empty", { n: empty }) : ""];
  const counted = [text("files-result", { rows, stored, duplicates }), ...more].filter(Boolean).join(" ");
  if (file.state === "waiting") return text("files-waiting");
  if (file.state === "running") return rows ? text("files-running", { rows, stored }) : "";
  if (file.state === "failed") return [unread(file.error ?? "", file.code), rows ? counted : ""].filter(Boolean).join(" ");
  if (file.state === "cut") return text("files-cut");
  if (file.state === "cancelled") return [text("files-cancelled"), rows ? counted : ""].filter(Boolean).join(" ");
  if (stored + duplicates + rejected === 0) return text("files-nothing");
  return stored === 0 && duplicates > 0 && left === 0 ? text("files-again", { duplicates }) : counted;
}

/** A line on what was rejected. */
function rejected({ what, count, detail }) {
  if (what === "no_value") return text("files-empty", { n: count });
  const key = `files-reason-${slug(what)}`;
  return text("files-rejected", { n: count, reason: known(key) ? text(key) : why({ reason: what, detail }) });
}

/** Lines on what else the file says. */
function noted({ what, detail }) {
  // Moves come in one sentence; each is a line.
  return (what === "moved" ? detail.split(/, (?=from )/) : [detail]).map((one) => line(what, one));
}

function line(what, detail) {
  const [, minutes] = /ends of (\d+) minutes/.exec(detail) ?? [];
  if (what === "interval" && minutes) return text("files-note-interval", { n: Number(minutes) });
  const [, day, place] = /^from ([\d?-]+): (.+)$/.exec(detail) ?? [];
  if (what === "moved" && day) return text("files-note-moved", { day, place });
  const key = `files-note-${slug(what)}`;
  return known(key) ? text(key, { detail }) : detail;
}

/** A line of a list, with a button that ends it. */
function item(end) {
  const name = make("b");
  const button = make("button", { type: "button", className: "quiet", onclick: end });
  const bar = make("progress", { max: 1 });
  const more = make("details", { hidden: true }, make("summary"), make("ul", { className: "said" }));
  const head = make("p", { className: "row" }, name, make("span", { className: "chip" }), make("small"));
  return make("li", { tabIndex: -1 }, head, bar, make("p"), more, button);
}

/** Hides a button; whoever stands on it stays where it was. */
function drop(button, li, away) {
  if (away && !button.hidden && document.activeElement === button) li.focus();
  show(button, !away);
}

/** Sends a file; the hub's answer, or `Refused`. `sent` is told how much has gone; `stop` gets what ends it. */
function send(url, file, sent, stop) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    stop(() => request.abort());
    request.upload.addEventListener("progress", ({ loaded, total }) => total && sent(loaded / total));
    request.addEventListener("load", () => {
      let content = {};
      try {
        content = JSON.parse(request.responseText);
      } catch {
        // Whatever it is, it is not the hub's.
      }
      if (request.status >= 200 && request.status < 300) return done(content);
      const { status } = request;
      return failed(new Refused(sentence(content, status, Number(request.getResponseHeader("retry-after")) || null), { status, code: content.code ?? null }));
    });
    request.addEventListener("error", () => failed(new Refused(text("problem-no-hub"))));
    request.addEventListener("abort", () => failed(new Refused("", { code: "aborted" })));
    request.open("POST", url);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(file);
  });
}

export class Files {
  /** `changed` is called when a station was made or has something new. */
  constructor(changed) {
    Object.assign(this, { changed, stations: [], queue: [], files: [], names: new Map(), sending: false, number: 0, looks: 0 });
    byId("files-form").addEventListener("submit", (event) => this.hand(event));
    byId("files-station").addEventListener("change", () => this.turn());
    byId("files").addEventListener("toggle", () => byId("files").open && this.look());
    const zone = byId("files-drop");
    // A file that misses the zone must not take the place of the page.
    for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => byId("files").open && event.preventDefault());
    zone.addEventListener("dragover", () => zone.toggleAttribute("data-over", true));
    zone.addEventListener("dragleave", () => zone.toggleAttribute("data-over", false));
    zone.addEventListener("drop", (event) => {
      zone.toggleAttribute("data-over", false);
      if (event.dataTransfer?.files.length) byId("files-input").files = event.dataTransfer.files;
    });
    watch(() => {
      this.options();
      this.draw();
    });
  }

  /** The stations there are. */
  offer(stations) {
    this.stations = stations;
    this.options();
    // Whoever comes from a station's page hands in for that one.
    const asked = decodeURIComponent(/^#files=(.+)$/.exec(location.hash)?.[1] ?? "");
    if (this.came || !stations.some(({ id }) => id === asked)) return;
    this.came = true;
    byId("files-station").value = asked;
    byId("files").open = true;
    byId("files").scrollIntoView();
    this.turn();
  }

  options() {
    const select = byId("files-station");
    const wanted = [[NEW, text("files-new")], ...this.stations.map((station) => [station.id, nameOf(station)])];
    if (JSON.stringify(wanted) === this.wanted) return;
    this.wanted = JSON.stringify(wanted);
    const chosen = select.value;
    select.replaceChildren(...wanted.map(([value, textContent]) => make("option", { value, textContent })));
    select.value = wanted.some(([value]) => value === chosen) ? chosen : NEW;
    show(byId("files-name-part"), select.value === NEW);
  }

  /** Another station was chosen. */
  turn() {
    show(byId("files-name-part"), byId("files-station").value === NEW);
    this.files = [];
    this.draw();
    this.look();
  }

  async hand(event) {
    event.preventDefault();
    const input = byId("files-input");
    const name = byId("files-name").value.trim();
    const making = byId("files-station").value === NEW;
    say(byId("files-problem"), "");
    mark(byId("files-name"), "aria-invalid", making && !name ? "true" : null);
    if (input.files.length === 0) return this.wrong("files-choose", input);
    if (making && !name) return this.wrong("files-nameless", byId("files-name"));
    if (this.making) return undefined;
    const chosen = [...input.files];
    try {
      this.making = true;
      if (making) await this.make(name);
    } catch (error) {
      return say(byId("files-problem"), error.message);
    } finally {
      this.making = false;
    }
    const said = new URLSearchParams();
    for (const key of ["station", "sensor"]) {
      const value = byId(`files-said-${key}`).value.trim();
      if (value) said.set(key, value);
    }
    const query = said.size ? `?${said}` : "";
    for (const file of chosen) {
      this.number += 1;
      const error = file.size > LARGEST ? text("files-error-large") : "";
      this.queue.push({ number: this.number, file, station: byId("files-station").value, query, sent: 0, error, state: "queued" });
    }
    input.value = "";
    this.draw();
    return this.pump();
  }

  wrong(key, field) {
    say(byId("files-problem"), text(key));
    field.focus();
  }

  /** Makes the station that was named, and chooses it. */
  async make(name) {
    const { id } = await ask("POST", "/api/v1/stations", { name });
    this.stations = [...this.stations, { id, name }];
    this.options();
    byId("files-station").value = id;
    byId("files-name").value = "";
    this.turn();
    this.changed();
  }

  /** Sends what waits, one after the other. */
  async pump() {
    if (this.sending) return;
    this.sending = true;
    for (let next; (next = this.queue.find((one) => one.state === "queued" && !one.error)); ) await this.send(next);
    this.sending = false;
  }

  async send(one) {
    for (let tries = 0; !one.ended; tries += 1) {
      one.state = "sending";
      this.draw();
      const sent = (part) => {
        one.sent = part;
        this.draw();
      };
      try {
        const job = await send(path(one.station, one.query), one.file, sent, (stop) => (one.stop = stop));
        this.names.set(`${one.station} ${job.id}`, one.file.name);
        this.queue = this.queue.filter((other) => other !== one);
        if (byId("files-station").value === one.station) this.files = [job, ...this.files.filter(({ id }) => id !== job.id)];
        this.draw();
        this.look();
        return;
      } catch (error) {
        if (one.ended) return;
        if (error.status !== 503 || tries >= TRIES) {
          one.error = error.message;
          one.state = "refused";
          say(byId("files-said"), `${one.file.name}: ${one.error}`);
          this.draw();
          return;
        }
      }
      one.state = "place";
      this.draw();
      await new Promise((done) => setTimeout(done, PLACE));
    }
  }

  /** Takes a file that has not arrived out of the list. */
  away(one) {
    one.ended = true;
    one.stop?.();
    this.queue = this.queue.filter((other) => other !== one);
    this.draw();
    byId("files-list-title").focus();
  }

  async end(file) {
    try {
      await ask("DELETE", path(file.of, `/${file.id}`));
    } catch (error) {
      // It may have come to its end meanwhile; that is told by the list.
      if (error.status !== 404) say(byId("files-problem"), error.message);
    }
    this.look();
  }

  /** Asks what became of the files of the chosen station, and again soon while one is being read. */
  async look() {
    clearTimeout(this.timer);
    const station = byId("files-station").value;
    if (!byId("files").open) return;
    // Of two that are under way only the later one counts: the other may not know of a file yet.
    const look = (this.looks += 1);
    if (station !== NEW && document.visibilityState === "visible") {
      try {
        const files = await ask("GET", path(station));
        if (this.looks !== look) return;
        this.told(station, files);
        this.files = files;
        say(byId("files-trouble"), "");
      } catch (error) {
        if (this.looks !== look) return;
        say(byId("files-trouble"), error.message);
      }
      this.draw();
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), this.files.some(going) ? SOON : LATER);
  }

  /** Says which files came to an end since the last look. */
  told(station, files) {
    const before = new Set(this.files.filter(going).map(({ id }) => id));
    const ended = files.filter((file) => before.has(file.id) && !going(file));
    if (ended.length === 0) return;
    say(byId("files-said"), ended.map((file) => `${this.title(station, file)}: ${text(`files-state-${file.state}`)}. ${result(file)}`).join(" "));
    this.changed();
  }

  title(station, file) {
    const key = `files-kind-${slug(file.kind)}`;
    return this.names.get(`${station} ${file.id}`) ?? (known(key) ? text(key) : file.kind);
  }

  draw() {
    const station = byId("files-station").value;
    keep(byId("files-queue"), this.queue, (one) => one.number, (one) => item(() => this.away(one)), (li, one) => this.waiting(li, one));
    const shown = this.files.slice(0, MOST).map((file) => ({ ...file, of: station }));
    keep(byId("files-list"), shown, (file) => `${station} ${file.id}`, (file) => item(() => this.end(file)), (li, file) => this.job(li, file));
    show(byId("files-list-part"), this.queue.length > 0 || station !== NEW);
    show(byId("files-none"), this.queue.length === 0 && shown.length === 0);
  }

  /** A file that has not arrived. */
  waiting(li, one) {
    const [head, bar, words, , button] = li.children;
    say(head.children[0], one.file.name);
    say(head.children[1], text(`files-state-${one.error ? "refused" : one.state}`));
    mark(head.children[1], "data-state", one.error ? "warn" : one.state === "sending" ? "sending" : null);
    say(head.children[2], size(one.file.size));
    bar.value = one.sent;
    bar.setAttribute("aria-label", text("files-sending", { name: one.file.name }));
    show(bar, one.state === "sending" && !one.error);
    words.className = one.error ? "error" : "";
    say(words, one.error || (one.state === "place" ? text("files-place") : ""));
    say(button, text(one.error ? "files-away" : "files-cancel"));
    button.setAttribute("aria-label", `${button.textContent}: ${one.file.name}`);
  }

  /** A file that the hub has. */
  job(li, file) {
    const [head, bar, words, more, button] = li.children;
    const title = this.title(file.of, file);
    say(head.children[0], title);
    say(head.children[1], text(`files-state-${file.state}`));
    mark(head.children[1], "data-state", CHIPS[file.state]);
    const by = file.source === "teacher" ? "" : file.source === "demo" ? text("files-by-demo") : text("files-by-feed", { name: file.source });
    const kind = `files-kind-${slug(file.kind)}`;
    say(head.children[2], [title === text(kind) ? "" : known(kind) ? text(kind) : "", by, moment(file.at), size(file.bytes)].filter(Boolean).join(" · "));
    // How much of a zip there is to read is not known before its end.
    bar.removeAttribute("value");
    bar.setAttribute("aria-label", text("files-reading", { name: title }));
    show(bar, file.state === "running");
    words.className = file.state === "failed" ? "error" : "";
    say(words, result(file));
    const lines = [...file.reasons.map(rejected), ...file.notes.flatMap(noted)];
    show(more, lines.length > 0);
    say(more.children[0], text("files-more"));
    keep(more.children[1], lines.map((words, place) => ({ words, place })), ({ place }) => place, () => make("li"), (entry, { words }) => say(entry, words));
    say(button, text("files-cancel"));
    button.setAttribute("aria-label", `${button.textContent}: ${title}`);
    drop(button, li, !going(file));
  }
}
