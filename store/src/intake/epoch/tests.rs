//! The rule as a table: what is stored (raw seconds), what comes, and whether it is the same epoch.

use messwerk_lessons::quantity::ObservedProperty;

use super::*;

/// Readings are (raw seconds, value); `apart` in milliseconds.
fn check(stored: &[(f64, f32)], batch: &[(f64, f32)], apart: Option<Micros>, same: bool, why: &str) {
    let micros = |seconds: f64| (seconds * 1e6).round() as Micros;
    let mut index = Index::empty();
    stored.iter().for_each(|&(time, value)| index.insert(micros(time), [value, 0.0, 0.0]));
    let times = batch.iter().map(|reading| micros(reading.0)).collect();
    let values = batch.iter().map(|reading| reading.1).collect();
    let batch = Readings::new(ObservedProperty::Illuminance, times, values, vec![], vec![]).unwrap();
    assert_eq!(continues(&index, &batch, apart.map(|apart| apart * 1000)), same, "{why}");
}

/// 100 Hz from `from` to `to` (exclusive), in steps of 10 ms; `salt` tells recordings apart.
fn at_100_hz(from: u32, to: u32, salt: f32) -> Vec<(f64, f32)> {
    (from..to).map(|step| (f64::from(step) / 100.0, salt + step as f32)).collect()
}

fn without(mut readings: Vec<(f64, f32)>, from: usize, to: usize) -> Vec<(f64, f32)> {
    readings.drain(from..to);
    readings
}

#[test]
fn what_goes_on_continues() {
    let stored = at_100_hz(0, 100, 0.5);
    check(&stored, &at_100_hz(100, 150, 0.5), None, true, "the next batch");
    check(&stored, &at_100_hz(9_000, 9_050, 0.5), None, true, "after a pause");
    check(&stored, &[(1.0, 0.0)], None, true, "one reading");
    check(&[], &at_100_hz(0, 10, 0.5), None, false, "nothing is stored: it opens the first epoch");
}

#[test]
fn what_repeats_continues() {
    let stored = at_100_hz(0, 100, 0.5);
    check(&stored, &at_100_hz(0, 100, 0.5), None, true, "the same message twice");
    check(&stored, &at_100_hz(0, 150, 0.5), None, true, "keep=true: the whole buffer and more");
    check(&stored, &at_100_hz(30, 40, 0.5), None, true, "an old message again");
    check(&stored, &at_100_hz(50, 51, 0.5), None, true, "one old reading again");
    let holed = without(stored.clone(), 40, 60);
    check(&holed, &at_100_hz(0, 100, 0.5), None, true, "the whole buffer, of which a part was lost");
    check(&holed, &at_100_hz(30, 70, 0.5), None, true, "packed otherwise after a reconnect, the gap in its middle");
}

#[test]
fn what_was_overtaken_continues() {
    let stored = at_100_hz(0, 200, 0.5);
    check(&without(stored.clone(), 100, 150), &at_100_hz(100, 150, 0.5), None, true, "a whole batch");
    check(&without(stored.clone(), 100, 150), &at_100_hz(100, 120, 0.5), None, true, "half of what is missing");
    check(&without(stored.clone(), 100, 101), &at_100_hz(100, 101, 0.5), None, true, "one reading");
    check(&at_100_hz(50, 100, 0.5), &at_100_hz(0, 50, 0.5), None, true, "the first batch of all");
    let long = without(at_100_hz(0, 10_000, 0.5), 100, 150);
    check(&long, &at_100_hz(100, 150, 0.5), None, false, "98 s late: no network keeps packets that long");
}

#[test]
fn what_falls_back_and_does_not_repeat_opens_a_new_epoch() {
    let stored = at_100_hz(0, 200, 0.5);
    check(&stored, &at_100_hz(0, 50, 0.25), None, false, "clear and start again");
    check(&stored, &at_100_hz(0, 300, 0.25), None, false, "clear, then a batch longer than all before");
    check(&stored, &at_100_hz(50, 100, 0.25), None, false, "the first batch after clear was lost");
    check(&stored, &[(0.0, 7.0)], None, false, "one reading a message, at the same time as the old one");
    check(&stored, &[(0.005, 7.0)], None, false, "one reading a message, between two old ones");
    check(&at_100_hz(500, 600, 0.5), &at_100_hz(0, 50, 0.25), None, false, "before all that is stored, and not adjoining");
    check(&[(5.0, 1.0)], &[(0.0, 2.0)], None, false, "one reading each");
}

#[test]
fn an_unsorted_batch_alone_does_not() {
    let stored = at_100_hz(0, 100, 0.5);
    check(&stored, &[(1.01, 1.0), (0.985, 2.0), (1.02, 3.0)], None, true, "falls back within the batch and goes on");
    check(&stored, &[(1.03, 1.0), (1.02, 2.0), (1.01, 3.0)], None, true, "backwards, but later than all stored");
    check(&stored, &[(0.5, 1.0), (0.3, 2.0), (0.1, 3.0)], None, false, "unsorted and wholly in the past is a fall back");
}

#[test]
fn readings_that_were_thinned_come_again_without_harm() {
    let kept: Vec<_> = at_100_hz(0, 200, 0.5).into_iter().step_by(2).collect();
    check(&kept, &[(1.95, 195.5)], Some(18), true, "one that was left out");
    check(&kept, &at_100_hz(150, 200, 0.5), Some(18), true, "a batch of which half was left out");
    check(&kept, &[(1.95, 195.5)], None, false, "the same in a stream that is not thinned");
    let long: Vec<_> = at_100_hz(0, 2_000, 0.5).into_iter().step_by(2).collect();
    check(&long, &[(0.01, 7.0)], Some(18), false, "twenty seconds back it is another recording");
}
