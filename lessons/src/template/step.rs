//! The named operations an analysis is made of.

mod output;
pub(super) mod source;

pub use output::Output;
pub(super) use source::component_name;
pub use source::{Channel, Operand, Operands};

use serde::{Deserialize, Serialize};

use super::Text;
use super::expr::Expression;
use crate::frame::Component;
use crate::quantity::ObservedProperty;

/// One step of an analysis.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// The name by which later steps, figures and Outcomes mean it: `g`.
    pub name: String,
    /// What it is called on the board.
    pub label: Text,
    /// What is done.
    #[serde(flatten)]
    pub op: Op,
    /// What comes out.
    #[serde(skip)]
    pub output: Output,
}

impl Step {
    /// The unit of what comes out; that of a fit's first number.
    pub fn unit(&self) -> &str {
        self.output.unit()
    }
}

/// An operation and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Op {
    /// The period (s) of the longest steady swing, about whatever axis it swings
    /// ([`longest_swing`](crate::analysis::longest_swing)).
    Period {
        /// Which property; of several the first that was recorded.
        of: Vec<ObservedProperty>,
        /// Shortest period, s.
        min_s: f64,
        /// Longest period, s.
        max_s: f64,
        /// The least number of periods the swing must last.
        min_periods: u32,
        /// How the period is read off.
        method: Method,
    },
    /// The mean of a component over the longest time at rest ([`longest_still`](crate::analysis::longest_still)), in the
    /// property's unit.
    Mean {
        /// Which property; of several the first that was recorded.
        of: Vec<ObservedProperty>,
        /// Which component.
        #[serde(with = "component_name")]
        component: Component,
        /// Standard deviation within half a second above which the phone is not at rest.
        still_sd: f64,
        /// The least time at rest, s.
        min_s: f64,
    },
    /// The mean over time.
    Average {
        /// The signal.
        of: Operands,
    },
    /// The level of the mean energy, Leq.
    EnergyMean {
        /// A signal in dB.
        of: Operands,
    },
    /// The level exceeded a share of the time: L10, L90.
    Exceeded {
        /// A signal.
        of: Operands,
        /// The share, 0 to 100.
        percent: f64,
    },
    /// The middle value.
    Median {
        /// A signal or a list.
        of: Operands,
    },
    /// The least value.
    Minimum {
        /// A signal or a list.
        of: Operands,
    },
    /// The largest value.
    Maximum {
        /// A signal or a list.
        of: Operands,
    },
    /// The largest minus the least.
    Range {
        /// A signal or a list.
        of: Operands,
    },
    /// The standard deviation (n - 1).
    Sd {
        /// A signal or a list.
        of: Operands,
    },
    /// The mean of the last seconds minus that of the first.
    Change {
        /// The signal.
        of: Operands,
        /// How many seconds at either end.
        edge_s: f64,
    },
    /// The longest time beyond a level, s.
    Duration {
        /// The signal.
        of: Operands,
        /// Which side of which level.
        #[serde(flatten)]
        beyond: Beyond,
        /// The level's unit; without it the signal's.
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
    },
    /// How often a level is crossed.
    Count {
        /// The signal.
        of: Operands,
        /// The level.
        level: f64,
        /// How far it must come back before it counts again.
        hysteresis: f64,
        /// Which crossings.
        edge: Edge,
        /// The unit of both; without it the signal's.
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
    },
    /// The strongest frequency, Hz.
    Frequency {
        /// The signal.
        of: Operands,
        /// The least that is looked for.
        min_hz: f64,
        /// The most that is looked for.
        max_hz: f64,
        /// How it is found.
        method: FrequencyMethod,
    },
    /// The signal without its quick changes.
    Smooth {
        /// The signal.
        of: Operands,
        /// The window's width, s.
        window_s: f64,
        /// What is taken of a window.
        method: SmoothMethod,
    },
    /// The change per second.
    Derivative {
        /// The signal.
        of: Operands,
        /// The window over which a slope is taken, s.
        window_s: f64,
    },
    /// The sum over time.
    Integral {
        /// The signal.
        of: Operands,
        /// What is done against drift.
        drift: Drift,
    },
    /// The height above the start, m, by the barometric formula.
    Height {
        /// The air pressure.
        of: Operands,
    },
    /// Single readings in their order, as a list.
    Values {
        /// The sensor.
        of: Operands,
    },
    /// The mean of a list.
    AverageOf {
        /// The list.
        of: String,
    },
    /// The mean of the differences of two lists' pairs.
    DifferenceOf {
        /// One list.
        a: String,
        /// What is taken from it.
        b: String,
    },
    /// A straight line.
    Line {
        /// Along.
        x: Expression,
        /// Up.
        y: Expression,
        /// Whether it must pass the origin.
        through_origin: bool,
    },
    /// y = factor · x^exponent (+ background).
    PowerLaw {
        /// Along.
        x: Expression,
        /// Up.
        y: Expression,
        /// Whether a constant is added.
        background: bool,
    },
    /// y = offset + amplitude · exp(-t/tau).
    Exponential {
        /// The signal.
        of: Operands,
    },
    /// y = a·x² + b·x + c.
    Parabola {
        /// Along.
        x: Expression,
        /// Up.
        y: Expression,
    },
    /// Arithmetic.
    Formula {
        /// What is computed.
        expr: Expression,
        /// The result's unit.
        unit: String,
    },
    /// g = 4π²·L/T² (m/s²).
    GravityOfPendulum {
        /// The step that gives T.
        period: String,
        /// The input that gives L.
        length: String,
    },
    /// k = 4π²·m/T² (N/m).
    SpringConstant {
        /// The step that gives T.
        period: String,
        /// The input that gives m.
        mass: String,
    },
}

/// Which side of a level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Beyond {
    /// Smaller values.
    Below(f64),
    /// Larger values.
    Above(f64),
}

/// On the way up, down, or either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
#[non_exhaustive]
pub enum Edge {
    Rising,
    Falling,
    Both,
}

/// How a period is read off a swing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// Autocorrelation, refined at multiples of the period ([`period`](crate::analysis::period())).
    Autocorrelation,
    /// The same, then the fit of a damped sinusoid ([`damped_sinusoid`](crate::analysis::damped_sinusoid)), which has the
    /// smaller and better known uncertainty.
    Fit,
}

/// How a frequency is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FrequencyMethod {
    /// The highest peak of the spectrum.
    Fft,
    /// One over the period that autocorrelation finds.
    Autocorrelation,
    /// Peaks per second.
    Peaks,
}

/// What is taken of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names say it")]
pub enum SmoothMethod {
    Mean,
    Median,
    Gauss,
}

/// What is done against an integral's drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Drift {
    /// Nothing.
    None,
    /// A straight line is taken off, so that it ends at zero as it began.
    Linear,
}

impl Op {
    /// The properties it reads, in order of preference.
    pub fn reads(&self) -> Vec<ObservedProperty> {
        match self {
            Self::Period { of, .. } | Self::Mean { of, .. } => of.clone(),
            other => other.operands().map(Operands::properties).unwrap_or_default(),
        }
    }

    /// What it reads by `of`.
    pub fn operands(&self) -> Option<&Operands> {
        match self {
            Self::Average { of }
            | Self::EnergyMean { of }
            | Self::Exceeded { of, .. }
            | Self::Median { of }
            | Self::Minimum { of }
            | Self::Maximum { of }
            | Self::Range { of }
            | Self::Sd { of }
            | Self::Change { of, .. }
            | Self::Duration { of, .. }
            | Self::Count { of, .. }
            | Self::Frequency { of, .. }
            | Self::Smooth { of, .. }
            | Self::Derivative { of, .. }
            | Self::Integral { of, .. }
            | Self::Height { of }
            | Self::Values { of }
            | Self::Exponential { of } => Some(of),
            _ => None,
        }
    }

    /// The names of all operations.
    pub const NAMES: [&'static str; 28] = [
        "period",
        "mean",
        "average",
        "energy_mean",
        "exceeded",
        "median",
        "minimum",
        "maximum",
        "range",
        "sd",
        "change",
        "duration",
        "count",
        "frequency",
        "smooth",
        "derivative",
        "integral",
        "height",
        "values",
        "average_of",
        "difference_of",
        "line",
        "power_law",
        "exponential",
        "parabola",
        "formula",
        "gravity_of_pendulum",
        "spring_constant",
    ];
}
