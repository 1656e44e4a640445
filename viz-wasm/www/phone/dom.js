// The few things every part of the page needs.

export const element = (id) => document.getElementById(id);

/** A new element with properties and children; `data` and `aria` are objects. */
export function make(tag, { data = {}, aria = {}, role, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  Object.assign(made.dataset, data);
  for (const [name, value] of Object.entries(aria)) made.setAttribute(`aria-${name}`, value);
  if (role) made.setAttribute("role", role);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Sets a text only if it is another one: a live region speaks at every set. */
export function say(target, said) {
  const place = typeof target === "string" ? element(target) : target;
  if (place.textContent !== said) place.textContent = said;
}

/** Shows or hides elements. */
export const show = (shown, ...ids) => ids.forEach((id) => (element(id).hidden = !shown));

/** What a tab remembers until it is closed; nothing where the browser forbids it. */
export const tab = {
  get(key) {
    try {
      return sessionStorage.getItem(key) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set(key, value) {
    try {
      if (value === undefined) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, value);
    } catch {
      // Forbidden: then the tab does not remember.
    }
  },
};

/** Copies a text to the clipboard; without one (no HTTPS) the field is selected, and false says that the hand must do it. */
export async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}

/** Asks in the page's own dialog; true for yes. */
export function ask(id) {
  const dialog = element(id);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}
