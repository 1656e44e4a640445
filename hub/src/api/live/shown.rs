//! What a board may show.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use messwerk_lessons::Micros;
use messwerk_lessons::frame::Frame;
use messwerk_lessons::id::ThingId;
use messwerk_query::LessonOutcomes;

use crate::flow::state::LessonState;
use crate::results::Results;

/// What the teacher lets boards show.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shown {
    /// Things that are hidden or removed.
    not: BTreeSet<ThingId>,
    /// Nothing after this.
    pub(super) frozen: Option<Micros>,
    /// From when until when readings count; `None`: always.
    takes: Option<Vec<(Micros, Micros)>>,
}

impl Shown {
    /// What may be shown of a lesson as it is.
    pub(crate) fn of(state: &LessonState) -> Self {
        let hidden = state.counted().filter(|thing| thing.hidden).chain(state.removed.iter());
        let takes = || state.takes.iter().map(|take| (take.begins, take.ends.unwrap_or(Micros::MAX))).collect();
        Self { not: hidden.map(|thing| thing.id).collect(), frozen: state.lesson.frozen, takes: state.lesson.led.then(takes) }
    }

    /// The same, but this Thing is shown: to itself.
    pub(crate) fn but(mut self, thing: ThingId) -> Self {
        self.not.remove(&thing);
        self
    }

    /// Whether the same Things are shown.
    pub(super) fn same_things(&self, other: &Self) -> bool {
        self.not == other.not
    }

    /// The part of a frame that is shown.
    pub(crate) fn frame(&self, frame: Bytes) -> Bytes {
        if self.not.is_empty() && self.frozen.is_none() && self.takes.is_none() {
            return frame;
        }
        // Our own frames can be read.
        let Ok(mut read) = Frame::decode(&frame) else { return frame };
        let (origin, length) = (read.origin, Micros::from(read.window));
        read.series.retain(|series| !self.not.contains(&series.thing));
        for series in &mut read.series {
            series.windows.retain(|window| self.window(origin + Micros::from(window.index) * length, length));
        }
        read.series.retain(|series| !series.windows.is_empty());
        read.encode().into()
    }

    /// Whether a window is shown: it has begun before the freeze, and some of it lies in a Take.
    fn window(&self, start: Micros, length: Micros) -> bool {
        let in_take = |takes: &Vec<(Micros, Micros)>| takes.iter().any(|(begins, ends)| start + length > *begins && start < *ends);
        self.frozen.is_none_or(|frozen| start < frozen) && self.takes.as_ref().is_none_or(in_take)
    }

    /// The outcomes' JSON without those of Things that are not shown. The class's result is over all of them.
    pub(super) fn outcomes(&self, results: &Results) -> Arc<str> {
        let thinned = self.thinned(&results.outcomes).and_then(|shown| serde_json::to_string(&shown).ok());
        thinned.map_or_else(|| Arc::clone(&results.json), Into::into)
    }

    /// The same as a value; `None` if there is nothing to leave out.
    pub(crate) fn thinned(&self, all: &LessonOutcomes) -> Option<LessonOutcomes> {
        let hides = |thing: ThingId| self.not.contains(&thing);
        if !all.outcomes.iter().any(|outcome| hides(outcome.thing)) && !all.pending.iter().any(|pending| hides(pending.thing)) {
            return None;
        }
        let mut shown = all.clone();
        shown.outcomes.retain(|outcome| !hides(outcome.thing));
        shown.pending.retain(|pending| !hides(pending.thing));
        Some(shown)
    }
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::frame::{Component, Series, Window};
    use messwerk_lessons::id::LessonId;
    use messwerk_lessons::quantity::ObservedProperty;
    use messwerk_store::catalogue::{Lesson, Take, Thing};

    use super::*;

    /// The windows of Things 1 to 3, begun at 1,000, 1,100 … 1,900, that are shown: Thing and beginning.
    fn check(led: bool, frozen: Option<Micros>, takes: &[(Micros, Option<Micros>)], expected: &[(u64, &[Micros])]) {
        let lesson = Lesson { led, frozen, ..Lesson::free(LessonId(1), "rest", "123456", "A".repeat(22), 0) };
        let take = |&(begins, ends): &(Micros, Option<Micros>)| Take { number: 1, begins, ends, rehearsal: false, undone: false };
        let thing = |number: u32| Thing::new(ThingId(number.into()), LessonId(1), number, "Otter", 0);
        let things = vec![thing(1), Thing { hidden: true, ..thing(2) }, Thing { removed: true, ..thing(3) }];
        let shown = Shown::of(&LessonState::new(1, lesson, takes.iter().map(take).collect(), things, 5_000));
        let windows = (0..10).map(|index| Window { index, count: 1, mean: 0.0, min: 0.0, max: 0.0 });
        let series = |thing: u64| Series {
            thing: ThingId(thing),
            property: ObservedProperty::Pressure,
            component: Component::X,
            windows: windows.clone().collect(),
        };
        let frame = Frame { origin: 1_000, window: 100, series: (1..=3).map(series).collect() };
        let read = Frame::decode(&shown.frame(frame.encode().into())).unwrap();
        let starts = |series: &Series| series.windows.iter().map(|window| 1_000 + 100 * Micros::from(window.index)).collect::<Vec<_>>();
        let seen: Vec<_> = read.series.iter().map(|series| (series.thing.0, starts(series))).collect();
        let expected: Vec<_> = expected.iter().map(|(thing, starts)| (*thing, starts.to_vec())).collect();
        assert_eq!(seen, expected, "{frozen:?} {takes:?}");
    }

    #[test]
    fn a_board_shows_what_it_may() {
        check(false, None, &[], &[(1, &[1_000, 1_100, 1_200, 1_300, 1_400, 1_500, 1_600, 1_700, 1_800, 1_900])]);
        check(false, Some(1_150), &[], &[(1, &[1_000, 1_100])]);
        check(true, None, &[], &[]);
        check(true, None, &[(1_250, Some(1_400))], &[(1, &[1_200, 1_300])]);
        check(true, None, &[(0, Some(1_050)), (1_800, None)], &[(1, &[1_000, 1_800, 1_900])]);
        check(true, Some(1_850), &[(1_700, None)], &[(1, &[1_700, 1_800])]);
    }
}
