//! The named operations an analysis is made of.

use serde::{Deserialize, Serialize};

use super::Text;
use super::check::component_name;
use crate::frame::Component;
use crate::quantity::ObservedProperty;

/// One step of an analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "toml::Table")]
#[non_exhaustive]
pub struct Step {
    /// The name by which later steps, figures and Outcomes mean it: `g`.
    pub name: String,
    /// What it is called on the board.
    pub label: Text,
    /// What is done.
    #[serde(flatten)]
    pub op: Op,
}

/// An operation and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
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

impl Op {
    /// The unit of the result.
    pub fn unit(&self) -> &'static str {
        match self {
            Self::Period { .. } => "s",
            Self::Mean { of, .. } => of.first().map_or("1", |property| property.unit()),
            Self::GravityOfPendulum { .. } => "m/s2",
            Self::SpringConstant { .. } => "N/m",
        }
    }

    /// The properties it reads, in order of preference.
    pub fn reads(&self) -> &[ObservedProperty] {
        match self {
            Self::Period { of, .. } | Self::Mean { of, .. } => of,
            Self::GravityOfPendulum { .. } | Self::SpringConstant { .. } => &[],
        }
    }

    /// The earlier step it needs, and the key that names it.
    pub(super) fn step_used(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::GravityOfPendulum { period, .. } | Self::SpringConstant { period, .. } => Some(("period", period)),
            Self::Period { .. } | Self::Mean { .. } => None,
        }
    }

    /// The input it needs, the key that names it, and the unit it must have.
    pub(super) fn input_used(&self) -> Option<(&'static str, &str, &'static str)> {
        match self {
            Self::GravityOfPendulum { length, .. } => Some(("length", length, "m")),
            Self::SpringConstant { mass, .. } => Some(("mass", mass, "kg")),
            Self::Period { .. } | Self::Mean { .. } => None,
        }
    }
}

/// `name` and `label` are every step's; the rest belongs to the operation, which knows its keys and refuses others.
impl TryFrom<toml::Table> for Step {
    type Error = String;

    fn try_from(mut table: toml::Table) -> Result<Self, String> {
        let mut take =
            |key: &str| table.remove(key).ok_or_else(|| format!("analysis: the key `{key}` is missing; every step has name, label and op"));
        let name: String = take("name")?.try_into().map_err(|error| format!("analysis.name: {error}"))?;
        let label = take("label")?.try_into().map_err(|error| format!("analysis {name}, label: {error}"))?;
        let op = toml::Value::Table(table).try_into().map_err(|error| format!("analysis {name}: {error}"))?;
        Ok(Self { name, label, op })
    }
}
