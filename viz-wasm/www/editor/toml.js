// The keys of a lesson.toml that the form changes: read from the text and written back into it, so that the text stays whole, with
// its comments and its order. Values of one line only; what goes on over several lines is for the text.

const NUMBER = /^[+-]?\d[\d_]*(\.\d+)?([eE][+-]?\d+)?$/;

/** How much deeper in brackets a line ends than it begins; what stands in quotes or behind # counts nothing. */
function depth(line) {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, "").replace(/#.*$/, "");
  return (bare.match(/[[{]/g) ?? []).length - (bare.match(/[\]}]/g) ?? []).length;
}

/** What a value that is not at its end after this line waits for: three quotes, or brackets so deep; null if it is at its end. */
function waiting(value) {
  const quotes = /^("""|''')/.exec(value)?.[1];
  if (quotes) return value.indexOf(quotes, 3) < 0 ? quotes : null;
  const deep = /^[[{]/.test(value) ? depth(value) : 0;
  return deep > 0 ? deep : null;
}

/** The text of a value without the comment behind it, and the comment. */
function split(rest) {
  const quoted = /^("(?:[^"\\]|\\.)*"|'[^']*')\s*(#.*)?$/.exec(rest);
  if (quoted) return [quoted[1], quoted[2] ?? ""];
  const list = /^([[{].*[\]}])\s*(#.*)?$/.exec(rest);
  if (list) return [list[1], list[2] ?? ""];
  const [, value, comment] = /^([^#]*?)\s*(#.*)?$/.exec(rest) ?? [, rest, ""];
  return [value, comment ?? ""];
}

function unquote(text) {
  if (text.startsWith("'")) return text.slice(1, -1);
  try {
    // A basic string of TOML is one of JSON, but for \U and \e.
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value: a string, a number, true or false, a list of those; undefined for everything else. */
function read(text) {
  if (/^["']/.test(text)) return unquote(text);
  if (text === "true" || text === "false") return text === "true";
  if (NUMBER.test(text)) return Number(text.replaceAll("_", ""));
  if (text.startsWith("[") && text.endsWith("]")) {
    const parts = text.slice(1, -1).match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^,\s][^,]*/g) ?? [];
    const list = parts.map((part) => read(part.trim()));
    return list.some((one) => one === undefined) ? undefined : list;
  }
  return undefined;
}

/** A value as it stands in a file. */
export function write(value) {
  if (Array.isArray(value)) return `[${value.map(write).join(", ")}]`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Where things stand: the lines of the file, and for each table its header's line and its keys. */
function outline(text) {
  const lines = text.split("\n");
  const tables = new Map([["", { at: -1, end: lines.length, keys: new Map() }]]);
  let table = tables.get("");
  let within = null;
  let entry;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at].trim();
    if (within) {
      entry.until = at;
      if (typeof within === "string") within = line.includes(within) ? null : within;
      else within = within + depth(line) > 0 ? within + depth(line) : null;
      continue;
    }
    const header = /^(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$/.exec(line);
    if (header) {
      table.end = at;
      table = { at, end: lines.length, keys: new Map() };
      // Of tables that come several times none is the form's.
      if (header[1] === "[" && !tables.has(header[2])) tables.set(header[2], table);
      continue;
    }
    const found = /^([\w-]+|"[^"]*")\s*=\s*(.*)$/.exec(line);
    if (!found) continue;
    const [value, comment] = split(found[2]);
    within = waiting(found[2]);
    entry = { at, until: at, value, comment, whole: !within && !/^("""|''')/.test(value) };
    table.keys.set(found[1].replaceAll('"', ""), entry);
  }
  return { lines, tables };
}

/**
 * What a key says: `{value, line}`; `line` counts from 1. `value` is undefined for a key that is not there or whose value the form
 * cannot show; `there` tells the two apart.
 */
export function get(text, table, key) {
  const found = outline(text).tables.get(table)?.keys.get(key);
  return { value: found?.whole ? read(found.value) : undefined, there: Boolean(found), line: found ? found.at + 1 : undefined };
}

/** The text with a key set; `undefined` takes the key out. A table that is not there is put at the end. */
export function set(text, table, key, value) {
  const { lines, tables } = outline(text);
  const place = tables.get(table);
  const found = place?.keys.get(key);
  if (found && !found.whole) return text;
  if (value === undefined) {
    if (found) lines.splice(found.at, 1);
    // A table without keys would be asked for those it must have.
    if (found && table && place.keys.size === 1) lines.splice(place.at, 1);
    return lines.join("\n");
  }
  const line = `${key} = ${write(value)}`;
  if (found) lines[found.at] = found.comment ? `${line}  ${found.comment}` : line;
  else if (place) {
    const last = Math.max(place.at, ...[...place.keys.values()].map(({ until }) => until));
    lines.splice(last + 1, 0, line);
  } else {
    while (lines.length && !lines.at(-1).trim()) lines.pop();
    lines.push("", `[${table}]`, line, "");
  }
  return lines.join("\n");
}
