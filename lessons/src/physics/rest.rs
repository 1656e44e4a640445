//! A phone that lies still.

use super::draw::Draw;
use super::{DEVICES, G, Sensing};
use crate::quantity::ObservedProperty;
use crate::template::RunData;

/// A phone on a table. [`RestParams::default`] is a good measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct RestParams {
    /// Local gravity, m/s².
    pub g: f64,
    /// Slope of the table, rad, about the phone's x axis.
    pub slope: f64,
    /// The accelerometer. Its offset is what pupils discover: precise is not accurate.
    pub acc: Sensing,
}

impl Default for RestParams {
    fn default() -> Self {
        Self { g: G, slope: 0.01, acc: Sensing::accelerometer(DEVICES[2]) }
    }
}

/// What the phone sends in `seconds`: acceleration (with gravity).
pub fn rest(params: &RestParams, seconds: f64, seed: u64) -> RunData {
    let up = [0.0, params.g * libm::sin(params.slope), params.g * libm::cos(params.slope)];
    let acc = params.acc.record(ObservedProperty::Acceleration, seconds, Draw::new(seed, 1), |_| up);
    RunData { streams: vec![acc], inputs: Default::default() }
}
