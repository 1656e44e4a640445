// The way around the browser: phyphox with a file made for this phone, its export afterwards, addresses for own programs.

import { decimal, known, text } from "../words.js";
import { copy, element, make, say } from "./dom.js";
import { sentence } from "./problem.js";
import { paper } from "../quantity.js";

const sensorName = (stream) => (known(`sensor-${stream}`) ? text(`sensor-${stream}`) : stream);

/** Shows the block for a phone in a lesson. */
export function phyphox({ joined, welcome, streams }) {
  const path = welcome?.phyphox ?? `/p/${joined.token}.phyphox`;
  // The app's scheme stands for https, and for http where that does not answer.
  element("phyphox-open").href = `phyphox://${location.host}${path}`;
  element("phyphox-file").href = path;
  element("http").value = joined.ingest_url ?? "";
  element("mqtt").value = joined.mqtt?.address ?? "";
  for (const stream of streams) row(stream);
}

/** What the lesson records, each with its names over HTTP and its topic over MQTT; made once, only texts change. */
function row({ stream, unit, vector, min_hz, topic }) {
  const id = `topic-${stream}`;
  if (!element(id)) {
    const names = [`${stream}_time`, ...(vector ? ["X", "Y", "Z"].map((axis) => stream + axis) : [stream])];
    const copier = make("button", { type: "button", className: "quiet", id: `${id}-copy` });
    copier.addEventListener("click", () => copied(id));
    element("streams").append(
      make(
        "div",
        { className: "stream" },
        make("p", {}, make("strong", { id: `${id}-name` }), ", ", make("span", { id: `${id}-rate` })),
        make("p", {}, make("span", { id: `${id}-names` }), make("code", { textContent: names.join(", ") })),
        make("div", { className: "field" }, make("label", { id: `${id}-label`, htmlFor: id }), make("input", { id, className: "mono", readOnly: true, value: topic }), copier),
      ),
    );
  }
  say(`${id}-name`, sensorName(stream));
  say(`${id}-rate`, text("at-least", { hz: decimal(min_hz), unit: paper(unit) }));
  say(`${id}-names`, `${text("http-names")}: `);
  say(`${id}-label`, text("mqtt-topic"));
  say(`${id}-copy`, text("copy"));
  element(`${id}-copy`).setAttribute("aria-label", `${text("copy")}: ${text("topic-of", { sensor: sensorName(stream) })}`);
}

const copied = async (id) => say("copied", text((await copy(element(id))) ? "copied" : "copy-by-hand"));

const MOST = 10 * 1024 * 1024;

/** Sends an export to the hub and says what became of it. */
async function upload(phone, file) {
  const note = element("upload-said");
  const tell = (said, kind = "") => {
    say(note, said);
    note.className = `note ${kind}`;
  };
  if (file.size > MOST) return tell(text("problem-export-too-large"), "error");
  tell(text("uploading"));
  try {
    const answer = await fetch(`/api/v1/things/${encodeURIComponent(phone.joined.thing)}/upload`, {
      method: "POST",
      headers: { authorization: `Bearer ${phone.joined.token}`, "content-type": "application/octet-stream" },
      body: file,
    });
    if (!answer.ok) return tell(await sentence(answer), "error");
    const said = await answer.json().catch(() => ({}));
    // What the file has and the lesson does not ask for: who exported the wrong experiment sees why there is so little.
    const unused = (said.unused ?? []).map((stream) => sensorName(stream)).join(", ");
    if (said.stored > 0) return tell([text("uploaded", { n: said.stored }), unused && text("upload-unused", { sensors: unused })].filter(Boolean).join(" "), "good");
    if (unused && !(said.duplicates > 0)) return tell(`${text("upload-nothing")} ${text("upload-unused", { sensors: unused })}`, "error");
    return said.duplicates > 0 ? tell(text("uploaded-before"), "good") : tell(text("upload-nothing"), "error");
  } catch {
    return tell(text("no-hub"), "error");
  }
}

export function wire(phone) {
  for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copied(button.dataset.copy));
  element("upload").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) await upload(phone(), file);
    event.target.value = "";
  });
}

export { sensorName };
