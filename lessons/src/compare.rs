//! Two or more classes, years or schools: do they differ, do they agree, or can nobody tell yet?
//!
//! [`compare`] puts the results of classes on one axis and judges the difference of their means by its interval, as the GUM and
//! school practice want it: never by overlapping bars. Verdicts are symmetric and honest about ignorance: an interval that holds 0
//! is not "no difference", it is agreement only if the whole of it is small. [`Comparison::words`] says all of it in words.
//!
//! # More than two classes
//!
//! Many pairs give many chances of a false alarm. *Differ* is decided by Holm's step-down procedure (Scand. J. Statist. 6, 65
//! (1979)) at 5 % over all pairs. The intervals agree with it: each pair's has the simultaneous level 1 - 0.05/m of Bonferroni (Dunn,
//! J. Am. Stat. Assoc. 56, 52 (1961)), m being the number of pairs; where Holm's later and milder step finds a difference that
//! Bonferroni does not, the end next to 0 is that of the milder step, 1 - 0.05/(m - rank + 1), and therefore not beyond 0. So an interval
//! leaves out 0 exactly if the corrected decision is *differ*, and the other end, by which *agree* and *by less than matters* are
//! judged, keeps its simultaneous level. (Intervals that follow a step-down procedure are treated by Strassburger and Bretz, Statist.
//! Med. 27, 4914 (2008); theirs end at 0 itself.)
//!
//! # A number of each class
//!
//! [`Comparison::over`] asks whether the results go with something known of each class, its latitude, its height: a line through the
//! classes' means, one point for each. [`across`] is the other question: one law within the classes, a point for each group.

mod across;
mod pair;
mod refusal;
mod sample;
mod settle;
mod trend;
mod unit;
mod words;

pub use across::{Across, ClassLine, Law, Points, across};
pub use pair::{Method, Numbers, Pair, Verdict};
pub use refusal::Refusal;
pub use sample::{Evidence, Excluded, Sample, Summary, comparable};
pub use trend::{Attribute, Direction, LEAST_CLASSES, OnTrend, Trend};
pub use words::{TrendWords, Words, Written};

use serde::Serialize;

use self::unit::Conversion;
use crate::analysis::student_t;
use crate::release::Histogram;
use crate::template::Text;

/// Classes that are compared at once. With twelve there are 66 pairs: the corrected intervals are almost twice as wide, and no
/// figure shows more.
pub const MOST: usize = 12;

/// Results below which a class is not judged: with two the 95 % interval is 13 standard errors wide on either side.
pub const LEAST: usize = 3;

/// The share of comparisons of equal classes that may say *differ*.
pub const ALPHA: f64 = 0.05;

/// The least difference that would matter, δ. Only the template's author knows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Margin {
    /// Above zero.
    pub value: f64,
    /// Its unit's symbol.
    pub unit: String,
    /// Why so much.
    pub why: Option<Text>,
}

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The name of the step that was compared: `g`.
    pub outcome: String,
    /// The unit of all numbers: that of the first class.
    pub unit: String,
    /// The least difference that would matter, in `unit`; `None` if the template states none.
    pub margin: Option<Margin>,
    /// The classes, in the order given.
    pub classes: Vec<Class>,
    /// Every two of them.
    pub pairs: Vec<Pair>,
    /// Whether the verdicts are corrected for the number of pairs, because more than one could be judged.
    pub corrected: bool,
}

/// One of the classes compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Class {
    /// Its name.
    pub label: String,
    /// The unit its results were recorded in.
    pub recorded_unit: String,
    /// Number of results that count.
    pub n: usize,
    /// Their mean; `None` without any.
    pub mean: Option<f64>,
    /// Standard deviation of one result; `None` below two.
    pub sd: Option<f64>,
    /// Standard error of the mean, sd/√n; `None` below two.
    pub se: Option<f64>,
    /// The 95 % interval of the mean; `None` below two.
    pub ci95: Option<[f64; 2]>,
    /// The single results; empty where only aggregates are known.
    pub values: Vec<f64>,
    /// How many results lie where, if only that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub histogram: Option<Histogram>,
    /// Results that do not count, by reason.
    pub excluded: Vec<Excluded>,
}

impl Class {
    fn new(sample: &Sample, recorded_unit: &str) -> Self {
        let Summary { n, mean, sd, histogram } = sample.evidence.summary();
        let se = (n >= 2).then(|| sd / libm::sqrt(n as f64));
        let ci95 = se.and_then(|se| {
            let half = student_t(1.0 - ALPHA / 2.0, n - 1).ok()? * se;
            Some([mean - half, mean + half])
        });
        Self {
            label: sample.label.clone(),
            recorded_unit: recorded_unit.to_owned(),
            n,
            mean: (n >= 1).then_some(mean),
            sd: (n >= 2).then_some(sd),
            se,
            ci95,
            values: sample.evidence.values(),
            histogram,
            excluded: sample.excluded.clone(),
        }
    }
}

/// Compares the results of 2 to [`MOST`] classes.
///
/// The results of all are converted into the unit of the first, the margin too. Two classes whose results have names
/// ([`Evidence::Named`]) are compared by the differences of their pairs, all others by Welch's interval. Order changes signs and
/// nothing else. Fails with the [`Refusal`] that names the first two classes that do not compare.
pub fn compare(samples: &[Sample], margin: Option<&Margin>) -> Result<Comparison, Refusal> {
    let [first, ..] = samples else { return Err(Refusal::Count { found: 0 }) };
    if !(2..=MOST).contains(&samples.len()) {
        return Err(Refusal::Count { found: samples.len() });
    }
    for (index, sample) in samples.iter().enumerate() {
        if samples[..index].iter().any(|earlier| earlier.label == sample.label) {
            return Err(Refusal::SameLabel { label: sample.label.clone() });
        }
        comparable(first, sample)?;
    }
    let unit = first.unit.clone();
    let margin = margin.map(|margin| in_unit(margin, first)).transpose()?;
    let converted: Vec<Sample> = samples.iter().map(|sample| sample.in_unit(&unit)).collect::<Result<_, _>>()?;
    let (pairs, corrected) = pair::judge(&converted, margin.as_ref().map(|margin| margin.value));
    let classes = converted.iter().zip(samples).map(|(sample, as_given)| Class::new(sample, &as_given.unit)).collect();
    Ok(Comparison { outcome: first.outcome.clone(), unit, margin, classes, pairs, corrected })
}

fn in_unit(margin: &Margin, sample: &Sample) -> Result<Margin, Refusal> {
    let other = || Refusal::Unit { label: sample.label.clone(), unit: sample.unit.clone(), other: margin.unit.clone() };
    let value = Conversion::between(&margin.unit, &sample.unit).ok_or_else(other)?.span(margin.value);
    if value.is_finite() && value > 0.0 {
        Ok(Margin { value, unit: sample.unit.clone(), why: margin.why.clone() })
    } else {
        Err(Refusal::Margin)
    }
}

#[cfg(test)]
mod tests;
