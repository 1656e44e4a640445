// The form reads and writes single keys of a lesson.toml; everything else in the text stays as it is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { get, set, write } from "../../www/editor/toml.js";

const TEXT = `# A plan.
format = 1
id = "free-fall"   # never changes
authors = ["A, B", 'C']
grades = [8, 10]
long = """
title = "no key"
"""
many = [
  1,
]
[title]
de = "Freier \\"Fall\\""

[[input]]
name = "h"
unit = "m"

[reference]
value = 9.81
`;

test("a key is read, wherever it stands", () => {
  const value = (table, key) => get(TEXT, table, key).value;
  assert.equal(value("", "format"), 1);
  assert.equal(value("", "id"), "free-fall");
  assert.deepEqual(value("", "authors"), ["A, B", "C"]);
  assert.deepEqual(value("", "grades"), [8, 10]);
  assert.equal(value("title", "de"), 'Freier "Fall"');
  assert.equal(value("reference", "value"), 9.81);
  assert.equal(get(TEXT, "", "id").line, 3);
  assert.deepEqual(get(TEXT, "", "title"), { value: undefined, there: false, line: undefined }, "within a text of several lines");
  assert.deepEqual(get(TEXT, "", "name"), { value: undefined, there: false, line: undefined }, "of a table that comes several times");
});

test("what goes on over several lines is left to the text", () => {
  for (const key of ["long", "many"]) {
    assert.equal(get(TEXT, "", key).there, true);
    assert.equal(get(TEXT, "", key).value, undefined);
    assert.equal(set(TEXT, "", key, "x"), TEXT);
  }
});

test("a key is written and nothing else changes", () => {
  const check = (table, key, value, before, after) => {
    const changed = set(TEXT, table, key, value);
    assert.equal(changed, TEXT.replace(before, after));
    assert.deepEqual(get(changed, table, key).value, value);
  };
  check("", "id", "fall-2", 'id = "free-fall"   # never changes', 'id = "fall-2"  # never changes');
  check("", "grades", [5, 13], "grades = [8, 10]", "grades = [5, 13]");
  check("title", "de", "Zeile\n\"neu\" # kein Kommentar", 'de = "Freier \\"Fall\\""', 'de = "Zeile\\n\\"neu\\" # kein Kommentar"');
  check("title", "en", "Free fall", 'Fall\\""\n', 'Fall\\""\nen = "Free fall"\n');
  check("reference", "tolerance", 0.1, "value = 9.81\n", "value = 9.81\ntolerance = 0.1\n");
  check("", "minutes", 45, "  1,\n]\n", "  1,\n]\nminutes = 45\n");
});

test("a new key of the file stands before its tables, a new table at the end", () => {
  const short = 'format = 1\n\n[title]\nde = "x"\n';
  assert.equal(set(short, "", "minutes", 45), 'format = 1\nminutes = 45\n\n[title]\nde = "x"\n');
  assert.equal(set(short, "simulation", "scenario", "fall"), `${short}\n[simulation]\nscenario = "fall"\n`);
  assert.equal(set(short, "title", "de", undefined), "format = 1\n\n");
  assert.equal(set('[run]\nmode = "open"\nlength_s = 3\n', "run", "length_s", undefined), '[run]\nmode = "open"\n');
  assert.equal(set("", "", "format", 1), "format = 1\n");
});

test("values are written as TOML", () => {
  assert.equal(write(["ä", 'a"b']), '["ä", "a\\"b"]');
  assert.equal(write(0.1), "0.1");
  assert.equal(write(true), "true");
});
