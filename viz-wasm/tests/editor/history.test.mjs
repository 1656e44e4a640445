// Undo and redo over several files.

import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../www/editor/history.js";

function history(files) {
  let time = 0;
  const made = new History(files, () => time);
  return { made, wait: (ms) => (time += ms) };
}

test("typing that goes on is one step", () => {
  const { made, wait } = history({ a: "" });
  for (const text of ["x", "xy", "xyz"]) {
    made.put("a", text);
    wait(100);
  }
  wait(2000);
  made.put("a", "xyz!");
  assert.equal(made.undo(), "a");
  assert.equal(made.files.a, "xyz");
  assert.equal(made.undo(), "a");
  assert.equal(made.files.a, "");
  assert.equal(made.undo(), undefined);
  assert.equal(made.redo(), "a");
  assert.equal(made.redo(), "a");
  assert.equal(made.files.a, "xyz!");
  assert.equal(made.redo(), undefined);
});

test("each file has its steps, and a new change forgets what was undone", () => {
  const { made } = history({ a: "1", b: "1" });
  made.put("a", "2");
  made.put("b", "2");
  made.put("c", "new");
  assert.equal(made.put("c", "new"), false);
  assert.equal(made.undo(), "c");
  assert.deepEqual(made.files, { a: "2", b: "2" });
  made.put("b", undefined);
  assert.deepEqual(made.files, { a: "2" });
  assert.equal(made.redo(), undefined);
  made.undo();
  assert.deepEqual(made.files, { a: "2", b: "2" });
});

test("steps are bounded", () => {
  const { made, wait } = history({ a: "" });
  for (let count = 0; count < 300; count += 1) {
    made.put("a", String(count));
    wait(1000);
  }
  let steps = 0;
  while (made.undo()) steps += 1;
  assert.equal(steps, 200);
});

test("who goes elsewhere begins a new step, however quick he is", () => {
  const history = new History({ "lesson.toml": "a" }, () => 0);
  history.put("lesson.toml", "ab");
  history.pause();
  history.put("lesson.toml", "abc");
  history.undo();
  assert.equal(history.files["lesson.toml"], "ab");
});
