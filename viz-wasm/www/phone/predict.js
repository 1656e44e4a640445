// What pupils say before they measure: a number, a choice, or a curve. Locked with the first measurement, and shown beside the result.

import { numberOf } from "../code.js";
import { paper } from "../quantity.js";
import { decimal, pick, text } from "../words.js";
import { element, make, say, show } from "./dom.js";
import { enter } from "./entered.js";

/** A curve is so many values, evenly spread over what is measured. */
export const KNOTS = 9;

/** The names under which a prediction is kept. */
export const namesOf = ({ name, kind }) => (kind === "sketch" ? Array.from({ length: KNOTS }, (_, knot) => `predict.${name}.${knot + 1}`) : [`predict.${name}`]);

/** Whether something was said. */
export const said = (prediction, known) => namesOf(prediction).every((name) => known[name] !== undefined);

/** Whether the first measurement that counts has begun: then nothing is said any more. */
export const locked = (lesson, begun) => begun || lesson?.phase === "ended" || (["countdown", "measuring", "stopped"].includes(lesson?.phase) && lesson.led !== false && (lesson.takes ?? []).some((take) => !take.rehearsal));

/** A prediction in words: `12 m/s²`, the option that was chosen; nothing for a curve, which is drawn. */
export function inWords(prediction, known) {
  const value = known[`predict.${prediction.name}`];
  if (value === undefined) return "";
  if (prediction.kind === "choice") return pick(prediction.options[value - 1] ?? {});
  return `${decimal(value)} ${paper(prediction.unit)}`.trim();
}

/** A curve through the knots as the points of an SVG polyline in a box of 100 by 40. */
export const polyline = (values, min, max) => values.map((value, knot) => `${(100 * knot) / (values.length - 1)},${40 - (40 * (value - min)) / (max - min)}`).join(" ");

export class Predictions {
  /** `phone()` is the phone in a lesson; `saved()` is called when something was. */
  constructor(phone, saved) {
    Object.assign(this, { phone, saved });
    this.known = {};
    element("predictions").addEventListener("submit", (event) => event.preventDefault());
  }

  /** How many are still to be made. */
  open(predictions) {
    return predictions.filter((prediction) => !said(prediction, this.known));
  }

  focus(predictions) {
    const [first] = this.open(predictions);
    const field = first && element(`predict-${first.name}`)?.querySelector("input");
    field?.focus({ preventScroll: true });
    element("predict").scrollIntoView({ block: "start" });
  }

  /** Shows the questions before the start and what was said after it. `range` is the live chart's, for curves. */
  show(predictions, known, isLocked, range) {
    if (known) this.known = { ...known };
    const shown = predictions.length > 0 && (!isLocked || predictions.some((prediction) => said(prediction, this.known)));
    show(shown, "predict");
    if (!shown) return;
    say("predict-how", text(isLocked ? "predict-locked" : "predict-how"));
    const key = JSON.stringify([predictions, isLocked, range, text("save"), isLocked ? this.known : 0]);
    const place = element("predictions");
    if (place.dataset.key === key) return;
    place.dataset.key = key;
    place.replaceChildren(...predictions.map((prediction) => (isLocked ? this.told(prediction, range) : this.asked(prediction, range))));
  }

  told(prediction, range) {
    const values = namesOf(prediction).map((name) => this.known[name]);
    if (prediction.kind === "sketch" && said(prediction, this.known)) {
      return make("div", {}, make("p", { className: "hint" }, pick(prediction.question)), curve(values, range));
    }
    return make("p", {}, `${pick(prediction.question)} `, make("strong", {}, inWords(prediction, this.known) || text("predict-none")));
  }

  asked(prediction, range) {
    const note = make("p", { className: "note", role: "status", id: `predict-${prediction.name}-note` });
    const tell = (words, good) => {
      say(note, words);
      note.className = `note ${good ? "good" : "error"}`;
    };
    const send = async (numbers) => {
      const trouble = await this.send(numbers);
      tell(trouble ?? text("saved"), !trouble);
    };
    const ways = { number: number, choice: choice, sketch: sketch };
    const part = ways[prediction.kind](prediction, this.known, { send, tell, range });
    return make("fieldset", { id: `predict-${prediction.name}`, className: "stack" }, make("legend", {}, pick(prediction.question)), ...part, note);
  }

  async send(numbers) {
    const trouble = await enter(this.phone().joined, numbers);
    if (trouble) return trouble;
    Object.assign(this.known, numbers);
    this.saved();
    return undefined;
  }

  forget() {
    this.known = {};
    delete element("predictions").dataset.key;
  }
}

function number(prediction, known, { send, tell }) {
  const name = `predict.${prediction.name}`;
  const field = make("input", { inputMode: "decimal", autocomplete: "off", value: known[name] === undefined ? "" : decimal(known[name]), aria: { label: pick(prediction.question), describedby: `predict-${prediction.name}-note` } });
  const save = make("button", { type: "button", className: "quiet" }, text("save"));
  const take = () => {
    const value = numberOf(field.value);
    if (value === undefined) return tell(text("number"), false);
    if (value < prediction.min || value > prediction.max) return tell(text("between", { min: decimal(prediction.min), max: decimal(prediction.max) }), false);
    return send({ [name]: value });
  };
  save.addEventListener("click", take);
  field.addEventListener("keydown", (event) => event.key === "Enter" && take());
  return [make("div", { className: "field" }, field, make("span", { className: "unit" }, paper(prediction.unit)), save)];
}

function choice(prediction, known, { send }) {
  const name = `predict.${prediction.name}`;
  return prediction.options.map((option, index) => {
    const radio = make("input", { type: "radio", name, id: `${name}-${index + 1}`, checked: known[name] === index + 1 });
    radio.addEventListener("change", () => send({ [name]: index + 1 }));
    return make("label", { className: "option", htmlFor: radio.id }, radio, ` ${pick(option)}`);
  });
}

/** A curve by its knots: sliders, so that nobody must be able to draw with a finger. */
function sketch(prediction, known, { send, range }) {
  const [min, max] = range;
  const names = namesOf(prediction);
  const values = names.map((name) => known[name] ?? (min + max) / 2);
  const drawn = curve(values, range);
  const sliders = names.map((_, knot) => {
    const slider = make("input", { type: "range", min, max, step: (max - min) / 100, value: values[knot], aria: { label: text("predict-knot", { n: knot + 1, all: KNOTS }) } });
    slider.addEventListener("input", () => {
      values[knot] = Number(slider.value);
      drawn.firstChild.setAttribute("points", polyline(values, min, max));
    });
    return slider;
  });
  const save = make("button", { type: "button", className: "quiet" }, text("save"));
  save.addEventListener("click", () => send(Object.fromEntries(names.map((name, knot) => [name, values[knot]]))));
  return [drawn, make("div", { className: "knots" }, ...sliders), save];
}

/** The curve as a picture. */
function curve(values, [min, max]) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 100 40");
  svg.setAttribute("class", "sketch");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", text("predict-curve", { values: values.map((value) => decimal(Number(value.toPrecision(3)))).join(" · ") }));
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  line.setAttribute("points", polyline(values, min, max));
  svg.append(line);
  return svg;
}
