// Everything a lesson's data can be taken away as: to print, for spreadsheets, for programs.

import { lang, text } from "../words.js";
import { lessonPath } from "./api.js";
import { make } from "./dom.js";
import { sharing } from "./links.js";

/** German Excel reads semicolons and decimal commas; everything else reads the standard. */
const FORMATS = [
  ["export-files", [["export-all", "/workbook"]]],
  ["export-results", [
    ["export-xlsx", "/outcomes?format=xlsx"],
    ["export-csv-de", "/outcomes?format=csv&dialect=de"],
    ["export-csv", "/outcomes?format=csv"],
    ["export-json", "/outcomes"],
  ]],
  ["export-readings", [
    ["export-csv-de", "/observations?format=csv&dialect=de"],
    ["export-csv", "/observations?format=csv"],
    ["export-parquet", "/observations?format=parquet"],
    ["export-arrow", "/observations?format=arrow"],
    ["export-json", "/observations?format=json"],
  ]],
];

/** A link whose answer is in the language of the page at the moment it is followed. */
function link(key, path, more) {
  const made = make("a", { "data-t": key, textContent: text(key), ...more });
  const follow = () => (made.href = `${path}${path.includes("?") ? "&" : "?"}lang=${lang()}`);
  follow();
  ["click", "auxclick", "focus"].forEach((kind) => made.addEventListener(kind, follow));
  return make("li", {}, made);
}

const file = (lesson, key, path) => link(key, lessonPath(lesson, path), { download: "" });
const print = (lesson, key, path) => link(key, `/t/lessons/${encodeURIComponent(lesson)}/${path}`, { target: "_blank", rel: "noopener" });

/** A list of links under what it is a list of. */
const listed = (key, ...links) => [
  make("p", { className: "part", "data-t": key, textContent: text(key) }),
  make("ul", { "data-t-label": key, "aria-label": text(key) }, ...links),
];

/** A disclosure with one link for each format, and the links for other programs. */
export function exportLinks(lesson) {
  const reports = listed("export-print", print(lesson, "export-report", "report"), print(lesson, "export-reports", "reports"));
  const files = FORMATS.flatMap(([key, formats]) => listed(key, ...formats.map(([name, path]) => file(lesson, name, path))));
  const shared = sharing(lesson);
  const menu = make("details", { className: "exports" }, make("summary", { "data-t": "exports", textContent: text("exports") }), ...reports, ...files, shared.part);
  menu.addEventListener("toggle", () => menu.open && shared.look());
  return menu;
}
