//! Does a keyless batch belong to the current epoch, or has the sender started again?
//!
//! phyphox counts from 0 again after "clear", and says so nowhere. A batch opens a new epoch if its times fall back and
//! it does not repeat what is stored. Networks and senders fall back for other reasons, so precisely:
//!
//! 1. No reading earlier than the latest stored one: **same** epoch (the ordinary case; pauses too).
//! 2. Every reading that is earlier repeats a stored one (time and bits): **same**. Buffers with `keep="true"`
//!    repeat themselves in each message, networks deliver twice.
//! 3. Otherwise some readings are *fresh*: in the past and not stored. Is there room for them?
//!    - The batch repeats all that is stored between its first and last fresh reading, and something at all: **same**
//!      (a resend that also fills a gap).
//!    - Nothing is stored between them, and they lie in a hole at least 1.5 times as wide as readings there usually lie
//!      apart, or end where the epoch begins: **same** (a batch that was overtaken). Not if it lies more than
//!      [`LATE`] behind: networks do not keep packets that long, but classes measure again after a minute.
//!    - The stream is thinned, and they lie at most [`THINNED_RESEND`] back and within `1/max_hz` of kept ones: **same**;
//!      they were left out when they came first, which is why they are not stored.
//!    - The batch is unsorted in itself and goes on beyond the stored readings (at most [`LATE`] back): **same**. A
//!      sender that merges sources jumps within a batch; one that starts again counts up.
//! 4. Else: **new** epoch. One sensor does not give two different readings between two neighbours, so this is another
//!    recording.
//!
//! Before all of this: a batch of a Take that began after the stream was last heard opens a **new** epoch whatever its
//! times are ([`super::take`]).
//!
//! Forward there is one rule: readings that go on more than a day further than the hub's clock did since the last batch
//! open a **new** epoch ([`leaps`]).
//!
//! What remains ambiguous: a recording started again whose first batch falls, by loss, into a hole the old one has at
//! the same place is taken for a late batch; the next batch then opens the epoch. And a scalar that repeats time *and*
//! bits of the old recording's beginning is taken for a duplicate, as the rule demands.

use messwerk_lessons::Micros;
use messwerk_lessons::observation::Readings;

use super::index::Index;

/// How far behind the newest reading an overtaken batch may lie.
const LATE: Micros = 60_000_000;

/// How far behind the newest reading one may lie that was thinned before and comes again.
const THINNED_RESEND: Micros = 2_000_000;

/// What a raw time may run ahead of the hub's in a pause: no sender's clock gains a day.
const AHEAD: Micros = 24 * 3_600 * 1_000_000;

/// Whether times that go on `forward` after the latest stored one, in a batch that arrived `elapsed` after it, are counted
/// from another zero: experiment seconds, then seconds since 1970. Left in the epoch they would land decades from now. A
/// clock that is wrong by the same amount all the time does not leap.
pub(super) fn leaps(forward: Micros, elapsed: Micros) -> bool {
    forward > elapsed.max(0).saturating_add(AHEAD)
}

/// Whether `batch` belongs to the epoch of `index`, which must be complete over the batch's range. `apart` is the least
/// distance of kept readings if the stream is being thinned.
pub(super) fn continues(index: &Index, batch: &Readings, apart: Option<Micros>) -> bool {
    let (Some(first), Some(last)) = (index.first(), index.last()) else { return false };
    let (mut fresh_low, mut fresh_high) = (Micros::MAX, Micros::MIN);
    let mut all_near = true;
    let (mut sorted, mut previous, mut high) = (true, Micros::MIN, Micros::MIN);
    for (row, &time) in batch.raw_time().iter().enumerate() {
        sorted &= previous <= time;
        previous = time;
        high = high.max(time);
        if time < last && !index.contains(time, batch.value(row)) {
            fresh_low = fresh_low.min(time);
            fresh_high = fresh_high.max(time);
            all_near &= apart.is_some_and(|apart| near(index, time, apart));
        }
    }
    if fresh_low > fresh_high {
        return true;
    }
    let behind = last.saturating_sub(fresh_low);
    let stored = index.count(fresh_low, fresh_high);
    let repeats = |row: usize, low: Micros, high: Micros| {
        let time = batch.raw_time()[row];
        (low..=high).contains(&time) && index.contains(time, batch.value(row))
    };
    let repeated = (0..batch.len()).filter(|&row| repeats(row, fresh_low, fresh_high)).count();
    if stored <= repeated {
        let repeats_any = (0..batch.len()).any(|row| repeats(row, Micros::MIN, last));
        if repeats_any || (behind <= LATE && fits(index, batch, first, fresh_low, fresh_high)) {
            return true;
        }
    }
    (all_near && behind <= THINNED_RESEND) || (!sorted && high > last && behind <= LATE)
}

fn near(index: &Index, time: Micros, apart: Micros) -> bool {
    let (before, after) = index.neighbours(time);
    before.is_some_and(|before| time - before < apart) || after.is_some_and(|after| after - time < apart)
}

/// Whether readings from `low` to `high`, between which nothing is stored, fill a hole or end where the epoch begins.
fn fits(index: &Index, batch: &Readings, first: Micros, low: Micros, high: Micros) -> bool {
    let (before, after) = (index.neighbours(low).0, index.neighbours(high).1);
    match (before, after) {
        (Some(before), Some(after)) => {
            index.interval(low).is_none_or(|usual| (after - before).saturating_mul(2) >= usual.saturating_mul(3))
        }
        _ => {
            let own = || {
                let span = batch.raw_time().last()?.checked_sub(*batch.raw_time().first()?)?;
                (batch.len() > 1).then(|| span / (batch.len() as Micros - 1))
            };
            index.interval(first).or_else(own).is_some_and(|usual| first.saturating_sub(high) <= usual.saturating_mul(2))
        }
    }
}

#[cfg(test)]
mod tests;
