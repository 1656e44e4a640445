//! Directions in words.

use super::calendar::wrap_360;

/// The sixteen directions from north over east, in German and in English.
pub const COMPASS: [(&str, &str); 16] = [
    ("N", "N"),
    ("NNO", "NNE"),
    ("NO", "NE"),
    ("ONO", "ENE"),
    ("O", "E"),
    ("OSO", "ESE"),
    ("SO", "SE"),
    ("SSO", "SSE"),
    ("S", "S"),
    ("SSW", "SSW"),
    ("SW", "SW"),
    ("WSW", "WSW"),
    ("W", "W"),
    ("WNW", "WNW"),
    ("NW", "NW"),
    ("NNW", "NNW"),
];

/// Which of the sixteen [`COMPASS`] directions an azimuth (degrees from north over east) is nearest to, from 0.
pub fn compass(azimuth: f64) -> usize {
    // Each reaches 11.25° to either side; not finite is north.
    (libm::floor(wrap_360(azimuth + 11.25) / 22.5) as usize) % COMPASS.len()
}
