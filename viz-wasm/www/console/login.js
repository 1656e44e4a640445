// Signing in. Whoever was sent here from another page of the console comes back to it.

import { start, text, watch } from "../words.js";
import { ask, PATIENT, settle } from "./api.js";
import { byId, mark, say, show } from "./dom.js";
import { reveal } from "./password.js";

const password = byId("password");
let waiting;

/** Only pages of the hub: an address from outside must not decide where a signed-in teacher lands. */
function goal() {
  const next = new URLSearchParams(location.search).get("next") ?? "";
  return /^(\/sky|\/[tw](\/[0-9a-z]+)?)$/i.test(next) ? next : "/t";
}

function needed(setup) {
  show(byId("setup-needed"), setup);
  show(byId("form"), !setup);
}

/** Too many wrong ones: the button counts down and works again by itself. */
function hold(seconds) {
  clearInterval(waiting);
  let left = seconds;
  const tick = () => {
    if (left <= 0) {
      clearInterval(waiting);
      mark(byId("enter"), "aria-disabled", null);
      return say(byId("problem"), "");
    }
    mark(byId("enter"), "aria-disabled", "true");
    say(byId("problem"), text("problem-too-many", { seconds: left }));
    left -= 1;
    return undefined;
  };
  tick();
  waiting = setInterval(tick, 1000);
}

async function submit(event) {
  event.preventDefault();
  if (byId("enter").hasAttribute("aria-disabled") || byId("enter").hasAttribute("aria-busy")) return;
  say(byId("problem"), "");
  if (!password.value) {
    say(byId("problem"), text("login-empty"));
    password.focus();
    return;
  }
  mark(byId("enter"), "aria-busy", "true");
  try {
    await ask("POST", "/api/v1/login", { password: password.value }, PATIENT);
    await settle(password.value);
    location.replace(goal());
  } catch (error) {
    mark(byId("enter"), "aria-busy", null);
    if (error.setupNeeded || error.code === "setup_needed") needed(true);
    else if (error.status === 429) hold(error.retry ?? 5);
    else say(byId("problem"), error.message);
    mark(password, "aria-invalid", error.code === "wrong_password" ? "true" : null);
    password.focus();
    password.select();
  }
}

start();
const follow = reveal(byId("reveal"), password);
byId("form").addEventListener("submit", submit);
password.addEventListener("input", () => mark(password, "aria-invalid", null));
watch(() => {
  document.title = `${text("login-title")} – Messwerk`;
  follow();
});
password.focus();
try {
  await ask("GET", "/api/v1/me");
  location.replace(goal());
} catch (error) {
  if (error.setupNeeded) needed(true);
}
