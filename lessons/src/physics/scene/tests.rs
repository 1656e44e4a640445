use super::*;

#[test]
fn every_scenario_has_a_truth_and_every_mistake_changes_what_is_measured() {
    for name in scenarios() {
        let (step, expected) = truth(name).unwrap();
        let seconds = seconds(name).unwrap();
        assert!(!step.is_empty() && expected.is_finite() && seconds > 0.0, "{name}");
        let good = scene(name, None, seconds, 3).unwrap();
        assert!(good.truth.is_finite(), "{name}");
        assert_eq!(scene(name, None, seconds, 3), Some(good.clone()), "{name}: the same seed gives the same bits");
        assert_ne!(scenario(name, None, seconds, 4).unwrap(), good.run, "{name}: another seed is another group");
        for mistake in mistakes(name) {
            assert_ne!(scenario(name, Some(mistake), seconds, 3).unwrap(), good.run, "{name}, {mistake}");
        }
        assert_eq!(scenario(name, Some("sneezed"), seconds, 3), None);
    }
    assert_eq!(scenario("free-fall", None, 10.0, 1), scenario("free_fall", None, 10.0, 1));
    assert_eq!((scenario("walk", None, 10.0, 1), mistakes("walk").len()), (None, 0));
}

#[test]
fn readings_have_times_that_rise_and_columns_of_their_kind() {
    for name in scenarios() {
        let seconds = seconds(name).unwrap();
        for mistake in std::iter::once(None).chain(mistakes(name).iter().map(|mistake| Some(*mistake))) {
            for stream in scenario(name, mistake, seconds, 9).unwrap().streams {
                assert!(stream.time.windows(2).all(|pair| pair[0] < pair[1]), "{name} {mistake:?}");
                assert!(stream.time.iter().all(|time| (0.0..=seconds).contains(time)), "{name} {mistake:?}");
                let rest = if stream.property.is_vector() { stream.time.len() } else { 0 };
                assert_eq!((stream.x.len(), stream.y.len(), stream.z.len()), (stream.time.len(), rest, rest), "{name} {mistake:?}");
                let range = stream.property.range();
                let values = stream.x.iter().chain(&stream.y).chain(&stream.z);
                assert!(values.clone().all(|value| range.contains(&(*value as f32))), "{name} {mistake:?}: {:?}", stream.property);
                assert!(values.clone().all(|value| f64::from(*value as f32) == *value), "{name} {mistake:?}: as they arrive over the wire");
            }
        }
    }
}

#[test]
fn a_group_keeps_its_apparatus() {
    let group = Group::new("centripetal", None, 5).unwrap();
    let (first, second) = (group.measure(20.0, 1), group.measure(20.0, 2));
    assert_eq!((&first.run.inputs, first.truth), (&second.run.inputs, second.truth));
    assert_ne!(first.run.streams, second.run.streams);
}

/// The pressure over a ride and the acceleration integrated twice tell of the same height.
#[test]
fn the_lift_moves_as_it_feels() {
    let run = scenario("elevator", None, 30.0, 2).unwrap();
    let pressure = run.stream(ObservedProperty::Pressure).unwrap();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (first, last) = (mean(&pressure.x[..100]), mean(&pressure.x[pressure.x.len() - 100..]));
    let height = 44_330.77 * (libm::pow(first / 1013.25, 0.190_294_957) - libm::pow(last / 1013.25, 0.190_294_957));
    let acc = run.stream(ObservedProperty::Acceleration).unwrap();
    let still = acc.time.partition_point(|time| *time < 5.0);
    let rest = mean(&acc.z[..still]);
    let (mut speed, mut way) = (0.0, 0.0);
    for index in 1..acc.time.len() {
        let step = acc.time[index] - acc.time[index - 1];
        speed += (acc.z[index] - rest) * step;
        way += speed * step;
    }
    assert!(height.abs() > 5.0 && (way / height - 1.0).abs() < 0.1, "{way} {height}");
}
