//! How old elements are, and what that means.

use super::DAY;
use crate::Micros;

/// Elements older than this are warned of, µs: seven days. The ISS is then off by several seconds, after a manoeuvre by minutes.
pub const FRESH: Micros = 7 * DAY;

/// The time between an epoch and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// Now less the epoch, µs; negative where the epoch lies ahead.
    pub micros: Micros,
}

impl Age {
    /// The age at `now` of elements of `epoch`.
    pub fn of(epoch: Micros, now: Micros) -> Self {
        Self { micros: now.saturating_sub(epoch) }
    }

    /// In days, negative for an epoch ahead.
    pub fn days(self) -> f64 {
        self.micros as f64 / DAY as f64
    }

    /// Whether to warn: more than [`FRESH`] on either side of the epoch.
    pub fn is_old(self) -> bool {
        self.micros.unsigned_abs() > FRESH.unsigned_abs()
    }
}
