use super::*;

#[test]
fn times_have_microseconds_and_a_z() {
    assert_eq!(rfc3339(1_767_437_012_314_000), "2026-01-03T10:43:32.314000Z");
    assert_eq!(time("from", Some("2026-01-03T12:43:32.314+02:00")).unwrap(), Some(1_767_437_012_314_000));
    assert!(time("from", Some("yesterday")).is_err());
}

#[test]
fn what_is_missing_stands_in_the_header() {
    assert_eq!(missing_header(&[]), None);
    let file = |property, readings| Missing { property, readings, from: 1_767_437_012_314_000, to: 1_767_437_013_000_000 };
    let found = missing_header(&[file(ObservedProperty::AngularVelocity, 54_000), file(ObservedProperty::Pressure, 7)]).unwrap();
    let span = "from=\"2026-01-03T10:43:32.314000Z\";to=\"2026-01-03T10:43:33.000000Z\"";
    assert_eq!(found, format!("angular_velocity;readings=54000;{span}, pressure;readings=7;{span}"));
}
