// The first password: opened with the one-time address that the hub printed when it started.

import { start, text, watch } from "../words.js";
import { ask, PATIENT, settle } from "./api.js";
import { byId, mark, say, show } from "./dom.js";
import { reveal, strength } from "./password.js";

const [first, second, secret] = [byId("password"), byId("again"), byId("secret")];
const given = decodeURIComponent(location.hash.slice(1));
let problem = null;

function judge() {
  const found = strength(first.value);
  byId("strength").dataset.strength = found;
  say(byId("strength-word"), text(`strength-${found}`));
}

function complain(key, field) {
  problem = key;
  say(byId("problem"), key ? (typeof key === "string" ? text(key) : key.message) : "");
  for (const one of [first, second, secret]) mark(one, "aria-invalid", one === field ? "true" : null);
  field?.focus();
}

async function submit(event) {
  event.preventDefault();
  const key = given || secret.value.trim();
  if (!key) return complain("setup-secret-missing", secret);
  if (["empty", "short"].includes(strength(first.value))) return complain("problem-password-short", first);
  if (first.value !== second.value) return complain("setup-different", second);
  complain(null);
  mark(byId("save"), "aria-busy", "true");
  try {
    await ask("POST", "/api/v1/setup", { secret: key, password: first.value }, PATIENT);
    await settle(first.value);
    location.replace("/t");
  } catch (error) {
    mark(byId("save"), "aria-busy", null);
    complain(error, error.code === "password_short" ? first : undefined);
    // An address that was used or belongs to an earlier start: the way out is shown, not only the fault.
    show(byId("old"), error.code === "old_secret");
  }
  return undefined;
}

start();
show(byId("ask-secret"), !given);
const follow = reveal(byId("reveal"), first, second);
first.addEventListener("input", judge);
byId("form").addEventListener("submit", submit);
watch(() => {
  document.title = `${text("setup-title")} – Messwerk`;
  judge();
  follow();
  if (typeof problem === "string") say(byId("problem"), text(problem));
});
(given ? first : secret).focus();
