// A sentence about what was just done, with a button that takes it back.

import { text } from "../words.js";
import { byId, make } from "./dom.js";

/** Long enough to read, to decide and to get there with a switch or a keyboard. */
const SHOWN = 15000;

/** Shows `words`; `undo`, if given, is what the button does. The newest replaces the one before. */
export function toast(words, undo) {
  const note = make("div", { className: "toast" }, make("span", { textContent: words }));
  const close = () => note.remove();
  if (undo) {
    const button = make("button", { type: "button", textContent: text("take-back") });
    button.addEventListener("click", () => {
      close();
      undo();
    });
    note.append(button);
  }
  const dismiss = make("button", { type: "button", "aria-label": text("close"), textContent: "×" });
  dismiss.addEventListener("click", close);
  note.append(dismiss);
  byId("toasts").replaceChildren(note);
  // What was tapped may have gone with what it removed; who came with the keyboard goes on here.
  requestAnimationFrame(() => document.activeElement === document.body && note.querySelector("button").focus({ preventScroll: true }));
  const expire = () => (note.matches(":hover, :focus-within") ? setTimeout(expire, 2000) : close());
  setTimeout(expire, SHOWN);
}
