// Before the first start: how to come in, and who is in. Readable from the back row, scannable from the third.

import { mark } from "../mark.js";
import { lang, text } from "../words.js";
import { measures, spaced, typed } from "./shown.js";

// Who has just come in looks for the own name: the newest stay, as many as fit below the codes without scrolling.
const MOST_NAMES = 36;
const MOST_WIDE = 12;
const wide = matchMedia("(min-width: 1000px) and (min-height: 560px)");

const element = (id) => document.getElementById(id);

/** Shows a picture from the hub, or hides `frame` if there is none. */
function picture(image, frame, address) {
  if (image.dataset.address === (address ?? "")) return;
  image.dataset.address = address ?? "";
  frame.hidden = true;
  if (!address) return image.removeAttribute("src");
  image.onload = () => (frame.hidden = false);
  image.onerror = () => (frame.hidden = true);
  image.src = address;
}

/** The address of the Wi-Fi code, asked for once: most hubs have none. */
const wifi = { asked: undefined, address: null };
async function askWifi(lesson, shown) {
  if (wifi.asked === lesson.id) return;
  wifi.asked = lesson.id;
  const address = `/api/v1/lessons/${lesson.id}/qr/wifi.svg`;
  const answer = await fetch(address).catch(() => undefined);
  wifi.address = answer?.ok ? address : null;
  shown();
}

function names(things) {
  const list = element("names");
  const shown = things.slice(-(wide.matches ? MOST_WIDE : MOST_NAMES));
  const more = things.length - shown.length;
  const wanted = JSON.stringify([lang(), more, ...shown.map((thing) => [thing.id, thing.number, thing.nickname])]);
  if (list.dataset.wanted === wanted) return;
  list.dataset.wanted = wanted;
  const item = (...content) => {
    const made = document.createElement("li");
    made.className = "chip";
    made.append(...content);
    return made;
  };
  const items = shown.map((thing) => item(mark(thing.number, thing.nickname), ` ${thing.nickname}`));
  if (more > 0) items.unshift(item(text("more-names", { n: more })));
  list.replaceChildren(...items);
}

/**
 * The largest code is the one with which phones can measure: without HTTPS that is the app's, and the browser's becomes
 * the small one.
 */
function weigh(app) {
  const welcome = element("welcome");
  element("scan-how").textContent = text(app ? "scan-by-hand" : "scan");
  element("phyphox-how").textContent = text(app ? "phyphox-first" : "phyphox");
  if (welcome.hasAttribute("data-app") === app) return;
  welcome.toggleAttribute("data-app", app);
  const [large, small] = app ? ["phyphox", "scan"] : ["scan", "phyphox"];
  element("ways").prepend(element(large));
  element("beside").append(element(small));
}

/** Fills the lobby from the lesson message. */
export function showLobby(lesson, over) {
  const join = over ? null : lesson.join;
  const code = join?.code ?? (over ? "" : (lesson.code ?? ""));
  const things = lesson.things;
  element("ways").hidden = over;
  const app = Boolean(join?.phyphox) && !measures(join);
  weigh(app);
  // A status is read aloud whenever it is set, also to what it was.
  const said = over ? text("empty-ended") : things.length === 0 ? text("empty") : text("names", { n: things.length });
  if (element("empty").textContent !== said) element("empty").textContent = said;
  const open = code ? text(app ? "empty-how-by-hand" : "empty-how") : text("empty-no-code");
  element("how").textContent = lesson.lobby === "locked" ? text("locked") : open;
  const address = element("address-large");
  address.hidden = lesson.lobby === "locked";
  address.textContent = typed(join, location.host);
  element("welcome-code").textContent = spaced(code);
  element("welcome-code").hidden = !code;
  element("welcome").toggleAttribute("data-long", code.length > 6);
  element("twins").hidden = over || !lesson.words?.length;
  element("words").textContent = (lesson.words ?? []).join(" · ");
  element("qr").alt = text("qr-join");
  picture(element("qr"), element("scan"), join?.qr);
  const named = join && "wifi" in join;
  if (join && !named) askWifi(lesson, () => showLobby(lesson, over));
  element("wifi-qr").alt = text("qr-wifi");
  element("wifi-how").textContent = text("wifi", { ssid: join?.ssid ?? "" });
  picture(element("wifi-qr"), element("wifi"), !join ? null : named ? join.wifi : wifi.address);
  element("phyphox-qr").alt = text("qr-phyphox");
  picture(element("phyphox-qr"), element("phyphox"), join?.phyphox);
  names(things);
}
