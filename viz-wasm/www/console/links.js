// Links under which another program reads one table of a lesson: made here, seen here, revoked here.

import { text, watch } from "../words.js";
import { asTeacher, lessonPath } from "./api.js";
import { keep, make, mark, say, show } from "./dom.js";
import { moment } from "./when.js";

const HOURS = [2, 24, 168];

function row(revoke) {
  const what = make("p");
  const address = make("input", { type: "text", readOnly: true, "aria-label": text("link-address") });
  address.addEventListener("focus", () => address.select());
  const button = make("button", { type: "button", className: "quiet" });
  button.addEventListener("click", () => revoke(button));
  return Object.assign(make("li", { className: "stack" }, what, address, button), { parts: { what, address, button } });
}

/** The part of a lesson's menu, and how it asks what there is. */
export function sharing(lesson) {
  const list = make("ul", { className: "links" });
  const said = make("p", { className: "error", role: "status" });
  const hours = make("select", {}, ...HOURS.map((value) => make("option", { value })));
  const buttons = ["results", "readings"].map((what) => {
    const button = make("button", { type: "button", className: "quiet" });
    button.addEventListener("click", () => made(button, what));
    return [what, button];
  });
  const label = make("label", { className: "field" }, make("span", { "data-t": "link-hours", textContent: text("link-hours") }), hours);
  const heading = make("p", { className: "part", "data-t": "link-title", textContent: text("link-title") });
  const how = make("p", { className: "hint", "data-t": "link-how", textContent: text("link-how") });
  const part = make("section", { className: "stack" }, heading, how, label, make("div", { className: "doing" }, ...buttons.map(([, button]) => button)), said, list);
  let links = [];

  function draw() {
    [...hours.options].forEach((option) => say(option, text("link-hours-n", { n: Number(option.value) })));
    buttons.forEach(([what, button]) => say(button, text(`link-make-${what}`)));
    show(list, links.length > 0);
    keep(list, links, ({ link }) => link, ({ link }) => row((button) => revoked(button, link)), ({ parts }, { what, url, ends, opened }) => {
      say(parts.what, text(`link-${what}`, { until: moment(ends), n: opened }));
      if (parts.address.value !== url) parts.address.value = url;
      mark(parts.address, "aria-label", text("link-address"));
      say(parts.button, text("link-revoke"));
    });
  }

  async function doing(button, action) {
    mark(button, "aria-busy", "true");
    say(said, "");
    try {
      await action();
      await look();
    } catch (error) {
      say(said, error.message);
    } finally {
      mark(button, "aria-busy", null);
    }
  }

  const made = (button, what) => doing(button, () => asTeacher("POST", lessonPath(lesson, "/links"), { what, hours: Number(hours.value) }));
  const revoked = (button, link) => doing(button, () => asTeacher("DELETE", lessonPath(lesson, `/links/${link}`)));

  async function look() {
    links = await asTeacher("GET", lessonPath(lesson, "/links"));
    draw();
  }

  watch(draw);
  draw();
  return { part, look: () => look().catch((error) => say(said, error.message)) };
}
