// What each screen says and offers: headline, sentence, hint, steps, and at most one primary button. Texts and decisions
// only; page.js puts them into the page.

import { lang, text } from "../words.js";
import { secondsTo } from "./flow.js";
import { platform } from "./device.js";

/** Why the sensors stay off, in a sentence with what to do; undefined if they may run. */
function obstacle({ unable, permission }) {
  if (unable === "insecure") return { text: text("unable-insecure"), kind: "warn" };
  if (unable === "missing" || permission === "missing") return { text: text("unable-missing"), kind: "warn" };
  if (permission === "denied") return { text: text(`denied-${platform() === "ios" ? "ios" : "other"}`), kind: "warn" };
  return undefined;
}

const asks = (phone) => !phone.unable && phone.permission === "unasked";

/** Whether a value that the result needs is not entered yet. */
const lacks = (phone, inputs) => inputs.missing(phone.welcome?.inputs ?? []).length > 0;

/** What is to be prepared, each with its state: done, now, open or off. */
function steps(phone, { inputs }) {
  const list = [];
  const off = Boolean(phone.unable) || ["denied", "missing"].includes(phone.permission);
  const wants = phone.sensors;
  if (wants.motion.length + wants.microphone.length + wants.place.length) {
    const what = wants.microphone.length && !wants.motion.length ? "microphone" : wants.place.length && !wants.motion.length ? "place" : "sensors";
    list.push({ said: text(`prepare-${what}`), state: off ? "off" : phone.permission === "granted" ? "done" : "open" });
  }
  if (!off && wants.motion.some((stream) => stream === "acc" || stream === "lin")) list.push({ said: text("prepare-check"), state: phone.checked ? "done" : "open" });
  const fields = phone.welcome?.inputs ?? [];
  if (fields.length) list.push({ name: "values", said: text("prepare-values", { n: fields.length }), state: lacks(phone, inputs) ? "open" : "done" });
  const next = list.find((step) => step.state === "open");
  if (next) next.state = "now";
  return list;
}

/** One's own signal before and after a measurement. */
const look = (phone) => ({ name: phone.preview ? "hide" : "preview", quiet: true });

const allow = (phone) => (asks(phone) ? [{ name: "allow" }] : []);

function ready(phone, list) {
  if (asks(phone)) return [{ name: "allow" }];
  const granted = phone.permission === "granted";
  if (granted && phone.needsCheck) return [{ name: "check" }];
  const next = list.some((step) => step.name === "values" && step.state === "now");
  return [...(next ? [{ name: "values" }] : []), ...(granted ? [look(phone)] : [])];
}

export const screens = {
  enter: () => ({ headline: "" }),
  connecting: () => ({ headline: text("connecting-title"), lead: text("connecting-lead") }),

  lobby: (phone, page) => {
    const list = steps(phone, page);
    if (phone.preview) return { headline: text("preview-title"), lead: text("preview-lead"), actions: [{ name: "hide", quiet: true }] };
    if (phone.unable === "none") return { headline: text("app-title"), lead: text("app-lead"), task: true, steps: list };
    const check = page.busy === "check" ? { text: text("check-running") } : page.told && { text: text(`check-${page.told}`), kind: "warn" };
    const good = list.every((step) => step.state === "done" || step.state === "off");
    return {
      headline: text(good ? "lobby-ready" : "lobby-title"),
      lead: text(good ? "lobby-wait" : "lobby-lead"),
      task: true,
      steps: list,
      hint: obstacle(phone) ?? check,
      actions: ready(phone, list),
    };
  },

  free: (phone, page) => {
    const list = steps(phone, page).filter((step) => step.state !== "done");
    const go = phone.permission === "granted" && !phone.needsCheck;
    const check = page.told && { text: text(`check-${page.told}`), kind: "warn" };
    return {
      headline: text(phone.running ? "free-running" : "free-title"),
      lead: text(phone.running ? "measuring-lead" : "free-lead"),
      task: true,
      steps: phone.running ? [] : list,
      hint: obstacle(phone) ?? check,
      actions: go ? [{ name: phone.running ? "end" : "begin" }] : ready(phone, list),
    };
  },

  countdown: (phone) => ({
    headline: text(phone.lesson.take?.rehearsal ? "rehearsal-title" : "countdown-title"),
    lead: text("countdown-lead"),
    count: String(Math.max(1, secondsTo(phone.lesson.take?.begins ?? 0, phone.hub ?? 0))),
    hint: obstacle(phone),
    actions: allow(phone),
  }),

  measuring: (phone) => {
    const off = obstacle(phone);
    const hint = off ?? (phone.awake.works ? undefined : { text: text("keep-awake") });
    return {
      headline: text(phone.lesson.take?.rehearsal ? "rehearsal-running" : "measuring-title"),
      lead: text(phone.recording ? "measuring-lead" : asks(phone) ? "measuring-ask" : "measuring-without"),
      hint,
      actions: allow(phone),
    };
  },

  paused: () => ({ headline: text("paused-title"), lead: text("paused-lead") }),

  stopped: (phone, { inputs }) => {
    const { done, totals, unsent } = phone.sender;
    const { undone, rehearsal } = phone.lesson.take ?? {};
    const how = undone ? "undone" : rehearsal ? "rehearsal" : totals.taken === 0 ? "none" : done && unsent === 0 ? "sent" : "lead";
    return {
      headline: text("stopped-title"),
      lead: text(`stopped-${how}`),
      hint: rejected(phone),
      // The fields lie below the fold of a small phone: the way there is in reach of the thumb.
      actions: [...(lacks(phone, inputs) ? [{ name: "values" }] : allow(phone)), ...(phone.permission === "granted" ? [look(phone)] : [])],
    };
  },

  ended: (phone) => {
    const at = phone.lesson?.ended && new Date(phone.lesson.ended / 1000).toLocaleTimeString(lang(), { hour: "2-digit", minute: "2-digit" });
    return {
      headline: at ? text("ended-at", { time: at }) : text("ended-title"),
      lead: text(phone.wiped ? "ended-wiped" : "ended-lead"),
      hint: rejected(phone),
      actions: [{ name: "done" }],
    };
  },

  removed: () => ({ headline: text("removed-title"), lead: text("removed-lead"), actions: [{ name: "again" }] }),
  elsewhere: () => ({ headline: text("elsewhere-title"), lead: text("elsewhere-lead"), actions: [{ name: "here" }] }),
};

/** Readings that came too late for the lesson are not lost silently. */
function rejected({ sender }) {
  const late = sender.reasons.lesson_ended ?? 0;
  if (late > 0) return { text: text("too-late", { n: late }), kind: "warn" };
  const { rejected: other } = sender.totals;
  return other > late ? { text: text("some-rejected", { n: other - late }), kind: "warn" } : undefined;
}
