// Measuring without sensors: a stopwatch with laps and their mean, and a counter. Nothing of it is sent, unless the pupil
// takes the mean over into a field.

import { fixed } from "../measured.js";
import { decimalsOf } from "../quantity.js";
import { text } from "../words.js";
import { element, make, say, show } from "./dom.js";
import { handUncertainty, meanOf, Stopwatch } from "./tools.js";

const watch = new Stopwatch(() => performance.now());
let counted = 0;
let timer;

const seconds = (value, decimals = 2) => `${fixed(value, decimals)} s`;

function face() {
  element("elapsed").textContent = seconds(watch.elapsed / 1000, 1);
}

/** The mean of the laps as it is reported: with its 95 % interval from two laps on. */
function mean() {
  const found = meanOf(watch.laps);
  if (!found) return "";
  if (found.half === undefined) return text("one-lap", { time: seconds(found.mean) });
  const decimals = Math.min(3, decimalsOf(found.half));
  return text("laps-mean", { mean: fixed(found.mean, decimals), half: fixed(found.half, decimals), n: found.n });
}

/** Whether there is a field for the stopwatch's mean. */
let wanted = false;

/** Writes everything anew, in the page's language; `timed`: there is a field for the mean. */
export function refresh(timed = wanted) {
  wanted = timed;
  show(wanted && watch.laps.length > 0, "watch-take");
  face();
  say("watch-start", text(watch.running ? "stop" : "start"));
  element("watch-lap").disabled = !watch.running;
  say("laps-mean", mean());
  element("laps").replaceChildren(...watch.laps.map((lap) => make("li", {}, seconds(lap))));
  say("counted", String(counted));
}

/** `take(seconds, uncertainty)` takes the mean over. */
export function wire(take) {
  element("watch-take").addEventListener("click", () => {
    const found = meanOf(watch.laps);
    // Milliseconds are finer than any thumb.
    if (found) take(Number(found.mean.toFixed(3)), handUncertainty(found));
  });
  element("watch-start").addEventListener("click", () => {
    if (watch.running) {
      // Whoever taps at each swing and then stops has begun another lap, and it is none.
      if (watch.laps.length === 0) watch.lap();
      watch.stop();
      clearInterval(timer);
    } else {
      watch.start();
      timer = setInterval(face, 100);
    }
    refresh();
  });
  element("watch-lap").addEventListener("click", () => {
    watch.lap();
    refresh();
  });
  element("watch-reset").addEventListener("click", () => {
    clearInterval(timer);
    watch.reset();
    refresh();
  });
  const count = (change) => () => {
    counted = change === 0 ? 0 : Math.max(0, counted + change);
    refresh();
  };
  element("count-more").addEventListener("click", count(1));
  element("count-less").addEventListener("click", count(-1));
  element("count-reset").addEventListener("click", count(0));
}
