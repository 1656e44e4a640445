// What each screen says and offers: headline, sentence, hint, steps, and at most one primary button. Texts and decisions
// only; page.js puts them into the page.

import { clock, text } from "../words.js";
import { secondsTo } from "./flow.js";
import { platform } from "./device.js";

/** Why the sensors stay off, in a sentence with what to do; undefined if they may run. */
function obstacle({ unable, permission, unasked }) {
  if (unable === "insecure") return { text: text("unable-insecure"), kind: "warn" };
  if (unable === "missing" || (permission === "missing" && !unasked.length)) return { text: text("unable-missing"), kind: "warn" };
  if (unasked.length) return undefined;
  if (permission === "denied") return { text: text(`denied-${platform() === "ios" ? "ios" : "other"}`), kind: "warn" };
  return undefined;
}

const asks = (phone) => !phone.unable && phone.unasked.length > 0;

/** Accelerations whose direction nobody has checked are said to be so, also in the middle of a measurement. */
const unchecked = (phone) => (phone.needsCheck ? { text: text("unchecked"), kind: "warn" } : undefined);

/** How the rest check goes or went; undefined while nobody has tried. */
const checking = (page) => (page.busy === "check" ? { text: text("check-running") } : page.told && { text: text(`check-${page.told}`), kind: "warn" });

/** What to do while the phone records, and when that ends if nobody has to end it. */
const recording = ({ lesson }) => (lesson.take && lesson.run?.length_s ? text("measuring-timed", { s: lesson.run.length_s }) : text("measuring-lead"));

/** Whether a value that the result needs is not entered yet. */
const lacks = ({ todo }) => todo.values > 0;

/** What is to be prepared, each with its state: done, now, open or off. */
function steps(phone, { todo }) {
  const list = [];
  const { sensors, answers, unable } = phone;
  const state = (kind) => (unable || ["denied", "missing"].includes(answers[kind]) ? "off" : answers[kind] === "granted" ? "done" : "open");
  const heard = sensors.microphone.includes("dt") ? "prepare-ear" : sensors.microphone.includes("freq") ? "prepare-tone" : "prepare-microphone";
  for (const [kind, said] of [["motion", "prepare-sensors"], ["microphone", heard], ["place", "prepare-place"]]) {
    if (sensors[kind].length) list.push({ said: text(said), state: state(kind) });
  }
  if (state("motion") !== "off" && sensors.motion.some((stream) => stream === "acc" || stream === "lin")) list.push({ said: text("prepare-check"), state: phone.checked ? "done" : "open" });
  if (todo.asked) list.push({ name: "predict", said: text("prepare-predict"), state: todo.predictions ? "open" : "done" });
  if (todo.fields) list.push({ name: "values", said: text("prepare-values", { n: todo.fields }), state: todo.values ? "open" : "done" });
  const next = list.find((step) => step.state === "open");
  if (next) next.state = "now";
  return list;
}

/** Who has no sensors measures by hand, further down the page. */
const byHand = ({ unable, permission }) => (["insecure", "missing"].includes(unable) || permission === "denied" || permission === "missing" ? [{ name: "manual", quiet: true }] : []);

/** One's own signal before and after a measurement. */
const look = (phone) => ({ name: phone.preview ? "hide" : "preview", quiet: true });

/** What the button asks for, by its name: one thing where it is one. */
function permit({ unasked }) {
  const [one, other] = unasked;
  return { name: "allow", said: other || one === "motion" ? "do-allow" : one === "microphone" ? "do-allow-microphone" : "do-allow-place" };
}

/** What may still be done while the others count down or measure. */
const late = (phone) => (asks(phone) ? [permit(phone)] : phone.needsCheck ? [{ name: "check" }] : byHand(phone));

function ready(phone, list) {
  if (asks(phone)) return [permit(phone)];
  const granted = phone.permission === "granted";
  if (granted && phone.needsCheck) return [{ name: "check" }];
  const next = list.find((step) => step.name && step.state === "now");
  return [...(next ? [{ name: next.name }] : []), ...(granted ? [look(phone)] : byHand(phone))];
}

/** A lesson in which everything is entered: nothing to allow, nothing to start. */
const table = (list) => ({ headline: text("table-title"), lead: text("table-lead"), task: true, steps: list.filter((step) => step.state !== "off") });
const entersOnly = (phone) => phone.unable === "none" && phone.welcome?.streams.length === 0;
/** A lesson whose sensors no phone has, neither for a page nor for the app: a station sends them. */
const stationOnly = (phone) => phone.unable === "none" && !phone.welcome?.phyphox;
const station = (phone, list) => ({
  headline: text("station-title"),
  lead: text((phone.welcome?.inputs ?? []).length ? "station-enter" : "station-lead"),
  task: true,
  steps: list.filter((step) => step.state !== "off"),
});

export const screens = {
  enter: () => ({ headline: "" }),
  connecting: () => ({ headline: text("connecting-title"), lead: text("connecting-lead") }),

  lobby: (phone, page) => {
    const list = steps(phone, page);
    if (entersOnly(phone)) return table(list);
    if (stationOnly(phone)) return station(phone, list);
    if (phone.preview) return { headline: text("preview-title"), lead: text("preview-lead"), actions: [{ name: "hide", quiet: true }] };
    if (phone.unable === "none") return { headline: text("app-title"), lead: text("app-lead"), task: true, steps: list };
    if (phone.unable === "place") return { headline: text("place-title"), lead: text("place-lead"), task: true, steps: list };
    const good = list.every((step) => step.state === "done" || step.state === "off");
    return {
      headline: text(good ? "lobby-ready" : "lobby-title"),
      lead: text(good ? "lobby-wait" : "lobby-lead"),
      task: true,
      steps: list,
      hint: obstacle(phone) ?? checking(page),
      actions: ready(phone, list),
    };
  },

  free: (phone, page) => {
    const list = steps(phone, page).filter((step) => step.state !== "done");
    if (entersOnly(phone)) return table(list);
    if (stationOnly(phone)) return station(phone, list);
    const go = phone.permission === "granted" && !phone.needsCheck;
    return {
      headline: text(phone.running ? "free-running" : "free-title"),
      lead: text(phone.running ? "measuring-lead" : "free-lead"),
      task: true,
      steps: phone.running ? [] : list,
      hint: obstacle(phone) ?? checking(page),
      actions: go ? [{ name: phone.running ? "end" : "begin" }] : ready(phone, list),
    };
  },

  countdown: (phone, page) => ({
    headline: text(phone.lesson.take?.rehearsal ? "rehearsal-title" : "countdown-title"),
    lead: text("countdown-lead"),
    count: String(Math.max(1, secondsTo(phone.lesson.take?.begins ?? 0, phone.hub ?? 0))),
    hint: obstacle(phone) ?? checking(page) ?? unchecked(phone),
    actions: late(phone),
  }),

  measuring: (phone, page) => ({
    headline: text(phone.lesson.take?.rehearsal ? "rehearsal-running" : "measuring-title"),
    lead: entersOnly(phone) ? text("table-lead") : phone.recording ? recording(phone) : text(asks(phone) ? "measuring-ask" : "measuring-without"),
    // What is to be done now is read again by whoever has just looked away.
    task: true,
    hint: obstacle(phone) ?? checking(page) ?? unchecked(phone) ?? (phone.awake.works || !phone.recording ? undefined : { text: text("keep-awake") }),
    actions: late(phone),
  }),

  paused: () => ({ headline: text("paused-title"), lead: text("paused-lead") }),

  stopped: (phone, page) => {
    // Who was not there in the last Take has nothing of it to hear about: the next one is to be prepared.
    if (!phone.measured) return screens.lobby(phone, page);
    const { done, totals, unsent } = phone.sender;
    const { undone, rehearsal, number } = phone.lesson.take ?? {};
    const nothing = totals.taken === 0 && phone.tookBefore !== number;
    // What was timed by hand is not of this measurement, and counts on.
    const timed = phone.result?.own?.some((one) => one.by_hand && !one.undone && !one.excluded);
    const how = undone && !timed ? "undone" : rehearsal ? "rehearsal" : nothing ? "none" : done && unsent === 0 ? "sent" : "lead";
    return {
      headline: text("stopped-title"),
      lead: text(`stopped-${how}`),
      hint: rejected(phone),
      // The fields lie below the fold of a small phone: the way there is in reach of the thumb.
      actions: [...(lacks(page) ? [{ name: "values" }] : late(phone)), ...(phone.permission === "granted" ? [look(phone)] : [])],
    };
  },

  ended: (phone) => {
    const at = phone.lesson?.ended && clock(new Date(phone.lesson.ended / 1000));
    return {
      headline: at ? text("ended-at", { time: at }) : text("ended-title"),
      lead: text(phone.wiped ? "ended-wiped" : phone.unwiped ? "ended-unwiped" : "ended-lead"),
      hint: rejected(phone),
      actions: [{ name: "done" }],
    };
  },

  removed: () => ({ headline: text("removed-title"), lead: text("removed-lead"), actions: [{ name: "again" }] }),
  elsewhere: (phone) => ({ headline: text("elsewhere-title"), lead: text(phone.other ? "elsewhere-other" : "elsewhere-lead"), actions: [{ name: "here" }] }),
};

/** Readings that came too late for the lesson are not lost silently. */
function rejected({ sender }) {
  const late = sender.reasons.not_recording ?? 0;
  if (late > 0) return { text: text("too-late", { n: late }), kind: "warn" };
  const { rejected: other } = sender.totals;
  return other > late ? { text: text("some-rejected", { n: other - late }), kind: "warn" } : undefined;
}
