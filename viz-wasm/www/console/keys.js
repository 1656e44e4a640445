// One key for what is done most. They work only while nothing else has the focus, and can be switched off (WCAG 2.1.4).

import { byId } from "./dom.js";
import { keyCommand } from "./phase.js";

const KEPT = "messwerk-keys";

const stored = {
  get: () => {
    try {
      return sessionStorage.getItem(KEPT);
    } catch {
      return null;
    }
  },
  set: (value) => {
    try {
      sessionStorage.setItem(KEPT, value);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
  },
};

/** `run(command)` sends what a key means now; `rests()` is whether the next step has just come to mean something else. */
export function listenToKeys(session, run, rests) {
  const box = byId("keys-on");
  box.checked = stored.get() !== "off";
  box.addEventListener("change", () => stored.set(box.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !session.lesson) return undefined;
    // A control with the focus has its own meaning for the space bar, and letters belong to fields.
    if (document.activeElement && document.activeElement !== document.body) return undefined;
    // Two taps on the space bar are not a start and a stop.
    if (event.key === " " && rests()) return event.preventDefault();
    const command = keyCommand(event.key.toLowerCase(), session.lesson, session.lesson.things.length);
    if (!command) return undefined;
    event.preventDefault();
    run(command);
    return undefined;
  });
}
