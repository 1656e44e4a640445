use super::*;

fn light(time: &[Micros]) -> Stream {
    let x = (0..time.len()).map(|row| row as f32).collect();
    Stream::new(ObservedProperty::Illuminance, time.to_vec(), [x, vec![], vec![]]).unwrap()
}

#[test]
fn readings_are_due_in_their_order_even_if_time_runs_backwards() {
    let check = |time: &[Micros], first: usize, until: Micros, expected: Range<usize>| {
        assert_eq!(light(time).due(first, until), expected, "{time:?} from {first} until {until}");
    };
    check(&[0, 10, 20], 0, 11, 0..2);
    check(&[0, 10, 20], 2, 11, 2..2);
    check(&[0, 10, 20], 2, 21, 2..3);
    check(&[0, 10, 20], 3, 100, 3..3);
    check(&[30, 0, 40], 0, 10, 0..0);
    check(&[30, 0, 40], 0, 31, 0..2);
}

#[test]
fn a_fingerprint_tells_values_and_properties_apart() {
    let of = |property, x: f32, y: f32| fingerprint(property, [Some(x), Some(y), Some(1.0)]);
    let base = of(ObservedProperty::Acceleration, 0.0, 2.0);
    assert_eq!(base, of(ObservedProperty::Acceleration, -0.0, 2.0));
    for other in [
        of(ObservedProperty::LinearAcceleration, 0.0, 2.0),
        of(ObservedProperty::Acceleration, 2.0, 0.0),
        of(ObservedProperty::Acceleration, f32::MIN_POSITIVE, 2.0),
    ] {
        assert_ne!(base, other);
    }
}

#[test]
fn columns_of_different_lengths_are_refused() {
    assert!(Stream::new(ObservedProperty::Illuminance, vec![0, 1], [vec![1.0], vec![], vec![]]).is_err());
    assert!(Stream::new(ObservedProperty::Acceleration, vec![0], [vec![1.0], vec![1.0], vec![]]).is_err());
}

#[test]
fn a_rate_is_counted_over_the_recordings_own_times() {
    let recording = Recording { streams: vec![light(&[0, 10_000, 20_000])], inputs: BTreeMap::new() };
    assert_eq!(recording.rate(ObservedProperty::Illuminance), 100.0);
    assert_eq!(recording.rate(ObservedProperty::Pressure), 0.0);
    assert_eq!(recording.span(), Some((0, 20_000)));
    assert_eq!(recording.readings(), 3);
}
