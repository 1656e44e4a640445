//! Whose clock is wrong. A reading's time is the phone's word; when it arrives is the hub's. Windows that keep arriving
//! with the same large distance from now are of a phone whose clock is off by that much: it is drawn against its own
//! clock, and its tile says so, instead of standing there without data.

use std::collections::BTreeMap;

use messwerk_lessons::frame::Frame;
use messwerk_lessons::id::ThingId;

use super::AHEAD;
use crate::model::Model;

/// Readings that arrive this many seconds late are still on time: phones send in batches, networks are slow.
const LATE: f64 = 5.0;
/// Distances within so many seconds are the same: batches come when they come.
const STEADY: f64 = 2.0;
/// For so many seconds a distance must stay the same. A phone that was cut off and sends what it kept catches up sooner.
const LASTING: f64 = 3.0;

/// Distances that may turn out to be wrong clocks: seconds behind, and since when.
#[derive(Debug, Default)]
pub(super) struct Clocks(BTreeMap<ThingId, (f64, f64)>);

impl Clocks {
    /// Takes a frame that arrived at `now`, in seconds after the grid's origin.
    pub(super) fn arrived(&mut self, model: &mut Model, frame: &Frame, now: f64) {
        let watched = model.lesson().and_then(|lesson| Some((lesson.property?, lesson.component)));
        let (Some(grid), Some((property, component))) = (model.grid(), watched) else { return };
        for series in frame.series.iter().filter(|series| (series.property, series.component) == (property, component)) {
            let Some(newest) = series.windows.last() else { continue };
            let behind = now - (f64::from(newest.index) + 1.0) * grid.seconds();
            let thing = series.thing;
            if (-AHEAD..LATE).contains(&behind) {
                self.0.remove(&thing);
                model.set_behind(thing, 0.0);
            } else if (behind - model.behind(thing)).abs() <= STEADY {
                self.0.remove(&thing);
            } else {
                let (least, since) =
                    self.0.get(&thing).copied().filter(|(before, _)| (behind - before).abs() <= STEADY).unwrap_or((behind, now));
                let least = least.min(behind);
                self.0.insert(thing, (least, since));
                if now - since >= LASTING {
                    model.set_behind(thing, least);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::frame::{Component, Series, Window};
    use messwerk_lessons::quantity::ObservedProperty;

    use super::*;
    use crate::model::lesson::Lesson;

    /// Frames of Thing 1, ten a second: when each arrives and where its newest window ends. Returns how far its clock is
    /// then said to be behind.
    fn check(arrivals: impl IntoIterator<Item = (f64, f64)>, expected: f64) {
        let (mut model, mut clocks) = (Model::default(), Clocks::default());
        let lesson = r#"{"id":"a","property":"angular_velocity","component":"z","things":[{"id":"0000000000001","number":1}]}"#;
        model.set_lesson(Lesson::parse(lesson).unwrap());
        for (now, end) in arrivals {
            let window = Window { index: (end * 10.0).round() as i32 - 1, count: 1, mean: 0.0, min: 0.0, max: 0.0 };
            let series =
                Series { thing: ThingId(1), property: ObservedProperty::AngularVelocity, component: Component::Z, windows: vec![window] };
            let frame = Frame { origin: 0, window: 100_000, series: vec![series] };
            model.apply(&frame);
            clocks.arrived(&mut model, &frame, now);
        }
        assert!((model.behind(ThingId(1)) - expected).abs() < 0.15, "{} is not {expected}", model.behind(ThingId(1)));
    }

    fn seconds(from: i32, to: i32) -> impl Iterator<Item = f64> {
        (10 * from..10 * to).map(|tenth| f64::from(tenth) / 10.0)
    }

    #[test]
    fn a_steady_distance_is_a_wrong_clock() {
        check(seconds(100, 110).map(|now| (now, now)), 0.0);
        check(seconds(100, 110).map(|now| (now, now - 60.0)), 60.0);
        check(seconds(100, 110).map(|now| (now, now + 8.0)), -8.0);
        check(seconds(100, 102).map(|now| (now, now - 60.0)), 0.0);
    }

    #[test]
    fn batches_are_not_wrong_clocks_and_their_newest_reading_tells_how_wrong() {
        // Once a second a batch that is between half a second and one and a half old.
        let batches =
            |behind: f64| (100..110).map(move |now| (f64::from(now), f64::from(now) - behind - if now % 2 == 0 { 0.5 } else { 1.5 }));
        check(batches(0.0), 0.0);
        check(batches(30.0), 30.5);
    }

    #[test]
    fn who_catches_up_or_is_set_right_has_no_wrong_clock() {
        // Cut off for a minute, then six seconds of kept readings a second.
        check(seconds(100, 115).map(|now| (now, now.min(40.0 + (now - 100.0) * 6.0))), 0.0);
        let wrong = seconds(100, 110).map(|now| (now, now - 60.0));
        check(wrong.chain(seconds(110, 111).map(|now| (now, now))), 0.0);
    }
}
