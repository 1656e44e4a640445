//! A figure as a melody: which numbers become tones, and between which values the pitch runs. How it sounds is the page's
//! business (`www/sound.js`).

use serde::Serialize;

use crate::board::Board;
use crate::figure::Figure;
use crate::figure::strip::Content;
use crate::model::ring::Ring;
use crate::words;

/// Tones a melody has at most: at about 40 ms each it lasts five seconds.
pub(crate) const TONES: i32 = 120;

/// Values from left to right.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Melody {
    /// Of what: a Thing, or the answer that the class compares.
    pub name: String,
    /// The values; none is a gap and silent.
    pub values: Vec<Option<f64>>,
    /// The value of the lowest pitch.
    pub low: f64,
    /// The value of the highest pitch.
    pub high: f64,
    /// Unit as it is written.
    pub unit: String,
}

impl Board {
    /// A chart over time plays the Thing that is read out, else the highlighted, else the first, with the axis as the range
    /// of pitches, so that equal values sound alike in every Thing. Results are played from the smallest to the largest.
    pub fn melody(&self, figure: Figure) -> Melody {
        if figure == Figure::Strip { self.results_played() } else { self.curve_played(figure) }.unwrap_or_default()
    }

    fn curve_played(&self, figure: Figure) -> Option<Melody> {
        let view = self.view(figure);
        let subject = view.cursor.map(|cursor| cursor.thing).filter(|_| figure != Figure::Sweep).or_else(|| view.subject(self.model()))?;
        let (thing, lesson) = (self.model().thing(subject)?, self.model().lesson()?);
        let (from, to) = view.of(self.model(), subject).windows(self.model());
        let ring = self.model().ring(subject)?;
        let stride = (to.saturating_sub(from) / TONES).max(0) + 1;
        let starts = (0..TONES).map(|tone| from.saturating_add(tone.saturating_mul(stride))).take_while(|start| *start < to);
        let values = starts.map(|start| mean(ring, start, start.saturating_add(stride).min(to))).collect();
        Some(Melody { name: thing.label(), values, low: view.range.0, high: view.range.1, unit: words::unit(&lesson.unit) })
    }

    fn results_played(&self) -> Option<Melody> {
        let content = Content::of(self.model())?;
        let values: Vec<f64> = content.answers.iter().filter(|answer| answer.counts()).map(|answer| answer.value).collect();
        let values = crate::order::numbers(&values);
        let (low, high) = (*values.first()?, *values.last()?);
        Some(Melody {
            name: content.name.to_owned(),
            values: values.into_iter().map(Some).collect(),
            low,
            high,
            unit: content.unit.clone(),
        })
    }
}

/// The mean of the windows from one index to another; none if all are missing.
fn mean(ring: &Ring, from: i32, to: i32) -> Option<f64> {
    let (sum, count) = ring.range(from, to).fold((0.0, 0u32), |(sum, count), window| (sum + f64::from(window.mean), count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
