//! Thinning: which readings of a stream faster than `max_hz` are kept.

use messwerk_lessons::Micros;

/// Of the distance `1/max_hz`, what readings must keep: a sensor at 412 Hz becomes one at 206, evenly.
const APART: f64 = 0.95;

/// A reading that is nearer than that is kept all the same while it is at most by this part of the distance ahead of a
/// stream at exactly `max_hz`: a sensor at `max_hz` jitters and is not to be thinned.
const AHEAD: f64 = 0.3;

/// How far readings of one and the same time may run ahead, µs: senders whose clock has whole seconds are not fast.
const AT_ONCE: Micros = 1_000_000;

/// The distance of readings at `max_hz`, µs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Interval(f64);

impl Interval {
    /// `None` without limit.
    pub(super) fn of(max_hz: f32) -> Option<Self> {
        (max_hz > 0.0).then(|| Self(1e6 / f64::from(max_hz)))
    }

    /// The least distance that is kept whatever came before.
    pub(super) fn apart(self) -> Micros {
        (APART * self.0) as Micros
    }

    /// When the next reading is due after one was kept. A stream that is ahead owes one reading at most (a sensor at 205 Hz
    /// that begins to jitter does not pay for minutes), and one that is behind has one to spare.
    pub(super) fn after(self, last: Option<Micros>, due: Option<Micros>, kept: Micros) -> Micros {
        let interval = self.0 as Micros;
        let due = due.unwrap_or(kept);
        let due = if last == Some(kept) { due } else { due.clamp(kept.saturating_sub(interval), kept.saturating_add(interval)) };
        due.saturating_add(interval)
    }

    /// Whether a reading is one too many after the `last` that was kept.
    pub(super) fn is_crowded(self, raw: Micros, last: Option<Micros>, due: Option<Micros>) -> bool {
        let Some(last) = last else { return false };
        let due = due.unwrap_or_else(|| self.after(None, None, last));
        if raw == last {
            return due.saturating_sub(raw) > AT_ONCE;
        }
        raw.saturating_sub(last).saturating_abs() < self.apart() && raw < due.saturating_sub((AHEAD * self.0) as Micros)
    }
}
