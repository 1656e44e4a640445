// The lists: what this hub shared, what came from others, and where it is fetched.

import { pick, text } from "../words.js";
import { asTeacher } from "../console/api.js";
import { byId, make, show } from "../console/dom.js";
import { twice } from "../console/tap.js";
import { moment } from "../console/when.js";
import { sentences, summary } from "./said.js";

const at = (id, rest = "") => `/api/v1/releases/${encodeURIComponent(id)}${rest}`;

/** What both kinds of release show. */
function item({ id, release }, titles, chips, ...doing) {
  const title = pick(titles.get(release.template.id)) || release.template.id;
  const about = make("details", {}, make("summary", { textContent: text("release-all") }), make("ul", {}, ...sentences(release).map((said) => make("li", { textContent: said }))));
  return make(
    "li",
    { className: "card", "data-release": id },
    make("div", { className: "titled" }, make("h3", { textContent: `${release.source.label}: ${title}` }), ...chips.map(([words, state]) => make("span", { className: "chip", "data-state": state, textContent: words }))),
    make("p", { className: "meta", textContent: `${release.week} · ${summary(release)}` }),
    about,
    make("div", { className: "doing" }, ...doing),
  );
}

/** A button that does something with a release; its second tap decides where `sure` is given. */
function button(words, sure, { failed, changed }, act) {
  const element = make("button", { type: "button", className: sure ? "danger" : "quiet", textContent: words });
  const go = async () => {
    try {
      changed(await act());
    } catch (error) {
      failed(error);
    }
  };
  if (sure) twice(element, element, () => words, sure, go);
  else element.addEventListener("click", go);
  return element;
}

function own(one, titles, doing) {
  const chips = [[text(one.public ? "release-is-public" : "release-is-hand"), "good"], [text(one.given === null ? "release-not-given" : "release-given"), one.given === null ? "paused" : "good"]];
  return item(
    one,
    titles,
    chips,
    make("a", { className: "button quiet", href: at(one.id, "/file"), download: `${one.id}.release`, textContent: text("release-download") }),
    button(text("release-withdraw"), "release-withdraw-sure", doing, async () => {
      const gone = await asTeacher("DELETE", at(one.id));
      return text(gone.told ? "release-withdrawn-told" : "release-withdrawn");
    }),
  );
}

function foreign(one, titles, doing) {
  const chips = [
    one.source || one.subscription ? [one.source ?? text("release-by-subscription"), "good"] : [text("release-unknown"), "warn"],
    ...(one.comparable ? [] : [[text("release-incomparable"), "warn"]]),
    ...(one.used ? [] : [[text("release-unused"), "paused"]]),
  ];
  const use = (used, source) => () => asTeacher("PUT", at(one.id, "/use"), { used, ...(source ? { source } : {}) }).then(() => "");
  return item(
    one,
    titles,
    chips,
    button(text(one.used ? "release-do-not-use" : "release-use"), undefined, doing, use(!one.used)),
    one.source || one.subscription ? undefined : button(text("release-know"), undefined, doing, use(true, one.release.source.label)),
    button(text("release-remove"), "release-remove-sure", doing, async () => {
      await asTeacher("DELETE", at(one.id));
      return text("release-removed");
    }),
  );
}

function subscription({ url, asked, answered, due, error }) {
  const facts = [
    asked === null ? text("release-never-asked") : text("release-asked", { at: moment(asked) }),
    answered === null ? undefined : text("release-answered", { at: moment(answered) }),
    due === null ? undefined : text("release-due", { at: moment(due) }),
  ];
  return make(
    "li",
    { className: "card" },
    make("code", { textContent: url }),
    make("p", { className: "meta", textContent: facts.filter(Boolean).join(" · ") }),
    error ? make("p", { className: "notice", "data-kind": "warn", textContent: text("release-wrong", { error }) }) : undefined,
  );
}

/** Shows everything the hub told; `doing` is `{failed, changed}`. */
export function showLists(all, titles, doing) {
  const fill = (id, list, of) => {
    byId(id).replaceChildren(...list.map((one) => of(one, titles, doing)));
    byId(id).removeAttribute("aria-busy");
    show(byId(`${id}-none`), list.length === 0);
  };
  fill("own", all.own, own);
  fill("foreign", all.foreign, foreign);
  fill("subscriptions", all.subscriptions, subscription);
  show(byId("pull"), all.subscriptions.length > 0);
}
