// What the hub refused, in the page's language: by its code where the page knows it. The hub's own sentence is English and
// for programs; a pupil reads what to do instead.

import { known, text } from "../words.js";

export async function sentence(answer) {
  const problem = await answer.json().catch(() => ({}));
  const word = String(problem.code ?? "").replaceAll("_", "-");
  if (known(`problem-${word}`)) return text(`problem-${word}`);
  return text(answer.status >= 500 ? "hub-in-trouble" : "hub-refused", { status: String(answer.status) });
}
