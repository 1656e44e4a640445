//! The intake by itself: sequences of batches against a store that is only a list.

use std::cell::RefCell;

use messwerk_lessons::observation::SenderClock;
use messwerk_lessons::quantity::ObservedProperty;

use super::*;
use crate::testing::{LESSON, NOON, THING, keyed, scalars, vectors};

/// All that was ever staged: Run, raw time, value.
#[derive(Default)]
struct Stored(RefCell<Vec<(u32, Micros, [f32; 3])>>);

impl History for Stored {
    fn readings(&self, _: StreamId, run: u32, before: Micros) -> Result<Vec<(Micros, [f32; 3])>, Error> {
        Ok(self.0.borrow().iter().filter(|row| row.0 == run && row.1 < before).map(|row| (row.1, row.2)).collect())
    }
}

#[derive(Default)]
struct Bench {
    intake: Intake,
    stored: Stored,
}

impl Bench {
    /// Admits a batch; the receipt and the flags of what was stored.
    fn admit(&mut self, batch: &Submission) -> (Receipt, Vec<u16>) {
        let mut group = Group::default();
        let receipt = self.intake.admit(batch, &mut group, &self.stored).unwrap();
        for frame in &group.frames {
            for row in frame.rows.clone() {
                self.stored.0.borrow_mut().push((frame.run, group.time[row] - frame.offset, group.value(row)));
            }
        }
        (receipt, group.flags)
    }

    /// Admits a batch and checks (stored, duplicates, thinned, run).
    fn check(&mut self, batch: &Submission, expected: (u32, u32, u32, u32), why: &str) {
        let (receipt, _) = self.admit(batch);
        assert_eq!((receipt.stored, receipt.duplicates, receipt.thinned, receipt.run), expected, "{why}");
        // Whatever is forgotten in between must not change any answer.
        self.intake.trim(0);
    }
}

/// Another recording of the same phone: the same times, other values.
fn again(batch: Submission) -> Submission {
    let x = batch.readings.x().iter().map(|x| x + 0.5).collect();
    let (times, y, z) = (batch.readings.raw_time().to_vec(), batch.readings.y().to_vec(), batch.readings.z().to_vec());
    Submission { readings: messwerk_lessons::observation::Readings::new(batch.readings.property(), times, x, y, z).unwrap(), ..batch }
}

#[test]
fn phyphox_repeating_its_whole_growing_buffer() {
    let mut bench = Bench::default();
    for message in 0..20 {
        bench.check(&vectors(0, (message + 1) * 50), (50, message * 50, 0, 1), "each message adds its last 50 readings");
    }
    bench.check(&vectors(0, 700), (0, 700, 0, 1), "an old message, delivered late");
    bench.check(&again(vectors(0, 50)), (50, 0, 0, 2), "clear and start again");
    bench.check(&again(vectors(0, 100)), (50, 50, 0, 2), "the new buffer grows");
    bench.check(&again(vectors(0, 2_000)), (1_900, 100, 0, 2), "and grows beyond the old one");
}

#[test]
fn a_lossy_network_delivers_twice_and_out_of_order() {
    let mut bench = Bench::default();
    let batch = |number: u32| vectors(number * 50, (number + 1) * 50);
    for (number, expected) in
        [(0, (50, 0)), (2, (50, 0)), (1, (50, 0)), (1, (0, 50)), (5, (50, 0)), (3, (50, 0)), (0, (0, 50)), (4, (50, 0)), (6, (50, 0))]
    {
        bench.check(&batch(number), (expected.0, expected.1, 0, 1), &format!("batch {number}"));
    }
    assert_eq!(bench.stored.0.borrow().len(), 350);
}

#[test]
fn clear_and_start_again_with_one_reading_a_message() {
    let mut bench = Bench::default();
    (0..200).for_each(|row| bench.check(&vectors(row, row + 1), (1, 0, 0, 1), "first recording"));
    (0..300).for_each(|row| bench.check(&again(vectors(row, row + 1)), (1, 0, 0, 2), "second recording"));
}

#[test]
fn pause_and_resume_is_one_run() {
    let mut bench = Bench::default();
    bench.check(&vectors(0, 100), (100, 0, 0, 1), "before");
    bench.check(&vectors(60_000, 60_100), (100, 0, 0, 1), "ten minutes later");
}

#[test]
fn the_same_reading_twice_in_one_batch_is_stored_once() {
    let mut bench = Bench::default();
    bench.check(&scalars(&[(0.0, 1.0), (0.0, 1.0), (0.0, 2.0), (0.1, 1.0)]), (3, 1, 0, 1), "equal time and bits are one reading");
}

#[test]
fn a_file_in_which_time_falls_is_one_run_and_says_late() {
    // The light example of the phyphox forum: twelve values, time falls from 3.24 to 0.00.
    let times = [3.24, 2.95, 2.65, 2.36, 2.06, 1.77, 1.47, 1.18, 0.88, 0.59, 0.29, 0.0];
    let readings: Vec<_> = times.iter().enumerate().map(|(row, &time)| (time, row as f32)).collect();
    let mut bench = Bench::default();
    let (receipt, flags) = bench.admit(&scalars(&readings));
    assert_eq!((receipt.stored, receipt.run), (12, 1));
    let arrival = flag::CLOCK_ARRIVAL;
    assert_eq!(flags[0], arrival);
    assert!(flags[1..].iter().all(|&flags| flags == arrival | flag::LATE));
    bench.check(&scalars(&readings), (0, 12, 0, 1), "sent again");
}

#[test]
fn numbered_batches_are_known_by_their_number() {
    let mut bench = Bench::default();
    bench.check(&keyed(1, 0, vectors(0, 50)), (50, 0, 0, 1), "first");
    bench.check(&keyed(1, 0, vectors(50, 100)), (0, 50, 0, 1), "the number counts, not the content");
    bench.check(&keyed(1, 2, vectors(100, 150)), (50, 0, 0, 1), "one was lost");
    bench.check(&keyed(2, 0, vectors(0, 50)), (50, 0, 0, 2), "the page was loaded again");
    bench.check(&keyed(1, 1, vectors(50, 100)), (50, 0, 0, 1), "the lost one belongs to its own Run");
    bench.check(&keyed(1, 1, vectors(50, 100)), (0, 50, 0, 1), "and is known then");
    bench.check(&keyed(2, 1, vectors(50, 100)), (50, 0, 0, 2), "the new boot goes on");
    bench.check(&keyed(2, 5, vectors(0, 50)), (50, 0, 0, 2), "falling time does not end a numbered epoch");
}

#[test]
fn boots_beyond_the_limit_are_never_stored_twice() {
    let mut bench = Bench::default();
    let boots = (BOOTS + CLOSED_BOOTS) as u32;
    for boot in 0..boots {
        bench.check(&keyed(boot.into(), 0, vectors(0, 1)), (1, 0, 0, boot + 1), "a new boot is a new Run");
    }
    for boot in 0..boots {
        let (receipt, _) = bench.admit(&keyed(boot.into(), 0, vectors(0, 1)));
        assert_eq!((receipt.stored, receipt.duplicates), (0, 1), "boot {boot}");
    }
    bench.check(&keyed(u64::MAX, 0, vectors(0, 1)), (0, 1, 0, boots), "from then on boots are not told apart");
}

#[test]
fn the_clock_of_an_epoch() {
    let second = 1_000_000;
    let told = |offset| SenderClock::Offset { offset, uncertainty: 1000 };
    let mut bench = Bench::default();
    let mut check = |batch: Submission, clock, received, offset: Micros, arrival: bool, why: &str| {
        let mut group = Group::default();
        bench.intake.admit(&Submission { clock, received, ..batch }, &mut group, &bench.stored).unwrap();
        assert_eq!(group.frames[0].offset, offset, "{why}");
        assert_eq!(group.flags[0] & flag::CLOCK_ARRIVAL != 0, arrival, "{why}");
    };
    let (unknown, placed) = (SenderClock::Unknown, NOON - 990_000);
    check(vectors(0, 100), unknown, NOON, placed, true, "its last reading is its arrival");
    check(vectors(100, 200), unknown, NOON + 5 * second, placed, true, "kept for the epoch, however late the next one is");
    check(vectors(200, 300), told(NOON), NOON + 6 * second, NOON, false, "what the sender tells counts from there on");
    check(vectors(300, 400), unknown, NOON + 7 * second, NOON, false, "and is remembered");
    check(again(vectors(0, 100)), unknown, NOON + 60 * second, NOON + 60 * second - 990_000, true, "a new epoch is placed anew");
}

#[test]
fn flags() {
    let check = |batch: &Submission, expected: &[u16], why: &str| {
        let told = SenderClock::Offset { offset: NOON, uncertainty: 0 };
        let (_, flags) = Bench::default().admit(&Submission { clock: told, ..batch.clone() });
        assert_eq!(flags, expected, "{why}");
    };
    check(&scalars(&[(0.0, 0.0), (0.1, 200_000.0)]), &[0, 0], "the bounds themselves are in range");
    check(&scalars(&[(0.0, -1.0), (0.1, 2e5 + 1.0)]), &[flag::OUT_OF_RANGE; 2], "beyond them");
    check(&scalars(&[(2.0, 1.0), (2.1, 1.0)]), &[0, flag::TIME_FAST], "ahead of the hub by more than two seconds");
    check(&scalars(&[(0.2, 1.0), (0.1, 1.0), (0.3, 1.0)]), &[0, flag::LATE, 0], "after a later one");
    assert_eq!(ObservedProperty::Illuminance.range(), 0.0..=200_000.0);
}

/// `rows` readings at `hz`, every other one late by `jitter` of the interval.
fn at(hz: f64, rows: u32, jitter: f64) -> Vec<(f64, f32)> {
    (0..rows).map(|row| ((f64::from(row) + jitter * f64::from(row % 2)) / hz, row as f32)).collect()
}

#[test]
fn streams_faster_than_the_template_asks_are_thinned() {
    let check = |readings: &[(f64, f32)], max_hz: f32, kept: std::ops::RangeInclusive<u32>, why: &str| {
        for packet in [1, 7, 1000] {
            let mut bench = Bench::default();
            let (mut stored, mut thinned) = (0, 0);
            for batch in readings.chunks(packet) {
                let batch = Submission { max_hz, ..scalars(batch) };
                let (receipt, _) = bench.admit(&batch);
                let (repeated, _) = bench.admit(&batch);
                assert_eq!((repeated.stored, repeated.run), (0, 1), "{why}: sent again, nothing is new");
                stored += receipt.stored;
                thinned += receipt.thinned;
            }
            assert!(kept.contains(&stored), "{why}, {packet} a packet: {stored} kept");
            assert_eq!(stored + thinned, readings.len() as u32, "{why}");
        }
    };
    check(&at(200.0, 1_000, 0.05), 200.0, 1_000..=1_000, "200 Hz with jitter at 200 Hz");
    check(&at(100.0, 1_000, 0.3), 200.0, 1_000..=1_000, "100 Hz with much jitter");
    check(&at(10_000.0, 1_000, 0.0), 200.0, 20..=23, "a tenth of a second at 10 kHz");
    check(&at(412.0, 824, 0.0), 200.0, 412..=412, "412 Hz becomes 206 Hz");
    check(&at(10_000.0, 1_000, 0.0), 0.0, 1_000..=1_000, "no limit");
}

#[test]
fn thinning_leaves_a_mark_on_the_neighbours() {
    let mut bench = Bench::default();
    let at_100 = |readings: &[(f64, f32)]| Submission { max_hz: 100.0, ..scalars(readings) };
    let marks = |flags: Vec<u16>| flags.iter().map(|flags| flags & flag::THINNED != 0).collect::<Vec<_>>();
    let (_, flags) = bench.admit(&at_100(&[(0.0, 1.0), (0.01, 1.0), (0.012, 1.0), (0.02, 1.0), (0.03, 1.0)]));
    assert_eq!(marks(flags), [false, true, true, false]);
    let (receipt, _) = bench.admit(&at_100(&[(0.031, 1.0)]));
    assert_eq!((receipt.stored, receipt.thinned), (0, 1));
    let (_, flags) = bench.admit(&at_100(&[(0.04, 1.0), (0.05, 1.0)]));
    assert_eq!(marks(flags), [true, false], "also across packets");
}

#[test]
fn an_erased_thing_does_not_come_back() {
    let mut bench = Bench::default();
    bench.check(&vectors(0, 10), (10, 0, 0, 1), "before");
    bench.intake.erase(LESSON, Some(THING));
    assert_eq!(bench.intake.index_bytes(), 0);
    let late = bench.intake.admit(&vectors(10, 20), &mut Group::default(), &bench.stored);
    assert!(matches!(late, Err(Error::NotFound(_))));
    let other = Submission { thing: ThingId(71), ..vectors(0, 10) };
    bench.check(&other, (10, 0, 0, 1), "others go on");
}

#[test]
fn memory_is_counted_and_given_back() {
    let mut bench = Bench::default();
    for thing in 0..20 {
        for part in 0..10 {
            bench.admit(&Submission { thing: ThingId(thing), ..vectors(part * 1_000, (part + 1) * 1_000) });
        }
    }
    let full = bench.intake.index_bytes();
    assert!(full >= 20 * 10_000 * 20);
    bench.intake.trim(full);
    assert_eq!(bench.intake.index_bytes(), full, "at the limit nothing is dropped");
    bench.intake.trim(full - 1);
    assert!(bench.intake.index_bytes() <= full / 2 && bench.intake.index_bytes() > 0);
    bench.intake.trim(1);
    assert_eq!(bench.intake.index_bytes(), 0);
    bench.check(&Submission { thing: ThingId(3), ..vectors(0, 10_000) }, (0, 10_000, 0, 1), "read again when needed");
}
