//! A school's thermometer and the weather service's: the same day, one place warmer than the other. A day is a wave with its highest
//! temperature in the afternoon.

use std::collections::BTreeMap;

use super::{Lesson, Scene, Sitting, enter, one_by_one, rounded};
use crate::quantity::ObservedProperty;
use crate::template::RunData;

/// What a town adds in the middle of a class's stations, K.
const MIDDLE: f64 = 0.6;

pub(super) const LESSON: Lesson =
    Lesson { name: "weather", truth: ("bias", MIDDLE), seconds: 43_200.0, mistakes: &["sun", "time_zone"], make };

/// Twelve hours from 7 o'clock; the two places differ by 0.2 to 1.0 K and by ± 0.4 K in each hour (clouds); the service gives tenths.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let bias = MIDDLE + draw.between(-0.4, 0.4);
    let (middle, wave) = (draw.between(4.0, 20.0), draw.between(4.0, 5.5));
    let day = |hour: f64| middle + wave * libm::cos(std::f64::consts::TAU * (hour - 15.0) / 24.0);
    // Who takes a table in universal time for summer time finds at "12" what was at two in the afternoon.
    let later = if sitting.makes("time_zone") { 2.0 } else { 0.0 };
    let hours = (7..19).map(f64::from);
    let own: Vec<f64> = hours
        .clone()
        .map(|hour| {
            let sun = if sitting.makes("sun") && (9.0..14.0).contains(&hour) { chance.between(5.0, 8.0) } else { 0.0 };
            day(hour) + bias + 0.4 * chance.normal() + sun
        })
        .collect();
    let service: Vec<f64> = hours.map(|hour| rounded(day(hour + later), 1)).collect();
    let mut inputs = BTreeMap::new();
    enter(&mut inputs, "own", &own.iter().map(|celsius| rounded(*celsius, 1)).collect::<Vec<f64>>());
    enter(&mut inputs, "dwd", &service);
    let station = one_by_one(ObservedProperty::Temperature, sitting.seconds, &own);
    Scene { run: RunData { streams: vec![station], inputs }, truth: bias }
}
