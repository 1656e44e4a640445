//! What this process has taken of the CPU.

use anyhow::{Context as _, Result};

/// Clock ticks per second in `/proc`: 100 on every Linux of the last twenty years (`USER_HZ`).
const TICKS: f64 = 100.0;

/// User and system time of this process, s, to 10 ms; 0 where there is no `/proc`.
pub(super) fn seconds() -> Result<f64> {
    match std::fs::read_to_string("/proc/self/stat") {
        Ok(stat) => parse(&stat).context("/proc/self/stat has another shape"),
        Err(_) => Ok(0.0),
    }
}

/// utime and stime are the 14th and 15th field; the second one is a name in parentheses that may hold anything.
fn parse(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some((next()? + next()?) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_process_does_not_matter() {
        let rest = "S 1 2 3 4 5 6 7 8 9 10 250 50 0 0";
        assert_eq!(parse(&format!("42 (messwerk-sim) {rest}")), Some(3.0));
        assert_eq!(parse(&format!("42 (a) b) c) {rest}")), Some(3.0));
        assert_eq!(parse("42 (short) S 1 2"), None);
        assert!(seconds().unwrap() >= 0.0);
    }
}
