//! Passes of a space station over a school: n turns take n times its period. Where on its orbit it stands highest differs from pass to
//! pass by minutes of flight, for the Earth turns below it: of passes that can be seen by eye, SGP4 scatters by 1.2 to 2.1 min about the
//! line. Its speed is the circle's, 2πr/T, with r from Kepler's third law.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use super::{Lesson, Scene, Sitting, enter, rounded};
use crate::template::RunData;

/// Mean radius of the Earth as the lesson takes it, km.
const EARTH: f64 = 6371.0;
/// GM of the Earth, km³/s² (WGS 84, NIMA TR8350.2).
const GM: f64 = 398_600.4;
/// A station's usual height, km.
const HEIGHT: f64 = 418.0;

pub(super) const LESSON: Lesson = Lesson {
    name: "iss",
    // The circle's speed in that height, km/s.
    truth: ("v", 7.6627),
    seconds: 60.0,
    mistakes: &["one_night", "miscounted", "slipped", "from_middle", "time_zone", "old_elements"],
    make,
};

/// Ten passes of six evenings; the highest point wanders by ± 1.8 min, a clock is read to ± 2 s; the height is read
/// to ± 5 km.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let height = HEIGHT + draw.between(-3.0, 3.0);
    let radius = EARTH + height;
    let period = TAU * libm::sqrt(radius * radius * radius / GM) / 60.0;
    let night = sitting.makes("one_night");
    // The first and the second pass of an evening; fifteen and a half turns later the next one begins.
    let turns: Vec<f64> = if night { vec![0.0, 1.0, 2.0] } else { vec![0.0, 1.0, 15.0, 16.0, 31.0, 46.0, 47.0, 62.0, 77.0, 78.0] };
    let seen: Vec<f64> = turns
        .iter()
        .map(|turn| {
            // Within one night the point wanders on by the same amount each time.
            let wander = if night { 3.6 * turn + 0.1 * chance.normal() } else { 1.8 * chance.normal() };
            period * turn + wander
        })
        .collect();
    let first = seen.first().copied().unwrap_or(0.0);
    let times: Vec<f64> = seen.iter().map(|time| rounded((time - first).max(0.0), 1)).collect();
    let counted: Vec<f64> = match sitting.mistake {
        Some("miscounted") => times.iter().map(|time| libm::round(time / 97.0)).collect(),
        // One turn too many from the seventh pass on.
        Some("slipped") => turns.iter().enumerate().map(|(index, turn)| if index < 6 { *turn } else { turn + 1.0 }).collect(),
        _ => turns,
    };
    let off = match sitting.mistake {
        Some("time_zone") => 3600.0,
        Some("old_elements") => 60.0,
        _ => 0.0,
    };
    let late: Vec<f64> = counted.iter().map(|_| rounded(off + 2.0 * chance.normal(), 0)).collect();
    let read = height + 5.0 * draw.normal();
    let height_read = rounded(if sitting.makes("from_middle") { EARTH + read } else { read }, 0);
    let mut inputs = BTreeMap::from([("h".to_owned(), height_read)]);
    enter(&mut inputs, "turns", &counted);
    enter(&mut inputs, "t", &times);
    enter(&mut inputs, "late", &late);
    Scene { run: RunData { streams: vec![], inputs }, truth: TAU * radius / (60.0 * period) }
}
