//! Reads the real phyphox recordings beside the repository, just well enough for these tests (the hub's own reader is
//! a codec of its own).

use std::fs;
use std::path::PathBuf;

use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{RunData, StreamData};

/// The text of a sample file. `None` (and a line that says so) where the samples are not at hand; with CI=true that is a
/// failure.
pub(crate) fn text(name: &str) -> Option<String> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/samples")).join(name);
    match fs::read(&path) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{}: {error}", path.display());
            eprintln!("skipped: {} ({error})", path.display());
            None
        }
    }
}

/// As the store gives a recording back: values as 32-bit floats, times to 1 µs from the first reading.
fn stored(property: ObservedProperty, time: &[f64], [x, y, z]: [&[f64]; 3]) -> RunData {
    let rounded = |column: &[f64]| column.iter().map(|value| f64::from(*value as f32)).collect();
    let micros: Vec<i64> = time.iter().map(|time| (time * 1e6).round() as i64).collect();
    let time = micros.iter().map(|time| (time - micros[0]) as f64 / 1e6).collect();
    RunData { streams: vec![StreamData { property, time, x: rounded(x), y: rounded(y), z: rounded(z) }], ..Default::default() }
}

/// A CSV export with a header and the columns time, x, y, z (and more).
pub(crate) fn csv(name: &str) -> Option<RunData> {
    let text = text(name)?;
    let rows: Vec<Vec<f64>> = text.lines().skip(1).map(|line| line.split(',').map(|cell| cell.trim().parse().unwrap()).collect()).collect();
    let column = |index: usize| rows.iter().map(|row| row[index]).collect::<Vec<f64>>();
    Some(stored(ObservedProperty::Acceleration, &column(0), [&column(1), &column(2), &column(3)]))
}

/// The pressure of phyphox's elevator experiment, with commas or tabs, up to a time.
pub(crate) fn pressure(name: &str, until: f64) -> Option<RunData> {
    let text = text(name)?;
    let rows =
        text.lines().skip(1).map(|line| line.split([',', '\t']).take(2).map(|cell| cell.trim().parse().unwrap()).collect::<Vec<f64>>());
    let rows: Vec<Vec<f64>> = rows.filter(|row| row[0] <= until).collect();
    let column = |index: usize| rows.iter().map(|row| row[index]).collect::<Vec<f64>>();
    Some(stored(ObservedProperty::Pressure, &column(0), [&column(1), &[], &[]]))
}

/// The initial values of a container of a phyphox experiment.
pub(crate) fn container(experiment: &str, name: &str) -> Vec<f64> {
    let end = experiment.find(&format!(">{name}</container>")).unwrap();
    let init = experiment[..end].rfind("init=\"").unwrap() + 6;
    let values = &experiment[init..init + experiment[init..].find('"').unwrap()];
    values.split(',').map(|value| value.parse().unwrap()).collect()
}

/// The gyroscope of a saved phyphox experiment: containers gyr_time, gyrX, gyrY, gyrZ.
pub(crate) fn saved_gyroscope(name: &str) -> Option<RunData> {
    let text = text(name)?;
    let [x, y, z] = ["gyrX", "gyrY", "gyrZ"].map(|name| container(&text, name));
    Some(stored(ObservedProperty::AngularVelocity, &container(&text, "gyr_time"), [&x, &y, &z]))
}
