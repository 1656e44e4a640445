use super::*;

/// Adds columns (topic, values, at ms) in turn; returns the records as (stream, times, first component) and the rejects.
fn check(columns: &[(&str, &[f64], u64)], records: &[(&str, &[f64], &[f32])], rejects: &[(RejectReason, u32)]) {
    let (mut join, mut rejected, start) = (Join::default(), Rejects::default(), Instant::now());
    let mut made = Vec::new();
    for (name, values, at) in columns {
        let column = Column { field: Field::of(name), values: values.to_vec() };
        made.extend(join.add(column, start + Duration::from_millis(*at), &mut rejected).records);
    }
    assert_eq!(made.len(), records.len(), "{made:?}");
    for (record, (stream, times, x)) in made.iter().zip(records) {
        assert_eq!((record.property.stream(), &record.times, &record.values[0][..]), (*stream, &Times::Seconds(times.to_vec()), *x));
    }
    let rejected: Vec<_> = rejected.iter().map(|reject| (reject.reason, reject.count)).collect();
    assert_eq!(rejected, rejects);
}

#[test]
fn columns_become_readings_when_the_last_is_there() {
    let columns: &[(&str, &[f64], u64)] = &[
        ("accX", &[1.0, 2.0], 0),
        ("acc_time", &[0.1, 0.2], 1),
        ("accZ", &[5.0, 6.0], 2),
        ("accY", &[3.0, 4.0], 3),
        ("acc_time", &[0.3], 100),
    ];
    check(columns, &[("acc", &[0.1, 0.2], &[1.0, 2.0])], &[]);
}

#[test]
fn a_shared_time_serves_each_stream_once() {
    let columns: &[(&str, &[f64], u64)] = &[
        ("t", &[1.0], 0),
        ("pres", &[1013.0], 1),
        ("temp", &[20.0], 2),
        ("pres", &[1014.0], 100),
        ("t", &[2.0], 101),
        ("temp", &[21.0], 102),
    ];
    check(columns, &[("pres", &[1.0], &[1013.0]), ("temp", &[1.0], &[20.0]), ("pres", &[2.0], &[1014.0]), ("temp", &[2.0], &[21.0])], &[]);
}

#[test]
fn a_longer_column_loses_its_surplus() {
    check(&[("t", &[1.0, 2.0], 0), ("pres", &[1013.0], 1)], &[("pres", &[1.0], &[1013.0])], &[(RejectReason::LengthMismatch, 1)]);
}

#[test]
fn what_waits_in_vain_is_rejected() {
    check(&[("accX", &[1.0, 2.0], 0), ("accX", &[3.0], 10)], &[], &[(RejectReason::MissingTime, 2)]);
    check(&[("t", &[1.0], 0), ("pres", &[1013.0], 1_000)], &[], &[(RejectReason::MissingComponent, 1)]);
    let long = vec![0.0; MOST];
    check(&[("accX", &long, 0), ("accY", &[1.0], 1)], &[], &[(RejectReason::MissingTime, MOST as u32)]);
}
