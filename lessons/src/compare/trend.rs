//! The means of classes over a number that belongs to each class: does g change with the latitude?
//!
//! A class is one point, however many groups it has. Its groups share the number and whatever else is particular to their class
//! (the same tape measure, the same room), so a line through the points of all groups would take a dozen groups for a dozen
//! latitudes and its interval would be far too narrow (S. H. Hurlbert, "Pseudoreplication", Ecol. Monogr. 54, 187 (1984)).

use serde::Serialize;

use super::across::{Law, Points, across};
use super::pair::ROUNDING;
use super::{Comparison, LEAST};

/// Classes below which there is no line: with three points, one degree of freedom, its interval is 13 standard errors wide.
pub const LEAST_CLASSES: usize = 4;

/// A number that the teacher knows of each class: its latitude, its height above the sea.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// What it is called: `geographische Breite`.
    pub name: String,
    /// Its unit as the teacher writes it; empty for a pure number.
    pub unit: String,
    /// One for each class of the comparison, in its order; `None` where it is not known.
    pub values: Vec<Option<f64>>,
}

/// What is said of a line through classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The slope's interval lies above 0.
    Rises,
    /// It lies below 0.
    Falls,
    /// It holds 0.
    CannotTell,
    /// Fewer than [`LEAST_CLASSES`] classes have a number and results.
    TooFew,
    /// All classes have the same number.
    SameNumber,
    /// All points lie on the line: nobody knows how good it is.
    NoScatter,
}

/// A line through classes and what may be said of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// What the number is called.
    pub name: String,
    /// Its unit; empty for a pure number.
    pub unit: String,
    /// The unit of the results.
    pub of_unit: String,
    /// The verdict.
    pub verdict: Direction,
    /// The line; `None` where none is judged.
    pub line: Option<Law>,
    /// The classes, in the order of the comparison.
    pub classes: Vec<OnTrend>,
}

/// A class on or beside the line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OnTrend {
    /// Its name.
    pub label: String,
    /// Its number.
    pub x: Option<f64>,
    /// How many results it has.
    pub n: usize,
    /// Whether it is one of the line's points: it has a number, and at least [`LEAST`] results.
    pub counts: bool,
    /// How far its mean lies above the line, in the unit of the results.
    pub above: Option<f64>,
}

impl Comparison {
    /// The means of the classes over a number of each. Values beyond those of the classes are passed over, missing ones are missing.
    pub fn over(&self, attribute: &Attribute) -> Trend {
        let point = |(index, class): (usize, &super::Class)| {
            let x = attribute.values.get(index).copied().flatten().filter(|x| x.is_finite());
            let counts = x.is_some() && class.n >= LEAST;
            OnTrend { label: class.label.clone(), x, n: class.n, counts, above: None }
        };
        let mut classes: Vec<OnTrend> = self.classes.iter().enumerate().map(point).collect();
        let counting = classes.iter().zip(&self.classes).filter(|(point, _)| point.counts);
        let points =
            counting.filter_map(|(point, class)| Some(Points { label: point.label.clone(), x: vec![point.x?], y: vec![class.mean?] }));
        let points: Vec<Points> = points.collect();
        let (verdict, line) = judged(&points);
        if let Some(line) = &line {
            for (point, class) in classes.iter_mut().zip(&self.classes).filter(|(point, _)| point.counts) {
                point.above = point.x.zip(class.mean).map(|(x, mean)| mean - line.at(x));
            }
        }
        let (name, unit) = (attribute.name.clone(), attribute.unit.clone());
        Trend { name, unit, of_unit: self.unit.clone(), verdict, line, classes }
    }
}

fn judged(points: &[Points]) -> (Direction, Option<Law>) {
    if points.len() < LEAST_CLASSES {
        return (Direction::TooFew, None);
    }
    // It fails for numbers that do not differ, or only by so little that no line can be told.
    let Ok(found) = across(points, None) else { return (Direction::SameNumber, None) };
    let line = found.line;
    let largest = points.iter().flat_map(|point| &point.y).fold(0.0, |largest: f64, y| largest.max(y.abs()));
    if line.residual_sd <= ROUNDING * largest {
        return (Direction::NoScatter, None);
    }
    let [low, high] = line.slope_ci95;
    let verdict = match (low > 0.0, high < 0.0) {
        (true, _) => Direction::Rises,
        (_, true) => Direction::Falls,
        _ => Direction::CannotTell,
    };
    (verdict, Some(line))
}

#[cfg(test)]
mod tests;
