// Which picture is shown: one button for each of the class and of the chosen group, and whose the latter are.

import { pick, text } from "../words.js";

const element = (id) => document.getElementById(id);

/** What stands at the upright axis, or what the picture is of. */
function of({ quantity, y, quantities, question }) {
  const named = quantity ?? y ?? quantities?.[0];
  return pick(typeof named?.name === "string" ? { de: named.name, en: named.name } : (named?.name ?? question ?? {}));
}

/** The name of a picture; with what it is of where another would be called the same. */
function names(entries) {
  const kinds = entries.map(({ kind }) => text(`picture-${kind}`));
  return entries.map(({ figure }, place) => {
    const alone = kinds.filter((kind, other) => kind === kinds[place] && entries[other].own === entries[place].own).length < 2;
    return alone || !figure ? kinds[place] : `${kinds[place]}: ${of(figure)}`;
  });
}

function buttons(home, places, called, shown, choose) {
  const focused = home.contains(document.activeElement) && document.activeElement.tagName === "BUTTON";
  for (const old of home.querySelectorAll("button")) old.remove();
  for (const place of places) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = called[place];
    button.setAttribute("aria-pressed", String(place === shown));
    button.addEventListener("click", () => choose(place));
    home.append(button);
    if (focused && place === shown) button.focus();
  }
}

/** Shows the tabs. `entries` are `{ kind, figure, own }`; `groups` those that can be chosen, and the number of the chosen one. */
export function showTabs(entries, shown, { groups, number }, choose) {
  const called = names(entries);
  const all = [...entries.keys()];
  const own = all.filter((place) => entries[place].own);
  element("pictures").hidden = entries.length < 2 && groups.length < 2;
  buttons(element("of-class"), all.filter((place) => !entries[place].own), called, shown, choose);
  buttons(element("of-group"), own, called, shown, choose);
  element("of-group").hidden = own.length === 0;
  const select = element("group");
  const options = groups.map(({ number, nickname }) => Object.assign(document.createElement("option"), { value: String(number), textContent: `${number} ${nickname}` }));
  const same = select.options.length === options.length && options.every(({ value, textContent }, place) => select.options[place].value === value && select.options[place].textContent === textContent);
  // An open list is not taken away from under the pointer.
  if (!same) select.replaceChildren(...options);
  if (number !== null && document.activeElement !== select) select.value = String(number);
}
