// What the hub does with data, in sentences made from the settings the hub runs with.

import { known, start, text, watch } from "../words.js";

const element = (id) => document.getElementById(id);
let told;

function make(tag, said) {
  return Object.assign(document.createElement(tag), { textContent: said });
}

/** The sentence of a key; for a word of a newer hub the word as it is, rather than keeping it from the reader. */
const word = (key, one) => (known(key) ? text(key) : one);
/** The hub's words as they stand in keys. */
const slug = (one) => one.replaceAll("_", "-");
const each = (list, key) => (list ?? []).map((one) => word(key(slug(one)), one));

/** What the page says: headings with sentences and lists, made from the hub's facts. */
function sections({ purposes, stored, never_stored: never, periods, recipients, outbound, cookies_of_pupils: pupils, cookies_of_teachers: teachers, ...rest }) {
  const later = ["privacy-open", "privacy-lesson", "privacy-kept", "privacy-log", "privacy-login"].map((key) =>
    text(key, { open: periods.open_hours, lesson: periods.lesson_hours, kept: periods.kept_days_most, log: periods.log_days, hours: periods.login_hours, minutes: periods.login_idle_minutes }),
  );
  return [
    { title: "privacy-why", list: each(purposes, (one) => `privacy-purpose-${one}`) },
    { title: "privacy-what", list: stored.map(({ what, until }) => [word(`privacy-stored-${slug(what)}`, what), word(`privacy-until-${slug(until)}`, until)].join(": ")) },
    { title: "privacy-not", lead: "privacy-not-lead", list: each(never, (one) => `privacy-never-${one}`) },
    { title: "privacy-how-long", list: later },
    {
      title: "privacy-who",
      list: [
        text("privacy-place"),
        ...(recipients.length ? each(recipients, (one) => `privacy-recipient-${one}`) : [text("privacy-nobody")]),
        ...(outbound.length ? outbound.map((host) => text("privacy-outbound", { host })) : [text("privacy-no-outbound")]),
        text(rest.encrypted ? "privacy-encrypted" : "privacy-open-wire"),
        ...(rest.phyphox_by_mqtt ? [text("privacy-mqtt")] : []),
      ],
    },
    { title: "privacy-sensors", list: [word(`privacy-microphone-${slug(rest.microphone)}`, rest.microphone), word(`privacy-location-${slug(rest.location)}`, rest.location), text("privacy-tap")] },
    {
      title: "privacy-browser",
      list: [
        ...(pupils.length ? pupils : [text("privacy-no-cookie")]),
        ...each(teachers, (one) => `privacy-cookie-${one}`),
        text("privacy-buffer"),
      ],
    },
    { title: "privacy-rights", list: each(rest.rights, (one) => `privacy-right-${one}`) },
  ];
}

function show() {
  document.title = `${text("privacy-title")} – Messwerk`;
  const made = (told ? sections(told) : []).map(({ title, lead, list }) => {
    const section = document.createElement("section");
    section.className = "card stack";
    const items = document.createElement("ul");
    items.append(...list.map((said) => make("li", said)));
    section.append(make("h2", text(title)), ...(lead ? [make("p", text(lead))] : []), items);
    return section;
  });
  element("sections").replaceChildren(...made);
}

async function ask() {
  element("waiting").hidden = false;
  element("again").hidden = true;
  element("trouble").hidden = true;
  try {
    const answer = await fetch("/api/v1/privacy");
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    told = await answer.json();
  } catch {
    element("trouble").textContent = text("privacy-failed");
    element("trouble").hidden = element("again").hidden = false;
  }
  element("waiting").hidden = true;
  show();
}

start();
watch(show);
element("retry").addEventListener("click", ask);
await ask();
