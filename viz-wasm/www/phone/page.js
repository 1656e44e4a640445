// The pupil's page: shows the phone (phone.js) as one screen at a time, and hands taps to it.

import { Charts, load } from "../charts.js";
import { mark } from "../mark.js";
import { clock, decimal, lang, pick, start, text, watch } from "../words.js";
import { arrive } from "./arrival.js";
import { ask, element, make, say, show, tab } from "./dom.js";
import { asked, Entrance, handingOver, handover, settled } from "./entrance.js";
import { secondsTo } from "./flow.js";
import { Inputs } from "./inputs.js";
import { Lists } from "./lists.js";
import * as manual from "./manual.js";
import { Phone } from "./phone.js";
import * as app from "./phyphox.js";
import { locked, Predictions } from "./predict.js";
import { results } from "./results.js";
import { screens } from "./screens.js";
import { Signal } from "./signal.js";
import { openStore } from "./store.js";
import * as takeaway from "./takeaway.js";
import * as watches from "./watches.js";

const page = { busy: undefined, told: undefined };
let signal;
let drawn;
let screen;
let queued = false;

const store = await openStore();
const phone = new Phone({
  store,
  lang,
  changed: () => render(),
  reading: (...reading) => signal?.take(...reading),
  onset: (at, card) => {
    const seconds = watches.heard(at, card);
    if (seconds !== undefined) phone.take("dt", at, [seconds]);
  },
});
const inputs = new Inputs(
  () => phone,
  () => render(),
);
const lists = new Lists(
  () => phone,
  () => render(),
);
const predictions = new Predictions(
  () => phone,
  () => render(),
);
/** What the lesson asks the group for: single numbers, lists, predictions. */
const asksFor = () => ({
  single: (phone.welcome?.inputs ?? []).filter((input) => !input.repeat),
  lists: (phone.welcome?.inputs ?? []).filter((input) => input.repeat),
  predictions: phone.welcome?.predictions ?? [],
});
/** Whether this group measures or has a result: what it predicts now would be no prediction. */
const begun = () => phone.running || (phone.result?.own ?? []).length > 0;
/** How many numbers and predictions are asked for, and how many of them are still to be given. */
const todo = () => {
  const { single, lists: several, predictions: asked } = asksFor();
  const lacking = several.filter((input) => !input.by_hand && !input.optional && !lists.done(input));
  return {
    fields: [...single, ...several].filter((input) => !input.by_hand).length,
    values: inputs.missing(single).length + lacking.length,
    asked: asked.length,
    predictions: locked(phone.lesson, begun()) ? 0 : predictions.open(asked).length,
  };
};
const me = async () => (phone.joined ? { joined: phone.joined } : await store.who().catch(() => undefined));
const entrance = new Entrance({ entered, who: async () => (await me())?.joined?.token });

function trouble(said) {
  say("trouble", said);
  show(Boolean(said), "trouble");
}

/** Pauses before the charts are asked for again, in ms. */
const CHARTS_AGAIN = [2000, 5000, 15_000, 30_000];

/** The charts; tried again while the network does not bring them. A hub without them says so. */
async function charts() {
  for (let tries = 0; ; tries += 1) {
    const wasm = await load();
    if (wasm) return wasm;
    const answer = await fetch("/assets/pkg/messwerk_viz_wasm_bg.wasm", { method: "HEAD" }).catch(() => undefined);
    if (answer?.status === 404) return undefined;
    await new Promise((done) => setTimeout(done, CHARTS_AGAIN[Math.min(tries, CHARTS_AGAIN.length - 1)]));
  }
}

/** How this phone is called now: the hub gives the number with its welcome, and a teacher may rename. */
const called = () => ({ id: phone.joined.thing, number: phone.welcome?.thing?.number ?? phone.joined.number ?? 1, nickname: phone.joined.nickname });

/** Loads the chart once there is a lesson to draw; without it measuring and sending go on. */
function draw() {
  drawn ??= (async () => {
    const wasm = await charts();
    show(!wasm, "unbuilt");
    if (!wasm) return;
    const own = () => parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.9;
    const figures = new Charts(new wasm.Board(lang()), own, trouble);
    figures.add(document.querySelector("figure"));
    signal = new Signal({ charts: figures, clock: phone.clock, thing: called });
    signal.lesson(phone.lesson);
    render();
  })();
}

/** Everything anew, at most once a frame. */
function render() {
  if (queued) return;
  queued = true;
  requestAnimationFrame(() => {
    queued = false;
    paint();
  });
}

function paint() {
  const before = screen;
  screen = phone.screen;
  document.body.dataset.screen = screen;
  show(screen === "enter", "enter");
  show(screen !== "enter", "inside");
  if (screen === "enter") {
    document.title = text("join-title") + " – Messwerk";
    return;
  }
  const { joined, welcome, lesson } = phone;
  document.title = `${joined.nickname} – Messwerk`;
  say("nickname", joined.nickname);
  const number = welcome?.thing?.number ?? joined.number;
  show(number !== undefined, "mark");
  if (number !== undefined) mark(number, joined.nickname, element("mark"));
  const words = lesson?.words ?? joined.words;
  show(Boolean(words) && ["connecting", "lobby"].includes(screen), "words-line");
  if (words) say("words", words.join(" · "));
  say("lesson", pick(welcome?.title ?? lesson?.title));
  if (lesson && ["lobby", "countdown", "measuring", "free", "stopped"].includes(screen)) draw();
  if (signal && screen !== before) axis(before);
  signal?.rename();
  // What was said about coming in is no news on the next screen.
  if (before && !["enter", "connecting"].includes(before) && screen !== before) trouble("");
  scene();
  blocks();
  dock();
  // A new screen is news: whoever listens hears its headline (role=status); whoever looks begins at its top.
  if (before && screen !== before && !(before === "countdown" && screen === "measuring")) scrollTo({ top: 0 });
}

/** The chart's time axis: new with each Take, standing when it stopped. */
function axis(before) {
  if (screen === "countdown" || screen === "lobby") watches.reset();
  if (screen === "stopped" || screen === "ended") signal.lesson(phone.lesson, phone.lesson?.take?.ends ?? phone.lesson?.ended ?? null);
  else if (screen === "countdown" || (screen === "measuring" && before !== "countdown")) signal.restart(phone.lesson);
  else signal.lesson(phone.lesson);
}

/** What the screen says. */
function scene() {
  const { headline, lead, hint, steps = [], task = false, count } = screens[screen](phone, { ...page, todo: todo() });
  say("headline", headline);
  say("lead", lead ?? "");
  show(Boolean(lead), "lead");
  const plan = pick(phone.welcome?.task);
  show(task && Boolean(plan), "task");
  say("task", plan);
  show(Boolean(hint), "hint");
  if (hint) {
    say("hint", hint.text);
    element("hint").dataset.kind = hint.kind ?? "";
  }
  show(count !== undefined, "count");
  if (count !== undefined) say("count", count);
  link();
  show(steps.length > 0, "steps");
  const key = JSON.stringify(steps);
  if (element("steps").dataset.key !== key) {
    element("steps").dataset.key = key;
    element("steps").replaceChildren(...steps.map(({ state, said }) => make("li", { data: { state } }, make("span", { className: "hidden" }, `${text(`step-${state}`)}: `), said)));
  }
}

/** How the connection stands, where that matters. */
function link() {
  const [name, since] = phone.link;
  const trouble = ["offline", "stopped"].includes(name) && !["ended", "removed", "elsewhere"].includes(screen);
  show(trouble, "link");
  element("link").dataset.kind = "warn";
  if (trouble) say("link", text(name === "stopped" ? "hub-stopped" : phone.recording ? "offline-measuring" : "offline", { time: clock(since) }));
}

/** The parts below: fields, figure, tools, results. */
function blocks() {
  const { welcome, lesson, unable, permission } = phone;
  const going = ["lobby", "countdown", "measuring", "stopped", "paused", "free"].includes(screen);
  const wanted = asksFor();
  const known = phone.lesson?.you?.inputs ?? welcome?.thing?.inputs;
  const byHand = going && (Boolean(unable) || permission === "denied" || permission === "missing");
  inputs.show(going ? wanted.single : [], welcome?.thing?.inputs, phone.lesson?.you?.inputs);
  lists.show(going ? wanted.lists.filter((input) => byHand || !input.by_hand || phone.sensors.microphone.includes("dt")) : [], known);
  show(going && wanted.lists.length + wanted.single.filter((input) => !input.by_hand).length > 0, "values");
  predictions.show(going || screen === "ended" ? wanted.predictions : [], known, locked(lesson, begun()), lesson?.range ?? [0, 1]);
  const curve = (phone.sensing.size > 0 && screen !== "countdown") || (screen === "stopped" && Boolean(signal?.windows));
  // Single intervals stand in their own card; a running axis would say nothing more.
  show(Boolean(signal) && curve && lesson?.property !== "time_interval", "signal");
  show(byHand, "manual");
  if (byHand) manual.refresh(Boolean(inputs.timed(wanted.single) || lists.wanted("s")));
  // While others wait for the start everybody may try; what is not recorded is nobody's.
  const { microphone, touch } = phone.sensors;
  show(Boolean(lists.wanted("s")) && watches.last() !== undefined && watches.last() !== page.put, "ear-take", "pad-take");
  watches.present({ ear: phone.sensing.has("dt") && microphone.includes("dt"), pad: phone.sensing.has("dt") && touch.length > 0 });
  const sources = phone.streams.flatMap((stream) => stream.sources ?? ["phyphox"]);
  const offered = going && sources.includes("phyphox") && welcome?.phyphox !== null;
  show(offered, "phyphox");
  // Where the browser cannot measure, phyphox can: it comes first then.
  const first = offered && (byHand || unable === "none");
  if (first && !page.offered) element("phyphox").open = page.offered = true;
  element("phyphox-open").classList.toggle("quiet", !first);
  if (offered) app.phyphox(phone);
  results(phone.result, ["stopped", "ended", "paused", "free"].includes(screen) || (screen === "lobby" && (phone.result?.own?.length ?? 0) > 0), phone.welcome?.labels);
  takeaway.takeaway(phone, screen === "ended" || screen === "stopped");
  show(!phone.sender.lasting && !["ended", "removed", "elsewhere", "connecting"].includes(screen), "not-lasting");
  show(screen !== "removed", "about", "who");
  show(!["ended", "connecting"].includes(screen), "handover");
  about(lesson);
}

/** What the phone knows and keeps, for whoever wants to know. */
function about() {
  const told = phone.clock.told();
  const { totals } = phone.sender;
  const rounded = (resolution) => (resolution ? text("fact-rounded", { n: decimal(Number(resolution.toPrecision(2))) }) : text("fact-fine"));
  const rows = [
    [text("fact-taken"), decimal(totals.taken)],
    [text("fact-waiting"), text("seconds", { n: decimal(phone.sender.unsent.toFixed(1)) })],
    [text("fact-clock"), told ? text("milliseconds", { n: decimal((told.uncertainty / 1000).toFixed(0)) }) : text("unknown")],
    ...Object.entries(phone.channels).map(([stream, resolution]) => [app.sensorName(stream), rounded(resolution)]),
  ];
  const key = JSON.stringify(rows);
  if (!element("about").open || element("facts").dataset.key === key) return;
  element("facts").dataset.key = key;
  element("facts").replaceChildren(...rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

/** What is sent now, what is not yet, and the one thing to do; always in reach of the thumb. */
function dock() {
  const sensing = [...phone.sensing].map((stream) => app.sensorName(stream)).join(", ");
  show(phone.sensing.size > 0, "sending");
  const how = screen === "countdown" ? "warming" : !phone.recording ? "preview" : phone.link[0] === "open" ? "now" : "kept";
  element("sending").dataset.kind = how;
  if (phone.sensing.size > 0) say("sending-text", text(`sending-${how}`, { sensors: sensing }));
  const { unsent, totals } = phone.sender;
  // For whoever measures from outside: batches without an answer.
  document.documentElement.dataset.unsent = phone.sender.waiting.size;
  const over = screen === "ended" || screen === "stopped";
  const shown = unsent >= (phone.recording ? 1.5 : 0.05);
  const lost = totals.dropped_s >= 0.5;
  show(shown || lost, "unsent");
  const said = [
    shown ? text("unsent", { n: decimal(unsent < 10 ? unsent.toFixed(1) : unsent.toFixed(0)) }) : "",
    lost ? text("dropped", { n: decimal(totals.dropped_s.toFixed(0)) }) : "",
  ];
  say("unsent", said.filter(Boolean).join(" "));
  element("unsent").dataset.over = String(over);
  const { actions = [] } = screens[screen](phone, { ...page, todo: todo() });
  const key = JSON.stringify([actions.map(({ name, quiet, said: label }) => [name, quiet, label]), lang()]);
  const place = element("actions");
  if (place.dataset.key !== key) {
    const focused = place.contains(document.activeElement);
    place.dataset.key = key;
    place.replaceChildren(
      ...actions.map(({ name, quiet, said: label }) => {
        const button = make("button", { type: "button", id: `do-${name}`, data: { act: name }, className: quiet ? "quiet large" : "large" }, text(label ?? `do-${name}`));
        button.addEventListener("click", () => deeds[name]?.());
        return button;
      }),
    );
    if (focused) (place.querySelector("button") ?? element("scene")).focus();
  }
  for (const button of place.children) button.setAttribute("aria-busy", String(page.busy === button.id.slice(3)));
  show(actions.length > 0 || phone.sensing.size > 0 || shown || lost, "dock");
}

/** While something takes time its button says so and a second tap does nothing. */
async function during(name, work) {
  if (page.busy) return;
  page.busy = name;
  page.told = undefined;
  render();
  try {
    await work();
  } finally {
    page.busy = undefined;
    render();
  }
}

/** Asks before this phone forgets everything; says what may be lost with it: `unsent` in these words. */
function sure(words) {
  const { unsent } = phone.sender;
  say("ask-leave-text", unsent >= 0.5 ? text(words, { n: decimal(unsent.toFixed(1)) }) : text("ask-leave-text"));
  return ask("ask-leave");
}

/** Where a tab remembers which Thing it has left, until the storage has forgotten it, too. */
const LEFT = "messwerk-left";

/** Leaves this lesson on this phone. */
async function leave() {
  if (!phone.wiped && !(await sure("ask-leave-unsent"))) return;
  tab.set(LEFT, phone.joined.thing);
  try {
    await phone.wipe();
    tab.set(LEFT);
  } catch {
    // The storage does not answer now: the next page of this tab asks it again, and is nobody meanwhile.
  } finally {
    location.replace("/j");
  }
}

/** Forgets a Thing that was left while the storage did not answer. */
async function leftover() {
  const thing = tab.get(LEFT);
  if (!thing) return;
  if ((await me())?.joined?.thing === thing) await store.wipe(thing);
  tab.set(LEFT);
}

/** The next group: same lesson, another Thing, nothing of the last one. */
async function next() {
  if (page.busy || !(await sure("ask-next-unsent"))) return;
  await during("handover", async () => {
    await phone.hand();
    const { joined, said } = await handover(phone.joined.token, trouble);
    if (!joined) {
      phone.stay();
      return trouble(said);
    }
    try {
      await phone.wipe();
      await store.remember({ joined }, { anew: true });
      settled();
      location.replace("/j");
    } catch {
      // The storage does not answer: the next group measures all the same, as long as this page is open.
      settled();
      phone.reset();
      inputs.forget();
      lists.forget();
      predictions.forget();
      watches.reset();
      await phone.enter(joined);
    }
    return undefined;
  });
}

/** A handover that a reload cut short: the hub may have given the seat to the next group already. */
async function overtake() {
  const before = await me();
  if (!before?.joined) return settled();
  const { joined } = await handover(before.joined.token, (said) => say("problem", said));
  if (joined) {
    await store.wipe(before.joined.thing);
    await store.remember({ joined }, { anew: true });
  }
  return settled();
}

/** The hub let this phone in: as who it was, or as somebody new; then what the old lesson left unsent goes first. */
async function entered(joined) {
  const before = await me();
  if (before?.joined && before.joined.thing !== joined.thing) say("problem", text("sending-rest"));
  const { again, lost } = await arrive({ store, before, joined, lang: lang(), open: () => phone.line.open() });
  if (again) {
    await store.remember({ ...before, joined: { ...before.joined, ...joined, token: joined.token ?? before.joined.token } }).catch(() => {});
    await phone.resume();
  } else {
    await phone.enter(joined);
  }
  say("problem", "");
  if (lost >= 0.5) trouble(text("lost-before", { n: decimal(lost.toFixed(1)) }));
}

/** Somebody scanned or followed a link with a code while this page was open. */
async function scanned() {
  const ticket = entrance.fragment();
  if (!ticket) return;
  if (!phone.joined) return entrance.join(ticket);
  // A page that is in a lesson begins anew with the code, and keeps what it has.
  phone.line.stop();
  await phone.sender.stop();
  tab.set(SCANNED, JSON.stringify(ticket));
  location.reload();
}
const SCANNED = "messwerk-scanned";

const deeds = {
  allow: () => during("allow", () => phone.allow()),
  check: () => during("check", async () => (page.told = (await phone.check()).problem)),
  manual: () => {
    element("manual").scrollIntoView({ block: "start" });
    element("watch-start").focus({ preventScroll: true });
  },
  values: () => (inputs.missing(asksFor().single).length > 0 ? inputs.focus(asksFor().single) : element("table").querySelector("input")?.focus()),
  predict: () => predictions.focus(asksFor().predictions),
  preview: () => {
    phone.preview = true;
    signal?.restart(phone.lesson);
    phone.sync();
  },
  hide: () => {
    phone.preview = false;
    phone.sync();
  },
  begin: () => {
    phone.running = true;
    signal?.restart(phone.lesson);
    phone.sync();
  },
  end: () => {
    phone.running = false;
    phone.sync();
  },
  // Where another tab has become another Thing, this page begins anew as that one.
  here: () => (phone.other ? location.replace("/j") : phone.line.start()),
  again: () => leave(),
  done: () => leave(),
};

// A countdown moves by itself; nothing flashes, the number changes.
setInterval(() => {
  if (screen !== "countdown") return;
  if (phone.screen !== "countdown") return phone.sync();
  say("count", String(Math.max(1, secondsTo(phone.lesson.take.begins, phone.hub))));
}, 50);
// Seconds not yet sent, clocks and the like.
setInterval(() => phone.joined && render(), 1000);

element("leave").addEventListener("click", () => leave());
element("handover").addEventListener("click", () => next());
element("about").addEventListener("toggle", () => render());
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? phone.woke() : phone.slept()));
addEventListener("pageshow", (event) => event.persisted && phone.woke());
addEventListener("online", () => phone.woke());
manual.wire((seconds, uncertainty) => {
  const input = inputs.timed(asksFor().single);
  if (input) inputs.put(input, seconds, uncertainty);
  else lists.put("s", seconds);
});
watches.wire({ reading: (at, seconds) => phone.take("dt", at, [seconds]), threshold: (decibels) => phone.microphone.listenFrom(decibels) });
watch(() => watches.refresh());
// A measured time goes into the table once.
for (const id of ["ear-take", "pad-take"]) {
  element(id).addEventListener("click", () => {
    page.put = watches.last();
    lists.put("s", Number(page.put.toFixed(4)));
    render();
  });
}
app.wire(() => phone);
takeaway.wire(() => phone);

start();
watch(() => render());
addEventListener("hashchange", () => scanned());
// A QR or a typed code is newer than what the store remembers: who scans wants in there. Nothing of the old is touched
// before the hub has said yes.
let ticket = entrance.fragment();
if (!ticket && tab.get(SCANNED)) ticket = JSON.parse(tab.get(SCANNED));
tab.set(SCANNED);
await leftover().catch(() => {});
if (!ticket && handingOver()) {
  render();
  await overtake().catch(() => {});
}
// The answer of the last attempt may have come to nobody: asked with its key, it is the same one.
if (!ticket && asked() && !handingOver()) ticket = JSON.parse(asked().wish);
if (ticket) {
  render();
  await entrance.join(ticket);
}
// Whoever was refused stays who they were.
if (!phone.joined && (await resumed()) && ticket) trouble(element("problem").textContent);
render();

/** Goes on as who the store remembers, unless that is somebody who has just left. */
async function resumed() {
  const left = tab.get(LEFT);
  return left && (await me())?.joined?.thing === left ? false : phone.resume();
}
