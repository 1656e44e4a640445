use messwerk_lessons::quantity::ObservedProperty;

use super::*;

const SECOND: Micros = 1_000_000;

/// Places readings at these seconds; returns (first time in s, rows, offset) of each part.
fn place(model: &mut ClockModel, clock: &Clock, seconds: &[i64], received: Micros) -> Vec<(i64, usize, Micros)> {
    let times: Vec<Micros> = seconds.iter().map(|second| second * SECOND).collect();
    let rows = times.len();
    let readings = Readings::new(ObservedProperty::Pressure, times, vec![1.0; rows], vec![], vec![]).unwrap();
    let mut parts = Vec::new();
    model.place(clock, readings, received, |readings, clock| match clock {
        SenderClock::Offset { offset, .. } => parts.push((readings.raw_time()[0] / SECOND, readings.len(), offset)),
        SenderClock::Unknown | SenderClock::Absolute => parts.push((readings.raw_time()[0] / SECOND, readings.len(), Micros::MIN)),
    });
    parts
}

/// A phone whose clock shows `now`, started at experiment times by its clock.
fn phone(now: f64, starts: &[(f64, f64)]) -> Clock {
    Clock::Phone(PhoneClock { now, starts: starts.to_vec() })
}

#[test]
fn a_phone_minutes_off_is_placed_by_its_messages_arrival() {
    // The phone's clock is 300 s slow; it was started at hub time 1000 s, and the message took 20 ms.
    let arrival = 1_010 * SECOND + 20_000;
    assert_eq!(place(&mut ClockModel::default(), &phone(710.0, &[(0.0, 700.0)]), &[1, 2], arrival), [(1, 2, 1_000 * SECOND + 20_000)]);
}

#[test]
fn an_offset_holds_until_a_message_shows_a_much_shorter_way() {
    let mut model = ClockModel::default();
    let mut check = |now: f64, start: f64, arrival: Micros, offset: Micros| {
        assert_eq!(place(&mut model, &phone(now, &[(0.0, start)]), &[1], arrival), [(1, 1, offset)]);
    };
    check(10.0, 0.0, 10 * SECOND + 100_000, 100_000);
    check(11.0, 0.0, 11 * SECOND + 900_000, 100_000);
    check(12.0, 0.0, 12 * SECOND + 60_000, 100_000);
    check(13.0, 0.0, 13 * SECOND + 20_000, 20_000);
    check(14.0, 0.0, 14 * SECOND + 400_000, 20_000);
    // A new measurement: the phone may have set its clock in between.
    check(100.0, 90.0, 100 * SECOND + 300_000, 90 * SECOND + 300_000);
}

#[test]
fn readings_around_a_pause_are_placed_apart() {
    let clock = phone(20.0, &[(0.0, 0.0), (5.0, 15.0)]);
    assert_eq!(place(&mut ClockModel::default(), &clock, &[3, 4, 5, 6], 20 * SECOND), [(3, 2, 0), (5, 2, 10 * SECOND)]);
    assert_eq!(place(&mut ClockModel::default(), &clock, &[6, 7], 20 * SECOND), [(6, 2, 10 * SECOND)]);
    assert_eq!(place(&mut ClockModel::default(), &clock, &[-1, 6, 1], 20 * SECOND), [(-1, 2, 0), (6, 1, 10 * SECOND)]);
}

#[test]
fn a_time_object_that_says_nothing_is_no_clock() {
    for clock in [Clock::Unknown, phone(20.0, &[]), phone(1e300, &[(0.0, 0.0)]), phone(0.0, &[(5.0, 0.0), (1.0, 0.0)])] {
        assert_eq!(place(&mut ClockModel::default(), &clock, &[1], 20 * SECOND), [(1, 1, Micros::MIN)]);
    }
}

#[test]
fn who_says_utc_is_believed_as_far_as_its_messages_are_prompt() {
    let uncertainty = |received| {
        let readings = Readings::new(ObservedProperty::Pressure, vec![10 * SECOND], vec![1.0], vec![], vec![]).unwrap();
        let mut told = SenderClock::Unknown;
        ClockModel::default().place(&Clock::Utc, readings, received, |_, clock| told = clock);
        told
    };
    assert_eq!(uncertainty(10 * SECOND + 5), SenderClock::Offset { offset: 0, uncertainty: SECOND });
    assert_eq!(uncertainty(70 * SECOND), SenderClock::Offset { offset: 0, uncertainty: 60 * SECOND });
    assert_eq!(uncertainty(0), SenderClock::Offset { offset: 0, uncertainty: 10 * SECOND });
}
