// Reads and fills the part of Fluent (projectfluent.org) that our texts use: messages, also over several lines,
// `{ $variable }`, `{ "text" }`, and a choice by plural or by word. No terms, attributes or functions; hub/tests/it/words.rs
// holds the files to this part. Lines of a message that go on are indented, also its closing brace.

/** The messages of a file: a Map from key to pattern, for `fill`. */
export function parse(source) {
  const messages = new Map();
  for (const entry of source.replace(/\r/g, "").split(/\n(?=[a-z#])/)) {
    const [, key, body] = /^([a-z][\w-]*) *=([^]*)$/.exec(entry) ?? [];
    if (key) messages.set(key, new Reader(body).pattern());
  }
  return messages;
}

/** The text of a pattern in a language; `values` are filled in, numbers as the language writes them. */
export function fill(pattern, values, language) {
  const shown = (value) => (typeof value === "number" ? new Intl.NumberFormat(language).format(value) : String(value));
  return pattern
    .map((part) => {
      if (typeof part === "string") return part;
      const value = values[part.variable];
      if (!part.variants) return value === undefined ? `{$${part.variable}}` : shown(value);
      const names = typeof value === "number" ? [String(value), new Intl.PluralRules(language).select(value)] : [String(value)];
      const found = names.map((name) => part.variants.find((one) => one.key === name)).find(Boolean);
      return fill((found ?? part.variants.find((one) => one.other)).pattern, values, language);
    })
    .join("");
}

class Reader {
  constructor(source) {
    this.source = source;
    this.at = 0;
  }

  /** What matches here, taken; undefined if nothing does. `expression` is sticky. */
  take(expression) {
    expression.lastIndex = this.at;
    const found = expression.exec(this.source);
    if (found) this.at = expression.lastIndex;
    return found ?? undefined;
  }

  /** Text and placeables up to the end, to a closing brace or to the next variant. */
  pattern() {
    const parts = [];
    this.take(/\s*/y);
    for (;;) {
      const words = this.take(/(?:[^{}\n]|\n(?!\s*(?:\*?\[|\})))+/y);
      if (words) parts.push(words[0].replace(/ *\n */g, "\n"));
      else if (this.take(/\{\s*/y)) parts.push(this.placeable());
      else break;
    }
    // Blanks around a pattern are layout; those inside it are text.
    if (typeof parts.at(-1) === "string") parts.push(parts.pop().trimEnd());
    return parts;
  }

  placeable() {
    const literal = this.take(/"([^"\\]*)"\s*\}/y);
    if (literal) return literal[1];
    const variable = this.take(/\$([a-z][\w-]*)\s*/y)?.[1];
    if (this.take(/->/y)) {
      const variants = [];
      for (let head; (head = this.take(/\s*(\*?)\[\s*([\w.-]+)\s*\]/y)); ) {
        variants.push({ other: head[1] === "*", key: head[2], pattern: this.pattern() });
      }
      this.close();
      return { variable, variants };
    }
    this.close();
    return { variable };
  }

  close() {
    if (!this.take(/\s*\}/y)) throw new SyntaxError(`Fluent: a brace is missing near ${this.source.slice(this.at, this.at + 40)}`);
  }
}
