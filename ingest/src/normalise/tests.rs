use std::sync::Arc;

use ObservedProperty as P;
use RejectReason as R;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;

use super::*;
use crate::gate::{Gate, Takes, Window};

fn access(sensors: &[(P, f32)], recording: bool) -> Arc<ThingAccess> {
    Arc::new(ThingAccess {
        lesson: LessonId(1),
        thing: ThingId(2),
        sensors: sensors.to_vec(),
        recording,
        gate: Gate::Always,
        location: false,
        station: None,
    })
}

/// Normalises one scalar record; expects these times and values, and these rejects.
fn check(access: &ThingAccess, clock: Clock, times: Times, values: &[f32], expect: Option<(&[Micros], &[f32])>, rejects: &[(R, u32)]) {
    let record = Record { property: P::Pressure, times, values: [values.to_vec(), vec![], vec![]], key: None };
    let (mut seen, mut rejected) = (Vec::new(), Rejects::default());
    normalise((access, &Gate::Always.pass()), vec![record], &clock, &mut ClockModel::default(), 5, &mut rejected, &mut |submission| {
        seen.push(submission)
    });
    let rejected: Vec<_> = rejected.iter().map(|reject| (reject.reason, reject.count)).collect();
    assert_eq!(rejected, rejects);
    assert_eq!(seen.first().map(|submission| (submission.readings.raw_time(), submission.readings.x())), expect);
}

#[test]
fn seconds_are_rounded_once_and_values_become_32_bits() {
    let open = access(&[], true);
    let times = Times::Seconds(vec![0.005, -1.0000005, 1_767_437_012.314, 0.000_000_4]);
    let micros: &[Micros] = &[5_000, -1_000_001, 1_767_437_012_314_000, 0];
    check(&open, Clock::Unknown, times, &[9.81, 1.0, 2.0, 1e-4], Some((micros, &[9.81, 1.0, 2.0, 1e-4])), &[]);
}

#[test]
fn a_bad_row_is_lost_alone() {
    let open = access(&[], true);
    let values = [1.0, f32::NAN, f32::NEG_INFINITY, f32::INFINITY, 5.0, 6.0];
    let times = || Times::Seconds(vec![1.0, 2.0, 3.0, 4.0, f64::NAN, 6.0]);
    check(
        &open,
        Clock::Unknown,
        times(),
        &values,
        Some((&[1_000_000, 6_000_000], &[1.0, 6.0])),
        &[(R::NotFinite, 3), (R::TimeOutOfRange, 1)],
    );
    check(&open, Clock::Unknown, Times::Seconds(vec![1.0]), &[f32::INFINITY], None, &[(R::NotFinite, 1)]);
    check(&open, Clock::Unknown, Times::Seconds(vec![1e300, -1e10]), &[1.0, 2.0], None, &[(R::TimeOutOfRange, 2)]);
}

#[test]
fn only_who_says_utc_is_held_to_it() {
    let (open, times) = (access(&[], true), Times::Micros(vec![-1, 0, END_OF_UTC, END_OF_UTC + 1]));
    check(&open, Clock::Utc, times.clone(), &[1.0, 2.0, 3.0, 4.0], Some((&[0, END_OF_UTC], &[2.0, 3.0])), &[(R::TimeOutOfRange, 2)]);
    let all: &[Micros] = &[-1, 0, END_OF_UTC, END_OF_UTC + 1];
    check(&open, Clock::Unknown, times, &[1.0, 2.0, 3.0, 4.0], Some((all, &[1.0, 2.0, 3.0, 4.0])), &[]);
}

#[test]
fn a_told_clock_places_readings_in_our_time_or_nowhere() {
    let open = access(&[], true);
    let values = [1.0, 2.0, 3.0];
    let times = || Times::Micros(vec![-1, 0, 1]);
    for offset in [Micros::MIN, Micros::MAX, -2, END_OF_UTC + 2] {
        check(&open, Clock::Offset(offset, 5), times(), &values, None, &[(R::TimeOutOfRange, 3)]);
    }
    check(&open, Clock::Offset(END_OF_UTC, 5), times(), &values, Some((&[-1, 0], &[1.0, 2.0])), &[(R::TimeOutOfRange, 1)]);
    check(&open, Clock::Offset(0, 5), times(), &values, Some((&[0, 1], &[2.0, 3.0])), &[(R::TimeOutOfRange, 1)]);
}

#[test]
fn every_known_stream_is_stored_while_the_lesson_records() {
    let times = || Times::Seconds(vec![1.0, 2.0]);
    let stored: Option<(&[Micros], &[f32])> = Some((&[1_000_000, 2_000_000], &[1.0, 2.0]));
    check(&access(&[(P::Pressure, 50.0)], true), Clock::Unknown, times(), &[1.0, 2.0], stored, &[]);
    check(&access(&[(P::Acceleration, 0.0)], true), Clock::Unknown, times(), &[1.0, 2.0], stored, &[]);
    check(&access(&[(P::Acceleration, 0.0)], false), Clock::Unknown, times(), &[1.0, 2.0], None, &[(R::NotRecording, 2)]);
}

#[test]
fn after_the_end_of_a_lesson_with_takes_its_gate_decides() {
    let takes = Arc::new(Takes::default());
    drop(takes.tell(vec![Window { begins: 10, ends: Some(20) }], std::collections::HashMap::new()));
    let access = ThingAccess { gate: Gate::Takes(takes), ..ThingAccess::clone(&access(&[], false)) };
    let values = [vec![1.0, 2.0, 3.0], vec![], vec![]];
    let record = Record { property: P::Pressure, times: Times::Micros(vec![9, 10, 20]), values, key: None };
    let (mut seen, mut rejects) = (Vec::new(), Rejects::default());
    let mut submit = |submission: Submission| seen.extend(submission.readings.raw_time().to_vec());
    let clock = Clock::Offset(0, 5);
    let pass = access.gate.pass();
    let idle = normalise((&access, &pass), vec![record], &clock, &mut ClockModel::default(), 500, &mut rejects, &mut submit);
    assert_eq!((seen, idle, rejects.iter().count()), (vec![10], 2, 0));
}

#[test]
fn positions_are_kept_only_where_they_are_allowed() {
    let check = |location: bool, stored: usize, rejected: &[(R, u32)]| {
        let access = ThingAccess { location, ..ThingAccess::clone(&access(&[], true)) };
        let values = [vec![1.0], vec![2.0], vec![3.0]];
        let record = Record { property: P::Displacement, times: Times::Seconds(vec![1.0]), values, key: None };
        let (mut seen, mut rejects) = (0, Rejects::default());
        let pass = Gate::Always.pass();
        normalise((&access, &pass), vec![record], &Clock::Unknown, &mut ClockModel::default(), 5, &mut rejects, &mut |_| seen += 1);
        let told: Vec<_> = rejects.iter().map(|reject| (reject.reason, reject.count)).collect();
        assert_eq!((seen, told.as_slice()), (stored, rejected));
    };
    check(true, 1, &[]);
    check(false, 0, &[(R::Private, 1)]);
}
