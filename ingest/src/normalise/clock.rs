//! The offset between a sender's clock and the hub's.
//!
//! phyphox tells three things: experiment time (of the readings), the phone's clock at each start, and the phone's clock
//! when the message was made. Schools' phones are minutes off, so the phone's clock itself is worth nothing; but the
//! difference between arrival and "now" is what it is off by, plus the message's way. The smallest difference of a
//! measurement is the one with the shortest way, and it is kept: an offset that wandered with every message's delay would
//! shake the readings it is meant to place.

use messwerk_lessons::Micros;
use messwerk_lessons::observation::{Readings, SenderClock};

use crate::codec::{Clock, PhoneClock};

/// How long a message may have been on its way unseen. Across a room it takes 2 to 20 ms, over a busy access point
/// seldom more than 250; nothing in the message bounds it.
const WAY: Micros = 250_000;
/// A later message shows a shorter way only if it is shorter by this. Less is not worth a step in the readings' times.
const WORTH_A_STEP: Micros = 50_000;
/// What the clock of a phone that says UTC is trusted to: phones ask a time server a few times a day.
const UTC: Micros = 1_000_000;

/// What is known of the clock of one Thing. Forgotten with the Thing's pipeline state: the next message tells it again.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClockModel {
    /// The start (µs of the phone's clock) that the difference belongs to, and the difference hub − phone.
    phone: Option<(Micros, Micros)>,
}

impl ClockModel {
    /// Gives the readings on, with the sender's clock; in parts where the measurement was paused in between.
    pub(crate) fn place(&mut self, clock: &Clock, readings: Readings, received: Micros, mut emit: impl FnMut(Readings, SenderClock)) {
        match clock {
            Clock::Unknown => emit(readings, SenderClock::Unknown),
            Clock::Offset(offset, uncertainty) => emit(readings, SenderClock::Offset { offset: *offset, uncertainty: *uncertainty }),
            Clock::Utc => {
                // Sent at once, the last reading is as old as the clock is wrong; sent later, the clock may be right.
                let gap = readings.raw_time().last().map_or(0, |&last| received.saturating_sub(last).saturating_abs());
                emit(readings, SenderClock::Offset { offset: 0, uncertainty: gap.max(UTC) });
            }
            Clock::Phone(phone) => self.place_by_phone(phone, readings, received, emit),
        }
    }

    fn place_by_phone(&mut self, phone: &PhoneClock, readings: Readings, received: Micros, mut emit: impl FnMut(Readings, SenderClock)) {
        let Some(starts) = starts(phone) else { return emit(readings, SenderClock::Unknown) };
        let first = starts[0].1;
        let difference = received.saturating_sub(us(phone.now));
        let difference = match self.phone {
            Some((start, known)) if start == first && difference > known.saturating_sub(WORTH_A_STEP) => known,
            _ => difference,
        };
        self.phone = Some((first, difference));
        let offset = |(experiment, system): (Micros, Micros)| SenderClock::Offset {
            offset: system.saturating_sub(experiment).saturating_add(difference),
            uncertainty: WAY,
        };
        // A reading belongs to the last start before it; one before all starts to the first.
        let start_of = |time: Micros| starts.partition_point(|&(experiment, _)| experiment <= time).saturating_sub(1);
        let of_row: Vec<usize> = readings.raw_time().iter().map(|&time| start_of(time)).collect();
        for (start, &at) in starts.iter().enumerate() {
            let rows: Vec<usize> = (0..readings.len()).filter(|&row| of_row[row] == start).collect();
            if rows.len() == readings.len() {
                return emit(readings, offset(at));
            }
            if let Some(part) = part(&readings, &rows) {
                emit(part, offset(at));
            }
        }
    }
}

/// The starts in µs, ascending by experiment time; `None` without any or with times that are none.
fn starts(phone: &PhoneClock) -> Option<Vec<(Micros, Micros)>> {
    let starts: Vec<_> = phone.starts.iter().map(|&(experiment, system)| (us(experiment), us(system))).collect();
    let plain = |seconds: f64| seconds.abs() < 1e10;
    let sound = !starts.is_empty()
        && plain(phone.now)
        && phone.starts.iter().all(|&(experiment, system)| plain(experiment) && plain(system))
        && starts.is_sorted_by_key(|&(experiment, _)| experiment);
    sound.then_some(starts)
}

fn us(seconds: f64) -> Micros {
    (seconds * 1e6).round() as Micros
}

/// Some of the readings; `None` if there is none.
fn part(readings: &Readings, rows: &[usize]) -> Option<Readings> {
    let column = |column: &[f32]| rows.iter().filter_map(|&row| column.get(row).copied()).collect();
    let times = rows.iter().map(|&row| readings.raw_time()[row]).collect();
    let part = Readings::new(readings.property(), times, column(readings.x()), column(readings.y()), column(readings.z()));
    part.ok().filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests;
