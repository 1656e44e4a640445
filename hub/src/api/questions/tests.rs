use super::*;

#[test]
fn times_have_microseconds_and_a_z() {
    assert_eq!(rfc3339(1_767_437_012_314_000), "2026-01-03T10:43:32.314000Z");
    assert_eq!(time("from", Some("2026-01-03T12:43:32.314+02:00")).unwrap(), Some(1_767_437_012_314_000));
    assert!(time("from", Some("yesterday")).is_err());
}
