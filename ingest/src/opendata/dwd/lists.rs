//! The DWD's stations: the list of all, and the moves of one.

use chrono::NaiveDate;
use messwerk_lessons::Micros;

use super::super::{Refusal, Station, Stay, latin1, no_page};

/// One day, µs.
const DAY: Micros = 86_400_000_000;

fn day(text: &str) -> Option<Micros> {
    let date = NaiveDate::parse_from_str(text.trim(), "%Y%m%d").ok()?;
    Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros())
}

/// Reads `..._Beschreibung_Stationen.txt`: six numbers from the left, the state (and "Frei") from the right, the rest is the name,
/// which may have blanks and commas. Lines that are no station are passed over. The end of a list's period is the last day with data, not
/// the station's end, so `until` is the day behind it.
///
/// # Errors
/// A web page, or no line that is a station.
pub fn stations(bytes: &[u8]) -> Result<Vec<Station>, Refusal> {
    no_page(bytes)?;
    let text = latin1(bytes);
    let found: Vec<Station> = text.lines().filter_map(station).collect();
    if found.is_empty() { Err(Refusal::Unknown("list of the DWD's stations")) } else { Ok(found) }
}

fn station(line: &str) -> Option<Station> {
    let mut rest = line.trim();
    let mut token = || {
        let (token, behind) = rest.split_once(char::is_whitespace)?;
        rest = behind.trim_start();
        Some(token)
    };
    let (id, from, until, height, latitude, longitude) = (token()?, token()?, token()?, token()?, token()?, token()?);
    if !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    if words.last() == Some(&"Frei") {
        words.pop();
    }
    const STATES: [&str; 16] = [
        "Baden-Württemberg",
        "Bayern",
        "Berlin",
        "Brandenburg",
        "Bremen",
        "Hamburg",
        "Hessen",
        "Mecklenburg-Vorpommern",
        "Niedersachsen",
        "Nordrhein-Westfalen",
        "Rheinland-Pfalz",
        "Saarland",
        "Sachsen",
        "Sachsen-Anhalt",
        "Schleswig-Holstein",
        "Thüringen",
    ];
    // A name of one word that is a state's has none behind it (lists with blank fields).
    let state =
        if words.len() > 1 && words.last().is_some_and(|last| STATES.contains(last)) { words.pop().unwrap_or_default() } else { "" };
    let stay = Stay {
        from: day(from),
        until: day(until).map(|until| until + DAY),
        latitude: latitude.parse().ok()?,
        longitude: longitude.parse().ok()?,
        height: height.parse().ok()?,
    };
    Some(Station { id: format!("{id:0>5}"), name: words.join(" "), state: state.to_owned(), stays: vec![stay] })
}

/// Reads `Metadaten_Geographie_....txt`: where a station stood when, last day included.
///
/// # Errors
/// A web page, or no such file.
pub fn geography(bytes: &[u8]) -> Result<Station, Refusal> {
    no_page(bytes)?;
    let text = latin1(bytes);
    let mut station = Station::default();
    for line in text.lines() {
        let cells: Vec<&str> = line.split(';').map(str::trim).collect();
        let [id, height, latitude, longitude, from, until, name, ..] = cells.as_slice() else { continue };
        let (Ok(height), Ok(latitude), Ok(longitude)) = (height.parse(), latitude.parse(), longitude.parse()) else { continue };
        station.id = format!("{id:0>5}");
        station.name = (*name).to_owned();
        station.stays.push(Stay { from: day(from), until: day(until).map(|until| until + DAY), latitude, longitude, height });
    }
    if station.stays.is_empty() { Err(Refusal::Unknown("Metadaten_Geographie of the DWD")) } else { Ok(station) }
}
