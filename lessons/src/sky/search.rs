//! When something smooth passes a level.

use super::Result;
use crate::Micros;

/// A passage of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crossing {
    pub(super) time: Micros,
    /// Upwards.
    pub(super) rising: bool,
}

/// The golden section.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// Every time between `from` and `to` at which `height` passes `level`, in order, to a millisecond.
///
/// The function is asked every `step` µs; where it has an extremum between, that is found too, so that no short visit beyond the level
/// is lost. It must not have two extrema within one step.
pub(super) fn crossings(
    from: Micros,
    to: Micros,
    step: Micros,
    level: f64,
    mut height: impl FnMut(Micros) -> Result<f64>,
) -> Result<Vec<Crossing>> {
    let mut found = vec![];
    let mut before = (from, height(from)? - level);
    let mut middle: Option<(Micros, f64)> = None;
    let mut time = from;
    while time < to {
        time = (time + step.max(1)).min(to);
        let now = (time, height(time)? - level);
        match middle {
            None => pass(before, now, level, &mut height, &mut found)?,
            Some(turn) => {
                // The extremum between the three was not among them, and lies on the other side of the level.
                let summit = now.1 <= turn.1 && before.1 <= turn.1 && turn.1 < 0.0;
                let valley = now.1 >= turn.1 && before.1 >= turn.1 && turn.1 > 0.0;
                if summit || valley {
                    let sign = if summit { 1.0 } else { -1.0 };
                    let (at, value) = extremum(before.0, now.0, |time| Ok(sign * (height(time)? - level)))?;
                    if value > 0.0 {
                        // What was told of the stretch before the middle had no passage; now it has two.
                        pass(before, (at, sign * value), level, &mut height, &mut found)?;
                        pass((at, sign * value), now, level, &mut height, &mut found)?;
                    } else {
                        pass(turn, now, level, &mut height, &mut found)?;
                    }
                } else {
                    pass(turn, now, level, &mut height, &mut found)?;
                }
                before = turn;
            }
        }
        middle = Some(now);
    }
    Ok(found)
}

/// The passage between two times, if their signs differ: by bisection, down to a millisecond.
fn pass(
    (mut from, low): (Micros, f64),
    (mut to, high): (Micros, f64),
    level: f64,
    height: &mut impl FnMut(Micros) -> Result<f64>,
    found: &mut Vec<Crossing>,
) -> Result<()> {
    let (was, is) = (low >= 0.0, high >= 0.0);
    if was == is {
        return Ok(());
    }
    while to - from > 1_000 {
        let middle = from + (to - from) / 2;
        if (height(middle)? - level >= 0.0) == was { from = middle } else { to = middle }
    }
    found.push(Crossing { time: from + (to - from) / 2, rising: is });
    Ok(())
}

/// The largest value between two times with one summit between them, by the golden section, to 10 ms of time.
pub(super) fn extremum(mut from: Micros, mut to: Micros, mut value: impl FnMut(Micros) -> Result<f64>) -> Result<(Micros, f64)> {
    let inner = |from: Micros, to: Micros| ((to - from) as f64 * (1.0 - GOLDEN)) as Micros;
    let (mut left, mut right) = (from + inner(from, to), to - inner(from, to));
    let (mut at_left, mut at_right) = (value(left)?, value(right)?);
    while to - from > 10_000 {
        if at_left < at_right {
            from = left;
            (left, at_left) = (right, at_right);
            right = to - inner(from, to);
            at_right = value(right)?;
        } else {
            to = right;
            (right, at_right) = (left, at_left);
            left = from + inner(from, to);
            at_left = value(left)?;
        }
    }
    Ok(if at_left > at_right { (left, at_left) } else { (right, at_right) })
}
