//! Headings with times, so that a long wait says what it waits for.

use std::time::{Duration, Instant};

/// A stage that has begun.
pub(crate) struct Stage {
    title: String,
    since: Instant,
}

impl Stage {
    /// Prints the heading; `expect` says in a few words how long it may take.
    pub(crate) fn begin(title: &str, expect: &str) -> Self {
        let expect = if expect.is_empty() { String::new() } else { format!(" ({expect})") };
        println!("\n== {title}{expect}");
        Self::silent(title)
    }

    /// Begins without a heading.
    pub(crate) fn silent(title: &str) -> Self {
        Self { title: title.to_owned(), since: Instant::now() }
    }

    /// Prints how it went and returns the time it took.
    pub(crate) fn end(self, note: &str) -> Duration {
        let took = self.since.elapsed();
        let note = if note.is_empty() { String::new() } else { format!(": {note}") };
        println!("-- {} done in {}{note}", self.title, human(took));
        took
    }
}

/// `0.4 s`, `12 s`, `3 min 05 s`.
pub(crate) fn human(time: Duration) -> String {
    match time.as_secs() {
        0..=9 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..=119 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        let check = |millis, expected: &str| assert_eq!(human(Duration::from_millis(millis)), expected);
        check(0, "0.0 s");
        check(440, "0.4 s");
        check(12_900, "12 s");
        check(119_999, "119 s");
        check(185_000, "3 min 05 s");
    }
}
