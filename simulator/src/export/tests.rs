use messwerk_lessons::quantity::ObservedProperty as P;

use super::*;

/// A stream: property, number of readings, first and last time (s), first and last x, as they stand in the file.
type Expected = (P, usize, f64, f64, f64, f64);

fn check(export: Export, expected: &[Expected]) {
    let Export::Readings(readings) = export else { panic!("messages") };
    let [recording] = &readings.recordings[..] else { panic!("{} runs", readings.recordings.len()) };
    let found = recording.streams.iter().map(|stream| {
        let (time, x) = (stream.time(), &stream.values()[0]);
        (stream.property(), time.len(), time[0], *time.last().unwrap(), x[0], *x.last().unwrap())
    });
    let us = |seconds: f64| (seconds * 1e6).round() as i64;
    let expected = expected.iter().map(|&(property, n, from, to, first, last)| (property, n, us(from), us(to), first as f32, last as f32));
    assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

/// The folder of real exports; without it the tests say so, and fail where it must be there.
fn samples() -> Option<std::path::PathBuf> {
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
    let file = |path: &str, expected: &[Expected]| check(read(&folder.join(path)).unwrap(), expected);
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
fn the_workbook_of_the_phone_at_rest_says_the_same_as_its_csv() {
    let Some(folder) = samples() else { return };
    let export = |name: &str| match read(&folder.join("rest").join(name)).unwrap() {
        Export::Readings(readings) => readings,
        _ => panic!("messages"),
    };
    let (csv, xls) = (export("Raw Data.csv"), export("export.xls"));
    assert_eq!(csv.skipped, ["Raw Data: Absolute acceleration (m/s^2)"]);
    assert_eq!(xls.recordings[0].streams[0].property(), P::Acceleration);
    assert!(xls.recordings[0].readings() > 0);
}

#[test]
fn real_files_without_readings_are_named_as_such() {
    let Some(folder) = samples() else { return };
    for (path, reason) in [
        ("elevator_de/Acceleration.csv", "no column is a reading"),
        ("pendulum_elevator_high/Acceleration (2).csv", "no column is a reading"),
        ("pendulum_elevator_high/Autocorrelation.csv", "no column is a reading"),
        ("elevator_de/DatenFeder.txt", "no column is a reading"),
        ("elevator_de/DatenSchWurf.txt", "no column is a reading"),
        ("walk_meta/meta/device.csv", "no header with units"),
        ("walk_meta/meta/time.csv", "no header with units"),
    ] {
        let error = format!("{:#}", read(&folder.join(path)).unwrap_err());
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
            let export = from_bytes("Raw Data", text.as_bytes()).unwrap();
            check(export, &[(P::Acceleration, 2, 2.407245833E-2, 3.411245832E-2, 3.5E-2, -3.1E-2)]);
        }
    }
}

#[test]
fn recorded_messages_are_told_by_their_content() {
    let export = from_bytes("x", br#"{"at":0.5,"stream":"acc","payload":"1,2"}"#).unwrap();
    assert!(matches!(export, Export::Messages(messages) if messages.len() == 1));
    let export = from_bytes("x", b"{\"acc_time\":[0]}\n[{\"v\":1}]\n").unwrap();
    assert!(matches!(export, Export::Payloads(payloads) if payloads.len() == 2));
}

#[test]
fn what_is_no_recording_is_told_what_one_looks_like() {
    for text in ["Dear diary,\ntoday we measured\n", "{\n  \"acc_time\": [0]\n}\n", "[not JSON"] {
        let error = format!("{:#}", from_bytes("x", text.as_bytes()).unwrap_err());
        assert!(error.contains(RECORDED_LINE) && error.contains(PAYLOAD_LINE), "{text}: {error}");
    }
}
