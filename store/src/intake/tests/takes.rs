//! Takes and erased Runs.

use super::*;

const MINUTE: Micros = 60_000_000;

/// A batch of the Take that began `since` minutes after noon, arriving `minutes` after noon.
fn at(minutes: Micros, since: Micros, batch: Submission) -> Submission {
    Submission { received: NOON + minutes * MINUTE, since: Some(NOON + since * MINUTE), ..batch }
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
    bench.check(&keyed(1, 2, at(4, 3, vectors(100, 150))), (50, 0, 0, 1), "its boot goes on");
    bench.check(&keyed(2, 0, at(4, 3, vectors(0, 50))), (50, 0, 0, 2), "a new boot");
    bench.check(&keyed(1, 1, at(5, 3, vectors(50, 100))), (50, 0, 0, 1), "what was late is of its own");
    assert_eq!(bench.intake.missing(0), 0);
    bench.check(&keyed(2, 7, at(5, 3, vectors(50, 100))), (50, 0, 0, 2), "a gap");
    assert_eq!(bench.intake.missing(0), 6);
    bench.check(&keyed(2, 3, at(5, 3, vectors(100, 150))), (50, 0, 0, 2), "partly filled");
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
