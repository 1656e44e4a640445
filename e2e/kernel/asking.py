"""Questions to the kernel and the comparison of its answers."""

import json
import math
import subprocess

import numpy as np


class Kernel:
    """Collects questions, asks them all at once, then judges the answers."""

    def __init__(self, program, checks):
        self.program, self.checks = program, checks
        self.questions, self.judges = [], []

    def ask(self, f, judge, **arguments):
        """`judge` gets the answer later: a dictionary with `ok` or `error`."""
        self.questions.append(json.dumps({"f": f, **{name: plain(value) for name, value in arguments.items()}}))
        self.judges.append((f, judge))

    def refuses(self, f, kind, **arguments):
        """The answer must be this error."""
        self.ask(f, lambda answer: self.checks.equal(f"{f} says {kind}", answer.get("error"), kind), **arguments)

    def settle(self):
        run = subprocess.run([self.program], input="\n".join(self.questions) + "\n", capture_output=True, text=True, timeout=300, check=True)
        answers = run.stdout.splitlines()
        self.checks.equal("every question is answered", len(answers), len(self.questions))
        counts = {}
        for (f, judge), line, question in zip(self.judges, answers, self.questions):
            counts[f] = counts.get(f, 0) + 1
            before = self.checks.failed
            with self.checks.guard(f"{f} is answered as expected"):
                judge(json.loads(line))
            if self.checks.failed > before and counts.get("shown", 0) < 5:
                counts["shown"] = counts.get("shown", 0) + 1
                print(f"       question: {question[:700]}\n       answer: {line[:700]}")
        counts.pop("shown", None)
        print("questions: " + ", ".join(f"{f} {count}" for f, count in sorted(counts.items())))

    def near(self, sentence, found, expected, relative=1e-9, scale=0.0):
        """Numbers, or lists of them, that agree relative to the larger of expectation and scale."""
        found, expected = np.asarray(found, float), np.asarray(expected, float)
        if found.shape != expected.shape:
            return self.checks.true(sentence, False, f"shape {found.shape} instead of {expected.shape}")
        size = np.maximum(np.abs(expected), scale)
        off = np.abs(found - expected)
        return self.checks.true(sentence, bool(np.all(off <= relative * size)), f"{found.tolist()} instead of {expected.tolist()}")

    def estimate(self, sentence, found, value, uncertainty, relative=1e-9):
        """A value to a part of its uncertainty or itself, and the uncertainty."""
        self.near(f"{sentence}: value", found[0], value, relative, scale=uncertainty)
        self.near(f"{sentence}: uncertainty", found[1], uncertainty, relative)


def plain(value):
    """What JSON can carry: NaN as null, infinity as a word."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(one) for one in value]
    if isinstance(value, str) or value is None:
        return value
    value = float(value)
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value
