//! Places on the Earth: the ellipsoid for heights and angles, the sphere for circles on a map.

use super::calendar::wrap_180;
use super::{Result, SkyError};

/// Mean radius of the Earth, km (IUGG: (2 a + b) / 3), for circles on the ground.
pub const EARTH_RADIUS: f64 = 6_371.008_8;
/// Equatorial radius of WGS 84, km (NIMA TR8350.2).
pub(super) const EQUATOR: f64 = 6_378.137;
/// Flattening of WGS 84.
const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// Square of its first eccentricity.
const E2: f64 = FLATTENING * (2.0 - FLATTENING);

/// A place on or above the Earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Geodetic latitude (WGS 84), degrees, north positive.
    pub latitude: f64,
    /// Longitude, degrees, east positive.
    pub longitude: f64,
    /// Height over the ellipsoid, km.
    pub height_km: f64,
}

impl Place {
    /// A place on the ground with its height in metres (over the ellipsoid; that over the sea differs by 50 m in Germany, which
    /// nobody sees). Fails with `Question` for what is no latitude, longitude or height between -500 and 9000 m.
    pub fn new(latitude: f64, longitude: f64, elevation_m: f64) -> Result<Self> {
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(SkyError::Question("a latitude lies between -90 and 90 degrees"));
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err(SkyError::Question("a longitude lies between -180 and 180 degrees"));
        }
        if !(-500.0..=9000.0).contains(&elevation_m) {
            return Err(SkyError::Question("an elevation lies between -500 and 9000 metres"));
        }
        Ok(Self { latitude, longitude, height_km: elevation_m / 1000.0 })
    }

    /// Its Earth-fixed coordinates, km: x to the prime meridian on the equator, z to the north pole.
    pub(super) fn fixed(self) -> [f64; 3] {
        let (sin, cos) = libm::sincos(self.latitude.to_radians());
        let (east, prime) = libm::sincos(self.longitude.to_radians());
        let normal = EQUATOR / libm::sqrt(1.0 - E2 * sin * sin);
        let across = (normal + self.height_km) * cos;
        [across * prime, across * east, (normal * (1.0 - E2) + self.height_km) * sin]
    }

    /// The place of Earth-fixed coordinates, km. The latitude is found by repetition (Astronomical Almanac, section K): five
    /// steps leave less than a millimetre at any height of a satellite.
    pub(super) fn of_fixed([x, y, z]: [f64; 3]) -> Self {
        let across = libm::hypot(x, y);
        let mut latitude = libm::atan2(z, across * (1.0 - E2));
        let mut normal = EQUATOR;
        for _ in 0..5 {
            let sin = libm::sin(latitude);
            normal = EQUATOR / libm::sqrt(1.0 - E2 * sin * sin);
            latitude = libm::atan2(z + normal * E2 * sin, across);
        }
        let (sin, cos) = libm::sincos(latitude);
        // Along the normal, which works at the poles as well as on the equator.
        let height_km = across * cos + z * sin - normal * (1.0 - E2 * sin * sin);
        Self { latitude: latitude.to_degrees(), longitude: wrap_180(libm::atan2(y, x).to_degrees()), height_km }
    }

    /// East, north and up of a vector given in Earth-fixed coordinates, seen from here.
    pub(super) fn local(self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        let (sin, cos) = libm::sincos(self.latitude.to_radians());
        let (east, prime) = libm::sincos(self.longitude.to_radians());
        let outward = prime * x + east * y;
        [prime * y - east * x, cos * z - sin * outward, cos * outward + sin * z]
    }
}

/// Where one arrives `angle` degrees of a great circle away in a direction (degrees from north over east): latitude and
/// longitude on the sphere. (Spherical trigonometry; the ellipsoid differs by 0.2° at most.)
pub fn destination(latitude: f64, longitude: f64, azimuth: f64, angle: f64) -> (f64, f64) {
    let (sin, cos) = libm::sincos(latitude.to_radians());
    let (sin_way, cos_way) = libm::sincos(angle.to_radians());
    let (sin_azimuth, cos_azimuth) = libm::sincos(azimuth.to_radians());
    let up = (sin * cos_way + cos * sin_way * cos_azimuth).clamp(-1.0, 1.0);
    let east = libm::atan2(sin_azimuth * sin_way * cos, cos_way - sin * up);
    (libm::asin(up).to_degrees(), wrap_180(longitude + east.to_degrees()))
}

/// The great circle between two places, degrees (the haversine formula, exact for near places too). Times
/// [`EARTH_RADIUS`] and π/180 it is the way on the ground in km.
pub fn distance(from: (f64, f64), to: (f64, f64)) -> f64 {
    let half = |a: f64, b: f64| {
        let sin = libm::sin(0.5 * (b - a).to_radians());
        sin * sin
    };
    let cosines = libm::cos(from.0.to_radians()) * libm::cos(to.0.to_radians());
    let share = (half(from.0, to.0) + cosines * half(from.1, to.1)).clamp(0.0, 1.0);
    (2.0 * libm::asin(libm::sqrt(share))).to_degrees()
}
