"""Counting checks: each is a sentence, printed when it is not true."""

import os
import time


class Checks:
    """Passed, failed and skipped checks of one run."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def true(self, sentence: str, holds, seen="") -> bool:
        """Counts one check; `seen` is shown when the sentence does not hold."""
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {sentence}" + (f"\n       seen: {str(seen)[:1500]}" if seen != "" else ""))
        return bool(holds)

    def equal(self, sentence: str, seen, expected) -> bool:
        """Counts one check that two values are equal."""
        return self.true(sentence, seen == expected, f"{seen!r} instead of {expected!r}")

    def skip(self, sentence: str):
        """Says what could not be asked. In CI nothing may be skipped."""
        print(f"skipped: {sentence}")
        if os.environ.get("CI") == "true":
            self.failed += 1
        else:
            self.skipped += 1

    def guard(self, sentence: str):
        """A block whose exception is one failed check instead of the end of the run."""
        return _Guard(self, sentence)

    def close(self) -> int:
        """Prints the sum; the exit code."""
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 0 if self.failed == 0 and self.passed > 0 else 1


class _Guard:
    def __init__(self, checks, sentence):
        self.checks, self.sentence = checks, sentence

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is None or not isinstance(error, Exception):
            return False
        while trace.tb_next:
            trace = trace.tb_next
        place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
        self.checks.true(self.sentence, False, f"{kind.__name__}: {error} ({place})")
        return True


def eventually(what, seconds: float = 10.0, pause: float = 0.02):
    """Calls `what` until it returns something true, at most so long; returns its last answer."""
    end = time.monotonic() + seconds
    while True:
        answer = what()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(pause)
