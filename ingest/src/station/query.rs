//! Fields of a form or query, and what becomes of each.

use std::borrow::Cow;

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::RejectReason;

use super::collect::{Collector, Place};
use super::{Message, Report, number, time};

/// Fields of a form at most; an Ecowitt console with every sensor sends 150.
const MAX_FIELDS: usize = 500;

/// What a field of this name is.
pub(super) enum Rule {
    /// A value.
    Keep(Cow<'static, str>, ObservedProperty, &'static str),
    /// A counter of rain, with how long it goes without being set to zero: of one channel's only the longest is kept, so that
    /// there is one and not five.
    Rain(&'static str, u8, &'static str),
    /// The time, in UTC.
    Time,
    /// Says who the sender is.
    Identity,
    /// Known, not kept.
    NotKept,
    /// Not known.
    Unknown,
}

/// A rule for the main channel or one with a fixed name.
pub(super) fn keep(channel: &'static str, property: ObservedProperty, unit: &'static str) -> Rule {
    Rule::Keep(Cow::Borrowed(channel), property, unit)
}

/// The number in `temp3f` between "temp" and "f"; stations have 16 of a kind at most.
pub(super) fn numbered(name: &str, before: &str, after: &str) -> Option<u8> {
    let digits = name.strip_prefix(before)?.strip_suffix(after)?;
    let number: u8 = digits.parse().ok().filter(|number| (1..=16).contains(number))?;
    (digits == number.to_string()).then_some(number)
}

/// The fields of a message: of its body, else its query, else what follows `?` or `&` in its path (Ambient's consoles append
/// their query to whatever path one enters, with or without a `?`).
pub(super) fn fields<'a>(message: &Message<'a>) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
    let in_path = message.topic.split_once(['?', '&']).map_or("", |(_, query)| query);
    let in_path =
        if in_path.is_empty() { message.topic.rsplit('/').next().filter(|last| last.contains('=')).unwrap_or("") } else { in_path };
    let sources = [message.body, message.query.as_bytes(), in_path.as_bytes()];
    sources.into_iter().flat_map(form_urlencoded::parse).filter(|(name, _)| !name.is_empty()).take(MAX_FIELDS + 1).collect()
}

/// Reads the fields by the rules of a family.
pub(super) fn decode(fields: &[(Cow<'_, str>, Cow<'_, str>)], received: Micros, rule: impl Fn(&str) -> Rule) -> Report {
    let mut collector = Collector::new(received);
    if fields.iter().all(|(_, value)| value.is_empty()) {
        return Report::reject(RejectReason::Undecodable, "no fields with values: neither a form nor a query");
    }
    let (fields, more) = fields.split_at(fields.len().min(MAX_FIELDS));
    if !more.is_empty() {
        collector.reject(RejectReason::TooLarge, || format!("more than {MAX_FIELDS} fields"));
    }
    let stamp = fields.iter().find(|(name, _)| matches!(rule(name), Rule::Time)).map(|(_, value)| value.trim());
    let stamp = stamp.filter(|stamp| !stamp.is_empty() && !stamp.eq_ignore_ascii_case("now"));
    let read = stamp.map(time::utc);
    if read == Some(None) {
        collector.reject(RejectReason::TimeOutOfRange, || "the time of the station cannot be read".to_owned());
        return collector.finish();
    }
    if !collector.at(read.flatten()) {
        return collector.finish();
    }
    let mut longest: Vec<(&'static str, u8)> = Vec::new();
    for (name, value) in fields {
        if let (Rule::Rain(channel, rank, _), number::Value::Number(_)) = (rule(name), number::text(value)) {
            match longest.iter_mut().find(|(other, _)| *other == channel) {
                Some((_, longest)) => *longest = rank.max(*longest),
                None => longest.push((channel, rank)),
            }
        }
    }
    for (name, value) in fields {
        match rule(name) {
            Rule::Keep(channel, property, unit) => {
                collector.put(Place { channel: &channel, property, unit }, name, number::text(value));
            }
            Rule::Rain(channel, rank, unit) if longest.contains(&(channel, rank)) => {
                let place = Place { channel, property: ObservedProperty::RainTotal, unit };
                collector.put(place, name, number::text(value));
            }
            Rule::Rain(..) | Rule::NotKept => collector.not_kept(name),
            Rule::Time => {}
            Rule::Identity => collector.dropped(),
            Rule::Unknown => collector.unknown(name),
        }
    }
    collector.finish()
}
