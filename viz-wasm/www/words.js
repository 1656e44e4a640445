// Every text of the pages in German and English, and the two switches every page has: language and colours.
//
// The texts are Fluent files, words/{de,en}/NAME.ftl. A page names its own in `<html data-words="phone">`; common.ftl comes
// with every page. They are there when this module is imported. Elements with data-t="key" get a text, those with
// data-t-label="key" an aria-label.

import { fill, parse } from "./fluent.js";

const memory = {
  get: (key) => {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set: (key, value) => {
    try {
      sessionStorage.setItem(key, value);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
  },
};

const asked = new URLSearchParams(location.search);
const dark = matchMedia("(prefers-color-scheme: dark)");
const files = ["common", ...(document.documentElement.dataset.words ?? "").split(" ").filter(Boolean)];
const loaded = {};
const watchers = [];
let language = asked.get("lang") ?? memory.get("lang") ?? navigator.language ?? "en";
language = language.toLowerCase().startsWith("de") ? "de" : "en";
let theme = asked.get("theme") ?? memory.get("theme");

/** Reads the files of a language, once. */
async function load(wanted) {
  loaded[wanted] ??= (async () => {
    const sources = await Promise.all(
      files.map(async (name) => {
        const answer = await fetch(`/assets/words/${wanted}/${name}.ftl`);
        if (!answer.ok) throw new Error(`/assets/words/${wanted}/${name}.ftl: HTTP ${answer.status}`);
        return answer.text();
      }),
    );
    return new Map(sources.flatMap((source) => [...parse(source)]));
  })();
  try {
    return await loaded[wanted];
  } catch (error) {
    // The network may be back at the next tap.
    delete loaded[wanted];
    throw error;
  }
}

let texts = new Map();
/** How long to wait before the texts are asked for again, in ms; the last one for ever. A page begins after the second. */
const PAUSES = [300, 1200, 3000, 8000];
const EARLY = 2;
/** What stands on a page without texts; the only sentence that is in no file. */
const NO_TEXTS = "Die Texte dieser Seite sind noch nicht angekommen. Sie werden weiter geholt. · The texts of this page have not come yet. The page keeps trying.";

async function read(tries) {
  for (let count = 0; count < tries; count += 1) {
    try {
      texts = await load(language);
      return true;
    } catch (error) {
      console.warn(String(error));
      await new Promise((done) => setTimeout(done, PAUSES[Math.min(count, PAUSES.length - 1)]));
    }
  }
  return false;
}

if (!(await read(EARLY))) {
  const note = Object.assign(document.createElement("p"), { className: "trouble", textContent: NO_TEXTS });
  note.setAttribute("role", "alert");
  document.body?.prepend(note);
  read(Infinity).then(() => {
    note.remove();
    apply();
  });
}

export const lang = () => language;
export const currentTheme = () => theme ?? (dark.matches ? "dark" : "light");

/** The text of a key, with the values filled in; a key that nobody wrote stands for itself. Before there are texts, dots. */
export function text(key, values = {}) {
  const pattern = texts.get(key);
  if (texts.size === 0) return "…";
  return pattern ? fill(pattern, values, language) : key;
}

/** Whether there is a text for a key: a newer hub may name reasons that this page does not know. */
export const known = (key) => texts.has(key);

/** The right one of {"de","en"}; an older or newer hub may leave it out. */
export const pick = (both) => both?.[language] ?? both?.en ?? "";

/** A number with the language's decimal sign. */
export const decimal = (value) => String(value).replace(".", language === "de" ? "," : ".");

/** A time of day as on a station's clock: 09:05, in both languages. */
export const clock = (date) => date?.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) ?? "";

/** Calls back now and whenever language or colours change. */
export function watch(callback) {
  watchers.push(callback);
  callback();
}

function apply() {
  document.documentElement.lang = language;
  document.documentElement.dataset.theme = currentTheme();
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = text(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", text(element.dataset.tLabel));
  for (const callback of watchers) callback();
}

async function speak(wanted) {
  try {
    texts = await load(wanted);
  } catch {
    return; // The hub does not answer: the page stays readable in the language it has.
  }
  language = wanted;
  memory.set("lang", language);
  apply();
}

/** Puts texts into the page and makes its switches (#language, #theme) work. */
export function start() {
  document.getElementById("language")?.addEventListener("click", () => speak(language === "de" ? "en" : "de"));
  document.getElementById("theme")?.addEventListener("click", () => {
    theme = currentTheme() === "dark" ? "light" : "dark";
    memory.set("theme", theme);
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
}

// Colours are right before the first text is.
document.documentElement.dataset.theme = currentTheme();
