//! The value axis of the live charts: fixed by the template; else the first data choose it, and from then on it grows in
//! round steps and never shrinks within a Take, for an axis that moves under the curve teaches nothing.

use messwerk_lessons::frame::Component;
use messwerk_lessons::quantity::ObservedProperty;

use crate::figure::View;
use crate::model::Model;
use crate::model::lesson::{Lesson, Thing};
use crate::words;

/// One Thing in this many may exceed the axis before it grows: a dropped phone must not flatten the class.
const STRAY: usize = 10;

/// The smallest axis that data choose, as a share of the property's first one: phones at rest must not fill it with noise.
const LEAST: f64 = 0.2;

/// What an axis was chosen for: another of these chooses anew.
type Subject = (Option<ObservedProperty>, Component, Option<(f64, f64)>, Option<u32>);

/// The range of the value axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    range: (f64, f64),
    subject: Option<Subject>,
    fixed: bool,
    /// Whether the axis waits for the first data to choose it.
    open: bool,
    fitted: Option<(f64, f64)>,
}

impl Default for Scale {
    fn default() -> Self {
        Self { range: (-1.0, 1.0), subject: None, fixed: false, open: false, fitted: None }
    }
}

impl Scale {
    pub(super) fn range(&self) -> (f64, f64) {
        self.fitted.unwrap_or(self.range)
    }

    /// The template's range, or the property's first one. What grew is kept until the next Take.
    pub(super) fn choose(&mut self, lesson: &Lesson) {
        let subject = (lesson.property, lesson.component, lesson.range, lesson.take);
        if self.subject == Some(subject) {
            return;
        }
        let fixed = lesson.range.is_some();
        let start = || lesson.property.map_or((-1.0, 1.0), |property| words::start_range(property, lesson.component));
        let range = lesson.range.unwrap_or_else(start);
        // Pressure, temperature and the like have ranges of which everybody knows where in them a classroom lies.
        let open = !fixed && lesson.property.is_some_and(ObservedProperty::is_vector);
        *self = Self { range, subject: Some(subject), fixed, open, fitted: None };
    }

    /// Grows until at most one Thing in ten exceeds the axis.
    pub(super) fn grow(&mut self, model: &Model, view: &View) {
        if self.fixed {
            return;
        }
        let extents = extents(model, view);
        if self.open && !extents.is_empty() {
            self.open = false;
            self.range = (self.range.0 * LEAST, self.range.1 * LEAST);
        }
        let allowed = extents.len() / STRAY;
        self.range.1 = grown(self.range.1, extents.iter().map(|extent| extent.1).collect(), allowed);
        self.range.0 = -grown(-self.range.0, extents.iter().map(|extent| -extent.0).collect(), allowed);
        // A signed axis keeps zero in the middle.
        if self.range.0 < 0.0 && self.range.1 > 0.0 {
            let half = self.range.1.max(-self.range.0);
            self.range = (-half, half);
        }
    }

    /// Fits to what can be seen, or goes back.
    pub(super) fn fit(&mut self, fitted: bool, model: &Model, view: &View) {
        let extent = extents(model, view).into_iter().reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        self.fitted = extent.filter(|_| fitted).map(|(low, high)| {
            let margin = ((high - low) * 0.05).max(high.abs().max(low.abs()) * 1e-3).max(1e-9);
            (low - margin, high + margin)
        });
    }
}

/// What can be seen of each Thing, from smallest to largest.
fn extents(model: &Model, view: &View) -> Vec<(f64, f64)> {
    let extent = |thing: &Thing| {
        let (from, to) = view.of(model, thing.id).windows(model);
        model.ring(thing.id)?.extent(from, to)
    };
    model.things().iter().filter_map(extent).collect()
}

/// `end`, or the next round number that leaves at most `allowed` of the highs beyond it.
fn grown(end: f64, mut highs: Vec<f64>, allowed: usize) -> f64 {
    highs = crate::order::numbers(&highs);
    highs.reverse();
    match highs.get(allowed) {
        Some(&needed) if needed > end => round_up(needed),
        _ => end,
    }
}

/// The smallest of 1, 1.5, 2, 3, 5, 7 times a power of ten that is not below the value, so that at least half of an axis
/// is used; for a negative one, towards zero.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let power = 10f64.powf(value.log10().floor());
    [1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0].into_iter().map(|step| step * power).find(|round| *round >= value).unwrap_or(value)
}

#[cfg(test)]
mod tests;
