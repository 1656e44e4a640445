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
try {
  texts = await load(language);
} catch (error) {
  // A page that shows its keys is better than none; its own requests will tell what is wrong.
  console.warn(String(error));
}

export const lang = () => language;
export const currentTheme = () => theme ?? (dark.matches ? "dark" : "light");

/** The text of a key, with the values filled in; a key that nobody wrote stands for itself. */
export function text(key, values = {}) {
  const pattern = texts.get(key);
  return pattern ? fill(pattern, values, language) : key;
}

/** Whether there is a text for a key: a newer hub may name reasons that this page does not know. */
export const known = (key) => texts.has(key);

/** The right one of {"de","en"}; an older or newer hub may leave it out. */
export const pick = (both) => both?.[language] ?? both?.en ?? "";

/** A number with the language's decimal sign. */
export const decimal = (value) => String(value).replace(".", language === "de" ? "," : ".");

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
