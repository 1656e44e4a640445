//! From the sky's axes to the Earth's.

use super::earth::Place;
use super::{State, gmst};
use crate::Micros;

/// The Earth's turn against the stars, rad/s (WGS 84; NIMA TR8350.2).
const TURN: f64 = 7.292_115e-5;

/// Position and velocity in axes that turn with the Earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fixed {
    /// km; x to the prime meridian on the equator, z to the north pole.
    pub position: [f64; 3],
    /// Against the ground, km/s.
    pub velocity: [f64; 3],
}

impl Fixed {
    /// A state turned by the mean sidereal time: TEME to pseudo Earth-fixed axes (Vallado and others, Revisiting Spacetrack Report
    /// #3, AIAA 2006-6753, appendix C), without polar motion (10 m).
    pub fn of(state: &State, time: Micros) -> Self {
        let (sin, cos) = libm::sincos(gmst(time).to_radians());
        let turned = |[x, y, z]: [f64; 3]| [cos * x + sin * y, cos * y - sin * x, z];
        let position = turned(state.position);
        let [x, y, z] = turned(state.velocity);
        Self { position, velocity: [x + TURN * position[1], y - TURN * position[0], z] }
    }

    /// Where it is over the ground.
    pub fn place(&self) -> Place {
        Place::of_fixed(self.position)
    }
}
