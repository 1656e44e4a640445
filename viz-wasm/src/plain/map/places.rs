//! Places on a map in words, and the geometry that a map needs.

use messwerk_lessons::sky::{COMPASS, compass, distance, night_edge};

use crate::words::{Lang, number};

/// A place in words: `50.2° N, 86.4° W`.
pub(super) fn spot((longitude, latitude): (f64, f64), lang: Lang) -> String {
    let side = |value: f64, positive: &str, negative: &str| {
        format!("{}° {}", number::fixed(value.abs(), 1, lang), if value < 0.0 { negative } else { positive })
    };
    format!("{}, {}", side(latitude, "N", "S"), side(longitude, lang.pick("O", "E"), "W"))
}

/// One of the sixteen directions.
pub(super) fn course(heading: f64, lang: Lang) -> &'static str {
    COMPASS.get(compass(heading)).map_or("", |(de, en)| match lang {
        Lang::De => de,
        Lang::En => en,
    })
}

/// The angle between two places, longitude and latitude, at the Earth's middle, degrees.
pub(super) fn apart(one: (f64, f64), other: (f64, f64)) -> f64 {
    distance((one.1, one.0), (other.1, other.0))
}

/// The night side as a polygon of longitudes and latitudes, the Sun overhead at a longitude and latitude.
pub(super) fn night(sun: (f64, f64)) -> Vec<(f64, f64)> {
    let edge = |step: i32| {
        let longitude = f64::from(step) * 4.0;
        (longitude, night_edge(longitude, (sun.1, sun.0)))
    };
    let mut outline: Vec<(f64, f64)> = (-45..=45).map(edge).collect();
    // The pole without Sun closes it.
    let pole = if sun.1 < 0.0 { 90.0 } else { -90.0 };
    outline.extend([(180.0, pole), (-180.0, pole)]);
    outline
}

/// A line broken where it leaves the map on one side and comes back on the other: each part goes on to the very edge.
pub(super) fn broken(line: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let mut parts: Vec<Vec<(f64, f64)>> = vec![];
    let mut part: Vec<(f64, f64)> = vec![];
    for &point in line {
        if let Some(&last) = part.last()
            && (point.0 - last.0).abs() > 180.0
        {
            let edge = 180.0_f64.copysign(last.0);
            // As if the map went on: the next point beyond the edge.
            let beyond = point.0 + 2.0 * edge;
            let share = if beyond == last.0 { 0.0 } else { (edge - last.0) / (beyond - last.0) };
            let latitude = last.1 + share * (point.1 - last.1);
            part.push((edge, latitude));
            parts.push(std::mem::take(&mut part));
            part.push((-edge, latitude));
        }
        part.push(point);
    }
    parts.push(part);
    parts.retain(|part| part.len() > 1);
    parts
}

#[cfg(test)]
mod tests;
