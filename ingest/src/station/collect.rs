//! What every decoder does with a field: unit, bounds, and the count of what is left out.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::RejectReason;
use messwerk_lessons::unit::to_canonical;

use super::number::Value;
use super::time::{self, Local, in_our_time};
use super::{Channel, MAX_VALUES, NoteKind, Reading, Report, Sent};
use crate::codec::shown;

/// A device's clock may be ahead by this without a word, µs: openSenseMap refuses from a minute on.
const AHEAD: Micros = 60_000_000;

/// What a field is of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) channel: &'a str,
    pub(crate) property: ObservedProperty,
    /// The unit it comes in, a symbol of the hub's.
    pub(crate) unit: &'a str,
}

/// Collects a report, field by field.
pub(crate) struct Collector {
    report: Report,
    received: Micros,
    /// Whether values outside a property's range are Rejects.
    bounded: bool,
    time: Option<Micros>,
    /// Values so far, used or not.
    values: usize,
    seen: HashMap<(Channel, ObservedProperty, Option<Micros>), f64>,
    /// Fields without a value.
    empty: Vec<String>,
}

impl Collector {
    /// Nothing yet; `received` is hub time of the message's arrival.
    pub(crate) fn new(received: Micros) -> Self {
        Self { report: Report::default(), received, bounded: true, time: None, values: 0, seen: HashMap::new(), empty: vec![] }
    }

    /// Nothing yet of a service's file, whose values were looked at before: the store flags what is out of range.
    pub(crate) fn of_file(received: Micros) -> Self {
        Self { bounded: false, ..Self::new(received) }
    }

    /// The time of what follows; `None` is arrival. A time out of bounds is a Reject, and what follows is of its arrival no
    /// more than of that time: it is not taken. Returns whether to go on.
    pub(crate) fn at(&mut self, time: Option<Micros>) -> bool {
        if time.is_some_and(|time| !in_our_time(time)) {
            self.reject(RejectReason::TimeOutOfRange, || "a time outside 1970 to 2200".to_owned());
            return false;
        }
        if let Some(ahead) = time.map(|time| time.saturating_sub(self.received)).filter(|ahead| *ahead > AHEAD) {
            self.report.note(NoteKind::Clock, 1, &format!("the station's clock is {} s ahead", ahead / 1_000_000));
        }
        self.time = time;
        true
    }

    /// A local time in a zone, with what is to be said of it.
    pub(crate) fn local(&mut self, civil: NaiveDateTime, zone: Tz, received: Micros) -> Option<Micros> {
        let (time, change) = match time::local(civil, zone, received)? {
            Local::Single(time) => (time, None),
            Local::Twice(time) => (time, Some("an hour that comes twice: the one nearer to the arrival")),
            Local::Never(time) => (time, Some("an hour that the clocks leave out: as if they had not changed yet")),
        };
        self.report.note(NoteKind::LocalTime, 1, zone.name());
        if let Some(change) = change {
            self.report.note(NoteKind::ClockChange, 1, change);
        }
        Some(time)
    }

    /// Whether as many values as a message may have were met; the rest is counted by whoever asks.
    pub(crate) fn is_full(&self) -> bool {
        self.values >= MAX_VALUES
    }

    /// A value of a field.
    pub(crate) fn put(&mut self, place: Place<'_>, field: &str, value: Value) {
        self.values += 1;
        let number = match value {
            Value::Number(number) => number,
            Value::Missing => {
                self.empty.push(shown(field).to_owned());
                return self.reject(RejectReason::NoValue, String::new);
            }
            Value::NoNumber => return self.reject(RejectReason::NotFinite, || format!("{}: no number", shown(field))),
        };
        let linear = match to_canonical(place.unit, place.property) {
            Ok(Some(linear)) => linear,
            _ => {
                return self.reject(RejectReason::UnknownUnit, || {
                    format!("{}: {} is not measured in {}", shown(field), place.property.name(), shown(place.unit))
                });
            }
        };
        let value = linear.of(number);
        if !(value as f32).is_finite() {
            return self.reject(RejectReason::NotFinite, || format!("{}: beyond 32 bits", shown(field)));
        }
        let range = place.property.range();
        if self.bounded && !range.contains(&(value as f32)) {
            return self.reject(RejectReason::OutOfRange, || {
                let (low, high, unit) = (range.start(), range.end(), place.property.unit());
                format!("{}: {value:.1} {unit} is no {}, which lies between {low} and {high}", shown(field), place.property.name())
            });
        }
        let channel = Channel::new(place.channel);
        match self.seen.get(&(channel.clone(), place.property, self.time)) {
            Some(before) if *before == value => return self.report.note(NoteKind::Repeated, 1, shown(field)),
            Some(_) => {
                return self.reject(RejectReason::LengthMismatch, || {
                    format!("{}: a second {} at the same place and time", shown(field), place.property.name())
                });
            }
            None => self.seen.insert((channel.clone(), place.property, self.time), value),
        };
        let sent = Sent { field: field.to_owned(), unit: place.unit.to_owned() };
        self.report.readings.push(Reading { channel, property: place.property, time: self.time, value, sent });
    }

    /// A field that is known and not kept.
    pub(crate) fn not_kept(&mut self, field: &str) {
        self.values += 1;
        self.report.note(NoteKind::NotKept, 1, shown(field));
    }

    /// A field that nobody here knows.
    pub(crate) fn unknown(&mut self, field: &str) {
        self.values += 1;
        self.reject(RejectReason::UnknownColumn, || format!("{}: a field this format's reader does not know", shown(field)));
    }

    /// A field that says who or where the sender is.
    pub(crate) fn dropped(&mut self) {
        self.values += 1;
        self.report.dropped = self.report.dropped.saturating_add(1);
    }

    /// One more Reject.
    pub(crate) fn reject(&mut self, reason: RejectReason, detail: impl FnOnce() -> String) {
        self.report.rejects.add(reason, 1, detail);
    }

    /// Several Rejects of a kind.
    pub(crate) fn reject_many(&mut self, reason: RejectReason, count: usize, detail: impl FnOnce() -> String) {
        self.report.rejects.add(reason, count, detail);
    }

    /// What else is to be said.
    pub(crate) fn report(&mut self) -> &mut Report {
        &mut self.report
    }

    /// The report.
    pub(crate) fn finish(mut self) -> Report {
        if !self.empty.is_empty() {
            self.report.rejects.describe(RejectReason::NoValue, format!("no value in {}", once_each(&self.empty)));
        }
        self.report
    }
}

/// Names in a row, each once.
fn once_each(names: &[String]) -> String {
    let mut seen = HashSet::new();
    names.iter().map(String::as_str).filter(|name| seen.insert(*name)).collect::<Vec<_>>().join(", ")
}
