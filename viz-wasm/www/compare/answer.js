// What the hub found: the verdict in words, the figure, the numbers, what was left out and why it may be believed.

import { byId, make, mark, say, show } from "../console/dom.js";
import { measured, plain } from "../measured.js";
import { paper } from "../quantity.js";
import { currentTheme, lang, pick, text } from "../words.js";

const VIEWS = ["strip", "box", "histogram", "difference"];

let view = "strip";

/** The choice of figure; `changed` is called with each. */
export function showViews(changed) {
  const choices = VIEWS.map((name) => {
    const button = make("input", { type: "radio", name: "view", id: `view-${name}`, value: name, checked: name === view });
    button.addEventListener("change", () => {
      view = name;
      changed();
    });
    return make("label", { className: "choice", htmlFor: button.id }, button, make("span", { textContent: text(`compare-view-${name}`) }));
  });
  byId("views").replaceChildren(byId("views").querySelector("legend"), ...choices);
  changed();
}

/** Asks for the figure as large as it is shown: its type is a share of its height. */
export function showFigure({ sources, comparison, words }) {
  const image = byId("figure");
  const width = Math.round(Math.min(1920, Math.max(320, image.parentElement.clientWidth || innerWidth)));
  const rows = view === "difference" ? Math.max(1, comparison.pairs.length) : comparison.classes.length;
  // Type of 15 px on a phone to 20 px on a projector.
  const least = width < 600 ? 400 : 540;
  const height = Math.round(Math.min(1600, Math.max(least, (width < 600 ? 130 : 170) * rows)));
  const parameters = new URLSearchParams({ sources: JSON.stringify(sources), lang: lang(), theme: currentTheme(), width, height });
  const address = `/api/v1/compare/${view}.svg?${parameters}`;
  Object.assign(image, { width, height, alt: [pick(words.headline), ...words.classes.map(pick)].join(" ") });
  if (image.getAttribute("src") !== address) image.src = address;
}

const lines = (list, texts) => list.replaceChildren(...texts.map((one) => make("li", { textContent: pick(one) })));
const cell = (words, number = true) => make("td", { textContent: words, className: number ? "number" : "" });
const heads = (row, words) =>
  row.replaceChildren(...words.map((word, index) => make("th", { scope: "col", textContent: word, className: index ? "number" : "" })));

/** Where a class's results came from, in a few words. */
function came({ kind, open, week, trust, source }) {
  return kind === "lesson" ? text(open ? "compare-here-open" : "compare-here") : [week, text(`compare-trust-${trust}`, { source: source ?? "" })].join(" · ");
}

function showNumbers({ comparison, outcome, waiting, origins }) {
  const name = pick(outcome.label) || outcome.name;
  const unit = paper(comparison.unit);
  say(byId("numbers-title"), text("compare-numbers", { name, unit: unit && unit !== "1" ? unit : "–" }));
  heads(byId("numbers-head"), [
    text("compare-class"), text("compare-n"), text("compare-mean"), text("compare-sd"), text("compare-left-out"), text("compare-waiting"),
    text("compare-origin"),
  ]);
  const rows = comparison.classes.map((one, index) => {
    const left = one.excluded.reduce((sum, { count }) => ({ from: sum.from + count.from, to: sum.to + count.to }), { from: 0, to: 0 });
    return make(
      "tr", {},
      make("th", { scope: "row", textContent: one.label }),
      cell(String(one.n)),
      cell(one.mean === null ? "–" : measured(one.mean, one.se, comparison.unit)),
      cell(one.sd === null ? "–" : plain(one.sd, 2)),
      cell(left.from === left.to ? String(left.to) : `${left.from}–${left.to}`),
      cell(String(waiting[index] ?? 0)),
      make("td", { textContent: came(origins[index]), className: "origin" }),
    );
  });
  byId("numbers").replaceChildren(...rows);
}

/** How often chance alone makes such a difference: never 0, and no digit that means nothing. */
const rarity = (p) => (p < 0.001 ? text("compare-below", { value: plain(0.001) }) : plain(p, 2));

function showDifferences({ comparison, verdicts, words }) {
  const judged = comparison.pairs.some(({ numbers }) => numbers);
  show(byId("differences-part"), judged);
  if (!judged) return;
  say(byId("differences-title"), text(comparison.corrected ? "compare-differences-corrected" : "compare-differences"));
  heads(byId("differences-head"), [text("compare-pair"), text("compare-difference"), text("compare-leeway"), text("compare-p"), text("compare-verdict")]);
  const rows = comparison.pairs.map(({ a, b, numbers }, index) => {
    const [first, second] = [comparison.classes[a].label, comparison.classes[b].label];
    const known = numbers
      ? [cell(pick(words.numbers[index].difference)), cell(pick(words.numbers[index].leeway)), cell(rarity(numbers.p_holm))]
      : [cell("–"), cell("–"), cell("–")];
    return make("tr", {}, make("th", { scope: "row", textContent: `${first} − ${second}` }), ...known, cell(pick(verdicts[index])));
  });
  byId("differences").replaceChildren(...rows);
}

export function showAnswer(answer) {
  const { comparison, words, verdicts } = answer;
  say(byId("headline"), pick(words.headline));
  mark(byId("headline"), "data-verdict", comparison.pairs.length === 1 ? comparison.pairs[0].verdict : null);
  show(byId("pairs"), comparison.pairs.length > 1);
  const pairs = comparison.pairs.map(({ verdict }, index) =>
    make("li", { "data-verdict": verdict }, make("strong", { textContent: pick(verdicts[index]) }), make("span", { textContent: pick(words.pairs[index]) })),
  );
  byId("pairs").replaceChildren(...pairs);
  showFigure(answer);
  showNumbers(answer);
  showDifferences(answer);
  lines(byId("excluded"), words.excluded);
  lines(byId("decided"), words.decided);
  lines(byId("assumed"), words.assumptions);
  show(byId("decided-part"), words.decided.length > 0);
  show(byId("assumed-part"), words.assumptions.length > 0);
}
