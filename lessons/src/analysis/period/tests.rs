use super::*;
use crate::physics::{SpringParams, spring};

const RANGE: PeriodRange = PeriodRange { min_s: 0.2, max_s: 2.0 };

fn sampled(seconds: f64, rate: f64, mut value: impl FnMut(f64) -> f64) -> (Vec<f64>, Vec<f64>) {
    (0..(seconds * rate) as usize).map(|i| i as f64 / rate).map(|t| (t, value(t))).unzip()
}

#[test]
fn known_periods_come_out() {
    let check = |period_s: f64, seconds: f64, rate: f64, damping: f64, overtone: f64| {
        let omega = 2.0 * PI / period_s;
        let wave = |t: f64| 3.0 + libm::exp(-damping * t) * (libm::sin(omega * t + 0.4) + overtone * libm::sin(3.0 * omega * t));
        let (time, values) = sampled(seconds, rate, wave);
        let found = period(&time, &values, RANGE).unwrap();
        assert!((found.period.value / period_s - 1.0).abs() < 1e-3, "{period_s}: {found:?}");
    };
    check(0.44, 12.0, 40.5, 0.05, 0.0);
    check(0.44, 12.0, 412.0, 0.05, 0.0);
    check(1.3, 10.0, 48.4, 0.0, 0.0);
    check(1.3, 60.0, 100.0, 0.03, 0.1);
    check(1.9, 20.0, 200.0, 0.1, 0.2);
    check(0.21, 6.0, 100.0, 0.0, 0.0);
}

#[test]
fn gaps_are_left_out() {
    let (time, values): (Vec<f64>, Vec<f64>) = sampled(20.0, 100.0, |t| libm::sin(2.0 * PI * t / 0.7))
        .0
        .into_iter()
        .filter(|t| !(6.0..7.5).contains(t))
        .map(|t| (t, libm::sin(2.0 * PI * t / 0.7)))
        .unzip();
    assert!((period(&time, &values, RANGE).unwrap().period.value - 0.7).abs() < 1e-4);
}

#[test]
fn the_uncertainty_is_not_too_small() {
    let (mut off, mut said) = (0.0, 0.0);
    for seed in 1..=60 {
        let mut params = SpringParams { damping: 0.0, ..Default::default() };
        params.acc.noise = 0.3;
        params.acc.wander = 0.1;
        let truth = 2.0 * PI / libm::sqrt(params.k / params.mass_kg);
        let run = spring(&params, 10.0, seed);
        let found = period(&run.streams[1].time, &run.streams[1].y, RANGE).unwrap().period;
        off += (found.value - truth) * (found.value - truth);
        said += found.uncertainty * found.uncertainty;
    }
    let ratio = libm::sqrt(said / off);
    assert!((0.9..4.0).contains(&ratio), "{ratio}");
}

#[test]
fn what_has_no_period_says_why() {
    let check = |seconds: f64, rate: f64, kind: &str, value: fn(f64) -> f64| {
        let (time, values) = sampled(seconds, rate, value);
        assert_eq!(period(&time, &values, RANGE).map_err(AnalysisError::kind).map(|found| found.period), Err(kind));
    };
    check(0.0, 100.0, "too_few", |_| 0.0);
    check(0.3, 100.0, "too_short", |t| t);
    check(20.0, 10.0, "too_slow", |t| libm::sin(9.0 * t));
    check(20.0, 100.0, "no_oscillation", |_| 4.0);
    check(20.0, 100.0, "no_oscillation", |t| t * t);
    // Slower than the range: its parts are not mistaken for periods.
    check(20.0, 100.0, "no_oscillation", libm::sin);
    check(20.0, 100.0, "not_finite", |t| if t > 5.0 { f64::NAN } else { t });
    let noise = crate::physics::rest(&Default::default(), 20.0, 1).streams.remove(0);
    assert_eq!(period(&noise.time, &noise.x, RANGE), Err(AnalysisError::NoOscillation));
    let (mut time, values) = sampled(5.0, 100.0, |t| libm::sin(9.0 * t));
    assert_eq!(period(&time, &values, PeriodRange { min_s: 1.0, max_s: 0.5 }), Err(AnalysisError::Domain));
    time[200..].iter_mut().for_each(|t| *t += 2.5);
    assert_eq!(period(&time, &values, RANGE), Err(AnalysisError::NoOscillation));
    time.swap(3, 4);
    assert_eq!(period(&time, &values, RANGE), Err(AnalysisError::Unsorted));
}
