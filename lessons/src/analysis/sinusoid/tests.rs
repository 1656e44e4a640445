use super::*;
use crate::physics::{DEVICES, Sensing, SpringParams, spring};

fn sampled(seconds: f64, rate: f64, mut value: impl FnMut(f64) -> f64) -> (Vec<f64>, Vec<f64>) {
    (0..(seconds * rate) as usize).map(|i| i as f64 / rate).map(|t| (t, value(t))).unzip()
}

#[test]
fn an_exact_curve_is_found_exactly() {
    let check = |start_s: f64, seconds: f64, rate: f64| {
        let (time, values) =
            sampled(seconds, rate, |t| 0.7 + 2.0 * libm::exp(-0.05 * (t - 0.5 * seconds)) * libm::cos(TAU * t / 1.3 + 1.0));
        let fit = damped_sinusoid(&time, &values, start_s).unwrap();
        assert!((fit.period.value - 1.3).abs() < 1e-4, "{fit:?}");
        // The mean over a group of readings lowers the amplitude by up to 0.3 %.
        assert!((fit.amplitude.value - 2.0).abs() < 0.01, "{fit:?}");
        assert!((fit.damping.value - 0.05).abs() < 1e-3 && (fit.offset.value - 0.7).abs() < 1e-3, "{fit:?}");
        assert!(fit.r_squared > 0.9999, "{fit:?}");
    };
    check(1.3, 10.0, 40.0);
    check(1.31, 10.0, 412.0);
    check(1.27, 20.0, 100.0);
    check(1.3, 1.5, 100.0);
}

/// What a fit says of its own uncertainty, over what it is really off by: 1 is honest, more is cautious.
#[test]
fn the_uncertainty_is_honest() {
    let check = |noise: f64, wander: f64, expected: std::ops::Range<f64>| {
        let (mut off, mut said) = (0.0, 0.0);
        for seed in 1..=100 {
            let acc = Sensing { noise, wander, wander_s: 0.5, ..Sensing::accelerometer(DEVICES[3]) };
            let params = SpringParams { acc, ..Default::default() };
            let truth = TAU / libm::sqrt(params.k / params.mass_kg - params.damping * params.damping);
            let run = spring(&params, 10.0, seed);
            let fit = damped_sinusoid(&run.streams[1].time, &run.streams[1].y, truth * 1.002).unwrap();
            off += (fit.period.value - truth) * (fit.period.value - truth);
            said += fit.period.uncertainty * fit.period.uncertainty;
        }
        let ratio = libm::sqrt(said / off);
        assert!(expected.contains(&ratio), "noise {noise}, wander {wander}: {ratio}");
    };
    check(0.3, 0.0, 0.8..1.4);
    check(0.1, 0.1, 0.8..8.0);
    check(0.0, 0.2, 0.8..8.0);
}

#[test]
fn gaps_do_no_harm() {
    let (time, values): (Vec<f64>, Vec<f64>) = {
        let (time, values) = sampled(20.0, 100.0, |t| libm::cos(TAU * t / 0.9));
        time.into_iter().zip(values).filter(|(t, _)| !(4.0..6.1).contains(t) && !(9.0..9.02).contains(t)).unzip()
    };
    assert!((damped_sinusoid(&time, &values, 0.905).unwrap().period.value - 0.9).abs() < 1e-6);
}

#[test]
fn what_does_not_fit_says_why() {
    let check = |seconds: f64, start_s: f64, kind: &str, value: fn(f64) -> f64| {
        let (time, values) = sampled(seconds, 100.0, value);
        assert_eq!(damped_sinusoid(&time, &values, start_s).map_err(AnalysisError::kind).map(|fit| fit.period), Err(kind));
    };
    check(0.1, 0.05, "too_few", |t| t);
    check(1.0, 2.0, "too_short", |t| t);
    check(9.0, 0.0, "domain", |t| t);
    check(9.0, f64::NAN, "domain", |t| t);
    check(9.0, 1.0, "not_finite", |_| f64::INFINITY);
    check(9.0, 1.0, "no_fit", |t| libm::sin(1e5 * t * t));
    // Half the period: the double-frequency trap must not pass for a fit.
    check(9.0, 0.5, "no_fit", |t| libm::sin(TAU * t));
    assert!(matches!(damped_sinusoid(&[0.0; 50], &[1.0; 50], 1.0).unwrap_err(), AnalysisError::TooShort { .. }));
    let (time, _) = sampled(9.0, 100.0, |t| t);
    assert_eq!(damped_sinusoid(&time, &vec![2.0; time.len()], 1.0).map(|fit| fit.period), Err(AnalysisError::Constant));
    let falling: Vec<f64> = time.iter().rev().copied().collect();
    assert_eq!(damped_sinusoid(&falling, &time, 1.0).map(|fit| fit.period), Err(AnalysisError::Unsorted));
}
