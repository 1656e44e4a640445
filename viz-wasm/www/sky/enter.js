// What only a teacher may do: hand in elements, say where the school stands.

import { ask } from "../console/api.js";
import { byId, keep, make, mark, say, show } from "../console/dom.js";
import { decimal, text } from "../words.js";
import { age } from "./told.js";

/** What the hub says of these it says in English, with the line or value that is wrong. */
const WRONG = { elements_unreadable: "sky-elements-wrong", school_wrong: "sky-school-wrong" };
const PLACE = ["latitude", "longitude", "elevation"];
/** A number as people write it, with a comma or a point; `empty` for nothing, NaN for anything else. */
function number(words, empty) {
  const value = words.trim() ? Number(words.trim().replace(",", ".").replace("−", "-")) : empty;
  return Number.isFinite(value) ? value : NaN;
}
/** Who handed in elements: a teacher, the demo, or the host that they were fetched from. */
const origin = (source) =>
  source === "teacher" ? text("sky-source-teacher") : source === "demo" ? text("sky-source-demo") : text("sky-source-feed", { host: source });
const field = (name) => byId(`school-${name}`);

export class Enter {
  /** `changed` is called after each change and asks the hub anew. */
  constructor(changed) {
    this.changed = changed;
    const act = (form, button, said, work) => async (event) => {
      event?.preventDefault();
      if (button.hasAttribute("aria-busy")) return;
      mark(button, "aria-busy", "true");
      say(said, "");
      mark(said, "class", "note");
      try {
        const words = await work();
        await this.changed();
        say(said, words);
      } catch (error) {
        const key = WRONG[error.code];
        say(said, key ? text(key, { detail: error.message }) : error.message);
        mark(said, "class", "note error");
      }
      mark(button, "aria-busy", null);
    };
    const [elements, school] = [byId("elements-form"), byId("school-form")];
    const take = act(elements, elements.querySelector("[type=submit]"), byId("elements-said"), () => this.take());
    elements.addEventListener("submit", take);
    byId("elements-open").addEventListener("click", () => byId("elements-file").click());
    byId("elements-file").addEventListener("change", async () => {
      const [file] = byId("elements-file").files;
      if (!file) return;
      byId("elements").value = await file.text();
      byId("elements-file").value = "";
      take();
    });
    school.addEventListener("submit", act(school, school.querySelector("[type=submit]"), byId("school-said"), () => this.settle()));
    byId("school-forget").addEventListener("click", act(school, byId("school-forget"), byId("school-said"), () => this.forget()));
    for (const name of Intl.supportedValuesOf?.("timeZone") ?? []) byId("zones").append(make("option", { value: name }));
  }

  async take() {
    const words = byId("elements").value;
    if (!words.trim()) throw new Error(text("sky-elements-empty"));
    const { satellites, older } = await ask("POST", "/api/v1/sky/elements", new Blob([words], { type: "text/plain" }));
    byId("elements").value = "";
    return [text("sky-elements-taken", { n: satellites.length - older }), older ? text("sky-elements-older", { n: older }) : ""].join(" ").trim();
  }

  async settle() {
    // A school whose height nobody said stands at the sea; one without latitude or longitude stands nowhere.
    const values = PLACE.map((name) => number(field(name).value, name === "elevation" ? 0 : NaN));
    PLACE.forEach((name, index) => mark(field(name), "aria-invalid", Number.isNaN(values[index]) ? "true" : null));
    if (values.some(Number.isNaN)) throw new Error(text("sky-school-numbers"));
    const [latitude, longitude, elevation] = values;
    await ask("PUT", "/api/v1/sky/school", {
      name: field("name").value, latitude, longitude, elevation_m: elevation, time_zone: field("zone").value.trim(),
    });
    this.filled = undefined;
    return text("sky-school-saved");
  }

  async forget() {
    await ask("DELETE", "/api/v1/sky/school");
    this.filled = undefined;
    return text("sky-school-forgotten");
  }

  async remove(satellite, button) {
    mark(button, "aria-busy", "true");
    try {
      await ask("DELETE", `/api/v1/sky/${satellite.norad}`);
    } catch (error) {
      say(byId("elements-said"), error.message);
    }
    mark(button, "aria-busy", null);
    this.changed();
  }

  draw({ teacher, school, satellites }) {
    show(byId("stranger"), !teacher);
    show(byId("entering"), teacher);
    if (!teacher) return;
    // What somebody is typing stays.
    const key = JSON.stringify(school);
    if (this.filled !== key) {
      this.filled = key;
      const shown = (value) => (value === null ? "" : decimal(Number(value.toFixed(5))));
      field("name").value = school.name;
      field("latitude").value = shown(school.latitude);
      field("longitude").value = shown(school.longitude);
      field("elevation").value = shown(school.elevation_m);
      field("zone").value = school.time_zone;
    }
    show(byId("school-forget"), school.entered);
    keep(
      byId("known"), satellites, ({ norad }) => norad,
      (satellite) => {
        const button = make("button", { type: "button", className: "quiet" });
        button.addEventListener("click", () => this.remove(satellite, button));
        return make("li", {}, make("span"), button);
      },
      (item, { name, norad, source, age_days: days }) => {
        say(item.firstElementChild, text("sky-known", { name, norad: String(norad), age: age(days), source: origin(source) }));
        say(item.lastElementChild, text("sky-remove"));
        mark(item.lastElementChild, "aria-label", text("sky-remove-of", { name }));
      },
    );
  }
}
