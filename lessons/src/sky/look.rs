//! Where to look.

use super::calendar::wrap_360;
use super::earth::Place;
use super::{Fixed, Orbit, Result};
use crate::Micros;

/// Somebody on the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observer {
    place: Place,
    fixed: [f64; 3],
}

/// A direction in the sky, and how far it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Degrees from north over east, 0 to 360.
    pub azimuth: f64,
    /// Height over the horizon, degrees, without refraction.
    pub elevation: f64,
    /// Distance, km.
    pub range_km: f64,
}

impl Observer {
    /// Whoever stands there.
    pub fn new(place: Place) -> Self {
        Self { place, fixed: place.fixed() }
    }

    /// Where they stand.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Azimuth, elevation and distance of a point in Earth-fixed coordinates, km.
    pub fn look(&self, point: [f64; 3]) -> Look {
        let [x, y, z] = self.fixed;
        let [east, north, up] = self.place.local([point[0] - x, point[1] - y, point[2] - z]);
        let ground = libm::hypot(east, north);
        Look {
            azimuth: wrap_360(libm::atan2(east, north).to_degrees()),
            elevation: libm::atan2(up, ground).to_degrees(),
            range_km: libm::hypot(ground, up),
        }
    }

    /// Where a satellite stands at a time. Fails with `NoPosition` as [`Orbit::at`].
    pub fn satellite(&self, orbit: &Orbit, time: Micros) -> Result<Look> {
        Ok(self.look(Fixed::of(&orbit.at(time)?, time).position))
    }
}
