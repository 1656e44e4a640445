use super::*;
use crate::physics::{DEVICES, PendulumParams, Sensing, pendulum};
use crate::quantity::ObservedProperty;
use crate::template::StreamData;

const RANGE: PeriodRange = PeriodRange { min_s: 0.45, max_s: 3.2 };

fn gyroscope(params: &PendulumParams, seconds: f64, seed: u64) -> StreamData {
    let mut run = pendulum(params, seconds, seed);
    let index = run.streams.iter().position(|stream| stream.property == ObservedProperty::AngularVelocity).unwrap();
    run.streams.remove(index)
}

fn found(stream: &StreamData) -> Result<(f64, f64, f64)> {
    let swing = longest_swing(&stream.time, [&stream.x, &stream.y, &stream.z], RANGE)?;
    Ok((stream.time[swing.first], stream.time[swing.end - 1], swing.period_s))
}

#[test]
fn handling_before_and_after_is_left_out() {
    let check = |length_m: f64, release_s: f64, caught_s: f64, turn: f64, device: usize| {
        for seed in 1..=5 {
            let gyr = Sensing::gyroscope(DEVICES[device]);
            let params = PendulumParams { length_m, release_s, caught_s: Some(caught_s), turn, gyr, ..Default::default() };
            let (from, to, period) = found(&gyroscope(&params, 20.0, seed)).unwrap_or_else(|error| panic!("{error} {params:?}"));
            let truth = std::f64::consts::TAU * libm::sqrt(length_m / 9.81);
            assert!((period / truth - 1.0).abs() < 0.05, "{period} instead of {truth} {params:?}");
            // Half a period and the hand's calm 0.6 s are allowed for at either end, and a period may be lost.
            assert!(from > release_s - 0.6 - 0.5 * truth && from < release_s.max(0.0) + truth, "{from} {params:?} {seed}");
            assert!(to < caught_s + 0.6 + 0.5 * truth && to > caught_s.min(19.9) - truth, "{to} {params:?} {seed}");
        }
    };
    check(0.5, -1.0, 99.0, 0.0, 3);
    check(0.5, 4.0, 99.0, 0.3, 3);
    check(0.3, 3.0, 15.0, 0.8, 0);
    check(1.0, 2.0, 16.0, -0.8, 5);
    check(0.25, 1.0, 9.0, 1.5, 2);
}

#[test]
fn a_stop_or_a_long_gap_ends_a_part() {
    let mut stream = gyroscope(&PendulumParams::default(), 30.0, 1);
    let (from, to, _) = found(&stream).unwrap();
    assert_eq!((from, to), (0.0, *stream.time.last().unwrap()));
    // A gap that is short enough to count the swings across is bridged.
    let hole = |stream: &StreamData, gap: std::ops::Range<f64>| {
        let keep = |column: &[f64]| column.iter().zip(&stream.time).filter(|(_, t)| !gap.contains(t)).map(|(value, _)| *value).collect();
        let mut out = stream.clone();
        (out.time, out.x, out.y, out.z) = (keep(&stream.time), keep(&stream.x), keep(&stream.y), keep(&stream.z));
        out
    };
    let (from, to, _) = found(&hole(&stream, 10.0..11.5)).unwrap();
    assert!(from < 0.1 && to > 29.9, "{from} {to}");
    let (from, to, _) = found(&hole(&stream, 10.0..14.0)).unwrap();
    assert!(from >= 14.0 && to > 29.9, "{from} {to}");
    // Caught for five seconds, then let go again the other way round.
    for index in 0..stream.time.len() {
        if (11.0..16.0).contains(&stream.time[index]) {
            stream.z[index] = stream.x[index];
        } else if stream.time[index] >= 16.0 {
            stream.z[index] = -stream.z[index];
        }
    }
    let (from, to, _) = found(&stream).unwrap();
    assert!(from > 15.0 && to > 29.9, "{from} {to}");
}

/// A reading of 1e38 is stored (and flagged); it may cost the part it lies in, never the answer's sanity.
#[test]
fn one_mad_reading_ends_a_part() {
    let mut stream = gyroscope(&PendulumParams::default(), 30.0, 1);
    let at = stream.time.partition_point(|t| *t < 8.0);
    stream.z[at] = 1e38;
    let (from, to, period) = found(&stream).unwrap();
    assert!(from > 8.0 && to > 29.9, "{from} {to}");
    assert!((period - 1.4185).abs() < 0.02);
}

#[test]
fn nothing_is_found_where_nothing_swings() {
    let check = |kind: &str, change: fn(&mut StreamData)| {
        let mut stream = gyroscope(&PendulumParams::default(), 20.0, 1);
        change(&mut stream);
        assert_eq!(found(&stream).map_err(AnalysisError::kind), Err(kind));
    };
    check("no_oscillation", |stream| stream.z = stream.x.clone());
    check("no_oscillation", |stream| [&mut stream.x, &mut stream.y, &mut stream.z].into_iter().for_each(|column| column.fill(1.0)));
    check("no_oscillation", |stream| stream.time.iter_mut().for_each(|t| *t *= 0.1));
    check("too_slow", |stream| stream.time.iter_mut().for_each(|t| *t *= 20.0));
    check("unsorted", |stream| stream.time[100] = 0.0);
    check("shape", |stream| stream.y.truncate(9));
    check("not_finite", |stream| stream.y[7] = f64::NAN);
    check("too_few", |stream| {
        [&mut stream.time, &mut stream.x, &mut stream.y, &mut stream.z].into_iter().for_each(|column| column.truncate(7));
    });
    // A hand that shakes without end.
    let handling = PendulumParams { release_s: 99.0, ..Default::default() };
    for seed in 1..=20 {
        let stream = gyroscope(&handling, 20.0, seed);
        if let Ok((from, to, period)) = found(&stream) {
            assert!(to - from < 12.0 * period, "seed {seed}: {from} to {to}, {period}");
        }
    }
}
