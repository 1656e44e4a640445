// Fields for passwords: what was typed can be looked at, and how good it is stands there in words.

import { text } from "../words.js";
import { mark, say } from "./dom.js";

/** The hub takes nothing shorter. */
const SHORTEST = 10;

/** `empty`, `short`, `weak`, `fair` or `strong`: by length and by how many different characters there are, with no rules of composition. */
export function strength(password) {
  const characters = [...password];
  if (characters.length === 0) return "empty";
  if (characters.length < SHORTEST) return "short";
  const different = new Set(characters).size;
  if (different < 5 || /^(\d+|(.{1,4})\2+)$/.test(password)) return "weak";
  return characters.length >= 16 && different >= 8 ? "strong" : "fair";
}

/** Makes a button show and hide the password of a field. */
export function reveal(button, ...fields) {
  const follow = () => {
    const visible = fields[0].type === "text";
    mark(button, "aria-pressed", String(visible));
    say(button, text(visible ? "password-hide" : "password-show"));
  };
  button.addEventListener("click", () => {
    const type = fields[0].type === "text" ? "password" : "text";
    for (const field of fields) field.type = type;
    follow();
  });
  return follow;
}
