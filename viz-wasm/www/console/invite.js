// How the class comes in: code, QR pictures, two words against a false hub, and the board's address.

import { spaced } from "../code.js";
import { lang, text } from "../words.js";
import { byId, keep, make, mark, say, show } from "./dom.js";

export class Invite {
  constructor(session) {
    this.session = session;
    byId("copy-board").addEventListener("click", () => this.copy(this.boardAddress()));
    byId("copy-join").addEventListener("click", () => this.copy(this.joinAddress()));
    // Once the class measures, the pictures give way to what is measured; whoever opens them again keeps them.
    byId("codes").addEventListener("toggle", () => (this.chosen ||= this.settled));
  }

  /** What phones and projectors can reach: the hub knows it better than this page, which may be open on the hub itself. */
  origin() {
    const { join } = this.session.lesson ?? {};
    try {
      return join?.url ? new URL(join.url).origin : (this.phones ?? location.origin);
    } catch {
      return this.phones ?? location.origin;
    }
  }

  boardAddress() {
    return `${this.origin()}/b/${this.session.id}`;
  }

  joinAddress() {
    return this.session.lesson?.join?.url ?? `${this.origin()}/j`;
  }

  async copy(address) {
    const field = byId("by-hand");
    try {
      // Only secure pages have a clipboard; a hub in a classroom often has no certificate.
      await navigator.clipboard.writeText(address);
      show(field, false);
      say(byId("copied"), text("copied-address", { address }));
    } catch {
      field.value = address;
      show(field, true);
      field.focus();
      field.select();
      say(byId("copied"), text(document.execCommand("copy") ? "copied" : "copy-by-hand"));
    }
  }

  draw() {
    const { lesson } = this.session;
    if (!lesson) return;
    const open = lesson.phase !== "ended";
    const code = lesson.join?.code ?? lesson.code;
    show(byId("invite"), true);
    say(byId("invite-title"), text(open ? "invite-title" : "invite-over"));
    show(byId("invite-open"), open && lesson.lobby !== "locked" && Boolean(code));
    show(byId("locked"), open && lesson.lobby === "locked");
    show(byId("copy-join"), open && Boolean(lesson.join?.url));
    byId("board").href = `/b/${lesson.id}`;
    say(byId("code"), code ? spaced(code) : "");
    // Read digit by digit, not as a number in the hundred thousands.
    mark(byId("code"), "aria-label", code ? [...code].join(" ") : null);
    say(byId("code-how"), text("code-how", { address: `${this.origin().replace(/^https?:\/\//, "")}/j` }));
    say(byId("words"), lesson.words?.length ? text("two-words", { words: lesson.words.join(" · ") }) : "");
    this.drawPictures(lesson);
  }

  drawPictures(lesson) {
    const pictures = [
      ["join", lesson.join?.qr],
      ["wifi", lesson.join?.wifi],
      ["phyphox", lesson.join?.phyphox],
    ].filter(([, address]) => address && lesson.lobby !== "locked");
    show(byId("codes"), pictures.length > 0 && lesson.phase !== "ended");
    const create = () => Object.assign(make("div", { className: "picture" }, make("img", { className: "qr", width: 240, height: 240 }), make("p", { className: "hint" })));
    keep(byId("qrs"), pictures, ([name]) => name, create, (picture, [name, address]) => {
      const [image, words] = picture.children;
      // Cameras want dark on light, whatever the page's colours are.
      const wanted = `${address}?theme=light&lang=${lang()}`;
      if (image.getAttribute("src") !== wanted) image.src = wanted;
      image.alt = text(`qr-${name}-alt`, { ssid: lesson.join?.ssid ?? "" });
      say(words, text(`qr-${name}`, { ssid: lesson.join?.ssid ?? "" }));
    });
    if (lesson.phase === "measuring" && !this.settled && !this.chosen) {
      this.settled = true;
      byId("codes").open = false;
    }
  }
}
