// Small pictures beside words; none stands alone.

import { make } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";

/** Strokes in a box of 24. */
const PATHS = {
  pause: "M9 5v14M15 5v14",
  resume: "M8 5l11 7-11 7z",
  rename: "M4 12a8 8 0 0 1 13.7-5.6L20 9M20 4v5h-5M20 12a8 8 0 0 1-13.7 5.6L4 15M4 20v-5h5",
  hide: "M3 3l18 18M10.6 6.1A9.8 9.8 0 0 1 12 6c5 0 8.5 4 9.5 6-.4.9-1.3 2.2-2.6 3.4M6.6 7.6C4.5 9 3.1 10.9 2.5 12c1 2 4.5 6 9.5 6 1.7 0 3.2-.5 4.5-1.2",
  show: "M2.5 12c1-2 4.5-6 9.5-6s8.5 4 9.5 6c-1 2-4.5 6-9.5 6s-8.5-4-9.5-6zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  remove: "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
  exclude: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 8.5l7 7M15.5 8.5l-7 7",
  include: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12.5l2.7 2.7L16 9.5",
  browser: "M3 5h18v14H3zM3 9h18M6 7h.01M8.5 7h.01",
  app: "M8 2.5h8a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5zM9 15l2-4 2 3 2-5",
  radio: "M12 12v9M8.5 8.5a5 5 0 0 1 7 0M5.5 5.5a9.2 9.2 0 0 1 13 0M12 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2z",
  none: "M5 12h14",
};

/** An icon; it says nothing to a screen reader, a word stands beside it. */
export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.none);
  picture.append(path);
  return picture;
}

/** Changes the picture of an icon. */
export function redraw(picture, name) {
  const path = picture.firstElementChild;
  if (path.getAttribute("d") !== PATHS[name]) path.setAttribute("d", PATHS[name]);
}

/** A control with a picture and a word below it. */
export function tool(picture, listener) {
  const [drawn, word] = [icon(picture), make("span")];
  const button = make("button", { type: "button", className: "tool" }, drawn, word);
  button.addEventListener("click", () => listener(button));
  return Object.assign(button, { drawn, word });
}
