// The start page: a code leads to the join page; the code travels in the fragment, which no server log sees.

import { codeOf } from "./code.js";
import { start, text } from "./words.js";

const field = document.getElementById("code");
const problem = document.getElementById("problem");

document.getElementById("curl").textContent =
  `curl -X POST ${location.origin}/api/v1/lessons \\\n  -H "Authorization: Bearer TOKEN" \\\n  -H "Content-Type: application/json" \\\n  -d '{"template":"pendulum"}'`;
document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = codeOf(field.value);
  problem.textContent = code ? "" : text("codeWrong");
  field.setAttribute("aria-invalid", String(!code));
  if (code) location.href = `/j#${code}`;
  else field.focus();
});
start();
