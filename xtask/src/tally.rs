//! Counting what test runners report, whichever runner it is.

use std::ops::AddAssign;

/// How many checks passed, failed and were skipped.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// One check that is not a test runner's.
    pub(crate) fn one(passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed), skipped: 0 }
    }

    /// Reads one line of output; lines that are no summary change nothing. Understood are nextest's summary, cargo test's
    /// result line, node's `# pass N`, and the plain `N passed, N failed[, N skipped]` alone on a line. Those without a heading count only without
    /// indentation: nextest repeats a failed test's own output, with its result line, indented.
    pub(crate) fn read(&mut self, line: &str) {
        let line = line.trim_end();
        if let Some(rest) = line.strip_prefix("test result: ") {
            self.add_counts(rest.split_once(". ").map_or(rest, |(_, counts)| counts), ';');
        } else if let Some((_, counts)) = line.trim_start().strip_prefix("Summary [").and_then(|rest| rest.split_once(" run: ")) {
            self.add_counts(counts, ',');
        } else if let Some((what, count)) = line.strip_prefix("# ").and_then(|rest| rest.split_once(' ')) {
            // Node's test runner: `# pass 16`, `# fail 0`, `# cancelled 0`, `# skipped 0`, and lines that are no result.
            let count = count.parse().unwrap_or(0);
            match what {
                "pass" => self.passed += count,
                "fail" | "cancelled" => self.failed += count,
                "skipped" | "todo" => self.skipped += count,
                _ => {}
            }
        } else if line.contains(" passed, ") && line.split(", ").all(is_plain) {
            self.add_counts(line, ',');
        }
    }

    /// Adds `3 passed (1 slow), 1 timed out` and the like. What a runner filtered out or ignored on request is not ours to
    /// judge except nextest's `skipped`, which names tests nobody ran.
    fn add_counts(&mut self, counts: &str, separator: char) {
        for part in counts.split(separator) {
            let mut words = part.split_whitespace();
            let Some(count) = words.next().and_then(|word| word.parse::<u64>().ok()) else { continue };
            match (words.next(), words.next()) {
                (Some("passed"), _) => self.passed += count,
                (Some("failed"), _) | (Some("timed"), Some("out")) | (Some("exec"), Some("failed")) => self.failed += count,
                (Some("skipped"), _) => self.skipped += count,
                _ => {}
            }
        }
    }
}

fn is_plain(part: &str) -> bool {
    matches!(part.split_once(' '), Some((count, "passed" | "failed" | "skipped")) if count.bytes().all(|b| b.is_ascii_digit()))
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, passed: u64, failed: u64, skipped: u64) {
        let mut tally = Tally::default();
        tally.read(line);
        assert_eq!(tally, Tally { passed, failed, skipped }, "{line}");
    }

    #[test]
    fn nextest() {
        check("     Summary [   0.012s] 12 tests run: 12 passed, 0 skipped", 12, 0, 0);
        check("     Summary [   9.1s] 12/20 tests run: 8 passed (1 slow, 1 flaky), 3 failed, 1 timed out, 2 skipped", 8, 4, 2);
        check("     Summary [   9.1s] 2 tests run: 1 passed, 1 exec failed, 0 skipped", 1, 1, 0);
    }

    #[test]
    fn cargo_test() {
        check("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s", 3, 0, 0);
        check("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out", 3, 2, 0);
    }

    #[test]
    fn node() {
        check("# pass 16", 16, 0, 0);
        check("# fail 2", 0, 2, 0);
        check("# cancelled 1", 0, 1, 0);
        check("# skipped 3", 0, 0, 3);
        check("# tests 16", 0, 0, 0);
        check("# Subtest: pass 3", 0, 0, 0);
    }

    #[test]
    fn plain() {
        check("7 passed, 0 failed", 7, 0, 0);
        check("7 passed, 1 failed, 2 skipped", 7, 1, 2);
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in [
            "",
            "ok 3 passed",
            "we saw 3 passed, 1 failed yesterday",
            "test a ... ok",
            "running 3 tests",
            "    test result: FAILED. 0 passed; 1 failed",
        ] {
            check(line, 0, 0, 0);
        }
    }
}
