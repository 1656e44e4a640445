// Two or more classes of the same template side by side, from here and from other schools, and what may be said of them.

import { ask, asTeacher } from "../console/api.js";
import { byId, mark, say, show } from "../console/dom.js";
import { lang, start, text, watch } from "../words.js";
import { Across } from "./across.js";
import { showAnswer, showFigure, showViews } from "./answer.js";
import { Choice } from "./choice.js";

/** How often the lists are asked for anew while somebody looks; running lessons get more results. */
const PERIOD = 10_000;
/** A name is typed letter by letter. */
const TYPING = 500;

const soon = () => {
  clearTimeout(typing);
  typing = setTimeout(compare, TYPING);
};
let typing;
const choice = new Choice(soon);
const across = new Across(soon);
/** What templates are called; asked for once. */
let titles;
/** Which question was the last: an answer to an older one comes too late. */
let asked = 0;
let answer;

const failed = (error) => say(byId("problem"), error?.message ?? "");

/** Writes what is compared into the address. */
function remember(sources) {
  const parameters = new URLSearchParams([...choice.parameters(), ...(sources.length > 1 ? across.parameters(sources) : [])]);
  const hash = `#${parameters}`;
  if (location.hash !== hash && (location.hash || parameters.size)) history.replaceState(null, "", hash);
}

async function compare() {
  const sources = choice.sources();
  remember(sources);
  asked += 1;
  const own = asked;
  if (sources.length < 2) {
    answer = undefined;
    failed();
    show(byId("answer"), false);
    return;
  }
  mark(byId("answer"), "aria-busy", "true");
  const number = across.wanted(sources);
  try {
    const found = await asTeacher("POST", `/api/v1/compare?lang=${lang()}`, { sources, ...(number ? { across: number } : {}) });
    if (own !== asked) return;
    answer = { ...found, sources, asked: number };
    failed();
  } catch (error) {
    if (own !== asked || error.status === 401) return;
    answer = undefined;
    failed(error);
  }
  mark(byId("answer"), "aria-busy", "false");
  draw();
}

function draw() {
  show(byId("answer"), Boolean(answer));
  if (!answer) return;
  showAnswer(answer);
  across.draw(answer);
}

async function refresh() {
  try {
    titles ??= new Map((await ask("GET", "/api/v1/templates")).map(({ id, title }) => [id, title]));
    const [lessons, releases] = await Promise.all([asTeacher("GET", "/api/v1/lessons"), asTeacher("GET", "/api/v1/releases")]);
    choice.offer(lessons, releases, titles);
    return true;
  } catch (error) {
    if (error.status !== 401) failed(error);
    return false;
  }
}

function translate() {
  document.title = `${text("compare-title")} – Messwerk`;
  choice.draw();
  showViews(() => answer && showFigure(answer));
  if (answer) draw();
  // A refusal was told in the other language.
  else if (byId("problem").textContent) compare();
}

start();
watch(translate);
let wide = innerWidth;
addEventListener("resize", () => {
  // An address bar that slides away changes nothing.
  if (innerWidth === wide) return;
  wide = innerWidth;
  if (answer) draw();
});
// A figure is as wide as its place, and that has a width only once it is open.
byId("across-part").addEventListener("toggle", () => answer && across.draw(answer));
addEventListener("hashchange", () => {
  choice.recall();
  across.recall();
  choice.draw();
  compare();
});
if (await refresh()) await compare();
setInterval(async () => {
  if (document.visibilityState !== "visible" || choice.busy() || !(await refresh())) return;
  // Whoever reads the verdict of ended lessons is not disturbed: nothing of them changes, unless one was erased.
  const same = JSON.stringify(choice.sources()) === JSON.stringify(answer?.sources ?? []);
  if (choice.running() || !same) await compare();
}, PERIOD);
