use super::super::Bounds;
use super::*;

fn read(bytes: &[u8]) -> Result<Vec<Table>, ExportError> {
    super::read(bytes, &mut Budget::new(&Bounds::default())).map(|content| content.tables)
}

fn state(containers: &str, input: &str) -> String {
    let export = r#"<export><set name="Raw"><data name="Time (s)">t</data><data name="Acceleration x (m/s^2)">x</data></set></export>"#;
    format!(r#"<?xml version="1.0"?><phyphox version="1.14"><data-containers>{containers}</data-containers>{input}{export}</phyphox>"#)
}

fn sensor(kind: &str) -> String {
    format!(r#"<input><sensor type="{kind}"><output component="x">x</output><output component="t">t</output></sensor></input>"#)
}

const DATA: &str = r#"<container size="0" init="0E0,5.0E-1,1.0E0">t</container><container init="1.5,-2">x</container>"#;

/// A column's name and its values.
type Column<'a> = (&'a str, &'a [f64]);

fn check(text: &str, expected: &[(&str, &[Column<'_>])]) {
    let tables = read(text.as_bytes()).unwrap();
    let shown: Vec<(&str, Vec<Column<'_>>)> = tables
        .iter()
        .map(|table| (table.name.as_str(), table.columns.iter().map(|(name, values)| (name.as_str(), values.as_slice())).collect()))
        .collect();
    assert_eq!(format!("{shown:?}"), format!("{expected:?}"), "{text}");
}

#[test]
fn containers_are_named_by_the_sensor_that_fills_them() {
    let time: (&str, &[f64]) = ("Time (s)", &[0.0, 0.5, 1.0]);
    let values: &[f64] = &[1.5, -2.0, f64::NAN];
    check(&state(DATA, &sensor("pressure")), &[("pressure", &[time, ("Pressure (hPa)", values)])]);
    check(&state(DATA, &sensor("linear_acceleration")), &[("linear_acceleration", &[time, ("Linear Acceleration x (m/s^2)", values)])]);
    // A sensor nobody knows: the export sets remain.
    check(&state(DATA, &sensor("phlogiston")), &[("Raw", &[time, ("Acceleration x (m/s^2)", values)])]);
    check(&state(DATA, ""), &[("Raw", &[time, ("Acceleration x (m/s^2)", values)])]);
}

#[test]
fn an_experiment_without_data_has_no_columns() {
    check(&state(r#"<container init="">t</container>"#, &sensor("pressure")), &[("Raw", &[])]);
}

#[test]
fn only_experiments_are_taken_for_one() {
    assert!(is_saved_state(state("", "").as_bytes()));
    assert!(is_saved_state("\u{feff}\n<phyphox>".as_bytes()));
    assert!(!is_saved_state(b"<html><p>phyphox</p></html>"));
    assert!(!is_saved_state(b"Time (s)"));
    assert!(read(b"<phyphox><container init=\"1\">t</other></phyphox>").is_err());
}
