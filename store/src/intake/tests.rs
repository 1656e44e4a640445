//! The intake by itself: sequences of batches against a store that is only a list.

mod takes;

use std::cell::RefCell;

use messwerk_lessons::id::ThingId;
use messwerk_lessons::observation::{Readings, SenderClock};
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
pub(super) struct Bench {
    intake: Intake,
    stored: Stored,
}

impl Bench {
    /// Admits a batch; the receipt and the flags of what was stored.
    pub(super) fn admit(&mut self, batch: &Submission) -> (Receipt, Vec<u16>) {
        let mut group = Group::default();
        let receipt = self.intake.admit(batch, &mut group, &self.stored).unwrap();
        for frame in &group.frames {
            for row in frame.rows.clone() {
                self.stored.0.borrow_mut().push((frame.run, group.time[row] - frame.offset, group.value(row)));
            }
        }
        (receipt, group.flags)
    }

    /// Forgets what may be forgotten.
    pub(super) fn forget(&mut self) {
        self.intake.trim(0);
    }

    /// The raw times of all that was stored, sorted.
    pub(super) fn times(&self) -> Vec<Micros> {
        let mut times: Vec<Micros> = self.stored.0.borrow().iter().map(|row| row.1).collect();
        times.sort_unstable();
        times
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
fn boots_beyond_the_limit_lose_nothing() {
    let mut bench = Bench::default();
    let boots = (BOOTS + CLOSED_BOOTS) as u32;
    // As many Runs an hour as one may begin.
    let begun = |boot: u32| NOON + Micros::from(boot) * (HOUR / Micros::from(RUNS));
    // One Run a second is compared.
    let later = |seconds: u32, batch| Submission { received: begun(boots) + Micros::from(seconds) * PAST_EVERY, ..batch };
    for boot in 0..boots {
        let batch = Submission { received: begun(boot), ..keyed(boot.into(), 0, vectors(0, 1)) };
        bench.check(&batch, (1, 0, 0, boot + 1), "a new boot is a new Run");
    }
    for boot in 0..boots {
        let received = begun(boots) + Micros::from(boot) * PAST_EVERY;
        bench.check(
            &Submission { received, ..keyed(boot.into(), 0, vectors(0, 1)) },
            (0, 1, 0, boot + 1),
            "sent again, known by number or by its readings",
        );
    }
    bench.check(&later(2000, keyed(0, 1, vectors(10, 30))), (20, 0, 0, 1), "what the oldest never sent before is stored, in its Run");
    bench.check(&later(2001, keyed(0, 1, vectors(10, 30))), (0, 20, 0, 1), "once");
    bench.check(&later(2002, keyed(0, 2, vectors(20, 40))), (10, 10, 0, 1), "of a batch half of which is there, the other half");
    bench.check(&later(2003, keyed(u64::MAX, 0, vectors(0, 1))), (1, 0, 0, boots + 1), "one boot more");
    bench.check(&later(2004, keyed(1, 1, vectors(5, 6))), (1, 0, 0, 2), "the second is still known");
    bench.check(&later(2005, keyed(0, 0, vectors(0, 1))), (1, 0, 0, boots + 2), "the oldest is forgotten: twice rather than not at all");
}

#[test]
fn an_earlier_boot_of_which_nothing_is_known_any_more_counts_none_as_lost() {
    let mut bench = Bench::default();
    let missing = |bench: &Bench| bench.intake.missing(0);
    bench.check(&keyed(0, 0, vectors(0, 1)), (1, 0, 0, 1), "first");
    bench.check(&keyed(0, 9, vectors(1, 2)), (1, 0, 0, 1), "eight are lost");
    bench.check(&keyed(0, 4, vectors(0, 0)), (0, 0, 0, 0), "one of them had nothing to store");
    assert_eq!(missing(&bench), 7);
    for boot in 1..=BOOTS as u64 {
        bench.check(&keyed(boot, 0, vectors(0, 1)), (1, 0, 0, boot as u32 + 1), "the page was loaded again");
    }
    assert_eq!(missing(&bench), 0);
    bench.check(&keyed(0, 3, vectors(0, 0)), (0, 0, 0, 0), "late");
    assert_eq!(missing(&bench), 0);
}

#[test]
fn numbers_beyond_the_gaps_lose_nothing() {
    let mut bench = Bench::default();
    let batch = |sequence: u32| keyed(1, sequence.into(), vectors(sequence * 5, sequence * 5 + 5));
    let (odd, even) = (|step: u32| 2 * step + 1, |step: u32| 2 * step);
    for step in 0..1_000 {
        bench.check(&batch(even(step)), (5, 0, 0, 1), "every other batch is lost");
    }
    for step in (0..1_000).rev() {
        bench.check(&batch(odd(step)), (5, 0, 0, 1), "and filled up later");
    }
    for sequence in 0..2_000 {
        bench.check(&batch(sequence), (0, 5, 0, 1), "then all are there");
    }
}

#[test]
fn readings_staged_in_the_same_commit_count_as_stored() {
    let mut bench = Bench::default();
    for boot in 0..=BOOTS as u64 {
        bench.check(&keyed(boot, 0, vectors(0, 1)), (1, 0, 0, boot as u32 + 1), "the first boot's numbers are forgotten");
    }
    let mut group = Group::default();
    for (expected, received) in [(20, NOON), (0, NOON + PAST_EVERY)] {
        let batch = Submission { received, ..keyed(0, 1, vectors(10, 30)) };
        let receipt = bench.intake.admit(&batch, &mut group, &bench.stored).unwrap();
        assert_eq!((receipt.stored, receipt.run), (expected, 1), "twice in one commit");
        bench.intake.trim(0);
    }
}

#[test]
fn a_batch_that_begins_with_the_time_of_the_last_one_goes_on() {
    let mut bench = Bench::default();
    bench.check(&scalars(&[(1.5, 1.0), (2.0, 2.0), (2.5, 3.0)]), (3, 0, 0, 1), "first");
    let at_200 = |readings: &[(f64, f32)]| Submission { max_hz: 200.0, ..scalars(readings) };
    bench.check(&at_200(&[(2.5, 4.0), (3.0, 5.0)]), (2, 0, 0, 1), "the same time with another value has not fallen back");
    bench.check(&at_200(&[(2.5, 3.0), (2.5, 4.0), (3.5, 6.0)]), (1, 2, 0, 1), "and both are known");
}

#[test]
fn a_numbered_batch_that_goes_back_is_not_thinned_away() {
    let mut bench = Bench::default();
    let at_200 = |batch| Submission { max_hz: 200.0, ..batch };
    bench.check(&at_200(keyed(1, 0, vectors(0, 50))), (50, 0, 0, 1), "first");
    bench.check(&at_200(keyed(1, 1, again(vectors(0, 50)))), (50, 0, 0, 1), "another number is another batch, whatever times it uses");
    bench.check(&at_200(keyed(1, 1, again(vectors(0, 50)))), (0, 50, 0, 1), "sent again");
    let column = |shift: f32| (0..100).map(|row| shift + row as f32).collect::<Vec<f32>>();
    let times = (0..100).map(|row| row * 500).collect();
    let readings = Readings::new(ObservedProperty::Acceleration, times, column(0.0), column(1.0), column(2.0)).unwrap();
    let (receipt, _) = bench.admit(&at_200(Submission { readings, ..keyed(1, 2, vectors(0, 0)) }));
    assert!((10..=12).contains(&receipt.stored) && receipt.stored + receipt.thinned == 100, "2 kHz in itself is thinned: {receipt:?}");
}

#[test]
fn times_that_leap_forward_open_a_new_epoch() {
    let (second, day) = (1_000_000, 24 * 3_600 * 1_000_000_i64);
    // phyphox: experiment time from 0, then the same experiment with its export switched to seconds since 1970.
    let at = |zero: Micros, rows: std::ops::Range<u32>, received: Micros| {
        let batch = vectors(rows.start, rows.end);
        let times = batch.readings.raw_time().iter().map(|time| zero + time).collect();
        let (x, y, z) = (batch.readings.x().to_vec(), batch.readings.y().to_vec(), batch.readings.z().to_vec());
        let readings = Readings::new(batch.readings.property(), times, x, y, z).unwrap();
        Submission { readings, received, ..batch }
    };
    let utc = NOON - 3 * second;
    let mut bench = Bench::default();
    bench.check(&at(0, 0..50, NOON), (50, 0, 0, 1), "experiment time");
    bench.check(&at(0, 50..100, NOON + second), (50, 0, 0, 1), "goes on");
    let mut group = Group::default();
    let leapt = at(utc, 100..150, NOON + 2 * second);
    let receipt = bench.intake.admit(&leapt, &mut group, &bench.stored).unwrap();
    assert_eq!((receipt.stored, receipt.run), (50, 2));
    assert_eq!(group.time.last(), Some(&(NOON + 2 * second)), "placed by arrival, not in the year 2082");
    assert!(group.flags.iter().all(|flags| *flags == flag::CLOCK_ARRIVAL));
    bench
        .stored
        .0
        .borrow_mut()
        .extend(leapt.readings.raw_time().iter().enumerate().map(|(row, &time)| (2, time, leapt.readings.value(row))));
    bench.check(&leapt, (0, 50, 0, 2), "sent again");
    bench.check(&at(utc, 150..200, NOON + 3 * second), (50, 0, 0, 2), "goes on");
    bench.check(&at(utc + 3 * day, 200..250, NOON + 3 * day), (50, 0, 0, 2), "a pause the hub saw too");
    bench.check(&at(utc + 4 * day - second, 250..300, NOON + 3 * day), (50, 0, 0, 2), "less than a day ahead");
    bench.check(&at(0, 0..50, NOON + 3 * day), (50, 0, 0, 3), "and falls back");
    let mut bench = Bench::default();
    let wrong = 4 * 365 * day;
    bench.check(&at(NOON + wrong, 0..50, NOON), (50, 0, 0, 1), "a clock four years ahead");
    bench.check(&at(NOON + wrong, 50..100, NOON + second), (50, 0, 0, 1), "is wrong by the same amount all the time");
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
    check(&at(200.04, 1_000, 0.16), 200.0, 990..=1_000, "a little more than 200 Hz, with as much jitter as a busy phone");
    check(&at(2_000.0, 4_000, 0.0), 200.0, 398..=402, "2 kHz");
    let mut uneasy = at(205.0, 20_500, 0.0);
    uneasy.extend(at(205.0, 2_050, 0.1).iter().map(|&(time, value)| (time + 100.0, -value - 1.0)));
    check(&uneasy, 200.0, 22_450..=22_550, "205 Hz for a hundred seconds, and then it jitters");
    let whole_seconds: Vec<_> = (0..200).map(|row| ((row / 10) as f64, row as f32)).collect();
    check(&whole_seconds, 200.0, 200..=200, "ten a second by a clock with whole seconds");
    check(&at(412.0, 824, 0.0), 200.0, 412..=412, "412 Hz becomes 206 Hz");
    check(&at(10_000.0, 1_000, 0.0), 0.0, 1_000..=1_000, "no limit");
}

#[test]
fn a_batch_that_was_overtaken_is_thinned_by_its_own_times() {
    let mut bench = Bench::default();
    let at_200 = |readings: &[(f64, f32)]| Submission { max_hz: 200.0, ..scalars(readings) };
    let readings = at(200.0, 300, 0.08);
    bench.check(&at_200(&readings[..100]), (100, 0, 0, 1), "first");
    bench.check(&at_200(&readings[200..]), (100, 0, 0, 1), "third");
    let (receipt, _) = bench.admit(&at_200(&readings[100..200]));
    assert!(receipt.stored >= 99 && receipt.run == 1, "second: {receipt:?}");
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
    bench.intake.erase(Erasure::Thing(LESSON, THING));
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

#[test]
fn a_phone_that_changes_between_forgotten_boots_does_not_keep_the_writer_reading() {
    struct Counting(Stored, std::cell::Cell<u32>);
    impl History for Counting {
        fn readings(&self, stream: StreamId, run: u32, before: Micros) -> Result<Vec<(Micros, [f32; 3])>, Error> {
            self.1.set(self.1.get() + 1);
            self.0.readings(stream, run, before)
        }
    }
    let history = Counting(Stored::default(), std::cell::Cell::default());
    let mut intake = Intake::default();
    let boots = 2 * BOOTS as u64;
    let mut admit = |boot, sequence, received| {
        let batch = Submission { received, ..keyed(boot, sequence, vectors(0, 10)) };
        intake.admit(&batch, &mut Group::default(), &history).unwrap()
    };
    (0..boots).for_each(|boot| assert_eq!(admit(boot, 0, NOON).run, boot as u32 + 1));
    assert_eq!((admit(0, 1, NOON).run, admit(0, 2, NOON).run), (1, 1), "the first is compared");
    for boot in 1..BOOTS as u64 {
        let receipt = admit(boot, 1, NOON + 500_000);
        assert_eq!((receipt.stored, receipt.run), (10, (boots + boot) as u32), "too soon: stored, in a Run of its own");
    }
    assert_eq!(history.1.get(), 1, "one Run was read");
    assert_eq!(admit(0, 3, NOON + 600_000).run, 1, "and is still known");
    assert_eq!((admit(BOOTS as u64, 1, NOON + PAST_EVERY).run, history.1.get()), (BOOTS as u32 + 1, 2), "a second later the next one");
}

#[test]
fn what_was_thinned_is_thinned_again_when_its_number_is_forgotten() {
    let mut bench = Bench::default();
    let at_50 = |batch| Submission { max_hz: 50.0, ..batch };
    bench.check(&at_50(keyed(0, 0, vectors(0, 100))), (50, 0, 50, 1), "every other one");
    for boot in 1..=BOOTS as u64 {
        bench.check(&keyed(boot, 0, vectors(0, 1)), (1, 0, 0, boot as u32 + 1), "the number is forgotten");
    }
    bench.check(&at_50(keyed(0, 0, vectors(0, 100))), (0, 50, 50, 1), "sent again, nothing is new");
}

#[test]
fn a_late_frame_of_an_unknown_boot_does_not_become_the_current_one() {
    let mut intake = Intake::default();
    let stream = StreamId { lesson: LESSON, thing: THING, property: ObservedProperty::Acceleration };
    for (run, boot) in [(2, 22), (1, 11), (3, 33), (4, 33), (3, 30)] {
        let mut group = Group::default();
        group.push(NOON, 0, [0.0; 3]);
        let key = Some(BatchKey { boot, sequence: 0 });
        let mut frame = Frame { stream, slot: 0, run, thinned: 0, received: NOON, offset: NOON, key, rows: 0..1 };
        intake.restore(&mut frame, &group);
    }
    let mut run_of = |boot| intake.admit(&keyed(boot, 1, vectors(5, 6)), &mut Group::default(), &Stored::default()).unwrap().run;
    assert_eq!((run_of(22), run_of(11), run_of(30), run_of(33)), (2, 1, 3, 4), "33 went on in a Run of its own");
}
