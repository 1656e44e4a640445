//! Sunrise, sunset and how long a day is.

use super::look::Observer;
use super::search::{crossings, extremum};
use super::{MINUTE, Result, SkyError};
use crate::Micros;

/// Height of the Sun's middle when its upper edge touches the horizon, degrees: 34' of refraction and 16' of the Sun's radius, as
/// almanacs have it.
pub const SUNRISE: f64 = -50.0 / 60.0;
/// The same at the end of civil twilight, when lamps are needed outside, degrees.
pub const TWILIGHT: f64 = -6.0;

/// How often the Sun's height is asked: its extrema are half a day apart.
const STEP: Micros = 10 * MINUTE;
/// The longest day asked about: 25 h, the one on which clocks go back.
const LONGEST: Micros = 26 * 60 * MINUTE;

/// The Sun passes a height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// When, hub time.
    pub time: Micros,
    /// Where on the horizon, degrees from north over east.
    pub azimuth: f64,
    /// Whether it goes up.
    pub rising: bool,
}

/// One day at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Daylight {
    /// Sunrises and sunsets in order. Near the polar circles a day may have none, one, or three.
    pub events: Vec<Event>,
    /// Ends and beginnings of civil night: the Sun passes -6°.
    pub twilight: Vec<Event>,
    /// The highest stand of the Sun: when, and how high in degrees.
    pub noon: (Micros, f64),
    /// For how long the Sun's upper edge is over the horizon, s.
    pub length_s: f64,
    /// The Sun neither rises nor sets and is up (`Some(true)`) or down (`Some(false)`).
    pub polar: Option<bool>,
}

/// The Sun on a day that lasts from `from` to `to` at a place (local midnights: whoever asks knows the time zone).
///
/// Times are good to a few seconds where the Sun crosses steeply, in high latitudes to as long as it takes for 0.02°; mountains,
/// houses and the weather's refraction change more. Fails with `Question` for a day longer than 26 hours.
pub fn daylight(observer: &Observer, from: Micros, to: Micros) -> Result<Daylight> {
    if from >= to || to - from > LONGEST {
        return Err(SkyError::Question("a day has 23 to 25 hours"));
    }
    let height = |time| Ok(observer.sun(time).elevation);
    let events = events(observer, from, to, SUNRISE)?;
    let noon = noon(from, to, height)?;
    let up_at_start = observer.sun(from).elevation >= SUNRISE;
    let (mut length, mut since) = (0, up_at_start.then_some(from));
    for event in &events {
        match (event.rising, since) {
            (true, None) => since = Some(event.time),
            (false, Some(start)) => {
                length += event.time - start;
                since = None;
            }
            _ => {}
        }
    }
    length += since.map_or(0, |start| to - start);
    let polar = events.is_empty().then_some(up_at_start);
    Ok(Daylight { events, twilight: self::events(observer, from, to, TWILIGHT)?, noon, length_s: length as f64 / 1e6, polar })
}

fn events(observer: &Observer, from: Micros, to: Micros, level: f64) -> Result<Vec<Event>> {
    let found = crossings(from, to, STEP, level, |time| Ok(observer.sun(time).elevation))?;
    let event = |time: Micros, rising| Event { time, azimuth: observer.sun(time).azimuth, rising };
    Ok(found.into_iter().map(|crossing| event(crossing.time, crossing.rising)).collect())
}

/// The highest stand: between the neighbours of the highest of the samples.
fn noon(from: Micros, to: Micros, mut height: impl FnMut(Micros) -> Result<f64>) -> Result<(Micros, f64)> {
    let (mut best, mut time) = ((from, height(from)?), from);
    while time < to {
        time = (time + STEP).min(to);
        let now = height(time)?;
        if now > best.1 {
            best = (time, now);
        }
    }
    extremum((best.0 - STEP).max(from), (best.0 + STEP).min(to), height)
}
