// The class's result: in one line, and as the figure the board shows.

import { Charts, load } from "../charts.js";
import { fixed, measured, plain } from "../measured.js";
import { decimalsOf, paper } from "../quantity.js";
import { lang, pick, text, watch } from "../words.js";
import { byId, say, show } from "./dom.js";

/** The standard uncertainty of the one result that counts: a class of one has no interval of its own. Undefined if there are more. */
function single(result, results, name) {
  if (result.ci95) return undefined;
  const counted = results.filter((one) => one.name === name && !one.excluded && !one.undone);
  return counted.length === 1 && counted[0].uncertainty > 0 ? counted[0].uncertainty : undefined;
}

/** Half of the 95 % interval, as on the board and on phones; 0 while one result alone has none. */
const half = ({ ci95 }) => (ci95 ? (ci95[1] - ci95[0]) / 2 : 0);

export class ResultsPart {
  constructor(session, trouble) {
    Object.assign(this, { session, trouble });
    watch(() => this.draw());
  }

  draw() {
    const { lesson, outcomes } = this.session;
    if (!lesson || !outcomes) return;
    const [found] = Object.entries(outcomes.class ?? {});
    const results = outcomes.outcomes ?? [];
    show(byId("results"), results.length > 0);
    if (results.length === 0) return;
    const counted = results.filter((one) => !one.excluded && !one.undone).length;
    if (found) {
      const [name, result] = found;
      const alone = single(result, results, name);
      say(byId("class-result"), `${name} = ${measured(result.mean, alone ?? half(result), result.unit)}${result.ci95 ? " (95 %)" : ""}`);
      const parts = [text("class-counts", { n: result.n ?? counted, out: results.length - counted })];
      if (alone) parts.push(text("class-single"));
      if (result.ci95) {
        const [low, high] = result.ci95.map((end) => fixed(end, decimalsOf(half(result))));
        parts.push(text("class-interval", { low, high, unit: paper(result.unit) }));
      }
      if (result.reference) parts.push(`${pick(result.reference.label)}: ${plain(result.reference.value)} ± ${plain(result.reference.tolerance)} ${paper(result.unit)}.`);
      say(byId("class-note"), parts.join(" "));
    } else {
      say(byId("class-result"), "–");
      say(byId("class-note"), text("class-none"));
    }
    this.figure();
  }

  /** The figure comes with the first result; until then nobody pays for the charts. */
  async figure() {
    if (!this.loading) {
      this.loading = load();
      const wasm = await this.loading;
      if (!wasm) return;
      show(byId("strip"), true);
      this.charts = new Charts(new wasm.Board(lang()), () => parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.95, this.trouble);
      this.charts.add(byId("strip"));
    }
    if (!this.charts) return;
    const { lessonJson, outcomesJson } = this.session;
    if (lessonJson !== this.drawnLesson) this.charts.attempt(() => this.charts.board.lesson(lessonJson, performance.timeOrigin + performance.now()));
    if (outcomesJson !== this.drawnOutcomes) this.charts.attempt(() => this.charts.board.outcomes(outcomesJson));
    const first = this.drawnOutcomes === undefined;
    [this.drawnLesson, this.drawnOutcomes] = [lessonJson, outcomesJson];
    if (first) this.charts.refresh();
    this.charts.dirty = true;
  }
}
