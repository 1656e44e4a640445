//! From columns to streams, by quantity and unit: names differ between experiments and versions of phyphox.

use super::bounds::cut;
use super::{Readings, Stream, Table};
use crate::Micros;
use crate::quantity::ObservedProperty as P;

/// Quantities as phyphox's experiments call them, with the unit they come in and what they are. A vector's components
/// follow the quantity as ` x`, ` y`, ` z`.
const QUANTITIES: [(&str, &str, P); 17] = [
    ("acceleration", "m/s2", P::Acceleration),
    ("linear acceleration", "m/s2", P::LinearAcceleration),
    ("gyroscope", "rad/s", P::AngularVelocity),
    ("rotation", "rad/s", P::AngularVelocity),
    ("angular velocity", "rad/s", P::AngularVelocity),
    ("magnetic field", "ut", P::MagneticFluxDensity),
    ("magnetic flux density", "ut", P::MagneticFluxDensity),
    ("pressure", "hpa", P::Pressure),
    ("illuminance", "lx", P::Illuminance),
    ("temperature", "cel", P::Temperature),
    ("sound pressure level", "db", P::SoundLevel),
    ("sound level", "db", P::SoundLevel),
    ("humidity", "%", P::RelativeHumidity),
    ("relative humidity", "%", P::RelativeHumidity),
    ("voltage", "v", P::Voltage),
    ("current", "a", P::ElectricCurrent),
    ("electric current", "a", P::ElectricCurrent),
];

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// Seconds of the columns to its right, up to the next one.
    Time,
    /// A component (0 to 2) of a property.
    Value(P, usize),
    Other,
}

/// Recognises a header such as `Linear Acceleration x (m/s^2)`.
fn column(header: &str) -> Column {
    // A name that begins like a formula is exported with an apostrophe.
    let header = header.trim_start_matches('\'').to_lowercase();
    let Some((quantity, unit)) = header.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) else { return Column::Other };
    let (quantity, unit) = (quantity.trim(), plain_unit(unit));
    if unit == "s" && (quantity == "time" || quantity == "t" || quantity.starts_with("time (")) {
        return Column::Time;
    }
    let (name, component) = match quantity.rsplit_once(' ') {
        Some((name, "x")) => (name, Some(0)),
        Some((name, "y")) => (name, Some(1)),
        Some((name, "z")) => (name, Some(2)),
        _ => (quantity, None),
    };
    let row = QUANTITIES.iter().find(|(known, known_unit, _)| *known == name && *known_unit == unit);
    match (row, component) {
        (Some(&(_, _, property)), Some(component)) if property.is_vector() => Column::Value(property, component),
        (Some(&(_, _, property)), None) if !property.is_vector() => Column::Value(property, 0),
        // The acceleration along one axis or its absolute value is no vector.
        _ => Column::Other,
    }
}

fn plain_unit(unit: &str) -> String {
    let unit: String = unit.chars().filter(|c| !c.is_whitespace() && *c != '^').collect();
    match unit.replace('²', "2").replace(['µ', 'μ'], "u").as_str() {
        "°c" | "℃" => "cel".to_owned(),
        unit => unit.to_owned(),
    }
}

/// All streams of all tables.
pub(super) fn readings(tables: &[Table]) -> Readings {
    let mut readings = Readings::default();
    for table in tables {
        for stream in streams(table, &mut readings.skipped) {
            let taken = |recording: &[Stream]| recording.iter().any(|other| other.property == stream.property);
            match readings.recordings.last_mut() {
                Some(recording) if !taken(recording) => recording.push(stream),
                _ => readings.recordings.push(vec![stream]),
            }
        }
    }
    readings
}

/// A column as `set: column`. The set's name is cut before it is repeated for each of its columns.
fn shown(table: &Table, header: &str) -> String {
    cut(&format!("{}: {header}", cut(&table.name)))
}

/// A stream's property, its time column if it has one of its own, and its components as far as they were found.
type Found<'a> = (P, Option<&'a [f64]>, [Option<&'a [f64]>; 3]);

fn streams(table: &Table, skipped: &mut Vec<String>) -> Vec<Stream> {
    let mut time: Option<&[f64]> = None;
    // A stream's columns, in the order in which they began.
    let mut found: Vec<Found> = Vec::new();
    for (header, values) in &table.columns {
        match column(header) {
            Column::Time => time = Some(values),
            Column::Value(property, component) => match found.iter_mut().find(|(other, ..)| *other == property) {
                Some((_, _, columns)) if columns[component].is_none() => columns[component] = Some(values),
                Some(_) => skipped.push(shown(table, header)),
                None => {
                    let mut columns = [None; 3];
                    columns[component] = Some(values.as_slice());
                    found.push((property, time, columns));
                }
            },
            Column::Other => skipped.push(shown(table, header)),
        }
    }
    let mut streams = Vec::new();
    for (property, time, columns) in found {
        let columns: Vec<&[f64]> = columns.into_iter().flatten().collect();
        match time {
            Some(time) if columns.len() == property.components() => streams.push(stream(property, time, &columns)),
            _ => skipped.push(format!("{} (without time or not all of x, y and z)", shown(table, property.name()))),
        }
    }
    streams.retain(|stream| !stream.time.is_empty());
    streams
}

/// Rows that are padding (no time, or no value at all) are left out; a single missing component stays missing.
fn stream(property: P, time: &[f64], columns: &[&[f64]]) -> Stream {
    let kept = |row: &usize| time[*row].is_finite() && columns.iter().any(|column| !column[*row].is_nan());
    let rows: Vec<usize> = (0..time.len()).filter(kept).collect();
    // Beyond 3,000 years nothing is a time any more; whoever stores it says so.
    let time = rows.iter().map(|&row| (time[row] * 1e6).round().clamp(-1e17, 1e17) as Micros).collect();
    let values = |component: usize| {
        let column = columns.get(component).copied().unwrap_or_default();
        rows.iter().filter_map(|&row| column.get(row)).map(|&value| value as f32).collect()
    };
    Stream { property, time, values: std::array::from_fn(values) }
}

#[cfg(test)]
mod tests;
