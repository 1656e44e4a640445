use super::*;

const MINUTE: Micros = 60 * SECOND;

fn found(property: ObservedProperty, edges: &[Micros], readings: &[(Micros, f32)]) -> Found {
    let mut buckets = Buckets::new(property, edges.to_vec(), 60 * MINUTE);
    // In two pieces, as batches come.
    let (times, values): (Vec<_>, Vec<_>) = readings.iter().copied().unzip();
    let half = times.len() / 2;
    buckets.push(&times[..half], &values[..half]);
    buckets.push(&times[half..], &values[half..]);
    buckets.finish(Micros::MAX)
}

#[test]
fn readings_between_edges_have_mean_and_bounds_and_nothing_is_none() {
    let readings = [(0, 1.0), (10 * MINUTE, 2.0), (20 * MINUTE, 6.0), (60 * MINUTE, 5.0)];
    let found = found(ObservedProperty::Temperature, &[0, 30 * MINUTE, 60 * MINUTE, 90 * MINUTE], &readings);
    assert_eq!(found.step, Some(10 * MINUTE));
    let [first, none, last] = found.buckets[..] else { panic!("{found:?}") };
    assert_eq!((first.count, first.mean, first.min, first.max, first.sum, first.coverage), (3, Some(3.0), Some(1.0), Some(6.0), None, 1.0));
    assert_eq!((none.count, none.mean, none.min, none.coverage), (0, None, None, 0.0));
    // A reading at an edge is the later bucket's.
    assert_eq!((last.count, last.mean, last.coverage), (1, Some(5.0), 1.0 / 3.0));
}

#[test]
fn amounts_belong_to_the_interval_that_ends_at_their_time() {
    let readings = [(0, 9.0), (10 * MINUTE, 0.1), (30 * MINUTE, 0.2), (40 * MINUTE, 0.4)];
    let found = found(ObservedProperty::Precipitation, &[0, 30 * MINUTE, 60 * MINUTE], &readings);
    let [first, second] = found.buckets[..] else { panic!("{found:?}") };
    assert_eq!((first.count, first.mean, first.min), (2, None, None));
    assert!(first.sum.is_some_and(|sum| (sum - 0.3).abs() < 1e-7), "{first:?}");
    assert!(second.sum.is_some_and(|sum| (sum - 0.4).abs() < 1e-7), "{second:?}");
}

#[test]
fn a_counter_is_the_sum_of_its_differences_across_edges_and_resets() {
    // 0.5 before midnight counts to the first bucket only from its beginning on; set to zero at minute 40.
    let readings = [(-10 * MINUTE, 10.0), (0, 10.5), (10 * MINUTE, 11.5), (30 * MINUTE, 12.0), (40 * MINUTE, 0.25), (140 * MINUTE, 9.0)];
    let found = found(ObservedProperty::RainTotal, &[0, 30 * MINUTE, 60 * MINUTE, 150 * MINUTE], &readings);
    let sums: Vec<_> = found.buckets.iter().map(|bucket| bucket.sum).collect();
    // What fell in a hundred minutes of silence has no time.
    assert_eq!(sums, [Some(1.5), Some(0.25), None]);
    assert_eq!(Buckets::new(ObservedProperty::RainTotal, vec![0, MINUTE], 5).span(), (-5, MINUTE + 1));
}

#[test]
fn directions_around_north_have_the_mean_north() {
    let mean = |values: &[f32]| {
        let readings: Vec<_> = values.iter().enumerate().map(|(place, value)| (place as Micros, *value)).collect();
        found(ObservedProperty::WindDirection, &[0, MINUTE], &readings).buckets[0]
    };
    assert!(mean(&[350.0, 10.0]).mean.is_some_and(|mean| !(1e-9..=359.999_999).contains(&mean)));
    // atan2(sin 80 + sin 100 + sin 120, cos 80 + cos 100 + cos 120) by NumPy: 100.0.
    assert!(mean(&[80.0, 100.0, 120.0]).mean.is_some_and(|mean| (mean - 100.0).abs() < 1e-9));
    assert_eq!(mean(&[0.0, 180.0]).mean, None);
    assert_eq!((mean(&[5.0]).min, mean(&[5.0]).max, mean(&[5.0]).sum), (None, None, None));
}

#[test]
fn what_makes_no_sense_is_passed_over() {
    let readings = [(MINUTE, 1.0), (MINUTE, 5.0), (0, 5.0), (2 * MINUTE, f32::NAN), (3 * MINUTE, 3.0)];
    let all = found(ObservedProperty::Temperature, &[0, 10 * MINUTE], &readings);
    assert_eq!((all.buckets[0].count, all.buckets[0].mean), (2, Some(2.0)));
    assert!(found(ObservedProperty::Temperature, &[MINUTE, 0], &readings).buckets.is_empty());
    assert!(found(ObservedProperty::Temperature, &[], &readings).buckets.is_empty());
    let mut unfinished = Buckets::new(ObservedProperty::Temperature, vec![0, 60 * MINUTE], MINUTE);
    unfinished.push(&[0, 10 * MINUTE, 20 * MINUTE], &[1.0; 3]);
    assert_eq!(unfinished.finish(30 * MINUTE).buckets[0].coverage, 1.0);
}
