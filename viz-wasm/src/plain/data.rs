//! What plain figures are made of: quantities, values, bins, means, predictions. All of it is JSON.

use serde::Serialize;

use crate::error::VizError;
use crate::words::{self, Bilingual, Lang, number};

/// Whether a number can stand on an axis: finite, and so that its square and its distance from any other are, too.
pub(crate) fn sane(value: f64) -> bool {
    value.abs() <= 1e100
}

/// Refuses ends of axes that are none.
pub(crate) fn check_ends(ends: &[(f64, f64)]) -> Result<(), VizError> {
    if ends.iter().all(|(low, high)| sane(*low) && sane(*high) && low <= high) {
        return Ok(());
    }
    Err(VizError::Plain("`reach` must be pairs of numbers from low to high".to_owned()))
}

/// What stands at an axis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Quantity {
    /// Its name or letter: `g`, `period squared T²`.
    pub name: Bilingual,
    /// Unit symbol as the hub writes it (`m/s2`); empty for a pure number.
    pub unit: String,
}

impl Quantity {
    /// A quantity with one name for both languages.
    pub fn new(name: &str, unit: &str) -> Self {
        Self { name: Bilingual::same(name), unit: unit.to_owned() }
    }

    /// As it stands at an axis: `g in m/s²`.
    pub(crate) fn axis(&self, lang: Lang) -> String {
        words::in_unit(self.name.get(lang), &words::unit(&self.unit))
    }

    /// A text with the unit behind it; a pure number has none.
    pub(crate) fn with(&self, value: &str) -> String {
        words::with_unit(value, &words::unit(&self.unit))
    }

    /// `9.79 ± 0.03 m/s²`, or without an uncertainty `9.79 m/s²`.
    pub(crate) fn told(&self, value: f64, uncertainty: Option<f64>, lang: Lang) -> String {
        match uncertainty {
            Some(uncertainty) if uncertainty > 0.0 => self.with(&number::with_uncertainty(value, uncertainty, lang)),
            _ => self.with(&number::plain(value, lang)),
        }
    }
}

/// One result, of a group, a class or a school. In JSON an object or, where nothing else is known, the number.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Value {
    /// Best estimate in the figure's unit.
    pub value: f64,
    /// One sigma, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<f64>,
    /// Number of the Thing; 0 counts on from the value before.
    pub number: u32,
    /// Nickname or label.
    pub name: String,
    /// Whether it is the reader's own, which is drawn strong.
    pub own: bool,
    /// Why it does not count, if it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<String>,
    /// Whether it was measured by hand.
    pub by_hand: bool,
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self { value, ..Self::default() }
    }
}

impl Value {
    /// Whether it is part of mean, box and bars.
    pub fn counts(&self) -> bool {
        self.excluded.is_none()
    }
}

/// A mean with the interval in which it lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Mean {
    /// How many values it is made of.
    pub n: u32,
    /// The mean in the figure's unit.
    pub mean: f64,
    /// Its 95 % interval, lower and upper end; none for n < 2.
    pub ci95: Option<(f64, f64)>,
}

impl Mean {
    pub(crate) fn check(&self) -> Result<(), VizError> {
        let interval = self.ci95.is_none_or(|(low, high)| sane(low) && sane(high) && low <= high);
        if sane(self.mean) && interval {
            Ok(())
        } else {
            Err(VizError::Plain("a mean must be a number, its interval go from low to high".to_owned()))
        }
    }
}

/// A histogram that somebody counted already, for example from a release in which single values are not given.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Bins {
    /// Edges from low to high, one more than there are bins; bins may have different widths.
    pub edges: Vec<f64>,
    /// How many values lie in each: lower edge in, upper edge out, but for the last bin. Empty: the values are counted.
    pub counts: Vec<u32>,
    /// Whether nobody knows where the outermost bins end: their outer edges are for drawing only.
    pub open: bool,
}

/// The accepted value.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Band {
    /// In the figure's unit.
    pub value: f64,
    /// Half the width of the band around it.
    pub tolerance: f64,
    /// What to call it; empty is "literature".
    pub label: Bilingual,
}

impl Band {
    pub(crate) fn check(&self) -> Result<(), VizError> {
        if sane(self.value) && sane(self.tolerance) && self.tolerance >= 0.0 {
            return Ok(());
        }
        Err(VizError::Plain("the accepted value and its tolerance must be numbers, the tolerance zero or more".to_owned()))
    }

    pub(crate) fn name(&self, lang: Lang) -> &str {
        match self.label.get(lang) {
            "" => lang.pick("Literatur", "literature"),
            label => label,
        }
    }
}

/// What was said before the start, locked then, and now laid over the result.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Prediction {
    /// One predicted number, or one of each group: a dashed line, and for many a rug of strokes with the line at their median.
    Number {
        /// In the figure's unit (of charts with two axes the upright one's).
        values: Vec<f64>,
        /// What to call it; empty is "prediction".
        label: Bilingual,
    },
    /// A curve that was drawn: dashed.
    Sketch {
        /// Points from left to right in the units of the axes.
        points: Vec<(f64, f64)>,
        /// What to call it; empty is "prediction".
        label: Bilingual,
    },
    /// A question with options: below the figure, how many chose which.
    Choice {
        /// What was asked.
        question: Bilingual,
        /// The answers offered.
        options: Vec<Vote>,
    },
}

/// One answer that was offered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Vote {
    /// The answer.
    pub label: Bilingual,
    /// How many chose it.
    pub votes: u32,
    /// Whether the measurement says that it is so. Leave it out until it does.
    pub right: bool,
}

/// Readings over time, or over another quantity.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Curve {
    /// Whose, or what.
    pub name: Bilingual,
    /// Places on the horizontal axis, rising.
    pub x: Vec<f64>,
    /// A reading at each; `null` is a gap and stays one.
    pub y: Vec<Option<f64>>,
    /// Whether it is the reader's own, which is drawn strong.
    pub own: bool,
}

/// A point with what is known of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Dot {
    /// Place on the horizontal axis.
    pub x: f64,
    /// Place on the upright axis.
    pub y: f64,
    /// One sigma of `x`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ux: Option<f64>,
    /// One sigma of `y`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uy: Option<f64>,
    /// Whose, for the table and the readout.
    pub name: String,
    /// Why it does not count, if it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<String>,
}

/// A fitted curve. It is drawn, and residuals are taken from it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fit {
    /// The equation with its numbers as it is to be read: `T² = (0.969 ± 0.007) s²/kg · m + 0.010 s²`.
    pub label: Bilingual,
    /// Which curve.
    pub model: Law,
}

/// The curves that can be fitted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Law {
    /// y = c₀ + c₁ x + c₂ x² + …; a straight line has two coefficients.
    Polynomial {
        /// From the constant on, at most six.
        coefficients: Vec<f64>,
    },
    /// y = offset + factor · x^exponent.
    Power {
        /// Of the power.
        factor: f64,
        /// Of x.
        exponent: f64,
        /// What is added.
        offset: f64,
    },
    /// y = offset + amplitude · e^(−x / tau).
    Exponential {
        /// Where it ends.
        offset: f64,
        /// How far it begins above that.
        amplitude: f64,
        /// Time after which 1/e is left.
        tau: f64,
    },
    /// Any other: points close enough to be joined by straight lines.
    Points {
        /// From left to right.
        points: Vec<(f64, f64)>,
    },
}

impl Law {
    /// The curve's value; none where it has none.
    pub fn at(&self, x: f64) -> Option<f64> {
        let value = match self {
            Self::Polynomial { coefficients } => coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient),
            Self::Power { factor, exponent, offset } => offset + factor * x.powf(*exponent),
            Self::Exponential { offset, amplitude, tau } => offset + amplitude * (-x / tau).exp(),
            Self::Points { points } => {
                let after = points.partition_point(|point| point.0 < x);
                let (high, low) = (points.get(after)?, points.get(after.saturating_sub(1))?);
                match high.0 - low.0 {
                    width if width > 0.0 => low.1 + (x - low.0) / width * (high.1 - low.1),
                    _ if high.0 == x => high.1,
                    _ => return None,
                }
            }
        };
        value.is_finite().then_some(value)
    }
}
