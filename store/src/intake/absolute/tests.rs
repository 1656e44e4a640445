use messwerk_lessons::Micros;
use messwerk_lessons::observation::{Readings, SenderClock};
use messwerk_lessons::quantity::ObservedProperty;

use super::super::tests::Bench;
use crate::submission::{Receipt, Submission};
use crate::testing::{NOON, scalars};

const TEN_MINUTES: Micros = 600_000_000;

/// A station's readings: one every ten minutes from the `from`-th before noon on, each with a value of its own plus `shift`.
fn readings(from: Micros, to: Micros, shift: f32) -> Submission {
    let times: Vec<Micros> = (from..to).map(|at| NOON + at * TEN_MINUTES).collect();
    let values = (from..to).map(|at| at as f32 / 16.0 + shift).collect();
    let readings = Readings::new(ObservedProperty::Pressure, times, values, vec![], vec![]).unwrap();
    Submission { readings, clock: SenderClock::Absolute, ..scalars(&[]) }
}

fn receipt(stored: u32, duplicates: u32, conflicting: u32) -> Receipt {
    Receipt { stored, duplicates, conflicting, run: 1, ..Receipt::default() }
}

/// Admits batches one after the other, forgetting all that may be forgotten in between.
fn check(batches: &[(Submission, Receipt)]) -> Bench {
    let mut bench = Bench::default();
    for (number, (batch, expected)) in batches.iter().enumerate() {
        assert_eq!(bench.admit(batch).0, *expected, "batch {number}");
        bench.forget();
    }
    bench
}

#[test]
fn history_comes_after_the_present_and_overlaps_it() {
    let year = 52_560;
    let bench = check(&[
        (readings(-10, 0, 0.0), receipt(10, 0, 0)),
        (readings(-year, -year + 4_000, 0.0), receipt(4_000, 0, 0)),
        (readings(-year + 3_000, -year + 5_000, 0.0), receipt(1_000, 1_000, 0)),
        (readings(-5, 5, 0.0), receipt(5, 5, 0)),
        (readings(2 * year, 2 * year + 1, 0.0), receipt(1, 0, 0)),
    ]);
    let mut times = bench.times();
    assert_eq!(times.len(), 5_016);
    times.dedup();
    assert_eq!(times.len(), 5_016, "no time twice");
    assert_eq!(times.first(), Some(&(NOON - year * TEN_MINUTES)), "raw time is time: the offset is 0");
}

#[test]
fn another_value_of_a_stored_time_is_told_and_not_stored() {
    let bench = check(&[
        (readings(0, 10, 0.0), receipt(10, 0, 0)),
        (readings(5, 15, 0.5), receipt(5, 0, 5)),
        (readings(0, 10, 0.0), receipt(0, 10, 0)),
    ]);
    assert_eq!(bench.times().len(), 15);
}

#[test]
fn a_batch_may_be_unsorted_and_repeat_itself() {
    let twice = |time: Micros, value: f32| (time, value);
    let pairs = [twice(3, 1.0), twice(1, 2.0), twice(3, 1.0), twice(1, 2.5), twice(2, 0.0)];
    let times = pairs.iter().map(|pair| NOON + pair.0 * TEN_MINUTES).collect();
    let values = pairs.iter().map(|pair| pair.1).collect();
    let readings = Readings::new(ObservedProperty::Pressure, times, values, vec![], vec![]).unwrap();
    check(&[(Submission { readings, clock: SenderClock::Absolute, ..scalars(&[]) }, receipt(3, 1, 1))]);
}
