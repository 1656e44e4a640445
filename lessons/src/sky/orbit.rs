//! An orbit that can be asked for any time.

use std::f64::consts::TAU;

use super::elements::Elements;
use super::near::{self, Near};
use super::{DAY, Result, SkyError};
use crate::Micros;

/// Where something is and where it goes, in TEME (true equator, mean equinox of the day: the axes of SGP4).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// km.
    pub position: [f64; 3],
    /// km/s.
    pub velocity: [f64; 3],
}

/// Elements ready for SGP4, in the mode of the US Space Force (AFSPC) and with the constants of WGS 72, with which the published
/// elements are made.
///
/// Near satellites (period below 225 minutes) are computed here, with `libm` in one order: the same bits everywhere. Distant ones,
/// which feel Moon and Sun, are the crate `sgp4`'s. That crate's `libm` feature goes through `num-traits`, and another feature of that
/// (`std`, which plotters and arrow switch on for the whole build) takes the platform's functions nevertheless.
#[derive(Debug, Clone)]
pub struct Orbit {
    elements: Elements,
    model: Model,
}

#[derive(Debug, Clone)]
enum Model {
    Near(Box<Near>),
    Distant(Box<sgp4::Constants>),
}

impl Orbit {
    /// Prepares elements. Fails with `Element` where SGP4 refuses them.
    pub fn new(elements: Elements) -> Result<Self> {
        let motion = near::brouwer(&elements);
        let refused = |reason: String| SkyError::Element { object: elements.label(), reason };
        if motion.is_nan() || motion <= 0.0 {
            return Err(refused("its mean motion is no orbit".to_owned()));
        }
        let model = if TAU / motion < 225.0 {
            Model::Near(Box::new(Near::new(&elements)))
        } else {
            Model::Distant(Box::new(distant(&elements).map_err(refused)?))
        };
        Ok(Self { elements, model })
    }

    /// What it was made of.
    pub fn elements(&self) -> &Elements {
        &self.elements
    }

    /// Position and velocity at a time. Fails with `NoPosition`.
    pub fn at(&self, time: Micros) -> Result<State> {
        self.after(self.elements.minutes(time))
    }

    /// The same, in minutes after the epoch, as the published vectors count.
    pub fn after(&self, minutes: f64) -> Result<State> {
        let state = match &self.model {
            Model::Near(near) => near.at(minutes)?,
            Model::Distant(constants) => {
                let found = constants.propagate_from_state(sgp4::MinutesSinceEpoch(minutes), constants.initial_state().as_mut(), true);
                let found = found.map_err(|_| SkyError::NoPosition("the elements are no orbit any more: too far from their epoch"))?;
                State { position: found.position, velocity: found.velocity }
            }
        };
        let finite = state.position.iter().chain(&state.velocity).all(|value| value.is_finite());
        if finite { Ok(state) } else { Err(SkyError::NoPosition("the numbers overflow: too far from the epoch")) }
    }
}

/// The crate's constants in AFSPC mode.
fn distant(elements: &Elements) -> std::result::Result<sgp4::Constants, String> {
    let orbit = sgp4::Orbit::from_kozai_elements(
        &sgp4::WGS72,
        elements.inclination.to_radians(),
        elements.node.to_radians(),
        elements.eccentricity,
        elements.perigee.to_radians(),
        elements.mean_anomaly.to_radians(),
        elements.mean_motion * TAU / 1440.0,
    )
    .map_err(|error| error.to_string())?;
    // Julian years since J2000, by way of the Julian day as AFSPC has it: that rounds to 40 µs, and the published vectors contain it.
    let (days, rest) = (elements.epoch.div_euclid(DAY) as f64, elements.epoch.rem_euclid(DAY) as f64 / DAY as f64);
    let years = (2_440_587.5 + days + rest - 2_451_545.0) / 365.25;
    sgp4::Constants::new(sgp4::WGS72, sgp4::afspc_epoch_to_sidereal_time, years, elements.bstar, orbit).map_err(|error| error.to_string())
}
