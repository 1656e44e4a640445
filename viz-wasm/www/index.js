// The start page: a code leads to the join page; the code travels in the fragment, which no server log sees.

import { codeOf } from "./code.js";
import { start, text, watch } from "./words.js";

const field = document.getElementById("code");
const problem = document.getElementById("problem");
const letters = document.getElementById("letters");
let wrong = false;

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = codeOf(field.value);
  wrong = !code;
  problem.textContent = wrong ? text("code-wrong") : "";
  field.setAttribute("aria-invalid", String(wrong));
  if (code) location.href = `/j#c=${encodeURIComponent(code)}`;
  else field.focus();
});
// Most hubs have codes of digits; a shared one has letters too, which a phone's number pad does not offer.
letters.addEventListener("click", () => {
  field.inputMode = "text";
  letters.hidden = true;
  field.focus();
});
start();
watch(() => {
  document.title = `${text("join")} – Messwerk`;
  if (wrong) problem.textContent = text("code-wrong");
});
