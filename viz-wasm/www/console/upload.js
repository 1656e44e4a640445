// A file that phyphox exported: for a group that measured without the network.

import { text } from "../words.js";
import { asTeacher } from "./api.js";
import { byId, make, mark, say } from "./dom.js";
import { tapped } from "./tap.js";

/** What the hub takes. */
const LARGEST = 10 * 1024 * 1024;
/** Reading a large file takes the hub a while. */
const WAIT = 60_000;

export function listenToUpload(session) {
  const tell = (words, look) => {
    say(byId("uploaded"), words);
    byId("uploaded").className = `note ${look ?? ""}`;
  };
  byId("upload").addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = byId("upload-file").files;
    const thing = byId("upload-thing").value;
    if (!file || !thing) return tell(text("upload-choose"), "error");
    if (file.size > LARGEST) return tell(text("upload-large"), "error");
    tell("");
    const answer = await tapped(
      byId("upload-send"),
      () => asTeacher("POST", `/api/v1/things/${encodeURIComponent(thing)}/upload`, file, { wait: WAIT }),
      (error) => tell(error.message, "error"),
    );
    if (!answer) return undefined;
    byId("upload-file").value = "";
    const { stored = 0, duplicates = 0, rejected = 0 } = answer;
    return tell(text(stored === 0 && duplicates > 0 ? "upload-again" : "upload-done", { stored, duplicates, rejected }), stored > 0 || duplicates > 0 ? "good" : "error");
  });
  return () => {
    const select = byId("upload-thing");
    const things = session.lesson?.things ?? [];
    const wanted = things.map(({ id, nickname }) => `${id} ${nickname}`).join();
    if (select.dataset.things === wanted) return;
    select.dataset.things = wanted;
    const chosen = select.value;
    select.replaceChildren(...things.map(({ id, number, nickname }) => make("option", { value: id, textContent: `${number} ${nickname}` })));
    if (things.some(({ id }) => id === chosen)) select.value = chosen;
    mark(byId("upload-send"), "aria-disabled", things.length === 0 ? "true" : null);
  };
}
