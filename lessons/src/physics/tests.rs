use super::*;
use crate::template::RunData;

fn quiet(device: Device) -> Sensing {
    Sensing { rate_hz: device.rate_hz, jitter_s: 0.0, noise: 0.0, wander: 0.0, wander_s: 1.0, bias: [0.0; 3] }
}

fn column(run: &RunData, property: ObservedProperty) -> &StreamData {
    run.stream(property).unwrap()
}

/// Mean time between rising zero crossings, by straight lines between readings.
fn period(stream: &StreamData, value: &[f64]) -> f64 {
    let rising: Vec<f64> = (1..value.len())
        .filter(|&i| value[i - 1] < 0.0 && value[i] >= 0.0)
        .map(|i| stream.time[i - 1] + (stream.time[i] - stream.time[i - 1]) * value[i - 1] / (value[i - 1] - value[i]))
        .collect();
    (rising[rising.len() - 1] - rising[0]) / (rising.len() - 1) as f64
}

#[test]
fn the_pendulum_slows_down_with_its_amplitude() {
    // T/T0 = 1/agm(1, cos θ/2): the exact answer, not the series the analysis uses.
    let check = |degrees: f64| {
        let theta0 = degrees.to_radians();
        let gyr = quiet(DEVICES[4]);
        let params = PendulumParams { theta0, damping: 0.0, gyr, acc: gyr, ..Default::default() };
        let run = pendulum(&params, 20.0, 1);
        let stream = column(&run, ObservedProperty::AngularVelocity);
        let (mut a, mut b) = (1.0, libm::cos(theta0 / 2.0));
        for _ in 0..6 {
            (a, b) = ((a + b) / 2.0, libm::sqrt(a * b));
        }
        let expected = std::f64::consts::TAU * libm::sqrt(params.length_m / params.g) / a;
        let measured = period(stream, &stream.z);
        assert!((measured / expected - 1.0).abs() < 2e-5, "{degrees}°: {measured} instead of {expected}");
    };
    check(1.0);
    check(5.0);
    check(20.0);
    check(60.0);
}

#[test]
fn the_accelerometer_of_a_pendulum_swings_twice_as_fast() {
    let run = pendulum(&PendulumParams { acc: quiet(DEVICES[4]), theta0: 0.2, ..Default::default() }, 20.0, 1);
    let stream = column(&run, ObservedProperty::Acceleration);
    let about: Vec<f64> = stream.y.iter().map(|y| y - G - 0.09).collect();
    let full = std::f64::consts::TAU * libm::sqrt(0.5 / G);
    assert!((2.0 * period(stream, &about) / full - 1.0).abs() < 0.01);
}

#[test]
fn the_spring_has_the_period_of_its_whole_mass() {
    let params = SpringParams { spring_mass_kg: 0.011, acc: quiet(DEVICES[4]), ..Default::default() };
    let run = spring(&params, 20.0, 1);
    let stream = column(&run, ObservedProperty::LinearAcceleration);
    let expected = std::f64::consts::TAU * libm::sqrt(0.261 / 40.0);
    assert!((period(stream, &stream.y) / expected - 1.0).abs() < 1e-4);
}

#[test]
fn a_recording_looks_like_the_real_one() {
    let run = rest(&RestParams::default(), 23.19, 7);
    let stream = column(&run, ObservedProperty::Acceleration);
    assert_eq!(stream.time.len(), 2312);
    let mean = stream.z.iter().sum::<f64>() / 2312.0;
    let sd = libm::sqrt(stream.z.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / 2311.0);
    assert!((0.0050..0.0070).contains(&sd), "{sd}");
    assert!((mean - G).abs() < 0.005, "{mean}");
}

#[test]
fn times_ascend_and_everything_fits_the_wire() {
    for (index, device) in DEVICES.into_iter().enumerate() {
        let jittery = Sensing { jitter_s: 0.5 / device.rate_hz, ..Sensing::gyroscope(device) };
        let params = PendulumParams { gyr: jittery, release_s: 2.0, caught_s: Some(6.0), ..Default::default() };
        for stream in pendulum(&params, 8.0, index as u64).streams {
            assert!(stream.time.is_sorted_by(|a, b| a < b));
            assert_eq!(stream.time[0], 0.0);
            assert!(stream.time.iter().all(|t| (t * 1e6 - (t * 1e6).round()).abs() < 1e-6));
            for value in stream.x.iter().chain(&stream.y).chain(&stream.z) {
                assert_eq!(f64::from(*value as f32), *value);
            }
        }
    }
}

#[test]
fn a_class_is_the_same_every_time_and_every_phone_differs() {
    for template in ["pendulum", "spring", "rest"] {
        let phones = class(template, 30, Truth::default(), 1).unwrap();
        assert_eq!(phones, class(template, 30, Truth::default(), 1).unwrap());
        assert_eq!(phones[..5], class(template, 5, Truth::default(), 1).unwrap());
        assert_ne!(phones, class(template, 30, Truth::default(), 2).unwrap());
        assert!((1..30).all(|index| phones[index] != phones[0]));
        assert_eq!(phones[0].record(5.0, 9), phones[0].record(5.0, 9));
        assert_ne!(phones[0].record(5.0, 9), phones[0].record(5.0, 10));
    }
    assert_eq!(class("walk", 30, Truth::default(), 1), None);
}
