// What a release says, in sentences: the same for what would leave, what left, and what came.

import { decimal, text } from "../words.js";
import { paper } from "../quantity.js";

/** A number with its unit; `null` is no end. */
const amount = (value, unit) => `${decimal(value).replace("-", "−")} ${paper(unit === "1" ? "" : unit)}`.trim();

/** One line: how many, mean and scatter. */
export function summary({ n, mean, sd, unit, outcome }) {
  return text("release-summary", { n, outcome, mean: amount(mean, unit), sd: amount(sd, unit) });
}

/** A cell of the histogram; the first and the last are open. */
function cell({ edges, counts }, index, unit) {
  const [from, to] = [edges[index - 1], edges[index]];
  const count = counts[index];
  if (from === undefined && to === undefined) return text("release-cell-all", { count });
  if (from === undefined) return text("release-cell-below", { count, to: amount(to, unit) });
  if (to === undefined) return text("release-cell-above", { count, from: amount(from, unit) });
  return text("release-cell", { count, from: amount(from, unit), to: amount(to, unit) });
}

function excluded({ from, to }) {
  if (to === 0) return text("release-excluded-none");
  return from === to ? text("release-excluded", { n: from }) : text("release-excluded-few", { from, to });
}

/** Everything in it, sentence by sentence. */
export function sentences(release) {
  const { source, week, template, unit, histogram, k, quartiles, singles, resolution } = release;
  const cells = histogram.counts.map((_, index) => cell(histogram, index, unit)).join("; ");
  return [
    text("release-says-who", { label: source.label, region: source.region ? ` (${source.region})` : "" }),
    text("release-says-week", { week }),
    text("release-says-template", { template: template.id, version: template.version }),
    summary(release),
    text("release-says-cells", { cells, k }),
    ...(quartiles ? [text("release-says-quartiles", { low: amount(quartiles[0], unit), middle: amount(quartiles[1], unit), high: amount(quartiles[2], unit) })] : []),
    singles ? text("release-says-singles", { n: singles.length, step: amount(resolution, unit), values: singles.map((value) => decimal(value)).join("; ") }) : text("release-says-no-singles"),
    excluded(release.excluded),
    text("release-says-id"),
  ];
}
