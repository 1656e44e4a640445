//! What is compared: the results of one class, one year or one school.

use serde::{Deserialize, Serialize};

use super::Refusal;
use super::pair::ROUNDING;
use super::unit::Conversion;
use crate::analysis;
use crate::release::{AboutSoMany, Histogram};
use crate::template::Version;

/// The results of one class for one Outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// What the class is called in figures and sentences: `8a`.
    pub label: String,
    /// The template's id: `pendulum`.
    pub template: String,
    /// Its version when the lesson was made; results compare within a major version.
    pub version: Version,
    /// The name of the step that is the Outcome: `g`.
    pub outcome: String,
    /// The symbol of the unit the results are in: `m/s2`.
    pub unit: String,
    /// The results that count.
    pub evidence: Evidence,
    /// Those that do not, by reason; they are named beside every verdict.
    pub excluded: Vec<Excluded>,
}

/// Results that do not count, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// The teacher's words; empty where a Release does not tell them.
    pub reason: String,
    /// How many, exactly or about.
    pub count: AboutSoMany,
}

impl Excluded {
    /// Exactly so many.
    pub fn exactly(count: u32, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), count: AboutSoMany { from: count, to: count } }
    }
}

/// What is known of a class's results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "results", rename_all = "snake_case")]
pub enum Evidence {
    /// Every group's result.
    Singles(Vec<f64>),
    /// Results that were measured at a place and time with a name (`roof 2027-05-03T14`): where both classes have the same
    /// name, the means of their results of it are a pair.
    Named(Vec<(String, f64)>),
    /// Only what a Release of aggregates tells.
    Summary(Summary),
}

/// A class's results without the single ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Number of results.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Standard deviation of one result (n - 1).
    pub sd: f64,
    /// How many lie where; `None` if that was not released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub histogram: Option<Histogram>,
}

impl Summary {
    /// For the kernel.
    pub(super) fn plain(&self) -> analysis::Summary {
        analysis::Summary { n: self.n, mean: self.mean, sd: self.sd }
    }
}

impl Evidence {
    /// The single results; empty where only aggregates are known.
    pub fn values(&self) -> Vec<f64> {
        match self {
            Self::Singles(values) => values.clone(),
            Self::Named(values) => values.iter().map(|(_, value)| *value).collect(),
            Self::Summary(_) => vec![],
        }
    }

    /// Number, mean and standard deviation (n - 1; 0 for fewer than two results); no numbers of results that are none.
    pub fn summary(&self) -> Summary {
        if let Self::Summary(summary) = self {
            return summary.clone();
        }
        let values = self.values();
        let n = values.len();
        // The mean of equal numbers may be rounded to a neighbour, and equal results differ in their last digits where they went
        // through different units: their scatter is still none.
        let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let equal = values.windows(2).all(|pair| (pair[0] - pair[1]).abs() <= ROUNDING * largest);
        let (mean, sd) = match analysis::Summary::of(&values) {
            Ok(found) if !equal => (found.mean, found.sd),
            Err(_) if !equal => (f64::NAN, f64::NAN),
            _ => (values.first().copied().unwrap_or(0.0), 0.0),
        };
        Summary { n, mean, sd, histogram: None }
    }

    fn converted(&self, to: Conversion) -> Self {
        match self {
            Self::Singles(values) => Self::Singles(values.iter().map(|value| to.value(*value)).collect()),
            Self::Named(values) => Self::Named(values.iter().map(|(name, value)| (name.clone(), to.value(*value))).collect()),
            Self::Summary(Summary { n, mean, sd, histogram }) => Self::Summary(Summary {
                n: *n,
                mean: to.value(*mean),
                sd: to.span(*sd),
                histogram: histogram.as_ref().map(|Histogram { edges, counts }| Histogram {
                    edges: edges.iter().map(|edge| to.value(*edge)).collect(),
                    counts: counts.clone(),
                }),
            }),
        }
    }

    /// Holds on return: there are only finite numbers, and aggregates that results can have.
    fn check(&self, label: &str) -> Result<(), Refusal> {
        let wrong = || Refusal::NotResults { label: label.to_owned() };
        let possible = match self {
            Self::Singles(values) => values.iter().all(|value| value.is_finite()),
            Self::Named(values) => values.iter().all(|(_, value)| value.is_finite()),
            Self::Summary(Summary { n, mean, sd, histogram }) => {
                let finite = mean.is_finite() && sd.is_finite() && *sd >= 0.0 && (*n >= 2 || *sd == 0.0);
                finite && histogram.as_ref().is_none_or(|histogram| are_of(histogram, *n))
            }
        };
        let summary = self.summary();
        // Squares of very large results overflow.
        let finite = (summary.sd * summary.sd).is_finite() && summary.mean.is_finite();
        if possible && finite { Ok(()) } else { Err(wrong()) }
    }
}

/// Whether these can be `n` results.
fn are_of(histogram: &Histogram, n: usize) -> bool {
    let Histogram { edges, counts } = histogram;
    let rising = edges.windows(2).all(|pair| pair[0] < pair[1]) && edges.iter().all(|edge| edge.is_finite());
    rising && counts.len() == edges.len() + 1 && counts.iter().map(|count| u64::from(*count)).sum::<u64>() == n as u64
}

impl Sample {
    /// The same results in the unit `unit`.
    pub(super) fn in_unit(&self, unit: &str) -> Result<Self, Refusal> {
        self.evidence.check(&self.label)?;
        let to = Conversion::between(&self.unit, unit).ok_or_else(|| Refusal::Unit {
            label: self.label.clone(),
            unit: self.unit.clone(),
            other: unit.to_owned(),
        })?;
        Ok(Self { unit: unit.to_owned(), evidence: self.evidence.converted(to), ..self.clone() })
    }
}

/// Whether the results of two classes may be put side by side: equal template, major version and Outcome, and units that
/// convert into each other (ARCHITECTURE.md, invariant 10). Hub, phone and year do not matter.
pub fn comparable(a: &Sample, b: &Sample) -> Result<(), Refusal> {
    let labels = || (a.label.clone(), b.label.clone());
    if a.template != b.template {
        return Err(Refusal::Template { labels: labels(), templates: (a.template.clone(), b.template.clone()) });
    }
    if a.version.major != b.version.major {
        return Err(Refusal::Version { labels: labels(), versions: (a.version.to_string(), b.version.to_string()) });
    }
    if a.outcome != b.outcome {
        return Err(Refusal::Outcome { labels: labels(), outcomes: (a.outcome.clone(), b.outcome.clone()) });
    }
    b.in_unit(&a.unit).map(|_| ())
}

#[cfg(test)]
mod tests;
