// The page of plain.mjs: shows what it is given, as a page of the hub would.

import { PlainCharts, drawPlain, load } from "/assets/plain.js";
import { start } from "/assets/words.js";

start();
const wasm = await load();
const trouble = document.getElementById("trouble");
const charts = new PlainCharts(wasm, () => 17, (text) => (trouble.textContent = text));

/** Shows a figure under a name; a name that is known gets newer data. */
window.show = (name, data) => {
  let element = document.querySelector(`figure[data-figure=${name}]`);
  if (!element) {
    element = document.createElement("figure");
    element.dataset.figure = name;
    document.querySelector("main").append(element);
  }
  return charts.show(element, data);
};

/** Draws once on a canvas without a figure; the words, and how many pixels are not paper. */
window.once = (data, options) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 800, height: 450 });
  const words = drawPlain(wasm, canvas, data, options);
  const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, 800, 450).data.buffer);
  return { ...words, inked: pixels.filter((pixel) => pixel !== pixels[0]).length };
};
window.ready = true;
