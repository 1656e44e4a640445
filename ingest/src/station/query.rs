//! Fields of a form or query, and what becomes of each.

use std::borrow::Cow;

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason;

use super::collect::{Collector, Place};
use super::{Message, Report, number, time};

/// Fields of a form at most; an Ecowitt console with every sensor sends 150.
const MAX_FIELDS: usize = 500;

/// What a field of this name is.
pub(super) enum Rule {
    /// A value.
    Keep(Cow<'static, str>, P, &'static str),
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
pub(super) fn keep(channel: &'static str, property: P, unit: &'static str) -> Rule {
    Rule::Keep(Cow::Borrowed(channel), property, unit)
}

/// The names that Weather Underground's protocol and Fine Offset's consoles share, in the units that they say.
pub(super) fn imperial(name: &str) -> Option<Rule> {
    Some(match name {
        "dewptf" | "dewpointf" => keep("", P::DewPoint, "[degF]"),
        "winddir" => keep("", P::WindDirection, "deg"),
        "windspeedmph" => keep("", P::WindSpeed, "[mi_i]/h"),
        "windgustmph" => keep("", P::WindGust, "[mi_i]/h"),
        "solarradiation" => keep("", P::Irradiance, "W/m2"),
        "rainratein" => keep("", P::RainRate, "[in_i]/h"),
        "totalrainin" => Rule::Rain("", 5, "[in_i]"),
        "yearlyrainin" => Rule::Rain("", 4, "[in_i]"),
        "monthlyrainin" => Rule::Rain("", 3, "[in_i]"),
        "weeklyrainin" => Rule::Rain("", 2, "[in_i]"),
        "dailyrainin" => Rule::Rain("", 1, "[in_i]"),
        _ => return None,
    })
}

/// Sensors that there may be several of: what stands before and behind the number, what the channel is called before it, what
/// it measures in which unit.
pub(super) type Family = (&'static str, &'static str, &'static str, P, &'static str);

/// The rule of a numbered sensor of one of these families.
pub(super) fn several(name: &str, families: &[Family]) -> Option<Rule> {
    families.iter().find_map(|(before, after, channel, property, unit)| {
        let number = numbered(name, before, after)?;
        Some(Rule::Keep(format!("{channel}{number}").into(), *property, unit))
    })
}

/// The number in `temp3f` between "temp" and "f"; stations have 16 of a kind at most.
fn numbered(name: &str, before: &str, after: &str) -> Option<u8> {
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
                let place = Place { channel, property: P::RainTotal, unit };
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
