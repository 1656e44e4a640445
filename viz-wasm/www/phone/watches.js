// The acoustic stopwatch and the reaction test on the pupil's page. What they find goes to the phone as readings of `dt`.

import { fixed } from "../measured.js";
import { text } from "../words.js";
import { element, make, say, show } from "./dom.js";
import { Reaction, Stopwatch } from "./interval.js";

/** The last intervals that stay on the screen. */
const SHOWN = 5;

const stopwatch = new Stopwatch();
const reaction = new Reaction();
let found = [];
let timer;
let frame;

const seconds = (value) => `${fixed(value, 3)} s`;

function list(place) {
  element(place).replaceChildren(...found.slice(-SHOWN).reverse().map((one) => make("li", {}, seconds(one))));
}

function keep(value) {
  found = [...found, value];
  refresh();
}

/** A sound began: `at` on the page's clock in µs, `card` in s on the sound card's. Answers the interval if there is one. */
export function heard(at, card) {
  const value = stopwatch.heard(card);
  if (value === undefined) refresh();
  else keep(value);
  return value;
}

/** Forgets what was measured: another Take, or another group. */
export function reset() {
  found = [];
  stopwatch.reset();
  rest();
  refresh();
}

/** The last interval, in s. */
export const last = () => found.at(-1);

/** Writes everything anew, in the page's language. */
export function refresh() {
  say("ear-state", text(stopwatch.running ? "ear-running" : found.length ? "ear-again" : "ear-ready"));
  say("ear-last", stopwatch.running ? "…" : found.length ? seconds(found.at(-1)) : "– s");
  list("ear-list");
  say("pad", text(`pad-${reaction.state}`, { time: reaction.last === undefined ? "" : seconds(reaction.last) }));
  element("pad").dataset.state = reaction.state;
  list("pad-list");
}

/** Shows what the lesson measures with: the stopwatch, the pad, both or neither. */
export function present({ ear, pad }) {
  show(ear, "ear");
  show(pad, "reaction");
  if (!pad && reaction.state !== "rest") rest();
}

function rest() {
  clearTimeout(timer);
  cancelAnimationFrame(frame);
  reaction.stop();
}

function begin() {
  timer = setTimeout(() => {
    // The signal counts from the frame in which it is painted, not from when it was decided.
    frame = requestAnimationFrame((at) => {
      reaction.signal(at);
      refresh();
    });
  }, reaction.begin());
  refresh();
}

/** `reading(µs, seconds)` takes reactions, `threshold(dB)` what counts as loud. */
export function wire({ reading, threshold }) {
  element("ear-threshold").addEventListener("input", ({ target }) => {
    threshold(Number(target.value));
    say("ear-decibels", text("ear-decibels", { n: target.value.replace("-", "−") }));
  });
  element("ear-reset").addEventListener("click", () => {
    stopwatch.reset();
    refresh();
  });
  const tapped = (at) => {
    const waiting = ["waiting", "signal"].includes(reaction.state);
    const value = reaction.tap(at);
    if (value !== undefined) {
      reading(Math.round(at * 1000), value);
      keep(value);
    } else if (waiting) {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      refresh();
    } else begin();
  };
  // The finger's first touch counts, not the click after it; a keyboard has no finger.
  element("pad").addEventListener("pointerdown", (event) => tapped(event.timeStamp));
  element("pad").addEventListener("keydown", (event) => {
    if (event.repeat || ![" ", "Enter"].includes(event.key)) return;
    event.preventDefault();
    tapped(event.timeStamp);
  });
}
