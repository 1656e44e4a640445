// The editor of templates: a list of drafts, or one draft as form and text, with what is wrong in it and a class that tries it.

import { start, text, watch } from "../words.js";
import { asTeacher } from "../console/api.js";
import { byId, keep, make, mark, say, show } from "../console/dom.js";
import { tapped, twice } from "../console/tap.js";
import { toast } from "../console/toast.js";
import { moment } from "../console/when.js";
import { Files } from "./files.js";
import { Findings } from "./findings.js";
import { Form } from "./form.js";
import { History } from "./history.js";
import { Lines } from "./lines.js";
import { Preview } from "./preview.js";
import { get } from "./toml.js";

const PLAN = "lesson.toml";
const DRAFTS = "/api/v1/drafts";
/** A draft is saved so long after the last change, ms: a browser that dies loses no more. */
const SAVE = 4000;
const PATIENT = { wait: 30_000 };

const draftPath = (id, rest = "") => `${DRAFTS}/${encodeURIComponent(id)}${rest}`;
const failed = (error) => say(byId("problem"), error?.message ?? "");

let draft;
let history;
let part = "form";
let saving;
let conflict = false;
let form;
let known = { scenarios: [] };

const files = () => history.files;
const plan = () => String(files()[PLAN] ?? "");
const texts = () => Object.keys(files()).filter((name) => typeof files()[name] === "string").sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
const rank = (name) => [PLAN, "de.md", "en.md"].indexOf(name) + 1 || 9;
const dirty = () => history && JSON.stringify(files()) !== draft.saved;

const findings = new Findings({ files, told: () => draw(), go: goTo, failed });
const preview = new Preview({ files, failed });
const lines = new Lines((value) => change(part, value));
const assets = new Files({ files, change, open: (name) => choose(name), failed });

function change(name, content) {
  if (!history.put(name, content)) return;
  changed();
}

function changed() {
  findings.soon();
  preview.stale();
  clearTimeout(saving);
  saving = setTimeout(() => save(), SAVE);
  draw();
}

/** Shows a part: the form, a text by its file's name, or the list of files. */
function choose(name, focus = false) {
  if (name !== part) history.pause();
  part = name;
  draw();
  const tab = byId("tabs").querySelector('[aria-selected="true"]');
  if (focus) tab?.focus();
}

function goTo({ file, line, column }) {
  if (typeof files()[file] === "string") {
    choose(file);
    lines.go(line, column);
  } else {
    choose("files");
  }
}

function tabs() {
  const names = ["form", ...texts(), "files"];
  if (!names.includes(part)) part = "form";
  const words = (name) => (name === "form" ? text("editor-form") : name === "files" ? text("editor-files") : name);
  const list = byId("tabs");
  keep(list, names, (name) => name, (name) => {
    const tab = make("button", { type: "button", role: "tab", id: name === "form" || name === "files" ? `tab-${name}` : undefined });
    tab.addEventListener("click", () => choose(name));
    return tab;
  }, (tab, name) => {
    say(tab, words(name));
    mark(tab, "aria-selected", String(name === part));
    mark(tab, "tabindex", name === part ? "0" : "-1");
    const wrong = findings.all.some(({ file, level }) => file === name && level === "error");
    mark(tab, "data-wrong", wrong);
  });
}

byId("tabs").addEventListener("keydown", (event) => {
  const all = [...byId("tabs").children];
  const at = all.indexOf(document.activeElement);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined || at < 0) return;
  event.preventDefault();
  const tab = all[(next + all.length) % all.length];
  tab.click();
  tab.focus();
});

function draw() {
  document.title = `${text("editor-title")} – Messwerk`;
  if (!history) return;
  tabs();
  const spoken = findings.spoken();
  const title = get(plan(), "title", document.documentElement.lang === "de" ? "de" : "en").value || get(plan(), "", "id").value;
  say(byId("work-title"), title || text("editor-untitled"));
  const origin = get(plan(), "origin", "id").value;
  show(byId("origin"), Boolean(origin));
  say(byId("origin"), origin ? text("editor-origin", { id: origin, authors: (get(plan(), "origin", "authors").value ?? []).join(", ") }) : "");
  const isText = part !== "form" && part !== "files";
  show(byId("form-part"), part === "form");
  show(byId("text-part"), isText);
  show(byId("files-part"), part === "files");
  if (part === "form") form.show(spoken);
  if (part === "files") assets.show();
  if (isText) {
    say(byId("text-label"), part);
    lines.show(files()[part], spoken.filter(({ file }) => file === part));
  }
  findings.draw();
  byId("undo").disabled = history.past.length === 0;
  byId("redo").disabled = history.future.length === 0;
  say(byId("saved"), conflict ? text("editor-conflict") : dirty() ? text("editor-unsaved") : text("editor-saved"));
}

async function save(button) {
  clearTimeout(saving);
  if (!dirty() || (conflict && !button)) return true;
  const content = JSON.stringify(files());
  const act = () => asTeacher("PUT", draftPath(draft.id), { changed: draft.changed, files: JSON.parse(content) }, PATIENT);
  const told = (error) => {
    conflict = error.code === "draft_changed";
    failed(error);
  };
  const answer = button ? await tapped(button, act, told) : await act().catch(told);
  if (!answer) {
    draw();
    return false;
  }
  failed();
  conflict = false;
  draft = { ...draft, changed: answer.changed, saved: content };
  draw();
  return true;
}

function step(name) {
  if (name === undefined) return;
  if (name !== part && part !== "form") part = texts().includes(name) ? name : "files";
  changed();
}

async function publish(button) {
  if (!(await save(button))) return;
  const made = await tapped(button, () => asTeacher("POST", "/api/v1/templates", { files: files() }, PATIENT), failed);
  if (!made) return;
  failed();
  toast(text("published", { id: made.id, version: made.version }), async () => {
    await asTeacher("DELETE", `/api/v1/templates/${encodeURIComponent(made.id)}?version=${encodeURIComponent(made.version)}`).catch(failed);
    say(byId("status"), text("published-back"));
  });
}

/** The draft as a file, as it stands: it is saved first. */
async function exported(button) {
  if (await save(button)) location.assign(draftPath(draft.id, "/download"));
}

async function remove() {
  clearTimeout(saving);
  try {
    await asTeacher("DELETE", draftPath(draft.id));
  } catch (error) {
    return failed(error);
  }
  const { id } = draft;
  history = undefined;
  await list();
  return toast(text("draft-removed"), async () => {
    await asTeacher("POST", draftPath(id, "/restore"), {}).catch(failed);
    await list();
  });
}

async function open(id) {
  const found = await asTeacher("GET", draftPath(id), undefined, PATIENT);
  draft = { ...found, saved: JSON.stringify(found.files) };
  history = new History(found.files);
  conflict = false;
  known = { scenarios: found.scenarios ?? [] };
  form = new Form({ plan, changed: (value) => change(PLAN, value), known });
  globalThis.history.replaceState(null, "", `/t/editor#${id}`);
  show(byId("choose"), false);
  show(byId("work"), true);
  draw();
  await findings.ask();
}

async function begin(body, button) {
  failed();
  const made = await tapped(button, () => asTeacher("POST", DRAFTS, body, PATIENT), failed);
  if (made) await open(made.id).catch(failed);
}

async function list() {
  globalThis.history.replaceState(null, "", "/t/editor");
  show(byId("work"), false);
  show(byId("choose"), true);
  const drafts = await asTeacher("GET", DRAFTS);
  show(byId("no-drafts"), drafts.length === 0);
  keep(byId("drafts"), drafts, ({ id }) => id, ({ id }) => {
    const [title, note] = [make("h3"), make("p", { className: "note" })];
    const button = make("button", { type: "button", className: "quiet" });
    button.addEventListener("click", () => tapped(button, () => open(id), failed));
    return Object.assign(make("li", { className: "card" }, title, note, button), { parts: { title, note, button } });
  }, ({ parts }, one) => {
    say(parts.title, one.title || text("editor-untitled"));
    say(parts.note, text("draft-changed-at", { time: moment(one.changed) }));
    say(parts.button, text("editor-open"));
    mark(parts.button, "aria-label", `${text("editor-open")}: ${one.title || text("editor-untitled")}`);
  });
}

start();
const sure = twice(byId("remove"), byId("remove"), () => text("editor-remove"), "editor-remove-sure", remove);
byId("begin-new").addEventListener("click", () => begin({ files: {} }, byId("begin-new")));
byId("open-file").addEventListener("click", () => byId("file").click());
byId("file").addEventListener("change", async () => {
  const [file] = byId("file").files;
  byId("file").value = "";
  if (file) await begin(file, byId("open-file"));
});
byId("save").addEventListener("click", () => save(byId("save")));
byId("undo").addEventListener("click", () => step(history.undo()));
byId("redo").addEventListener("click", () => step(history.redo()));
byId("publish").addEventListener("click", () => publish(byId("publish")));
byId("export").addEventListener("click", () => exported(byId("export")));
addEventListener("keydown", (event) => {
  if (!history || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "s") save(byId("save"));
  else if (key === "z" && !event.shiftKey) step(history.undo());
  else if (key === "y" || (key === "z" && event.shiftKey)) step(history.redo());
  else return;
  event.preventDefault();
});
addEventListener("beforeunload", (event) => dirty() && event.preventDefault());
addEventListener("hashchange", () => location.hash.slice(1) !== draft?.id && location.reload());
watch(() => {
  sure();
  draw();
  preview.draw();
});
const wanted = location.hash.slice(1);
try {
  if (wanted) await open(wanted);
  else await list();
} catch (error) {
  failed(error);
  if (wanted && error.status === 404) await list().catch(failed);
}
