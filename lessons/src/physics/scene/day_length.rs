//! Lengths of days at one latitude, as `sky` computes them: the Sun's upper rim rises and sets with 34' of refraction. What is found is
//! the tilt of the Earth's axis, 23.44° less 47" in a century (IAU 2006). A horizon is no sphere's: roofs and hills shift a rising by as
//! long as the Sun takes for their height, at 15° cos φ |sin A| an hour for the azimuth A.

use std::collections::BTreeMap;

use super::{Lesson, Scene, Sitting, enter, rounded};
use crate::Micros;
use crate::sky::{Date, Observer, Place, daylight};
use crate::template::RunData;

/// Of 2026, degrees.
const TILT: f64 = 23.436;
const DAY: Micros = 86_400_000_000;

pub(super) const LESSON: Lesson = Lesson {
    name: "day_length",
    truth: ("tilt", TILT),
    seconds: 60.0,
    mistakes: &["one_season", "upside_down", "longitude", "hour"],
    make,
};

/// Degrees by which a horizon is higher or lower than a sphere's; the flatter the Sun's path, the wider the stretch of roofs and hills that
/// counts, which is up to a third more.
const HORIZON: f64 = 0.25;

/// Twelve days of 2026 from 40 to 60° north; each rising and setting off by its horizon, two to four minutes, and lengths in whole minutes.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let latitude = rounded(draw.between(40.0, 60.0), 2);
    let east = draw.between(5.0, 15.0);
    let first = Date { year: 2026, month: 1, day: 1 }.start();
    let wrong = (draw.unit() * 12.0) as usize;
    let number = |index: usize| if sitting.makes("one_season") { 160 + 3 * index as i64 } else { 21 + 30 * index as i64 };
    let (mut days, mut hours, mut minutes) = (vec![], vec![], vec![]);
    for index in 0..12 {
        let day = number(index);
        let start = first + (day - 1) * DAY;
        let found = Place::new(latitude, east, 0.0).and_then(|place| daylight(&Observer::new(place), start, start + DAY));
        // These latitudes have a sunrise each day; nothing would be a day of no length.
        let (length, events) = found.map_or((0.0, vec![]), |day| (day.length_s / 60.0, day.events));
        let late = |azimuth: f64| {
            let (sin, cos) = libm::sincos(azimuth.to_radians());
            HORIZON * (1.0 + 0.3 * libm::fabs(cos)) / (0.25 * libm::cos(latitude.to_radians()) * libm::fabs(sin))
        };
        let length = length + events.iter().map(|event| late(event.azimuth) * chance.normal()).sum::<f64>();
        let length = if sitting.makes("upside_down") { 1440.0 - length } else { length };
        // An hour too much, as from sunset in summer time.
        let slip = if sitting.makes("hour") && index == wrong { 60.0 } else { 0.0 };
        let read = libm::round(length + slip);
        days.push(day as f64);
        hours.push(libm::floor(read / 60.0));
        minutes.push(read - 60.0 * libm::floor(read / 60.0));
    }
    let mut inputs = BTreeMap::from([("lat".to_owned(), if sitting.makes("longitude") { rounded(east, 2) } else { latitude })]);
    enter(&mut inputs, "day", &days);
    enter(&mut inputs, "hours", &hours);
    enter(&mut inputs, "minutes", &minutes);
    Scene { run: RunData { streams: vec![], inputs }, truth: TILT }
}
