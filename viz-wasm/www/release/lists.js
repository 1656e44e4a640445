// The lists: what this hub shared, what came from others, and where it is fetched.

import { pick, text } from "../words.js";
import { asTeacher } from "../console/api.js";
import { byId, make, show } from "../console/dom.js";
import { trusted } from "../console/templates.js";
import { twice } from "../console/tap.js";
import { moment } from "../console/when.js";
import { sentences, summary } from "./said.js";

/** A template is fetched from afar, which has half a minute to answer, and is looked through. */
const PATIENT = { wait: 60_000 };

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
  const believed = one.trust === "known" || one.trust === "subscribed";
  const chips = [
    believed ? [one.source ?? text("release-by-subscription"), "good"] : [text("release-unknown"), "warn"],
    // Somebody else's, in a catalogue that is fetched.
    ...(!believed && one.subscription ? [[text("release-handed-on"), "paused"]] : []),
    ...(one.passed_on ? [[text("release-passed-on"), "good"]] : []),
    ...(one.comparable ? [] : [[text("release-incomparable"), "warn"]]),
    ...(one.used ? [] : [[text("release-unused"), "paused"]]),
  ];
  const use = (used, source) => () => asTeacher("PUT", at(one.id, "/use"), { used, ...(source ? { source } : {}) }).then(() => "");
  return item(
    one,
    titles,
    chips,
    button(text(one.used ? "release-do-not-use" : "release-use"), undefined, doing, use(!one.used)),
    believed ? undefined : button(text("release-know"), undefined, doing, use(true, one.release.source.label)),
    button(text("release-remove"), "release-remove-sure", doing, async () => {
      await asTeacher("DELETE", at(one.id));
      return text("release-removed");
    }),
  );
}

/** A template that a catalogue offers: whose it is said to be, and the button that takes it onto the shelf. */
function offer(one, doing) {
  const title = pick(one.title) || one.id;
  const facts = [`${one.id} ${one.version}`, one.license, one.signer ? text("offer-signer", { key: one.signer }) : ""];
  const take = button(text("offer-take"), "offer-take-sure", doing, async () => {
    const made = await asTeacher("POST", `/api/v1/offers/${one.sha256}`, undefined, PATIENT);
    return text("offer-taken", { title: pick(made.title), trust: trusted(made) });
  });
  // Its second tap decides, but nothing is lost by it.
  take.className = "quiet";
  const state = one.trust === "trusted" ? "good" : "warn";
  return make(
    "li",
    { "data-offer": one.id },
    make("div", { className: "titled" }, make("b", { textContent: title }), make("span", { className: "chip", "data-state": state, textContent: trusted(one) })),
    make("p", { className: "meta", textContent: facts.filter(Boolean).join(" · ") }),
    one.here ? make("p", { className: "meta", textContent: text("offer-here") }) : make("div", { className: "doing" }, take),
  );
}

function offers({ templates }, doing) {
  if (!templates.length) return undefined;
  const list = make("ul", { className: "offers" }, ...templates.map((one) => offer(one, doing)));
  return make("details", {}, make("summary", { textContent: text("offer-list", { n: templates.length }) }), make("p", { className: "note", textContent: text("offer-how") }), list);
}

function subscription(one, _titles, doing) {
  const { url, asked, answered, due, error } = one;
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
    offers(one, doing),
  );
}

/** Shows everything the hub told; `doing` is `{failed, changed}`. */
export function showLists(all, titles, doing) {
  const fill = (id, list, of) => {
    // What somebody has opened stays open.
    const open = [...byId(id).children].map((child) => child.querySelector("details")?.open);
    byId(id).replaceChildren(...list.map((one) => of(one, titles, doing)));
    if (id === "subscriptions") [...byId(id).children].forEach((child, index) => open[index] && (child.querySelector("details").open = true));
    byId(id).removeAttribute("aria-busy");
    show(byId(`${id}-none`), list.length === 0);
  };
  fill("own", all.own, own);
  fill("foreign", all.foreign, foreign);
  fill("subscriptions", all.subscriptions, subscription);
  show(byId("pull"), all.subscriptions.length > 0);
}
