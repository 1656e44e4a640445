// What can be compared: the lessons of this hub and the releases of schools, as rows of the choice.

import { moment } from "../console/when.js";
import { pick, text } from "../words.js";

/** Ids of releases are 22 letters; lessons have shorter ones. */
const isRelease = (id) => id.length === 22;

function lesson(one) {
  return {
    kind: "lesson",
    id: one.id,
    template: one.template,
    title: one.title,
    running: one.state !== "ended",
    name: () => moment(one.created),
    facts: () => [text("took-part", { n: one.things }), one.state === "ended" ? "" : text("compare-runs")],
  };
}

/** A release of this hub or another one; `barred` says why it cannot be chosen. */
function release({ id, release: { source, week, template, n }, trust, source: known, used, comparable }, titles) {
  const barred = () => (used ? text("compare-not-here") : text("compare-not-used"));
  return {
    kind: "release",
    id,
    template: template.id,
    title: titles.get(template.id) ?? { de: template.id, en: template.id },
    running: false,
    proposed: source.label,
    barred: used && comparable ? undefined : barred,
    name: () => text("compare-shared", { school: source.label, week }),
    facts: () => [text("compare-results", { n }), text(`compare-trust-${trust}`, { source: known ?? "" }), used && comparable ? "" : barred()],
  };
}

/** A release that was chosen and is not here any more: it stays to be seen, and to be taken out, and the hub says what became of it. */
function gone(id, label, template) {
  return { kind: "release", id, template, running: false, proposed: label, name: () => label || text("compare-release"), facts: () => [text("compare-gone")] };
}

/**
 * Everything that can be compared, the newest first. `chosen` maps ids to names: lessons that nobody joined have nothing to compare,
 * unless they were chosen.
 */
export function classes(lessons, { own, foreign }, titles, chosen) {
  const found = [
    ...lessons.filter(({ id, things }) => things > 0 || chosen.has(id)).map(lesson),
    ...own.map((one) => release({ ...one, trust: "own", used: true, comparable: true }, titles)),
    ...foreign.map((one) => release(one, titles)),
  ];
  const here = new Set(found.map(({ id }) => id));
  const lost = [...chosen].filter(([id]) => isRelease(id) && !here.has(id));
  const template = found.find(({ id }) => chosen.has(id))?.template ?? found[0]?.template;
  return [...found, ...lost.map(([id, label]) => gone(id, label, template))];
}

/** The templates of classes, each with how many there are of it. */
export function templates(all) {
  const found = new Map();
  for (const { template, title } of all) {
    const known = found.get(template);
    found.set(template, { id: template, title: known?.title ?? title, count: (known?.count ?? 0) + 1 });
  }
  return [...found.values()].map((one) => ({ ...one, title: pick(one.title) || one.id }));
}
