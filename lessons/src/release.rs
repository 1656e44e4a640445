//! Releases: what a teacher shares of a lesson, so that other schools can put their results beside it.
//!
//! A Release says something of a class and nothing of anybody in it. Number, mean and standard deviation are rounded to what they
//! are good for; a histogram has only cells with at least k results behind them, its outermost cells are open, so that nobody's
//! extreme value can be read; quartiles need 4k results; single results leave only where the template allows it and the teacher
//! wants it. Time is a week, the place is what the teacher calls it. [`Release::build`] makes one or says why not,
//! [`Release::check`] holds a stranger's against the same rules, and [`differencing`] keeps two Releases of one lesson from
//! telling together what neither tells alone.
//!
//! k is the least number of Things behind every published number (k-anonymity, Samarati and Sweeney 1998). It is no promise about a
//! reader who knows all results but one, for whom every mean is enough.

mod check;
pub mod differencing;
mod error;
mod histogram;
mod rounding;
mod week;

pub use error::ReleaseError;
pub use histogram::Histogram;
pub use week::Week;

use serde::{Deserialize, Serialize};

use self::rounding::{Step, rounded_like};
use crate::template::Version;

/// The format that this hub writes, and the only one it reads.
pub const FORMAT: u32 = 1;

/// The least k of any Release, whatever a template says.
pub const LEAST_K: u32 = 5;

/// The least k of one that everybody may fetch; the hub's operator may ask for another.
pub const PUBLIC_K: u32 = 10;

/// Most results in a Release: more than any hub takes Things into a lesson.
pub const MOST: u32 = 10_000;

/// Most characters of a label or region.
pub const LABEL: usize = 60;

/// What leaves the hub.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// [`FORMAT`].
    pub format: u32,
    /// 128 random bits as 22 characters of base64url; says nothing of lesson or hub.
    pub id: String,
    /// Who shares, in the teacher's words.
    pub source: Origin,
    /// When the lesson was.
    pub week: Week,
    /// By which plan it was measured.
    pub template: Plan,
    /// The name of the step that is the Outcome: `g`.
    pub outcome: String,
    /// Unit symbol of all numbers.
    pub unit: String,
    /// The least number of Things behind every published number.
    pub k: u32,
    /// How many results count; each is a Thing's.
    pub n: u32,
    /// Their mean, rounded to the place of `sd`'s third digit.
    pub mean: f64,
    /// Standard deviation of one result (n - 1), three digits.
    pub sd: f64,
    /// First quartile, median, third quartile (Hyndman and Fan 1996, type 7) in steps of `resolution`; only from 4k results on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quartiles: Option<[f64; 3]>,
    /// How many results lie where.
    pub histogram: Histogram,
    /// The step that single results and quartiles are rounded to: 1, 2 or 5 times a power of ten, at most a quarter of `sd`; 0 if
    /// all results are equal.
    pub resolution: f64,
    /// The single results, rising, if they were shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub singles: Option<Vec<f64>>,
    /// Results that the teacher left out.
    pub excluded: AboutSoMany,
    /// The table that goes with it, as a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
}

/// Who shares, as the teacher calls it. Neither is checked by anybody: it is a name, no proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Hub, school or class: `Gymnasium am See`; 1 to [`LABEL`] characters.
    pub label: String,
    /// A region, if the teacher names one: `Schleswig-Holstein`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// The template of a lesson as it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Its id: `pendulum`.
    pub id: String,
    /// Its version; results compare within a major version.
    pub version: String,
    /// SHA-256 of what decides about results, in hexadecimal digits.
    pub sha256: String,
}

impl Plan {
    /// The major version; `None` if the version is none.
    pub fn major(&self) -> Option<u32> {
        Version::parse(&self.version).map(|version| version.major)
    }
}

/// A number that is told exactly only if it is 0 or large enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AboutSoMany {
    /// At least so many.
    pub from: u32,
    /// At most so many.
    pub to: u32,
}

impl AboutSoMany {
    /// 0 and whatever reaches k exactly, everything between as `1` to `k - 1`.
    pub fn of(count: u32, k: u32) -> Self {
        if count == 0 || count >= k { Self { from: count, to: count } } else { Self { from: 1, to: k - 1 } }
    }
}

/// A file that belongs to a Release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name in the signed file.
    pub file: String,
    /// SHA-256, hexadecimal digits.
    pub sha256: String,
    /// Bytes.
    pub bytes: u64,
}

/// What a template and the hub allow to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Numbers of the class.
    pub aggregates: bool,
    /// Single, anonymous results.
    pub singles: bool,
    /// The least k; below [`LEAST_K`] counts as that.
    pub k: u32,
}

/// What a teacher asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The Release's id, drawn by the hub.
    pub id: String,
    /// Who shares.
    pub source: Origin,
    /// With single results.
    pub singles: bool,
}

/// What was measured, as far as a Release says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured<'a> {
    /// When the lesson was.
    pub week: Week,
    /// By which plan.
    pub template: Plan,
    /// The name of the Outcome.
    pub outcome: &'a str,
    /// Unit of the results.
    pub unit: &'a str,
    /// The results that count, one for each Thing, in any order.
    pub results: &'a [f64],
    /// How many the teacher left out.
    pub excluded: u32,
}

impl Release {
    /// The Release of a lesson's results, or why there can be none.
    ///
    /// Holds on return: every published count is 0 or at least k, and the same input gives the same Release.
    pub fn build(measured: &Measured<'_>, wish: Wish, rules: Rules) -> Result<Self, ReleaseError> {
        let k = rules.k.max(LEAST_K);
        if !rules.aggregates {
            return Err(ReleaseError::NotAllowed);
        }
        if wish.singles && !rules.singles {
            return Err(ReleaseError::SinglesNotAllowed);
        }
        let n = u32::try_from(measured.results.len()).unwrap_or(u32::MAX);
        if n < k {
            return Err(ReleaseError::TooFew { n, k });
        }
        let (mean, sd) = moments(measured.results);
        // Squares of very large results overflow, and what is no number has no mean.
        if !(mean.is_finite() && sd.is_finite()) {
            return Err(ReleaseError::NotNumbers);
        }
        let step = Step::at_most(sd / 4.0, mean);
        let rounded = |value: f64| step.map_or(mean, |step| step.round(value));
        let mut results = measured.results.to_vec();
        results.sort_by(f64::total_cmp);
        let quartiles = (n >= k.saturating_mul(4)).then(|| [0.25, 0.5, 0.75].map(|p| rounded(quantile(&results, p))));
        // Whoever sees the single results counts the same cells.
        if wish.singles {
            results.iter_mut().for_each(|value| *value = rounded(*value));
        }
        let release = Self {
            format: FORMAT,
            id: wish.id,
            source: wish.source,
            week: measured.week,
            template: measured.template.clone(),
            outcome: measured.outcome.to_owned(),
            unit: measured.unit.to_owned(),
            k,
            n,
            mean: rounded_like(mean, sd),
            sd: rounded_like(sd, sd),
            quartiles,
            histogram: Histogram::merged(&results, sd, k),
            resolution: step.map_or(0.0, Step::value),
            singles: wish.singles.then_some(results),
            excluded: AboutSoMany::of(measured.excluded, k),
            table: None,
        };
        release.check_itself()?;
        Ok(release)
    }
}

/// Mean and standard deviation (n - 1; 0 for one value).
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    // The mean of equal numbers may be rounded to a neighbour: their scatter is still none.
    if let [first, rest @ ..] = values
        && rest.iter().all(|value| value == first)
    {
        return (*first, 0.0);
    }
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, libm::sqrt(squares / (n - 1.0).max(1.0)))
}

/// A quantile of rising values by linear interpolation: type 7 of Hyndman and Fan, "Sample quantiles in statistical packages",
/// Am. Stat. 50, 361 (1996).
fn quantile(rising: &[f64], p: f64) -> f64 {
    let at = p * (rising.len().saturating_sub(1)) as f64;
    let below = libm::floor(at);
    let index = below as usize;
    let low = rising.get(index).copied().unwrap_or(f64::NAN);
    let high = rising.get(index + 1).copied().unwrap_or(low);
    low + (at - below) * (high - low)
}

#[cfg(test)]
mod tests;
