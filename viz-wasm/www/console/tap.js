// Buttons that act on the hub: what was tapped shows that it is under way, and the hub's answer decides.

import { text } from "../words.js";
import { mark, say } from "./dom.js";

/** A second tap must come within this time. */
const SURE = 5000;
/** A tap that comes sooner after a control came to mean something else was meant for what stood there before: the second half of a
 * double click (systems allow half a second), or a finger that was on its way. */
export const DEAD = 700;

/** Whether a control takes no tap now. */
export const deaf = (control) => control.getAttribute("aria-busy") === "true" || control.getAttribute("aria-disabled") === "true";

/** Makes a control take no tap for a moment; `barred` ones stay so. */
export function rest(control, ms = DEAD) {
  clearTimeout(control.resting);
  control.resting = setTimeout(() => {
    control.resting = undefined;
    bar(control, control.barred);
  }, ms);
  bar(control, control.barred);
}

/** Bars a control that does not fit now, in its place: were it gone, another would slide under the finger. */
export function bar(control, barred) {
  control.barred = barred;
  mark(control, "aria-disabled", barred || control.resting ? "true" : null);
  // What only rests looks as it will in a moment.
  mark(control, "data-rests", control.resting && !barred ? true : null);
}

/** A key that is held down is one press, not thirty in a second. */
export function once(control) {
  control.addEventListener("keydown", (event) => event.repeat && event.key === "Enter" && event.preventDefault());
  return control;
}

/** Runs an action of a button once at a time; `failed` gets its error. Returns the answer, or undefined if it was refused. */
export async function tapped(button, action, failed) {
  if (deaf(button)) return undefined;
  mark(button, "aria-busy", "true");
  try {
    return await action();
  } catch (error) {
    failed(error);
    return undefined;
  } finally {
    mark(button, "aria-busy", null);
  }
}

/**
 * Makes a button ask for a second tap: its words become `sure` for five seconds, in the first 0.7 of which it takes none, so that a
 * double click decides nothing. `label` is what says its name (the button or an element in it), `name()` the words it has
 * otherwise. Returns a function that puts the words right; `armed(asking)` is called when it begins and ends to ask.
 */
export function twice(button, label, name, sure, action, armed = () => {}) {
  let timer = null;
  const follow = () => say(label, timer === null ? name() : text(sure));
  const calm = () => {
    clearTimeout(timer);
    timer = null;
    mark(button, "data-sure", null);
    follow();
    armed(false);
  };
  once(button).addEventListener("click", () => {
    // Whoever goes on tapping has not read what it asks: the pause begins anew.
    if (button.getAttribute("aria-disabled") === "true") return button.barred ? undefined : rest(button);
    if (timer === null) {
      timer = setTimeout(calm, SURE);
      mark(button, "data-sure", true);
      rest(button);
      follow();
      armed(true);
    } else {
      calm();
      action();
    }
    return undefined;
  });
  button.addEventListener("blur", () => timer !== null && calm());
  button.addEventListener("keydown", (event) => event.key === "Escape" && timer !== null && calm());
  follow();
  return follow;
}
