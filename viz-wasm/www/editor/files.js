// The files beside the texts: pictures and recordings.

import { text } from "../words.js";
import { byId, make, mark } from "../console/dom.js";

/** As the format has it. */
const PICTURE = 2 * 1024 * 1024;
const FIXTURE = `# A recording, and what must come out of it.
simulate = { seed = 1, seconds = 20 }

[inputs]

[expect.NAME]
value = 1.0
within = 0.1
`;

/** A picture's bytes as the API takes them. */
async function encoded(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return { base64: btoa(binary) };
}

/** A file's name as the format takes it. */
const named = (name) => name.toLowerCase().replace(/[^a-z0-9.-]+/g, "-").replace(/^-+|-+$/g, "");

export class Files {
  constructor({ files, change, open, failed }) {
    Object.assign(this, { files, change, open, failed });
    byId("add-picture").addEventListener("click", () => byId("picture").click());
    byId("picture").addEventListener("change", () => this.picture());
    byId("add-fixture").addEventListener("click", () => this.fixture());
  }

  async picture() {
    const [file] = byId("picture").files;
    byId("picture").value = "";
    if (!file) return;
    this.failed();
    if (file.size > PICTURE) return this.failed({ message: text("picture-too-large") });
    return this.change(`assets/${named(file.name)}`, await encoded(file));
  }

  fixture() {
    const taken = Object.keys(this.files());
    let number = 1;
    while (taken.includes(`fixtures/recording-${number}.toml`)) number += 1;
    const name = `fixtures/recording-${number}.toml`;
    this.change(name, FIXTURE);
    this.open(name);
  }

  show() {
    const items = Object.keys(this.files()).sort().map((name) => {
      const text_ = typeof this.files()[name] === "string";
      const open = text_ ? make("button", { type: "button", className: "link", textContent: name }) : make("span", { textContent: name });
      if (text_) open.addEventListener("click", () => this.open(name));
      const out = make("button", { type: "button", className: "quiet", textContent: text("file-remove") });
      mark(out, "aria-label", `${text("file-remove")}: ${name}`);
      out.addEventListener("click", () => this.change(name, undefined));
      const needed = name === "lesson.toml";
      return make("li", {}, open, needed ? undefined : out);
    });
    byId("files").replaceChildren(...items);
  }
}
