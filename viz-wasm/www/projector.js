// What the pages for a projector have in common: how large they write, and how they say that something is wrong.

/** Whether the page is on a projector or a large screen. */
export const wide = matchMedia("(min-width: 1000px) and (min-height: 560px)");

/** On a projector 1/30 of the screen's height, on a phone the reader's own size. */
export function type() {
  const own = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return wide.matches ? Math.max(innerHeight / 30, own * 0.8) : own * 0.875;
}

/** Shows what is wrong; nothing takes it away. */
export function trouble(said) {
  const place = document.getElementById("trouble");
  place.textContent = said;
  place.hidden = !said;
}
