//! Readings of one property between edges: counted, averaged, or added up.

use std::collections::BTreeMap;

use crate::Micros;
use crate::analysis::rain_amounts;
use crate::quantity::ObservedProperty;

/// What may be made of several readings of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A mean, a least and a largest value.
    Mean,
    /// The direction of the sum of unit vectors; there is no least direction.
    Direction,
    /// A sum: what fell or shone in intervals that end at their times.
    Amount,
    /// A sum of the differences of a counter.
    Counter,
}

impl Kind {
    /// That of a property.
    pub fn of(property: ObservedProperty) -> Self {
        match property {
            ObservedProperty::Precipitation | ObservedProperty::Sunshine => Self::Amount,
            ObservedProperty::RainTotal => Self::Counter,
            property if property.is_circular() => Self::Direction,
            _ => Self::Mean,
        }
    }
}

/// Whether values belong to the interval that ends at their time: one of exactly midnight is then yesterday's. So do sums, and the
/// irradiance of weather services, which is the mean of the interval before; a station's own of the moment loses nothing by it.
pub fn ends(property: ObservedProperty) -> bool {
    matches!(Kind::of(property), Kind::Amount | Kind::Counter) || property == ObservedProperty::Irradiance
}

/// The readings between two edges. What is not known is `None`, never 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Its first instant; of amounts the instant before it.
    pub begin: Micros,
    /// The first instant of the next; of amounts its last.
    pub end: Micros,
    /// How many readings (of a counter: differences).
    pub count: u64,
    /// Their plain mean; of directions that of their unit vectors, 0 up to 360, if they have one. Of amounts none.
    pub mean: Option<f64>,
    /// The least; of amounts and directions none.
    pub min: Option<f64>,
    /// The largest; of amounts that of an interval, of directions none.
    pub max: Option<f64>,
    /// The sum of amounts.
    pub sum: Option<f64>,
    /// Which share of the time there are readings for, 0 to 1, if each stands for as long as lies between most of them.
    pub coverage: f64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The median time between neighbouring readings, to the second; `None` below two.
    pub step: Option<Micros>,
    /// One for each pair of edges, also without readings.
    pub buckets: Vec<Bucket>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    count: u64,
    /// Of directions the sines.
    sum: f64,
    cosines: f64,
    bounds: Option<(f64, f64)>,
}

/// Takes readings in the order of their times and sorts them into buckets; memory is that of the buckets.
#[derive(Debug, Clone)]
pub struct Buckets {
    kind: Kind,
    ends: bool,
    edges: Vec<Micros>,
    cells: Vec<Cell>,
    /// How often neighbours were so many seconds apart.
    apart: BTreeMap<Micros, u64>,
    last: Option<(Micros, f64)>,
    longest: Micros,
    /// The bucket of the last reading: the next one's is mostly the same.
    at: usize,
}

/// µs of a second.
const SECOND: Micros = 1_000_000;
/// Different distances of readings that are counted; who sends at random has no usual one.
const DISTANCES: usize = 10_000;
/// What a tipping spoon resolves, mm: the next step of an inch counter below it is rounding.
const SPOON: f64 = 0.3;

impl Buckets {
    /// Between rising `edges`, n of them for n - 1 buckets. Of a counter nothing is said across gaps longer than `longest`.
    /// Without two edges, or where they do not rise, there is no bucket.
    pub fn new(property: ObservedProperty, edges: Vec<Micros>, longest: Micros) -> Self {
        let edges = if edges.is_sorted_by(|a, b| a < b) { edges } else { vec![] };
        let cells = vec![Cell::default(); edges.len().saturating_sub(1)];
        Self { kind: Kind::of(property), ends: ends(property), edges, cells, apart: BTreeMap::new(), last: None, longest, at: 0 }
    }

    /// From when on and before when readings are wanted: of a counter also the one before the first bucket.
    pub fn span(&self) -> (Micros, Micros) {
        let (first, last) = (self.edges.first().copied().unwrap_or(0), self.edges.last().copied().unwrap_or(0));
        match self.kind {
            Kind::Counter => (first.saturating_sub(self.longest), last.saturating_add(1)),
            _ if self.ends => (first.saturating_add(1), last.saturating_add(1)),
            _ => (first, last),
        }
    }

    /// Takes the next readings. One that is not later than the one before, or not finite, is passed over.
    pub fn push(&mut self, times: &[Micros], values: &[f32]) {
        for (time, value) in times.iter().zip(values) {
            let (time, value) = (*time, f64::from(*value));
            if !value.is_finite() || self.last.is_some_and(|(last, _)| time <= last) {
                continue;
            }
            let before = self.last.replace((time, value));
            if let Some((last, _)) = before {
                let seconds = time.saturating_sub(last).saturating_add(SECOND / 2) / SECOND;
                if self.apart.len() < DISTANCES || self.apart.contains_key(&seconds) {
                    *self.apart.entry(seconds).or_default() += 1;
                }
            }
            let value = match self.kind {
                Kind::Counter => {
                    let Some((last, counter)) = before else { continue };
                    let amounts = rain_amounts(&[last, time], &[counter, value], self.longest, SPOON).unwrap_or_default();
                    let Some(amount) = amounts.first() else { continue };
                    amount.amount
                }
                _ => value,
            };
            self.sort(time, value);
        }
    }

    fn sort(&mut self, time: Micros, value: f64) {
        let ends = self.ends;
        let within = |edges: &[Micros], at: usize| match (edges.get(at), edges.get(at + 1)) {
            (Some(from), Some(to)) if ends => *from < time && time <= *to,
            (Some(from), Some(to)) => *from <= time && time < *to,
            _ => false,
        };
        if !within(&self.edges, self.at) {
            let below = self.edges.partition_point(|edge| if ends { *edge < time } else { *edge <= time });
            let Some(at) = below.checked_sub(1).filter(|at| within(&self.edges, *at)) else { return };
            self.at = at;
        }
        let Some(cell) = self.cells.get_mut(self.at) else { return };
        cell.count += 1;
        if self.kind == Kind::Direction {
            let (sin, cos) = libm::sincos(value.to_radians());
            cell.sum += sin;
            cell.cosines += cos;
            return;
        }
        cell.sum += value;
        cell.bounds = Some(cell.bounds.map_or((value, value), |(low, high)| (low.min(value), high.max(value))));
    }

    /// What was found. A bucket that is not over at `now` covers what is over of it.
    pub fn finish(self, now: Micros) -> Found {
        let step = self.step();
        let spans = self.edges.iter().zip(self.edges.iter().skip(1));
        let buckets = spans.zip(&self.cells).map(|((begin, end), cell)| {
            let known = cell.count > 0;
            let n = cell.count as f64;
            let (mean, sum) = match self.kind {
                Kind::Direction => (direction(cell), None),
                Kind::Mean => (known.then(|| cell.sum / n), None),
                Kind::Amount | Kind::Counter => (None, known.then_some(cell.sum)),
            };
            let (min, max) = cell.bounds.unzip();
            let long = (*end).min(now).saturating_sub(*begin);
            let covered = step.filter(|_| long > 0).map_or(0.0, |step| n * step as f64 / long as f64);
            let min = min.filter(|_| self.kind == Kind::Mean);
            Bucket { begin: *begin, end: *end, count: cell.count, mean, min, max, sum, coverage: covered.min(1.0) }
        });
        Found { step, buckets: buckets.collect() }
    }

    fn step(&self) -> Option<Micros> {
        let half = self.apart.values().sum::<u64>().div_ceil(2);
        let mut seen = 0;
        let middle = self.apart.iter().find(|(_, count)| {
            seen += **count;
            seen >= half
        });
        middle.map(|(seconds, _)| (seconds * SECOND).max(SECOND))
    }
}

/// The mean direction in degrees (Fisher, Statistical Analysis of Circular Data, 2.3.1); none where vectors cancel to less than a
/// hundredth of their number, for that is what rounding and chance leave.
fn direction(cell: &Cell) -> Option<f64> {
    let length = libm::hypot(cell.sum, cell.cosines);
    if cell.count == 0 || length < 0.01 * cell.count as f64 {
        return None;
    }
    let degrees = libm::atan2(cell.sum, cell.cosines).to_degrees();
    let positive = if degrees < 0.0 { degrees + 360.0 } else { degrees };
    Some(if positive < 360.0 { positive } else { 0.0 })
}

#[cfg(test)]
mod tests;
