//! What is drawn on the map: where it is, where it goes, who sees it.

use super::calendar::wrap_360;
use super::earth::{EARTH_RADIUS, destination};
use super::{Fixed, Orbit, Result, SkyError};
use crate::Micros;

/// A satellite over the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Geodetic latitude of the place below it, degrees.
    pub latitude: f64,
    /// Longitude, degrees.
    pub longitude: f64,
    /// Height over the ellipsoid, km.
    pub height_km: f64,
    /// Where it goes over the ground, degrees from north over east.
    pub heading: f64,
    /// Speed along the orbit, km/s: against the stars, which is what keeps it up.
    pub speed: f64,
    /// Speed of the place below it over the ground, km/s.
    pub ground_speed: f64,
    /// Distance from the Earth's middle, km.
    pub radius_km: f64,
}

/// One point of a track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Hub time.
    pub time: Micros,
    /// Degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
}

/// Most points of a track.
const MOST_POINTS: i64 = 2_000;

/// Where a satellite is at a time. Fails with `NoPosition`.
pub fn position(orbit: &Orbit, time: Micros) -> Result<Position> {
    let state = orbit.at(time)?;
    let fixed = Fixed::of(&state, time);
    let place = fixed.place();
    let [east, north, _] = place.local(fixed.velocity);
    let length = |[x, y, z]: [f64; 3]| libm::sqrt(x * x + y * y + z * z);
    let radius_km = length(state.position);
    Ok(Position {
        latitude: place.latitude,
        longitude: place.longitude,
        height_km: place.height_km,
        heading: wrap_360(libm::atan2(east, north).to_degrees()),
        speed: length(state.velocity),
        // What moves above sweeps less ground, in the ratio of the distances from the middle.
        ground_speed: libm::hypot(east, north) * (radius_km - place.height_km) / radius_km,
        radius_km,
    })
}

/// The ground track from `from` to `to`, a point every `step` µs and one at the end.
///
/// Fails with `NoPosition`, and with `Question` for a span that runs backwards or of more than 2000 points.
pub fn track(orbit: &Orbit, from: Micros, to: Micros, step: Micros) -> Result<Vec<Point>> {
    if step <= 0 || to < from || (to - from) / step >= MOST_POINTS {
        return Err(SkyError::Question("a track runs forwards and has at most 2000 points"));
    }
    let mut times: Vec<Micros> = (0..=(to - from) / step).map(|index| from + index * step).collect();
    if times.last().is_some_and(|last| *last < to) {
        times.push(to);
    }
    times
        .into_iter()
        .map(|time| {
            let place = Fixed::of(&orbit.at(time)?, time).place();
            Ok(Point { time, latitude: place.latitude, longitude: place.longitude })
        })
        .collect()
}

/// The edge of the region where a satellite stands higher than `elevation` degrees: `count` places around the one below it,
/// latitude and longitude, from north over east; and the radius of that region on the ground, km.
///
/// On the sphere the angle at the Earth's middle is acos(R cos ε / (R + h)) - ε (Wertz, Space Mission Analysis and Design, chapter 5).
pub fn footprint(position: &Position, elevation: f64, count: usize) -> (Vec<(f64, f64)>, f64) {
    let low = elevation.to_radians();
    let share = EARTH_RADIUS * libm::cos(low) / (EARTH_RADIUS + position.height_km.max(0.0));
    let angle = libm::acos(share.clamp(-1.0, 1.0)) - low;
    let edge = |index: usize| {
        let azimuth = 360.0 * index as f64 / count as f64;
        destination(position.latitude, position.longitude, azimuth, angle.to_degrees())
    };
    ((0..count).map(edge).collect(), angle * EARTH_RADIUS)
}
