// Why something was not stored or not read, in the page's language. The hub's own sentences are English; each stands for a reason with a
// name, and where the page does not know it, the sentence stands as it is.

import { known, text } from "../words.js";

const slug = (name) => name.replaceAll("_", "-");

/** What a sentence is about: the field or sensor before its colon, or before what it is said to be. */
const ABOUT = /^(.{1,80}?)(?:: |(?: \([^)]*\))? is none of )/;
/** Reasons whose sentences are of a field or a sensor; those of a whole message begin otherwise. */
const OF_FIELDS = ["not_finite", "unknown_unit", "unknown_column", "no_value", "not_ours", "unknown_stream", "out_of_range"];
/** Where one reason has several ways out. */
const WAYS = [
  ["missing_time", /name no zone/, "station-why-zoneless"], ["unknown_stream", /nobody has said yet/, "station-why-unmapped"],
  ["unknown_stream", /none of the mapping's fields/, "station-why-absent"], ["unknown_unit", /comes without its unit/, "station-why-unitless"],
  ["unknown_unit", /is not measured in/, "station-why-misfit"], ["time_out_of_range", /mapping says|cannot be read|is no time|that is not/, "station-why-time"],
];

/** Why values were rejected: `{reason, detail}` as the hub tells them. */
export function why({ reason, detail }) {
  const said = detail ?? "";
  // Fields without a value are told all at once.
  const [, empty] = (reason === "no_value" && /^no value in (.+)$/.exec(said)) || [];
  if (empty) return text("station-why-of", { what: empty, why: text("station-why-no-value") });
  const [, , way] = WAYS.find(([of, pattern]) => of === reason && pattern.test(said)) ?? [];
  const key = way ?? `station-why-${slug(reason ?? "")}`;
  if (!known(key)) return said || reason;
  const [, what] = (OF_FIELDS.includes(reason) && ABOUT.exec(said)) || [];
  return what ? text("station-why-of", { what, why: text(key) }) : text(key);
}

/** What is worth knowing of a message of which nothing is lost: `kind: detail`. */
export function aside(note) {
  const [, kind, detail] = /^(\w+): (.*)$/s.exec(note) ?? [];
  const key = `station-aside-${slug(kind ?? "")}`;
  return kind && known(key) ? text(key, { detail }) : note;
}
