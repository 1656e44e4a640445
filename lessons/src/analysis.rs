//! Analysis: from columns of readings to numbers with an uncertainty.
//!
//! Every function is pure, returns the same bits natively and in wasm (transcendental functions from `libm`, sums in
//! the order of the readings, no fused multiplication; `lessons/clippy.toml` bans the rest of `std`), and never returns
//! a number that is not finite: what cannot be computed is an [`AnalysisError`] that says why.
//!
//! Uncertainties are standard uncertainties (one sigma) as in the GUM (JCGM 100:2008). Readings of a phone are
//! correlated, so no function divides a standard deviation by √n and calls it a day; each says what it does instead.

mod autocorrelation;
mod barometer;
mod circular;
mod compare;
mod crossings;
mod derivative;
mod digest;
mod exponential;
mod formula;
mod fourier;
mod gap;
mod grid;
mod held;
mod histogram;
mod integrate;
mod least_squares;
mod matrix;
mod mean;
mod multiple;
mod peaks;
mod period;
mod polynomial;
mod power;
mod principal;
mod qr;
mod quartiles;
mod rain;
mod regression;
mod resample;
mod sea_level;
mod sinusoid;
mod smooth;
mod sound;
mod spectrum;
mod steps;
mod still;
mod student;
mod student_real;
mod swing;
mod weighted;

pub use autocorrelation::autocorrelation;
pub use barometer::barometric_height;
pub use circular::{Circular, circular_mean};
pub use compare::{Difference, Summary, holm, paired, welch, welch_from, welch_p};
pub use crossings::{Direction, Stretch, crossings, longest_above, longest_below};
pub use derivative::{Slopes, derivative};
pub use digest::self_test;
pub use exponential::{Exponential, exponential};
pub use formula::{gravity_of_pendulum, small_angle_period, spring_constant};
pub use gap::{GAP, sections};
pub use held::time_weighted_mean;
pub use histogram::{Bins, Histogram, histogram};
pub use integrate::{Integral, integrate, integrate_without_drift};
pub use mean::{BLOCKS, Mean, mean, resolution};
pub use multiple::{Multiple, multiple_regression};
pub use peaks::peaks;
pub use period::{Period, period};
pub use polynomial::{MOST_DEGREE, Polynomial, parabola, polynomial};
pub use power::{PowerLaw, log_log, power_law_with_background};
pub use principal::{principal_axis, project};
pub use quartiles::{BoxPlot, Quartiles, box_plot, quantile, quartiles};
pub use rain::{Amount, rain_amounts};
pub use regression::{Line, Ratio, line, line_through_origin};
pub use resample::{common_times, resample};
pub use sea_level::{sea_level_pressure, vapour_pressure};
pub(crate) use sinusoid::correlation;
pub use sinusoid::{Sinusoid, damped_sinusoid};
pub use smooth::{moving_median, smooth_gauss, smooth_mean};
pub use sound::{energy_mean, percentile_level};
pub use spectrum::{Spectrum, Window, spectral_peak, spectrum};
pub use steps::step_rate;
pub use still::{Still, longest_still};
pub use student::student_t;
pub use student_real::{student_p, student_quantile};
pub use swing::{PeriodRange, Swing, longest_swing};
pub use weighted::weighted_line;

/// A number and its standard uncertainty, both finite and in the same unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Best estimate.
    pub value: f64,
    /// Standard uncertainty (one sigma), not negative.
    pub uncertainty: f64,
}

/// Why there is no number.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// Fewer points than the computation needs.
    #[error("needs at least {needed} readings, has {found}")]
    TooFew {
        /// The least number of points.
        needed: usize,
        /// The number given.
        found: usize,
    },
    /// The usable part of the recording is too short.
    #[error("needs at least {needed_s} s, has {found_s} s")]
    TooShort {
        /// The least duration, s.
        needed_s: f64,
        /// The duration given, s.
        found_s: f64,
    },
    /// Too few readings per second for the periods looked for.
    #[error("needs at least {needed_hz} readings per second, has {found_hz}")]
    TooSlow {
        /// The least rate, 1/s.
        needed_hz: f64,
        /// The rate given, 1/s.
        found_hz: f64,
    },
    /// Every value is the same, so there is nothing to see and no scatter to judge by.
    #[error("all values are equal")]
    Constant,
    /// Times that fall. They are not sorted silently: somebody must know why.
    #[error("times must not fall")]
    Unsorted,
    /// NaN or infinite.
    #[error("a value is not finite, or too large to compute with")]
    NotFinite,
    /// Columns of different length.
    #[error("columns must be equally long")]
    Shape,
    /// No oscillation with a period in the range looked for.
    #[error("no steady oscillation found")]
    NoOscillation,
    /// No part of a value is beyond a level.
    #[error("never crosses the level")]
    NoCrossing,
    /// Directions all around: their mean means nothing.
    #[error("the directions have no common one")]
    NoDirection,
    /// Readings are missing where every one is needed.
    #[error("no readings for {length_s} s after {at_s} s")]
    Gap {
        /// Time of the last reading before, s.
        at_s: f64,
        /// Until the next reading, s.
        length_s: f64,
    },
    /// The phone was never at rest.
    #[error("never at rest")]
    NeverStill,
    /// The fit does not settle on the data.
    #[error("the fit does not converge")]
    NoFit,
    /// An argument outside its domain: a length or mass that is not positive, a probability outside 0 to 1.
    #[error("an argument is outside its domain")]
    Domain,
}

impl AnalysisError {
    /// The name in API and tests: `too_few`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::TooFew { .. } => "too_few",
            Self::TooShort { .. } => "too_short",
            Self::TooSlow { .. } => "too_slow",
            Self::Constant => "constant",
            Self::Unsorted => "unsorted",
            Self::NotFinite => "not_finite",
            Self::Shape => "shape",
            Self::NoOscillation => "no_oscillation",
            Self::NoCrossing => "no_crossing",
            Self::NoDirection => "no_direction",
            Self::Gap { .. } => "gap",
            Self::NeverStill => "never_still",
            Self::NoFit => "no_fit",
            Self::Domain => "domain",
        }
    }
}

/// What an analysis returns.
pub type Result<T, E = AnalysisError> = std::result::Result<T, E>;

/// Holds on return: every column is as long as the first, has at least `needed` values and only finite ones.
fn check_columns(columns: &[&[f64]], needed: usize) -> Result<()> {
    let found = columns.first().map_or(0, |column| column.len());
    if columns.iter().any(|column| column.len() != found) {
        return Err(AnalysisError::Shape);
    }
    if found < needed {
        return Err(AnalysisError::TooFew { needed, found });
    }
    if columns.iter().any(|column| column.iter().any(|value| !value.is_finite())) {
        return Err(AnalysisError::NotFinite);
    }
    Ok(())
}

/// Holds on return: times do not fall.
fn check_time(time: &[f64]) -> Result<()> {
    if time.is_sorted() { Ok(()) } else { Err(AnalysisError::Unsorted) }
}

/// The last gate of every estimate: sums of very large readings can overflow.
fn finite(value: f64, uncertainty: f64) -> Result<Estimate> {
    if value.is_finite() && uncertainty.is_finite() { Ok(Estimate { value, uncertainty }) } else { Err(AnalysisError::NotFinite) }
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Share of the variance of values that a curve explains whose residuals have these squares, 0 to 1; 1 for equal values.
fn explained(values: &[f64], squares: f64) -> f64 {
    let mean = average(values);
    let total: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    if total == 0.0 { 1.0 } else { (1.0 - squares / total).clamp(0.0, 1.0) }
}

/// The middle value (the lower one of two); `None` without values.
fn median(mut values: Vec<f64>) -> Option<f64> {
    let middle = values.len().checked_sub(1)? / 2;
    Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
}

#[cfg(test)]
mod tests;
