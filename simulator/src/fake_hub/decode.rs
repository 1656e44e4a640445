//! The payloads a simulator sends, read back.

use std::collections::BTreeMap;

use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::wire::Batch;
use serde_json::Value;

/// A reading with what makes it the same reading when it comes again: number of the batch and row, or raw time and value.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) property: ObservedProperty,
    pub(super) value: [Option<f32>; 3],
    pub(super) identity: String,
}

/// All finite readings of a packet; columns of phyphox's CSV wait in `columns` for their last one.
pub(super) fn decode(columns: &mut BTreeMap<String, Vec<String>>, token: &str, level: &str, body: &[u8]) -> Vec<Reading> {
    let readings = if Batch::is_binary(body) {
        let batch = Batch::from_bytes(body).unwrap();
        let key = format!("{:?}", batch.key());
        rows(
            batch.property(),
            batch.time().len(),
            |row, component| batch.values()[component].get(row).copied(),
            |row| format!("{key} {row}"),
        )
    } else if let Ok(json) = serde_json::from_slice::<Value>(body)
        && json.is_object()
    {
        from_json(&json)
    } else {
        from_csv(columns, token, level, std::str::from_utf8(body).unwrap())
    };
    readings.into_iter().filter(|reading| reading.value.iter().flatten().all(|value| value.is_finite())).collect()
}

fn from_json(json: &Value) -> Vec<Reading> {
    let column = |name: &str| -> Option<Vec<f32>> {
        Some(json.get(name)?.as_array()?.iter().map(|cell| cell.as_f64().map_or(f32::NAN, |value| value as f32)).collect())
    };
    if let Some(stream) = json.get("stream") {
        let property = ObservedProperty::from_stream(stream.as_str().unwrap()).unwrap();
        let columns = ["x", "y", "z"].map(|name| column(name).unwrap_or_default());
        let key = format!("{} {}", json["boot"], json["seq"]);
        return rows(property, json["dt"].as_array().unwrap().len(), |row, c| columns[c].get(row).copied(), |row| format!("{key} {row}"));
    }
    let mut readings = Vec::new();
    for property in ObservedProperty::all() {
        let stream = property.stream();
        let Some(time) = column(&format!("{stream}_time")) else { continue };
        let names = if property.is_vector() {
            ["X", "Y", "Z"].map(|axis| format!("{stream}{axis}"))
        } else {
            [stream.into(), String::new(), String::new()]
        };
        let columns = names.map(|name| column(&name).unwrap_or_default());
        let value = |row: usize, component: usize| columns[component].get(row).copied();
        let identity = |row: usize| format!("{} {:?}", json[format!("{stream}_time")][row], [value(row, 0), value(row, 1), value(row, 2)]);
        readings.extend(rows(property, time.len(), value, identity));
    }
    readings
}

fn from_csv(columns: &mut BTreeMap<String, Vec<String>>, token: &str, level: &str, body: &str) -> Vec<Reading> {
    columns.insert(format!("{token}/{level}"), body.split(',').map(str::to_owned).collect());
    let Some(property) = ObservedProperty::all().find(|property| level == property.stream() || level == format!("{}Z", property.stream()))
    else {
        return Vec::new();
    };
    let stream = property.stream();
    let mut column = |suffix: &str| columns.remove(&format!("{token}/{stream}{suffix}")).unwrap_or_default();
    let time = column("_time");
    let values = if property.is_vector() { ["X", "Y", "Z"].map(column) } else { [column(""), Vec::new(), Vec::new()] };
    let value = |row: usize, component: usize| values[component].get(row).map(|text| text.parse().unwrap_or(f32::NAN));
    rows(property, time.len(), value, |row| format!("{} {:?}", time[row], [value(row, 0), value(row, 1), value(row, 2)]))
}

fn rows(
    property: ObservedProperty,
    count: usize,
    value: impl Fn(usize, usize) -> Option<f32>,
    identity: impl Fn(usize) -> String,
) -> Vec<Reading> {
    let reading = |row| Reading {
        property,
        value: std::array::from_fn(|component| value(row, component)),
        identity: format!("{} {}", property.name(), identity(row)),
    };
    (0..count).map(reading).collect()
}
