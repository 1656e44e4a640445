// What does not work without encryption, said once: whoever has read it can put it away for this visit.

import { text } from "../words.js";
import { byId, say, show } from "./dom.js";

const KEPT = "messwerk-insecure";

function away() {
  try {
    return sessionStorage.getItem(KEPT) === "read";
  } catch {
    return false;
  }
}

/** Whether phones get a page that their browsers give no sensors to; their address may be another than this page's. */
export function phonesArePlain(who) {
  try {
    const { protocol, hostname } = new URL(who.phones);
    return protocol === "http:" && !/^(localhost|127\..*|\[::1\])$/.test(hostname);
  } catch {
    return who.secure === false;
  }
}

export class Insecure {
  /** `form`: `long` on the overview, `short` over a lesson. */
  constructor(form) {
    this.form = form;
    byId("insecure-read").addEventListener("click", () => {
      try {
        sessionStorage.setItem(KEPT, "read");
      } catch {
        // Storage may be forbidden; it then comes back with the next page.
      }
      this.read = true;
      this.follow();
    });
    this.read = away();
  }

  /** Takes what the hub said of this connection and of the phones' one. */
  draw(who) {
    this.open = who.secure === false;
    this.plain = this.open || phonesArePlain(who);
    this.follow();
  }

  /** Whether the app can measure for a lesson; while nobody may join, the hub does not say. */
  app(lesson) {
    if (lesson?.join) this.without = lesson.join.phyphox === null || lesson.join.phyphox === undefined;
    this.follow();
  }

  follow() {
    // That nobody can measure at all is no general advice: it stays.
    const useless = this.form === "short" && this.without;
    show(byId("insecure"), Boolean(this.plain) && (!this.read || useless));
    show(byId("insecure-read"), !useless);
    if (this.form === "long") show(byId("insecure-title"), Boolean(this.open));
    const words = this.form === "long" ? (this.open ? "insecure-how" : "insecure-phones") : useless ? "insecure-useless" : "insecure-short";
    if (this.plain) say(byId("insecure-words"), text(words));
  }
}
