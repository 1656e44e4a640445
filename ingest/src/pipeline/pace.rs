//! How fast one Thing may go on.

use std::time::Duration;

use tokio::time::Instant;

use super::Limits;

/// What a Thing may send ahead of its rate: the buffer of a phone that was out of reach for a moment.
const BURST: Duration = Duration::from_secs(1);
/// Most that one packet is charged. 64 KiB cannot hold more readings than a minute's worth at the default rate.
const LONGEST: Duration = Duration::from_secs(60);

/// The rate of one Thing, as the moment until which everything it sent so far is paid for: one number instead of a
/// bucket for each limit and a timer to fill them.
#[derive(Debug, Default)]
pub(super) struct Pace {
    paid: Option<Instant>,
}

impl Pace {
    /// Charges one packet.
    pub(super) fn charge(&mut self, limits: &Limits, now: Instant, readings: usize) {
        let seconds = (readings as f64 / limits.readings_per_second).max(1.0 / limits.packets_per_second);
        let cost = Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST).min(LONGEST);
        self.paid = Some(self.paid.map_or(now, |paid| paid.max(now)) + cost);
    }

    /// When its sender may go on; `None` is at once.
    pub(super) fn open(&self) -> Option<Instant> {
        // Before the process is a second old there may be no such instant; then nothing is owed either.
        self.paid?.checked_sub(BURST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_burst_the_rate_holds() {
        let limits = Limits { readings_per_second: 100.0, packets_per_second: 10.0, ..Limits::default() };
        let check = |packets: usize, readings: usize, wait: f64| {
            let (mut pace, now) = (Pace::default(), Instant::now() + Duration::from_secs(5));
            (0..packets).for_each(|_| pace.charge(&limits, now, readings));
            let waited = pace.open().unwrap().saturating_duration_since(now).as_secs_f64();
            assert!((waited - wait).abs() < 1e-6, "{packets} packets of {readings}: {waited}");
        };
        check(10, 1, 0.0);
        check(30, 1, 2.0);
        check(1, 100, 0.0);
        check(4, 100, 3.0);
        check(1, 1_000_000, 59.0);
    }

    #[test]
    fn an_idle_thing_saves_no_more_than_the_burst() {
        let limits = Limits { packets_per_second: 1.0, ..Limits::default() };
        let (mut pace, start) = (Pace::default(), Instant::now() + Duration::from_secs(5));
        pace.charge(&limits, start, 1);
        let later = start + Duration::from_secs(100);
        pace.charge(&limits, later, 1);
        assert_eq!(pace.open(), Some(later));
        pace.charge(&limits, later, 1);
        assert_eq!(pace.open(), Some(later + Duration::from_secs(1)));
    }
}
