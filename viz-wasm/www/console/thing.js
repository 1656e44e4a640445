// One Thing on the console: who it is, how it sends, what it found, and what can be done about it, one tap each.

import { mark as badge } from "../mark.js";
import { fixed, measured } from "../measured.js";
import { pick, text } from "../words.js";
import { make, mark, say, show } from "./dom.js";
import { Exclusion } from "./exclusion.js";
import { icon, redraw, tool } from "./icons.js";
import { standing } from "./standing.js";

const SOURCES = { web: "browser", phyphox: "app", mqtt: "radio", http: "radio" };
/** Later than this since it was heard, the seconds are worth a look. */
const LATE = 2000;

/** Whether somebody should look at it; such Things can be shown alone. */
export function isOdd(thing, finding, over) {
  if (thing.missing > 0 || thing.owed?.seconds >= 5 || (finding?.excluded && !finding.undone)) return true;
  // Nobody has to send or to be there once the lesson has ended.
  if (over) return false;
  return ["silent", "away", "paused"].includes(standing(thing)) || ["denied", "missing"].includes(thing.permission) || Boolean(thing.returns);
}

/** What there is to know of how it sends, in words: each with whether it is good or wants a look. */
function facts(thing, over = false) {
  const found = [];
  // Brought back by the teacher, but its page has not noticed yet.
  if (thing.returns) found.push([text("coming-back"), "warn"]);
  const denied = thing.permission === "denied" || thing.permission === "missing";
  if (denied) found.push([text(`permission-${thing.permission}`), "bad"]);
  if (!over && Number.isFinite(thing.heard_ms) && thing.heard_ms >= LATE && thing.state !== "joined") {
    found.push([thing.heard_ms < 120_000 ? text("heard-seconds", { n: Math.round(thing.heard_ms / 1000) }) : text("heard-minutes", { n: Math.round(thing.heard_ms / 60_000) })]);
  }
  const { seconds = 0, guessed = false } = thing.owed ?? {};
  if (seconds >= 0.5) found.push([text(guessed ? "unsent-about" : "unsent-seconds", { s: fixed(seconds, guessed ? 0 : 1) }), seconds >= 5 ? "warn" : null]);
  if (thing.missing > 0) found.push([text("missing-batches", { n: thing.missing }), "bad"]);
  if (Number.isFinite(thing.alignment_ms)) found.push([text("plus-minus", { ms: Math.ceil(thing.alignment_ms) })]);
  return found;
}

export class ThingCard {
  /** `run(button, command)` sends a command; `remove(thing, button)` also offers the way back. */
  constructor(id, { run, remove }) {
    this.id = id;
    this.badge = badge(1, "");
    this.name = make("h3");
    this.state = make("span", { className: "chip" });
    this.source = make("span", { className: "source" }, icon("none"), make("span"));
    this.facts = make("p", { className: "about" });
    this.result = make("p", { className: "result" });
    this.how = make("p", { className: "byhand" });
    this.why = make("p", { className: "excluded" });
    this.pause = tool("pause", (button) => run(button, { do: this.thing.paused ? "resume" : "pause", thing: id }));
    this.rename = tool("rename", (button) => run(button, { do: "rename", thing: id }));
    this.hide = tool("hide", (button) => run(button, { do: this.thing.hidden ? "show" : "hide", thing: id }));
    this.remove = tool("remove", (button) => remove(this.thing, button));
    this.exclusion = new Exclusion(id, run);
    this.element = make("li", { className: "card thing" },
      make("div", { className: "who" }, this.badge, this.name, this.state),
      make("div", { className: "how" }, this.source, this.facts),
      make("div", { className: "found" }, this.result, this.how, this.why),
      make("div", { className: "tooling" }, this.pause, this.rename, this.hide, this.remove, this.exclusion.toggle),
      this.exclusion.panel);
    // The card object is found again by its element.
    this.element.card = this;
  }

  draw(thing, finding) {
    this.thing = thing;
    // The badge has the colour that the nickname names, and follows it when that changes.
    if (this.name.textContent !== thing.nickname) badge(thing.number, thing.nickname, this.badge);
    say(this.name, thing.nickname);
    const state = standing(thing);
    say(this.state, text(`thing-is-${state}`));
    mark(this.state, "data-state", state);
    show(this.state, !this.over || thing.past);
    show(this.source, !thing.past);
    const source = thing.source ?? "none";
    redraw(this.source.firstElementChild, SOURCES[source] ?? "none");
    say(this.source.lastElementChild, text(`via-${source}`));
    this.drawFacts(facts(thing, this.over));
    this.drawFinding(finding);
    this.tools(thing);
    this.exclusion.draw(thing, finding);
    mark(this.element, "data-paused", thing.paused ? true : null);
  }

  drawFacts(found) {
    const wanted = JSON.stringify(found);
    if (this.told === wanted) return;
    this.told = wanted;
    this.facts.replaceChildren(...found.map(([words, look]) => make("span", { textContent: words, "data-look": look })));
  }

  /** A result that does not count stays readable, with the reason beside it. */
  drawFinding(finding) {
    if (!finding) say(this.result, text(this.over ? "no-finding-ended" : "no-finding"));
    else if (finding.reason) say(this.result, pick(finding.reason));
    else say(this.result, `${finding.name} = ${measured(finding.value, finding.uncertainty, finding.unit)}`);
    say(this.how, finding?.by_hand ? text("by-hand") : "");
    say(this.why, finding?.undone ? text("undone") : finding?.excluded ? text("not-counted", { text: finding.excluded }) : "");
    mark(this.result, "data-pending", !finding || finding.reason ? true : null);
    mark(this.result, "data-excluded", finding?.excluded || finding?.undone ? true : null);
  }

  tools(thing) {
    const words = (button, key) => {
      say(button.word, text(key));
      // Thirty cards have the same four words.
      mark(button, "aria-label", `${text(key)}: ${thing.nickname}`);
    };
    redraw(this.pause.drawn, thing.paused ? "resume" : "pause");
    redraw(this.hide.drawn, thing.hidden ? "show" : "hide");
    words(this.pause, thing.paused ? "thing-resume" : "thing-pause");
    words(this.rename, "thing-rename");
    words(this.hide, thing.hidden ? "thing-show" : "thing-hide");
    words(this.remove, "thing-remove");
    for (const button of [this.pause, this.rename, this.hide, this.remove]) show(button, !this.over && !thing.past);
  }
}
