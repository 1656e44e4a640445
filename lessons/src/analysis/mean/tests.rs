use super::*;
use crate::physics::{RestParams, rest};

/// Independent noise of standard deviation 1 about 5, by a simulated sensor without drift.
fn noise(n: usize, wander: f64, seed: u64) -> Vec<f64> {
    let mut params = RestParams { g: 5.0, slope: 0.0, ..Default::default() };
    params.acc.noise = 1.0;
    params.acc.wander = wander;
    params.acc.wander_s = 0.2;
    params.acc.rate_hz = 100.0;
    let mut run = rest(&params, n as f64 / 100.0, seed);
    run.streams.remove(0).z
}

#[test]
fn simple_numbers() {
    let values: Vec<f64> = (0..20).map(|index| f64::from(index / 2)).collect();
    let mean = mean(&values, 0.0).unwrap();
    assert_eq!((mean.n, mean.mean), (20, 4.5));
    assert!((mean.sd - 2.9469).abs() < 1e-4);
    // The block means are 0 to 9: their standard deviation is √(55/6).
    assert!((mean.se - libm::sqrt(55.0 / 6.0 / 10.0)).abs() < 1e-12);
}

#[test]
fn the_error_says_how_far_off_means_really_are() {
    let check = |wander: f64| {
        let means: Vec<Mean> = (1..=200).map(|seed| mean(&noise(2000, wander, seed), 0.0).unwrap()).collect();
        let off = means.iter().map(|mean| (mean.mean - 5.0) * (mean.mean - 5.0)).sum::<f64>() / 200.0;
        let said = means.iter().map(|mean| mean.se * mean.se).sum::<f64>() / 200.0;
        let ratio = libm::sqrt(said / off);
        assert!((0.8..1.25).contains(&ratio), "wander {wander}: {ratio}");
        libm::sqrt(off)
    };
    let independent = check(0.0);
    assert!((independent - 1.0 / libm::sqrt(2000.0)).abs() < 0.004, "{independent}");
    // A drift as large as the noise but slower makes the mean six times worse; the readings' own scatter hardly shows it.
    assert!(check(1.0) > 4.0 * independent);
}

#[test]
fn rounding_does_not_average_out() {
    let values: Vec<f64> = noise(1000, 0.0, 1).iter().map(|value| (value / 4.0).round() * 4.0).collect();
    let step = resolution(&values);
    assert_eq!(step, 4.0);
    let mean = mean(&values, step).unwrap();
    assert!((mean.uncertainty - libm::sqrt(mean.se * mean.se + 16.0 / 12.0)).abs() < 1e-12);
    // A sensor that always shows the same is known to half its step and no better.
    assert!((super::mean(&[3.0; 50], 0.5).unwrap().uncertainty - 0.5 / libm::sqrt(12.0)).abs() < 1e-12);
}

#[test]
fn the_resolution_is_that_of_the_sensor() {
    let check = |values: &[f64], expected: f64| assert_eq!(resolution(values), expected, "{values:?}");
    check(&[], 0.0);
    check(&[7.0], 0.0);
    check(&[7.0, 7.0, 7.0], 0.0);
    check(&[3.0, 1.0, 8.0, 5.0], 2.0);
    check(&[1.0, f64::NAN, 4.0], 3.0);
    // Two 32-bit neighbours are one reading rounded twice, not a finer sensor.
    check(&[9.75, f64::from(9.75f32.next_up()), 10.0], 10.0 - f64::from(9.75f32.next_up()));
}

#[test]
fn what_has_no_mean_says_why() {
    let check = |values: &[f64], resolution: f64, kind: &str| assert_eq!(mean(values, resolution).unwrap_err().kind(), kind);
    check(&[], 0.0, "too_few");
    check(&[1.0; 19], 0.1, "too_few");
    check(&[1.0; 20], 0.0, "constant");
    check(&[f64::NAN; 20], 0.0, "not_finite");
    check(&[1.0; 20], -1.0, "domain");
    check(&[1.0; 20], f64::NAN, "domain");
    let huge: Vec<f64> = (0..20).map(|index| if index % 2 == 0 { 1e300 } else { -1e300 }).collect();
    check(&huge, 0.0, "not_finite");
}
