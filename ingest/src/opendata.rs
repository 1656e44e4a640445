//! Open data of others: the German weather service's files (DWD CDC, POI), Bright Sky, openSenseMap's boxes. Bytes to readings, as pure
//! functions; nobody here fetches anything.
//!
//! A feed gives [`Reading`](crate::station::Reading)s as a station's push does, with the channel "5cm" for what is measured close to
//! the ground and the like, the length of the interval that ends at each time, and what it says of its station. A file that is none
//! (an error page, half a zip, a zip bomb) is a [`Refusal`] in one sentence.

mod brightsky;
mod dwd;
mod file;
mod sense;

pub use brightsky::brightsky;
pub use dwd::{geography, poi, product, product_zip, stations};
pub use file::{Given, Kind, MAX_FILE, Part, Summary, read};
pub use sense::{box_csv, box_sensors};

use messwerk_lessons::Micros;

use crate::station::Report;

/// Bytes that a zip may unpack to: a historical product of ten years is 35 MB.
pub const MAX_UNPACKED: u64 = 64 << 20;
/// Readings of one file at most; ten years of ten minutes are 526,000 rows of five columns.
pub const MAX_READINGS: usize = 3_000_000;

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A list or table that does not say of which station or sensor it is.
    #[error("{0}")]
    Whose(&'static str),
    /// An error page or a listing.
    #[error("this is a web page and not data: the address is wrong, or the service answers with an error")]
    Page,
    /// A zip that is cut off or damaged.
    #[error("the zip is damaged or cut off: fetch it again, whole")]
    Damaged,
    /// More than [`MAX_UNPACKED`] or [`MAX_READINGS`].
    #[error("the file unpacks to more than a product of ten years: {0}")]
    TooLarge(&'static str),
    /// Something else.
    #[error("this is no {0}")]
    Unknown(&'static str),
}

/// Where a station stood in a time. Positions are of public stations.
#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    /// First moment, µs of UTC; `None` where nobody says.
    pub from: Option<Micros>,
    /// End, µs of UTC and not within; `None` for a stay that lasts.
    pub until: Option<Micros>,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Metres above sea level; NaN where nobody says.
    pub height: f64,
}

/// A station as its service describes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Station {
    /// The service's id, as it writes it (`01766`).
    pub id: String,
    /// Its name.
    pub name: String,
    /// The state it lies in, where the list says it.
    pub state: String,
    /// Where it stood, in the order of the source: stations move.
    pub stays: Vec<Stay>,
}

impl Station {
    /// Where it stood at a time.
    pub fn stay(&self, time: Micros) -> Option<&Stay> {
        self.stays.iter().find(|stay| stay.from.is_none_or(|from| from <= time) && stay.until.is_none_or(|until| time < until))
    }
}

/// What a file of open data holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Feed {
    /// Readings, Rejects and notes. Times are the ends of intervals.
    pub report: Report,
    /// How long the interval is that ends at each time, µs; `None` where values are of a moment or of different intervals.
    pub interval: Option<Micros>,
    /// The station, as far as the file says.
    pub station: Option<Station>,
}

/// Refuses what is a web page.
fn no_page(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.trim_ascii_start().first() == Some(&b'<') { Err(Refusal::Page) } else { Ok(()) }
}

/// Latin-1, which the DWD writes: every byte is the character of its number.
fn latin1(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

#[cfg(test)]
mod tests;
