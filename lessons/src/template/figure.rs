//! What the board can show.

use serde::{Deserialize, Serialize};

use super::step::{Channel, Edge, Operands};
use crate::frame::Component;
use crate::quantity::ObservedProperty;

/// A figure of the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Figure {
    /// A component against time, with a fixed range so that all phones have the same axes.
    Trace {
        /// What is drawn; one of the sensors.
        quantity: ObservedProperty,
        /// Which component.
        #[serde(with = "super::step::component_name")]
        component: Component,
        /// Lower end of the axis.
        min: f64,
        /// Upper end of the axis.
        max: f64,
    },
    /// Every group's result as a point with its uncertainty, and the reference.
    Strip {
        /// The number that is drawn: `g`, `fit.slope`.
        of: String,
        /// Lower end of the axis; without it the axis follows the results.
        #[serde(default)]
        min: Option<f64>,
        /// Upper end of the axis.
        #[serde(default)]
        max: Option<f64>,
    },
    /// How often which result came out.
    Histogram {
        /// The number that is drawn.
        of: String,
        /// Lower end of the axis.
        #[serde(default)]
        min: Option<f64>,
        /// Upper end of the axis.
        #[serde(default)]
        max: Option<f64>,
        /// How many bins; without it by rule.
        #[serde(default)]
        bins: Option<u32>,
    },
    /// Quartiles of the class's results.
    Box {
        /// The number that is drawn.
        of: String,
        /// Lower end of the axis.
        #[serde(default)]
        min: Option<f64>,
        /// Upper end of the axis.
        #[serde(default)]
        max: Option<f64>,
    },
    /// Points with their fit and residuals.
    Scatter {
        /// A step of a group, or of the class, that fits something.
        of: String,
        /// Whether both axes are logarithmic.
        #[serde(default)]
        log: bool,
    },
    /// Amplitude against frequency.
    Spectrum {
        /// The signal.
        of: Operands,
        /// Upper end of the axis, Hz; without it half the rate.
        #[serde(default)]
        max_hz: Option<f64>,
    },
    /// Acceleration, velocity and way under one time cursor.
    Motion {
        /// The acceleration.
        a: Operands,
        /// The velocity.
        v: Operands,
        /// The way.
        s: Operands,
    },
    /// All groups' traces from a trigger on.
    Overlay {
        /// What is drawn.
        of: Channel,
        /// Where the trigger lies, in the component's unit.
        level: f64,
        /// On the way up or down.
        edge: Edge,
        /// How much is shown before it, s.
        before_s: f64,
        /// How much is shown after it, s.
        after_s: f64,
    },
    /// The phone with its axes.
    Phone {
        /// Whose components are explained.
        quantity: ObservedProperty,
    },
}

impl Figure {
    /// The name of its kind: `trace`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Trace { .. } => "trace",
            Self::Strip { .. } => "strip",
            Self::Histogram { .. } => "histogram",
            Self::Box { .. } => "box",
            Self::Scatter { .. } => "scatter",
            Self::Spectrum { .. } => "spectrum",
            Self::Motion { .. } => "motion",
            Self::Overlay { .. } => "overlay",
            Self::Phone { .. } => "phone",
        }
    }

    /// Every kind of figure.
    pub const KINDS: [&'static str; 9] = ["trace", "strip", "histogram", "box", "scatter", "spectrum", "motion", "overlay", "phone"];
}
