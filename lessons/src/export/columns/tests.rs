use super::*;

fn table(name: &str, columns: &[(&str, &[f64])]) -> Table {
    Table { name: name.to_owned(), columns: columns.iter().map(|(header, values)| ((*header).to_owned(), values.to_vec())).collect() }
}

#[test]
fn columns_are_known_by_quantity_and_unit() {
    fn check(header: &str, expected: Column) {
        assert_eq!(column(header), expected, "{header}");
    }
    check("Time (s)", Column::Time);
    check("Time (velocity) (s)", Column::Time);
    check("Time shift (s)", Column::Other);
    check("Time (ms)", Column::Other);
    check("Acceleration x (m/s^2)", Column::Value(P::Acceleration, 0));
    check("Linear Acceleration z (m/s²)", Column::Value(P::LinearAcceleration, 2));
    check("Rotation y (rad/s)", Column::Value(P::AngularVelocity, 1));
    check("Gyroscope y (rad/s)", Column::Value(P::AngularVelocity, 1));
    check("Magnetic field x (µT)", Column::Value(P::MagneticFluxDensity, 0));
    check("'Pressure (hPa)", Column::Value(P::Pressure, 0));
    check("Temperature (°C)", Column::Value(P::Temperature, 0));
    check("Illuminance (lx)", Column::Value(P::Illuminance, 0));
    check("Absolute acceleration (m/s^2)", Column::Other);
    check("Acceleration (m/s²)", Column::Other);
    check("Acceleration x (g)", Column::Other);
    check("Pressure (kPa)", Column::Other);
    check("Pressure x (hPa)", Column::Other);
    check("Height (m)", Column::Other);
    check("g", Column::Other);
}

#[test]
fn a_column_belongs_to_the_time_left_of_it() {
    let table = table(
        "Pressure and velocity",
        &[
            ("Time (s)", &[0.0, 1.0]),
            ("Pressure (hPa)", &[939.0, 940.0]),
            ("Height (m)", &[0.0, -1.0]),
            ("Time (light) (s)", &[0.5, f64::NAN]),
            ("Illuminance (lx)", &[7.0, f64::NAN]),
        ],
    );
    let readings = readings(&[table]);
    let streams = &readings.recordings[0];
    assert_eq!(streams.iter().map(|stream| stream.property).collect::<Vec<_>>(), [P::Pressure, P::Illuminance]);
    assert_eq!((&streams[0].time[..], &streams[1].time[..]), (&[0, 1_000_000][..], &[500_000][..]));
    assert_eq!(readings.skipped, ["Pressure and velocity: Height (m)"]);
}

#[test]
fn sets_of_other_properties_are_one_run_and_the_same_again_is_the_next() {
    let pressure = || table("a", &[("Time (s)", &[0.0]), ("Pressure (hPa)", &[1.0])]);
    let light = table("b", &[("Time (s)", &[0.0]), ("Illuminance (lx)", &[1.0])]);
    let readings = readings(&[pressure(), light, pressure()]);
    assert_eq!(readings.recordings.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn padding_is_left_out_and_a_missing_component_stays() {
    let nan = f64::NAN;
    let table = table(
        "a",
        &[
            ("Time (s)", &[0.0, 1.0, 2.0, nan]),
            ("Acceleration x (m/s^2)", &[1.0, nan, nan, 4.0]),
            ("Acceleration y (m/s^2)", &[1.0, 2.0, nan, 4.0]),
            ("Acceleration z (m/s^2)", &[1.0, 2.0, nan, 4.0]),
        ],
    );
    let stream = readings(&[table]).recordings.remove(0).remove(0);
    assert_eq!(stream.time, [0, 1_000_000]);
    assert!(stream.values[0][1].is_nan() && stream.values[1][1] == 2.0);
}

#[test]
fn readings_without_time_or_component_are_named() {
    let no_time = table("a", &[("Pressure (hPa)", &[1.0])]);
    let no_z = table("b", &[("Time (s)", &[0.0]), ("Rotation x (rad/s)", &[1.0]), ("Rotation y (rad/s)", &[1.0])]);
    let readings = readings(&[no_time, no_z]);
    assert!(readings.recordings.is_empty());
    assert_eq!(readings.skipped.len(), 2, "{:?}", readings.skipped);
}
