//! Whatever a teacher hands in.

use super::elements::Elements;
use super::omm::omm;
use super::tle::tle;
use super::{Result, SkyError};

/// Objects read at once. A catalogue of everything has tens of thousands, a school looks at a handful.
pub const MOST_OBJECTS: usize = 200;

/// Reads element sets: OMM as JSON (one object or a list) or two-line elements with or without names; whichever it is.
///
/// Fails with `Format` for anything else (also for the web page that a server sent instead), `Line`, `Element` and `TooMany`.
pub fn read(bytes: &[u8]) -> Result<Vec<Elements>> {
    let text = std::str::from_utf8(bytes).map_err(|_| SkyError::Format("it is not text".to_owned()))?;
    // Some editors put a byte order mark before everything.
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.as_bytes().first() {
        None => Err(SkyError::Format("it is empty".to_owned())),
        Some(b'{' | b'[') => omm(text),
        Some(b'<') => Err(SkyError::Format("it is XML or a web page".to_owned())),
        Some(_) => tle(text),
    }
}
