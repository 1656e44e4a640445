use std::path::{Path, PathBuf};

use crate::quantity::ObservedProperty as P;

use super::*;

/// A stream: property, number of readings, first and last time (s), first and last x, as they stand in the file.
type Expected = (P, usize, f64, f64, f64, f64);

fn check(readings: &Readings, expected: &[Expected]) {
    let [recording] = &readings.recordings[..] else { panic!("{} runs", readings.recordings.len()) };
    let found = recording.iter().map(|stream| {
        let (time, x) = (&stream.time, &stream.values[0]);
        (stream.property, time.len(), time[0], *time.last().unwrap(), x[0], *x.last().unwrap())
    });
    let us = |seconds: f64| (seconds * 1e6).round() as i64;
    let expected = expected.iter().map(|&(property, n, from, to, first, last)| (property, n, us(from), us(to), first as f32, last as f32));
    assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

fn of(bytes: &[u8]) -> Result<Readings, ExportError> {
    read("Raw Data", bytes, &Bounds::default())
}

fn of_file(path: &Path) -> Result<Readings, ExportError> {
    read(path.file_stem().unwrap().to_str().unwrap(), &std::fs::read(path).unwrap(), &Bounds::default())
}

/// The folder of real exports; without it the tests say so, and fail where it must be there.
fn samples() -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/samples/phyphox_csv"));
    if folder.is_dir() {
        return Some(folder.to_owned());
    }
    assert!(std::env::var("CI").is_err(), "no samples at {}", folder.display());
    eprintln!("skipped: no samples at {}", folder.display());
    None
}

#[test]
fn real_exports_are_read_to_their_last_value() {
    let Some(folder) = samples() else { return };
    let file = |path: &str, expected: &[Expected]| check(&of_file(&folder.join(path)).unwrap(), expected);
    let acc = |n, from, to, first, last| [(P::Acceleration, n, from, to, first, last)];
    let lin = |n, from, to, first, last| [(P::LinearAcceleration, n, from, to, first, last)];
    file("spring_masses/Datos_Resorte.csv", &acc(500, 2.535961318E1, 3.768150324E1, 3.250291944E-2, 3.954324126E-2));
    file("spring_masses/Dinam_190g.csv", &acc(500, 1.802134299E1, 3.034013492E1, 5.292689800E-2, 3.608846664E-2));
    file("spring_masses/Dinam_253g.csv", &acc(500, 1.315808854E1, 2.547688810E1, -2.703972906E-2, 3.851119429E-2));
    file("spring_masses/Dinam_278g.csv", &acc(500, 1.636748167E1, 2.868628289E1, -6.409272552E-2, -6.085535884E-2));
    file("spring_masses/Dinam_342g.csv", &acc(500, 1.407157102E1, 2.639043075E1, 1.275640726E-1, -1.665598154E-2));
    file("spring_masses/Raw Data.csv", &acc(424, 0.0, 1.044349880E1, 3.413188457E-1, -2.228496075E-1));
    file("rest/Raw Data.csv", &acc(2314, 2.407245833E-2, 2.321491875E1, 3.547622681E-2, 8.981323242E-3));
    let ios = lin(2193, 4.230487498E-2, 2.193253258E1, -5.977071805E-3, 3.714078292E-4);
    file("elevator_ios/Raw Data.csv", &ios);
    file("elevator_ios/Acceleration without g 2023-05-29 16-53-06.zip", &ios);
    file("pendulum_elevator_high/Raw Data (1).csv", &lin(419, 8.130208356E-3, 4.205317417E0, -2.589148553E-1, -4.545689768E-1));
    let walk = lin(3999, 7.370882400E-2, 2.006370505E1, 2.669963837E-1, -5.288591385E-1);
    file("walk_meta/Linear Acceleration (first 3999 rows).csv", &walk);
    let (pressure, light) = (P::Pressure, P::Illuminance);
    file("elevator_de/Pressure and velocity.csv", &[(pressure, 42, 0.0, 4.185828100E1, 9.398532867E2, 9.423186493E2)]);
    let high = [(pressure, 61, -5.446145000E-1, 6.212876950E1, 7.544995880E2, 7.544735718E2)];
    file("pendulum_elevator_high/Pressure and velocity.csv", &high);
    file("light_backwards/Raw Data.csv", &[(light, 12, 1.751839330E-1, 3.418188180E-1, 1.97E2, 5.4E1)]);
    let gyr = [(P::AngularVelocity, 484, 4.4677716E-2, 1.002000397E1, 1.078176349E-1, 2.420551628E-1)];
    file("pendulum/pendulum_saved_state.phyphox", &gyr);
    file("pendulum/pendulum.xls", &gyr);
}

#[test]
fn real_exports_say_when_they_were_started() {
    let Some(folder) = samples() else { return };
    let check = |path: &str, from: &str| {
        let starts = of_file(&folder.join(path)).unwrap().starts;
        let found: Vec<_> = starts.iter().map(|start| (start.experiment, (start.system / 1000).to_string())).collect();
        assert_eq!(found, [(0, from.to_owned())], "{path}");
    };
    check("elevator_ios/Acceleration without g 2023-05-29 16-53-06.zip", "1685389948528");
    check("rest/export.xls", "1696884147994");
    let starts = |path: &str| of_file(&folder.join(path)).unwrap().starts.len();
    assert!(starts("pendulum/pendulum_saved_state.phyphox") >= 1);
    assert!(starts("pendulum/pendulum.xls") >= 1);
    assert_eq!(starts("rest/Raw Data.csv"), 0);
}

#[test]
fn the_workbook_of_the_phone_at_rest_says_the_same_as_its_csv() {
    let Some(folder) = samples() else { return };
    let export = |name: &str| of_file(&folder.join("rest").join(name)).unwrap();
    let (csv, xls) = (export("Raw Data.csv"), export("export.xls"));
    assert_eq!(csv.skipped, ["Raw Data: Absolute acceleration (m/s^2)"]);
    assert_eq!(xls.recordings[0][0].property, P::Acceleration);
    assert!(!xls.recordings[0][0].time.is_empty());
}

#[test]
fn real_files_without_readings_are_named_as_such() {
    let Some(folder) = samples() else { return };
    for (path, reason) in [
        ("elevator_de/Acceleration.csv", "no column can be used"),
        ("pendulum_elevator_high/Acceleration (2).csv", "no column can be used"),
        ("pendulum_elevator_high/Autocorrelation.csv", "no column can be used"),
        ("elevator_de/DatenFeder.txt", "no column can be used"),
        ("elevator_de/DatenSchWurf.txt", "no column can be used"),
        ("walk_meta/meta/device.csv", "no header with units"),
        ("walk_meta/meta/time.csv", "no header with units"),
    ] {
        let error = of_file(&folder.join(path)).unwrap_err().to_string();
        assert!(error.contains(reason), "{path}: {error}");
    }
}

#[test]
fn twins_in_all_dialects_give_the_same_readings() {
    // A few rows as a phone writes them, respelled.
    let rows = [("2.407245833E-2", "3.5E-2", "1.5E-1", "9.7457E0"), ("3.411245832E-2", "-3.1E-2", "NaN", "9.7405E0")];
    for (separator, comma) in [(",", false), ("\t", false), (";", false), ("\t", true), (";", true)] {
        for mark in ["", "\u{feff}"] {
            let names = ["Time (s)", "Acceleration x (m/s^2)", "Acceleration y (m/s^2)", "Acceleration z (m/s^2)"];
            let mut text = mark.to_owned() + &names.map(|name| format!("\"{name}\"")).join(separator) + "\n";
            for (t, x, y, z) in rows {
                let line = [t, x, y, z].map(|cell| if comma { cell.replace('.', ",") } else { cell.to_owned() }).join(separator);
                text.push_str(&(line + "\n"));
            }
            check(&of(text.as_bytes()).unwrap(), &[(P::Acceleration, 2, 2.407245833E-2, 3.411245832E-2, 3.5E-2, -3.1E-2)]);
        }
    }
}

#[test]
fn what_would_take_too_much_is_refused_before_it_is_taken() {
    let refused = |bytes: &[u8], expected: &str| {
        let error = of(bytes).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    // A wide header over short rows is a large table from few bytes.
    let wide = (0..20_000).map(|column| format!("\"c{column} (m)\"")).collect::<Vec<_>>().join(",") + "\n" + &"0,\n".repeat(1000);
    refused(wide.as_bytes(), "more than 8000000 numbers");
    // One container that many sensors name.
    let container = format!(r#"<container init="{}">a</container>"#, "1,".repeat(1_000_000));
    let sensor = r#"<sensor type="pressure"><output component="t">a</output><output component="x">a</output></sensor>"#.repeat(20);
    refused(format!("<phyphox>{container}{sensor}</phyphox>").as_bytes(), "more than 8000000 numbers");
    let laughs = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><phyphox>&b;</phyphox>"#;
    refused(laughs.as_bytes(), "document type");
    refused(b"<phyphox><title>x</title></phyphox>", "without any data");
    refused(&vec![b' '; (10 << 20) + 1], "more than an experiment has");
    refused(b"", "no export of phyphox");
    refused(b"\xff\xfe\x00 whatever", "no export of phyphox");
}
