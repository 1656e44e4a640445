// Making and changing elements. Pages of the console are told something new every second; what did not change is not touched, so that
// focus, selection and screen readers stay where they are.

/** An element with properties, attributes (`data-`, `aria-`, `role`) and children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name in element && !name.includes("-")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Sets a text, only if it is another one. */
export function say(element, words) {
  const wanted = words ?? "";
  if (element.textContent !== wanted) element.textContent = wanted;
}

/** Sets or removes an attribute, only if it is another one. */
export function mark(element, name, value) {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else {
    const wanted = value === true ? "" : String(value);
    if (element.getAttribute(name) !== wanted) element.setAttribute(name, wanted);
  }
}

export function show(element, visible) {
  if (element.hidden === Boolean(visible)) element.hidden = !visible;
}

/**
 * Keeps the children of `parent` in step with `items`: `create(item)` makes a child once for each key, `update(child, item)`
 * follows it. Children are moved only if their order changed.
 */
export function keep(parent, items, key, create, update) {
  const known = (parent.kept ??= new Map());
  const wanted = new Set(items.map(key));
  for (const [name, child] of known) {
    if (wanted.has(name)) continue;
    child.remove();
    known.delete(name);
  }
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let child = known.get(name);
    if (!child) {
      child = create(item);
      known.set(name, child);
    }
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
    update(child, item);
  }
}
