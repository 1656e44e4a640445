//! The sky over a school: where a satellite is and when it can be seen, and where the Sun stands.
//!
//! Orbits are SGP4 on published element sets ([`Elements`], read by [`read`]), the Sun is a series of a few terms ([`sun`]).
//! Both are good to what an eye and a clock can check, a few hundredths of a degree, and no better: no polar motion, no
//! difference of UT1 and UTC (0.9 s at most), no refraction but that in the height of the horizon. Everything takes time as
//! hub time, [`Micros`], and angles are degrees unless a name says otherwise; longitudes count eastwards from -180 to 180.
//!
//! What is computed for near satellites (a period below 225 minutes, as the ISS has) and for the Sun has the same bits natively
//! and in wasm. For distant ones the crate `sgp4` computes, whose sine is the platform's ([`Orbit`] says why): there the last
//! digits may differ.

mod age;
mod calendar;
mod compass;
mod day;
mod digest;
mod earth;
mod elements;
mod frame;
mod kepler;
mod look;
mod near;
mod omm;
mod orbit;
mod passes;
mod read;
mod search;
mod sun;
mod tle;
mod track;

pub use age::{Age, FRESH};
pub use calendar::{Date, day_of_year, gmst, instant, iso};
pub use compass::{COMPASS, compass};
pub use day::{Daylight, Event, SUNRISE, TWILIGHT, daylight};
pub use digest::self_test;
pub use earth::{EARTH_RADIUS, Place, destination, distance};
pub use elements::Elements;
pub use frame::Fixed;
pub use look::{Look, Observer};
pub use omm::omm;
pub use orbit::{Orbit, State};
pub use passes::{MOST_PASSES, Moment, Pass, Unseen, is_lit, passes};
pub use read::{MOST_OBJECTS, read};
pub use sun::{Sun, night_edge, subsolar, sun};
pub use tle::tle;
pub use track::{Point, Position, footprint, position, track};

use crate::Micros;

/// Microseconds of a second.
const SECOND: Micros = 1_000_000;
/// Microseconds of a minute.
const MINUTE: Micros = 60 * SECOND;
/// Microseconds of a day.
const DAY: Micros = 86_400 * SECOND;

/// Why there is no answer about the sky.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SkyError {
    /// Neither JSON of element sets nor lines of them.
    #[error("this is neither OMM JSON nor two-line elements: {0}")]
    Format(String),
    /// A line of a two-line set that cannot be read.
    #[error("line {line}: {reason}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it, and where.
        reason: String,
    },
    /// An element that is missing or cannot be.
    #[error("{object}: {reason}")]
    Element {
        /// Name or number of the object.
        object: String,
        /// What is wrong.
        reason: String,
    },
    /// More objects than anybody looks at.
    #[error("{found} objects, at most {most} are read at once")]
    TooMany {
        /// How many there are.
        found: usize,
        /// How many are read.
        most: usize,
    },
    /// The model cannot say where it is: the elements are too old, or it has fallen.
    #[error("SGP4 has no position for this time: {0}")]
    NoPosition(&'static str),
    /// A place, a time or an angle that cannot be.
    #[error("{0}")]
    Question(&'static str),
}

/// What the sky answers.
pub type Result<T> = std::result::Result<T, SkyError>;

#[cfg(test)]
mod tests;
