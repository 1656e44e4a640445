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

/** `run(command)` sends what a key means now. */
export function listenToKeys(session, run) {
  const box = byId("keys-on");
  box.checked = stored.get() !== "off";
  box.addEventListener("change", () => stored.set(box.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !session.lesson) return;
    // A control with the focus has its own meaning for the space bar, and letters belong to fields.
    if (document.activeElement && document.activeElement !== document.body) return;
    const command = keyCommand(event.key.toLowerCase(), session.lesson, session.lesson.things.length);
    if (!command) return;
    event.preventDefault();
    run(command);
  });
}
