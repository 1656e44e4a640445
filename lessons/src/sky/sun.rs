//! Where the Sun stands.

use super::calendar::{centuries, gmst, wrap_180, wrap_360};
use super::look::{Look, Observer};
use crate::Micros;

/// Astronomical unit, km (IAU 2012).
const UNIT: f64 = 149_597_870.7;
/// Terrestrial Time less UTC, in Julian centuries: 69.184 s since 2017. The Sun moves 0.003° in it; what leap seconds add or have not
/// yet added is a hundredth of that.
const TERRESTRIAL: f64 = 69.184 / 86_400.0 / 36_525.0;

/// The apparent place of the Sun.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sun {
    /// Right ascension, degrees from 0 to 360.
    pub right_ascension: f64,
    /// Declination, degrees.
    pub declination: f64,
    /// Distance, km.
    pub distance_km: f64,
    /// How far Greenwich has turned from the true equinox, degrees.
    sidereal: f64,
}

/// The Sun's apparent place, within 0.01° between 1900 and 2100.
///
/// The series of low accuracy in Meeus, Astronomical Algorithms, chapter 25 (2nd edition), with the aberration and the largest terms of
/// nutation in longitude and obliquity (chapter 22), referred to the true equinox of date.
pub fn sun(time: Micros) -> Sun {
    let t = centuries(time) + TERRESTRIAL;
    let mean = 280.466_46 + (36_000.769_83 + 0.000_303_2 * t) * t;
    let anomaly = (357.529_11 + (35_999.050_29 - 0.000_153_7 * t) * t).to_radians();
    let eccentricity = 0.016_708_634 - (0.000_042_037 + 0.000_000_126_7 * t) * t;
    let centre = (1.914_602 - (0.004_817 + 0.000_014 * t) * t) * libm::sin(anomaly)
        + (0.019_993 - 0.000_101 * t) * libm::sin(2.0 * anomaly)
        + 0.000_289 * libm::sin(3.0 * anomaly);
    let true_anomaly = anomaly + centre.to_radians();
    let distance = 1.000_001_018 * (1.0 - eccentricity * eccentricity) / (1.0 + eccentricity * libm::cos(true_anomaly));
    // Nutation: the Moon's node, and twice the mean longitudes of Sun and Moon.
    let node = (125.044_52 - 1_934.136_261 * t).to_radians();
    let (twice_sun, twice_moon) = ((2.0 * mean).to_radians(), (2.0 * (218.316_5 + 481_267.881_3 * t)).to_radians());
    let in_longitude =
        (-17.20 * libm::sin(node) - 1.32 * libm::sin(twice_sun) - 0.23 * libm::sin(twice_moon) + 0.21 * libm::sin(2.0 * node)) / 3600.0;
    let in_obliquity =
        (9.20 * libm::cos(node) + 0.57 * libm::cos(twice_sun) + 0.10 * libm::cos(twice_moon) - 0.09 * libm::cos(2.0 * node)) / 3600.0;
    let obliquity = (23.439_291_1 - (0.013_004_167 + 0.000_000_163_9 * t) * t + in_obliquity).to_radians();
    let aberration = -20.489_8 / 3600.0 / distance;
    let (sin, cos) = libm::sincos((mean + centre + in_longitude + aberration).to_radians());
    Sun {
        right_ascension: wrap_360(libm::atan2(libm::cos(obliquity) * sin, cos).to_degrees()),
        declination: libm::asin((libm::sin(obliquity) * sin).clamp(-1.0, 1.0)).to_degrees(),
        distance_km: distance * UNIT,
        sidereal: wrap_360(gmst(time) + in_longitude * libm::cos(obliquity)),
    }
}

impl Sun {
    /// Its Earth-fixed coordinates, km.
    pub fn fixed(&self) -> [f64; 3] {
        let (sin, cos) = libm::sincos(self.declination.to_radians());
        let (east, prime) = libm::sincos((self.right_ascension - self.sidereal).to_radians());
        [self.distance_km * cos * prime, self.distance_km * cos * east, self.distance_km * sin]
    }
}

impl Observer {
    /// Where the Sun's middle stands, seen from this place and without refraction.
    pub fn sun(&self, time: Micros) -> Look {
        self.look(sun(time).fixed())
    }
}

/// Latitude and longitude where the Sun stands overhead, degrees.
pub fn subsolar(time: Micros) -> (f64, f64) {
    let sun = sun(time);
    (sun.declination, wrap_180(sun.right_ascension - sun.sidereal))
}

/// The latitude at which day meets night on a meridian (degrees), for a Sun that stands overhead at `subsolar`; north of it is night
/// where the Sun stands in the south, and the other way round. On the sphere and for the Sun's middle on the horizon:
/// tan φ = -cos(λ - λ☉) / tan δ☉.
pub fn night_edge(longitude: f64, (latitude, overhead): (f64, f64)) -> f64 {
    // At an equinox the edge follows two meridians; a hundredth of a degree more keeps it a line.
    let tilt = if libm::fabs(latitude) < 0.01 { libm::copysign(0.01, latitude) } else { latitude };
    libm::atan(-libm::cos((longitude - overhead).to_radians()) / libm::tan(tilt.to_radians())).to_degrees()
}
