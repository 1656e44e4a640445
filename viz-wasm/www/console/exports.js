// Everything a lesson's data can be taken away as.

import { text } from "../words.js";
import { lessonPath } from "./api.js";
import { make } from "./dom.js";

/** German Excel reads semicolons and decimal commas; everything else reads the standard. */
const FORMATS = [
  ["export-excel", "/observations?format=csv&dialect=de", "csv"],
  ["export-csv", "/observations?format=csv", "csv"],
  ["export-json", "/observations?format=json", "json"],
  ["export-parquet", "/observations?format=parquet", "parquet"],
  ["export-outcomes-excel", "/outcomes?format=csv&dialect=de", "csv"],
  ["export-outcomes-csv", "/outcomes?format=csv", "csv"],
  ["export-outcomes", "/outcomes", "json"],
];

/** A disclosure with one link for each format. */
export function exportLinks(lesson) {
  const links = FORMATS.map(([key, path, suffix]) => {
    const name = `${path.startsWith("/outcomes") ? "results" : "readings"}-${lesson}.${suffix}`;
    return make("li", {}, make("a", { href: lessonPath(lesson, path), download: name, "data-t": key, textContent: text(key) }));
  });
  return make("details", { className: "exports" }, make("summary", { "data-t": "exports", textContent: text("exports") }), make("ul", {}, ...links));
}
