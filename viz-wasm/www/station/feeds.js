// What the hub fetches by itself, and the made-up weather for lessons without internet.

import { ask } from "../console/api.js";
import { keep, make, mark, say, show } from "../console/dom.js";
import { clock, moment, until } from "../console/when.js";
import { decimal, known, text, watch } from "../words.js";
import { slug, unread } from "./files.js";
import { byId } from "./shared.js";

/** How often the feeds are asked for while somebody looks, ms. */
const PERIOD = 10_000;
/** A feed is answered when everything that came is stored, and so is the made-up weather. */
const FETCHING = { wait: 600_000 };
const MAKING = { wait: 300_000 };

/** What a feed's chip says. */
function standing(feed) {
  if (feed.code === "robots") return ["warn", "feeds-forbidden"];
  if (feed.error) return ["warn", "feeds-wrong"];
  if (feed.asked === null) return [null, "feeds-unasked"];
  return ["good", "feeds-well"];
}

/** Why it failed, by the hub's word for it; what came and could not be read is said as of a file that was handed in. */
function reason({ error, code, about }) {
  if (code === "no_rules" && about.status) return text("feeds-why-no-rules-status", about);
  const key = `feeds-why-${slug(code ?? "other")}`;
  return known(key) ? text(key, { ...about, error }) : unread(error, code);
}

/** The pause that a service wants. */
function pause(seconds) {
  const [n, unit] = seconds < 120 ? [seconds, "s"] : seconds < 7200 ? [seconds / 60, "min"] : [seconds / 3600, "h"];
  return `${decimal(String(Math.round(n * 10) / 10))}\u00a0${unit}`;
}

export class Feeds {
  /** `changed` is called when a feed may have brought something. */
  constructor(changed) {
    Object.assign(this, { changed, feeds: undefined, asking: new Set() });
    byId("feeds").addEventListener("toggle", () => byId("feeds").open && this.look());
    setInterval(() => byId("feeds").open && document.visibilityState === "visible" && this.look(), PERIOD);
    watch(() => this.draw());
  }

  async look() {
    try {
      this.feeds = await ask("GET", "/api/v1/feeds");
      say(byId("feeds-trouble"), "");
    } catch (error) {
      say(byId("feeds-trouble"), error.message);
    }
    this.draw();
  }

  draw() {
    const feeds = this.feeds ?? [];
    show(byId("feeds-none"), this.feeds?.length === 0);
    const create = (feed) => {
      const head = make("p", { className: "row" }, make("b"), make("span", { className: "chip" }), make("small"));
      const button = make("button", { type: "button", className: "quiet", onclick: () => this.ask(feed.name) });
      const link = make("a");
      return make("li", {}, head, make("dl", { className: "facts" }), make("p", { className: "error" }), make("p", { className: "doing" }, button, link));
    };
    keep(byId("feeds-list"), feeds, (feed) => feed.name, create, (li, feed) => this.update(li, feed));
  }

  update(li, feed) {
    const [head, facts, error, doing] = li.children;
    const [state, words] = standing(feed);
    say(head.children[0], feed.name);
    say(head.children[1], text(words));
    mark(head.children[1], "data-state", state);
    say(head.children[2], [feed.source, feed.host].filter(Boolean).join(" · "));
    const when = (micros) => (micros === null ? text("feeds-never") : moment(micros));
    const rows = [
      ["feeds-asked", when(feed.asked)], ["feeds-news", when(feed.news)], ["feeds-next", feed.next === 0 ? text("very-soon") : until(feed.next)],
      ["feeds-files", new Intl.NumberFormat(document.documentElement.lang).format(feed.files)],
    ];
    if (feed.pause_s > 0) rows.push(["feeds-pause", pause(feed.pause_s)]);
    const pairs = rows.flatMap(([key, value]) => [["dt", text(key)], ["dd", value]]);
    const create = ([tag]) => make(tag);
    keep(facts, pairs.map((pair, place) => [...pair, place]), ([, , place]) => place, create, (part, [, value]) => say(part, value));
    say(error, feed.error ? text("feeds-error", { n: feed.failures, why: reason(feed) }) : "");
    const [button, link] = doing.children;
    say(button, text("feeds-ask"));
    button.setAttribute("aria-label", `${text("feeds-ask")}: ${feed.name}`);
    mark(button, "aria-busy", this.asking.has(feed.name) ? "true" : null);
    show(link, feed.station !== null);
    if (feed.station !== null) link.href = `/w/${encodeURIComponent(feed.station)}`;
    say(link, text("station-open"));
  }

  async ask(name) {
    if (this.asking.has(name)) return;
    this.asking.add(name);
    say(byId("feeds-said"), text("feeds-asking", { name }));
    this.draw();
    const before = this.feeds?.find((feed) => feed.name === name);
    try {
      const feed = await ask("POST", `/api/v1/feeds/${encodeURIComponent(name)}/ask`, undefined, FETCHING);
      this.feeds = this.feeds.map((one) => (one.name === name ? feed : one));
      const news = feed.files > (before?.files ?? 0);
      say(byId("feeds-said"), text(feed.error ? "feeds-said-wrong" : news ? "feeds-said-news" : "feeds-said-none", { name }));
      this.changed();
    } catch (error) {
      const soon = error.status === 429 && error.retry !== null;
      say(byId("feeds-said"), soon ? text("feeds-too-soon", { name, time: clock((Date.now() + error.retry * 1000) * 1000) }) : error.message);
    }
    this.asking.delete(name);
    this.draw();
  }
}

/** The made-up weather: one button; `changed` is called when its stations are there. */
export function offerDemo(changed) {
  byId("demo-make").addEventListener("click", async () => {
    if (byId("demo-make").getAttribute("aria-busy")) return;
    byId("demo-make").setAttribute("aria-busy", "true");
    say(byId("demo-problem"), "");
    say(byId("demo-said"), text("demo-making"));
    try {
      const stations = await ask("POST", "/api/v1/stations/demo", undefined, MAKING);
      await changed();
      say(byId("demo-said"), text("demo-made", { n: stations.length }));
    } catch (error) {
      say(byId("demo-said"), "");
      say(byId("demo-problem"), error.message);
    }
    byId("demo-make").removeAttribute("aria-busy");
  });
}
