//! From what a packet says to what the store takes: bounds, the one rounding of times, whole rows.
//!
//! Codecs have converted units already (only SenML names them); signs are stored as sent, because no packet says whose
//! they are. What is out of a sensor's range or ahead of the clock is the store's to flag, not ours to refuse.

mod clock;

pub use clock::ClockModel;

use messwerk_lessons::Micros;
use messwerk_lessons::observation::{Readings, SenderClock};
use messwerk_lessons::reject::RejectReason;
use messwerk_store::Submission;

use crate::admission::ThingAccess;
use crate::codec::{Clock, Record, Rejects, Times};
use crate::gate::{Gate, Pass};

/// 2^53 µs, 285 years: beyond it a 64-bit float does not tell microseconds apart.
const FARTHEST: f64 = 9_007_199_254_740_992.0;
/// 2200-01-01T00:00:00 UTC.
const END_OF_UTC: Micros = 7_258_118_400_000_000;
/// Stands for a time that is none; outside every bound.
const NO_TIME: Micros = Micros::MAX;

/// Turns the records of one packet into submissions; what must not be stored joins `rejects`. Returns how many readings
/// were idle: good ones that belong to no Take.
pub(crate) fn normalise(
    (access, pass): (&ThingAccess, &Pass),
    records: Vec<Record>,
    clock: &Clock,
    model: &mut ClockModel,
    received: Micros,
    rejects: &mut Rejects,
    submit: &mut impl FnMut(Submission),
) -> u32 {
    let mut idle = 0_u32;
    for record in records {
        // A lesson that has Takes leaves it to its gate: what was measured in one belongs to it, also after the lesson's end.
        if !access.recording && access.gate == Gate::Always {
            rejects.add(RejectReason::NotRecording, record.times.len(), || "the lesson does not record now".to_owned());
            continue;
        }
        if record.property.is_location() && !access.location {
            rejects.add(RejectReason::Private, record.times.len(), || {
                "positions; a lesson keeps them only if its template asks and the teacher has confirmed it".to_owned()
            });
            continue;
        }
        let rate = access.sensors.iter().find(|(property, _)| *property == record.property);
        let max_hz = rate.map_or(0.0, |(_, max_hz)| *max_hz);
        // A measurement with pauses is placed in parts, and a number may stand for one batch only.
        let key = record.key.filter(|_| !matches!(clock, Clock::Phone(_)));
        let Some(readings) = readings(record, *clock == Clock::Utc, rejects) else { continue };
        model.place(clock, readings, received, |readings, clock: SenderClock| {
            let Some(readings) = in_our_time(readings, clock, rejects) else { return };
            let property = readings.property();
            let (mut kept, left) = pass.let_in(access.thing, readings, clock, received, key.is_some());
            idle = idle.saturating_add(left);
            if kept.is_empty() && key.is_some() {
                // So that its number does not count as lost.
                kept.extend(Readings::new(property, vec![], vec![], vec![], vec![]).map(|none| (none, None)));
            }
            for (readings, since) in kept {
                submit(Submission { lesson: access.lesson, thing: access.thing, readings, key, clock, received, max_hz, since });
            }
        });
    }
    idle
}

/// The rows that can be stored; `None` if there is none.
fn readings(record: Record, utc: bool, rejects: &mut Rejects) -> Option<Readings> {
    let Record { property, times, values, .. } = record;
    let mut not_finite = 0;
    let mut out_of_range = 0;
    let mut times: Vec<Micros> = match times {
        Times::Micros(times) => times,
        // In place: both are 8 bytes.
        Times::Seconds(times) => times.into_iter().map(micros).collect(),
    };
    let [mut x, mut y, mut z] = values;
    let bounds = if utc { 0..=END_OF_UTC } else { -(FARTHEST as Micros)..=FARTHEST as Micros };
    let finite = |column: &[f32]| column.iter().all(|value| value.is_finite());
    // Nearly every packet is whole: look once, and only then row by row.
    if !(finite(&x) && finite(&y) && finite(&z) && times.iter().all(|time| bounds.contains(time))) {
        let good = |column: &[f32], row: usize| column.get(row).is_none_or(|value| value.is_finite());
        let keep: Vec<bool> = (0..times.len())
            .map(|row| {
                let value = good(&x, row) && good(&y, row) && good(&z, row);
                let time = bounds.contains(&times[row]);
                not_finite += usize::from(!value);
                out_of_range += usize::from(value && !time);
                value && time
            })
            .collect();
        retain(&mut times, &keep);
        [&mut x, &mut y, &mut z].into_iter().for_each(|column| retain(column, &keep));
    }
    let stream = property.stream();
    rejects.add(RejectReason::NotFinite, not_finite, || format!("readings of {stream} without a number, or beyond 3.4e38"));
    rejects.add(RejectReason::TimeOutOfRange, out_of_range, || match utc {
        true => format!("readings of {stream} with a time outside 1970 to 2200"),
        false => format!("readings of {stream} with a time that is no number of seconds"),
    });
    if times.is_empty() {
        return None;
    }
    // The columns are equally long (the record's promise) and finite (just seen).
    Readings::new(property, times, x, y, z).ok()
}

/// The readings whose times a told clock puts between 1970 and 2200; `None` if there is none. Without a told clock the hub's
/// own places them.
fn in_our_time(readings: Readings, clock: SenderClock, rejects: &mut Rejects) -> Option<Readings> {
    let SenderClock::Offset { offset, .. } = clock else { return Some(readings) };
    let placed = |raw: &Micros| raw.checked_add(offset).is_some_and(|time| (0..=END_OF_UTC).contains(&time));
    let keep: Vec<bool> = readings.raw_time().iter().map(placed).collect();
    let out = keep.iter().filter(|keep| !**keep).count();
    if out == 0 {
        return Some(readings);
    }
    let property = readings.property();
    rejects.add(RejectReason::TimeOutOfRange, out, || {
        format!("readings of {} that the sender's clock puts outside 1970 to 2200; see `offset` in docs/wire.md", property.stream())
    });
    let kept = |column: &[f32]| {
        let mut column = column.to_vec();
        retain(&mut column, &keep);
        column
    };
    let (x, y, z) = (kept(readings.x()), kept(readings.y()), kept(readings.z()));
    let mut times = readings.raw_time().to_vec();
    retain(&mut times, &keep);
    // The columns lose the same rows.
    Readings::new(property, times, x, y, z).ok().filter(|readings| !readings.is_empty())
}

/// Seconds as microseconds, rounded once.
fn micros(seconds: f64) -> Micros {
    let us = (seconds * 1e6).round();
    if us.abs() <= FARTHEST { us as Micros } else { NO_TIME }
}

fn retain<T>(column: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    column.retain(|_| keep.next().copied().unwrap_or(false));
}

#[cfg(test)]
mod tests;
