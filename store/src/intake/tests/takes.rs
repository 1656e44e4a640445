//! Takes and erased Runs.

use super::*;
use crate::InTake;

const MINUTE: Micros = 60_000_000;

/// A batch of the Take that began `since` minutes after noon, arriving `minutes` after noon.
fn at(minutes: Micros, since: Micros, batch: Submission) -> Submission {
    let take = InTake { begins: NOON + since * MINUTE, ends: None, further: false };
    Submission { received: NOON + minutes * MINUTE, since: Some(take), ..batch }
}

#[test]
fn a_new_take_is_a_new_run_of_keyless_streams() {
    let mut bench = Bench::default();
    bench.check(&at(1, 0, vectors(0, 50)), (50, 0, 0, 1), "the first Take");
    bench.check(&at(2, 0, vectors(50, 100)), (50, 0, 0, 1), "goes on, whenever its last packet came");
    bench.check(&at(4, 3, vectors(100, 150)), (50, 0, 0, 2), "the second, of a sender that never stopped");
    bench.check(&at(5, 3, vectors(150, 200)), (50, 0, 0, 2), "goes on");
    bench.check(&at(5, 3, vectors(100, 150)), (0, 50, 0, 2), "sent again");
    bench.check(&at(7, 7, again(vectors(0, 50))), (50, 0, 0, 3), "cleared for the third, in the moment it begins");
    bench.check(&Submission { since: None, ..at(9, 9, again(vectors(50, 100))) }, (50, 0, 0, 3), "without a Take nothing is new");
}

#[test]
fn what_repeats_the_take_before_opens_no_run() {
    let mut bench = Bench::default();
    bench.check(&at(1, 0, vectors(0, 100)), (100, 0, 0, 1), "the first Take");
    bench.check(&at(4, 3, vectors(50, 100)), (0, 50, 0, 1), "its last packet, delivered twice");
    bench.check(&at(4, 3, vectors(0, 130)), (30, 100, 0, 2), "a buffer that is sent whole: what is new is the second");
    bench.check(&at(5, 3, vectors(0, 160)), (130, 30, 0, 2), "whole again: only the Run that is open is compared");
}

#[test]
fn numbered_senders_say_themselves_what_a_run_is() {
    let mut bench = Bench::default();
    bench.check(&keyed(1, 0, at(1, 0, vectors(0, 50))), (50, 0, 0, 1), "the first Take");
    bench.check(&keyed(1, 1, at(2, 0, vectors(50, 100))), (50, 0, 0, 1), "its boot goes on");
    bench.check(&keyed(2, 0, at(2, 0, vectors(0, 50))), (50, 0, 0, 2), "a new boot");
    bench.check(&keyed(1, 3, at(2, 0, vectors(150, 200))), (50, 0, 0, 1), "what was late is of its own");
    bench.check(&keyed(1, 2, at(2, 0, vectors(100, 150))), (50, 0, 0, 1), "and later");
    assert_eq!(bench.intake.missing(0), 0);
    bench.check(&keyed(2, 7, at(5, 3, vectors(50, 100))), (50, 0, 0, 3), "a gap, in the next Take");
    assert_eq!(bench.intake.missing(0), 6);
    bench.check(&keyed(2, 3, at(5, 3, vectors(100, 150))), (50, 0, 0, 3), "partly filled");
    assert_eq!(bench.intake.missing(0), 5);
}

/// Erases a Run as the store does.
fn erase(bench: &mut Bench, run: u32) {
    bench.intake.erase(Erasure::Run(LESSON, THING, run));
    bench.stored.0.borrow_mut().retain(|row| row.0 != run);
}

#[test]
fn batches_of_an_erased_run_are_not_stored_again() {
    let mut bench = Bench::default();
    bench.check(&keyed(1, 0, vectors(0, 50)), (50, 0, 0, 1), "a Run");
    bench.check(&keyed(2, 0, vectors(0, 50)), (50, 0, 0, 2), "another");
    erase(&mut bench, 1);
    bench.check(&keyed(1, 0, vectors(0, 50)), (0, 50, 0, 0), "sent again, it is of no Run");
    bench.check(&keyed(2, 1, vectors(50, 100)), (50, 0, 0, 2), "the other goes on");
    bench.check(&keyed(1, 1, vectors(50, 100)), (50, 0, 0, 3), "what had not arrived is a Run of its own");
    bench.check(&keyed(1, 2, vectors(100, 150)), (50, 0, 0, 3), "and goes on");
    bench.check(&keyed(1, 0, vectors(0, 50)), (0, 50, 0, 3), "the erased one stays away");
    erase(&mut bench, 3);
    bench.check(&keyed(1, 1, vectors(50, 100)), (0, 50, 0, 0), "the one that goes on, erased too");
    bench.check(&keyed(1, 3, vectors(150, 200)), (50, 0, 0, 4), "never the same number");
}

#[test]
fn keyless_batches_after_an_erased_run_make_the_next_one() {
    let mut bench = Bench::default();
    bench.check(&vectors(0, 50), (50, 0, 0, 1), "a Run");
    erase(&mut bench, 1);
    assert_eq!(bench.intake.index_bytes(), 0);
    bench.check(&vectors(50, 100), (50, 0, 0, 2), "the sender never stopped");
    bench.check(&vectors(50, 150), (50, 50, 0, 2), "goes on");
    erase(&mut bench, 1);
    bench.check(&vectors(100, 160), (10, 50, 0, 2), "an earlier one changes nothing");
}

#[test]
fn erased_readings_leave_a_lesson_as_new() {
    let mut bench = Bench::default();
    bench.check(&keyed(1, 0, vectors(0, 50)), (50, 0, 0, 1), "a rehearsal");
    bench.check(&keyed(2, 3, vectors(0, 50)), (50, 0, 0, 2), "a second Run of it");
    let all = Erasure::Readings(LESSON);
    bench.intake.erase(all);
    let refused = bench.intake.admit(&keyed(3, 0, vectors(0, 50)), &mut Group::default(), &bench.stored);
    assert!(matches!(refused, Err(Error::NotNow(_))), "not while it is being done");
    bench.stored.0.borrow_mut().clear();
    bench.intake.erased(all);
    bench.check(&keyed(3, 0, vectors(0, 50)), (50, 0, 0, 1), "Runs count from 1");
    bench.check(&keyed(1, 0, vectors(0, 50)), (50, 0, 0, 2), "what was known is forgotten");
}

/// A batch measured from a second after noon on, of a Take that began and ended at these.
fn told(take: (Micros, Option<Micros>), further: bool, from: u32, to: u32) -> Submission {
    let of = |seconds: Micros| NOON + seconds * 1_000_000;
    let since = Some(InTake { begins: of(take.0), ends: take.1.map(of), further });
    // Readings of the bench are 10 ms apart.
    Submission { clock: SenderClock::Offset { offset: NOON, uncertainty: 0 }, received: of(1_000), since, ..vectors(from, to) }
}

#[test]
fn a_boot_that_lies_in_two_takes_is_two_runs() {
    let (one, two) = ((0, Some(4)), (6, None));
    let mut bench = Bench::default();
    bench.check(&keyed(1, 0, told((0, None), false, 0, 100)), (100, 0, 0, 1), "while the first goes on");
    bench.check(&keyed(1, 9, told(two, false, 600, 700)), (100, 0, 0, 2), "what is live after the gap in the Wi-Fi");
    bench.check(&keyed(1, 1, told(one, false, 100, 200)), (100, 0, 0, 1), "and what was kept meanwhile, of the first");
    bench.check(&keyed(1, 10, told(two, false, 700, 800)), (100, 0, 0, 2), "live again");
    bench.check(&keyed(1, 2, told(one, false, 200, 300)), (100, 0, 0, 1), "and again what was kept");
    for (number, run) in [(0, 1), (9, 2)] {
        bench.check(&keyed(1, number, told(one, false, 0, 100)), (0, 100, 0, 1), "a number is stored once, whatever the Take");
        bench.check(&keyed(1, number, told(two, false, 600, 700)), (0, 100, 0, 2), "whatever it holds");
        assert_eq!(bench.intake.streams[0].boots[0].run_in(None), 1, "{run}: what is known changes nothing");
    }
    // In both: new in both, and then known in both.
    let parts = || [keyed(1, 5, told(one, false, 380, 400)), keyed(1, 5, told(two, true, 600, 620))];
    for (stored, known) in [(20, 0), (0, 20)] {
        for (part, run) in parts().iter().zip([1, 2]) {
            bench.check(part, (stored, known, 0, run), "a batch over the border");
        }
    }
    bench.check(&parts()[1], (0, 20, 0, 2), "a further part alone is known");
    bench.check(&keyed(2, 0, told((0, Some(4)), false, 0, 50)), (50, 0, 0, 3), "another boot");
    bench.check(&keyed(1, 11, told(two, false, 800, 900)), (100, 0, 0, 2), "does not change the first");
    assert_eq!(bench.intake.missing(0), 5, "3, 4, 6, 7, 8");
}

#[test]
fn what_a_boot_has_in_each_take_survives_a_restart() {
    let mut bench = Bench::default();
    let (one, two) = ((0, Some(4)), (6, None));
    bench.check(&keyed(1, 0, told(one, false, 0, 100)), (100, 0, 0, 1), "the first");
    bench.check(&keyed(1, 2, told(two, false, 600, 700)), (100, 0, 0, 2), "the second");
    let state = serde_json::to_string(&bench.intake.state(0)).unwrap();
    let id = bench.intake.streams[0].id;
    bench.intake.set_state(id, serde_json::from_str(&state).unwrap());
    bench.check(&keyed(1, 1, told(one, false, 100, 200)), (100, 0, 0, 1), "goes on");
    bench.check(&keyed(1, 3, told(two, false, 700, 800)), (100, 0, 0, 2), "both do");
    bench.check(&keyed(1, 0, told(one, false, 0, 100)), (0, 100, 0, 1), "known");
}

#[test]
fn a_take_begins_so_many_runs_and_no_more() {
    let mut bench = Bench::default();
    for boot in 0..u64::from(RUNS) {
        assert_eq!(bench.admit(&keyed(boot, 0, told((0, None), false, 0, 1))).0.stored, 1);
    }
    let mut group = Group::default();
    let one_more = keyed(9_999, 0, told((0, None), false, 1, 4));
    let receipt = bench.intake.admit(&one_more, &mut group, &bench.stored).unwrap();
    assert_eq!(receipt, Receipt { refused: 3, ..Receipt::default() });
    assert_eq!((group.frames.len(), group.rejects[0].reject.count), (0, 3));
    assert!(too_many_runs(3).detail.len() <= 200);
    let last = u64::from(RUNS) - 1;
    assert_eq!(bench.admit(&keyed(last, 1, told((0, None), false, 1, 2))).0.stored, 1, "what has begun goes on");
    let keyless = told((0, None), false, 0, 2);
    assert_eq!(bench.admit(&again(keyless)).0.refused, 2, "a keyless stream that falls back");
    assert_eq!(bench.admit(&keyed(9_999, 0, told((500, None), false, 50_001, 50_002))).0.stored, 1, "the next Take has its own");
}

#[test]
fn a_leap_of_the_numbers_is_no_loss_and_what_was_idle_has_arrived() {
    let mut bench = Bench::default();
    let batch = |number: u64, from: u32| keyed(1, number, told((0, None), false, from, from + 10));
    bench.check(&batch(0, 0), (10, 0, 0, 1), "the first");
    bench.check(&batch(u64::from(u32::MAX), 10), (10, 0, 0, 1), "another numbering");
    assert_eq!(bench.intake.missing(0), 0);
    bench.check(&batch(4, 20), (10, 0, 0, 1), "1, 2 and 3 are to come");
    assert_eq!(bench.intake.missing(0), 3);
    let none = Readings::new(ObservedProperty::Acceleration, vec![], vec![], vec![], vec![]).unwrap();
    let idle = Submission { readings: none, ..batch(2, 0) };
    let (receipt, _) = bench.admit(&idle);
    assert_eq!((receipt, bench.intake.missing(0)), (Receipt::default(), 2));
    bench.check(&batch(3, 30), (10, 0, 0, 1), "one more");
    bench.check(&batch(2, 40), (10, 0, 0, 1), "what was idle may be of a Take by its second arrival");
    assert_eq!(bench.intake.missing(0), 1);
    // A boot of which nothing but that is known begins no Run with it.
    let other = Submission { key: Some(BatchKey { boot: 2, sequence: 0 }), ..idle };
    assert_eq!(bench.admit(&other).0, Receipt::default());
    bench.check(&keyed(2, 1, told((0, None), false, 50, 60)), (10, 0, 0, 2), "but with its first reading");
}
