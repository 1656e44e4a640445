// Buttons that act on the hub: what was tapped shows that it is under way, and the hub's answer decides.

import { text } from "../words.js";
import { mark, say } from "./dom.js";

/** A second tap must come within this time. */
const SURE = 5000;

/** Runs an action of a button once at a time; `failed` gets its error. Returns the answer, or undefined if it was refused. */
export async function tapped(button, action, failed) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
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
 * Makes a button ask for a second tap: its words become `sure` for five seconds. `label` is what says its name (the button or an element
 * in it), `name()` the words it has otherwise. Returns a function that puts the words right.
 */
export function twice(button, label, name, sure, action) {
  let timer = null;
  const follow = () => say(label, timer === null ? name() : text(sure));
  const calm = () => {
    clearTimeout(timer);
    timer = null;
    mark(button, "data-sure", null);
    follow();
  };
  button.addEventListener("click", () => {
    if (timer === null) {
      timer = setTimeout(calm, SURE);
      mark(button, "data-sure", true);
      follow();
    } else {
      calm();
      action();
    }
  });
  button.addEventListener("blur", () => timer !== null && calm());
  button.addEventListener("keydown", (event) => event.key === "Escape" && timer !== null && calm());
  follow();
  return follow;
}
