//! ESPHome: `<prefix>/sensor/<object>/state` with a bare number, and Home Assistant's discovery messages that say what it is.
//!
//! A state says neither unit nor time. Both long and short keys of discovery (`unit_of_measurement`, `unit_of_meas`) are read, as Home
//! Assistant's MQTT documentation lists them; the hub keeps what they teach ([`Learned`]) and hands it back with every message. The
//! messages are retained, so a hub that begins to listen learns them first.

use messwerk_lessons::reject::RejectReason;
use messwerk_lessons::unit::symbol;

use super::collect::{Collector, Place};
use super::context::Learned;
use super::json::{Flat, leaves};
use super::{Channel, Context, Message, NoteKind, Report, kinds, number};
use crate::codec::shown;

/// Words of an object's name that say what it measures and not where.
const WHAT: [&str; 19] = [
    "temperature",
    "temp",
    "humidity",
    "pressure",
    "illuminance",
    "light",
    "co2",
    "carbon",
    "dioxide",
    "moisture",
    "voltage",
    "current",
    "speed",
    "direction",
    "wind",
    "rain",
    "pm25",
    "pm10",
    "sensor",
];

pub(super) fn decode(message: &Message<'_>, context: &Context) -> Report {
    let parts: Vec<&str> = message.topic.split('/').collect();
    match parts.as_slice() {
        [.., "config"] => discover(message, context),
        [.., "status"] => {
            let online = match message.body.trim_ascii() {
                b"online" => Some(true),
                b"offline" => Some(false),
                _ => None,
            };
            Report { online, ..Report::default() }
        }
        [.., "debug"] => not_kept("debug"),
        [.., kind, _, "state"] if *kind != "sensor" && !context.learned.contains_key(message.topic) => not_kept(kind),
        _ => state(message, context),
    }
}

fn not_kept(what: &str) -> Report {
    let mut report = Report::default();
    report.note(NoteKind::NotKept, 1, shown(what));
    report
}

fn state(message: &Message<'_>, context: &Context) -> Report {
    let Some(learned) = context.learned.get(message.topic) else {
        return Report::reject(
            RejectReason::UnknownUnit,
            format!("{}: no discovery message has said its unit yet (is `discovery` on?)", shown(object(message.topic))),
        );
    };
    let Ok(text) = std::str::from_utf8(message.body) else { return Report::reject(RejectReason::Undecodable, "a state that is no text") };
    let mut collector = Collector::new(message.received);
    let place = Place { channel: learned.channel.as_str(), property: learned.property, unit: &learned.unit };
    collector.put(place, object(message.topic), number::text(text));
    collector.finish()
}

/// `bme280_temperature` of `livingroom/sensor/bme280_temperature/state`.
fn object(topic: &str) -> &str {
    topic.strip_suffix("/state").unwrap_or(topic).rsplit('/').next().unwrap_or_default()
}

/// The place that a topic and its object's name mean: the node, and what is left of the name without the words that say what is
/// measured. `livingroom/sensor/bme280_temperature/state` is "livingroom bme280".
fn channel(topic: &str) -> Channel {
    let mut levels = topic.strip_suffix("/state").unwrap_or(topic).rsplit('/');
    let object = levels.next().unwrap_or_default();
    let node = levels.nth(1).unwrap_or_default();
    let rest: Vec<&str> = object.split('_').filter(|word| !WHAT.contains(word) && !word.is_empty()).collect();
    Channel::new(&format!("{node} {}", rest.join("_")))
}

fn discover(message: &Message<'_>, context: &Context) -> Report {
    if message.body.trim_ascii().is_empty() {
        // A retained message is deleted by an empty one.
        return not_kept("config");
    }
    let flat = match leaves(message.body) {
        Ok(flat) => flat,
        Err(report) => return *report,
    };
    let text = |long: &str, short: &str| flat.text(long).or_else(|| flat.text(short)).map(|text| text.into_owned());
    let base = text("~", "~").unwrap_or_default();
    let Some(topic) = text("state_topic", "stat_t").map(|topic| whole(&topic, &base)) else {
        return Report::reject(RejectReason::Undecodable, "a discovery message without a state topic");
    };
    let is_sensor = message.topic.split('/').rev().take(4).any(|level| level == "sensor");
    let Some(unit) = text("unit_of_measurement", "unit_of_meas").filter(|_| is_sensor) else { return not_kept(object(&topic)) };
    let Some(unit) = symbol(&unit) else {
        // Decibel-milliwatts of the radio, percent of a battery: every node has some that the hub has no unit for.
        return not_kept(object(&topic));
    };
    let Some(property) = property(&flat, &topic, &unit, &text) else { return not_kept(object(&topic)) };
    let learned = Learned { channel: channel(&topic), property, unit };
    let mut report = Report::default();
    let name = shown(object(&topic)).to_owned();
    match context.learned.get(&topic) {
        Some(before) if before.unit != learned.unit => {
            report.note(NoteKind::UnitChanged, 1, &format!("{name}: {} and no longer {}", learned.unit, before.unit));
        }
        _ => report.note(NoteKind::Learned, 1, &format!("{name}: {} in {}", property.name(), learned.unit)),
    }
    report.learned = Some((topic, learned));
    report
}

fn property(
    flat: &Flat,
    topic: &str,
    unit: &str,
    text: &impl Fn(&str, &str) -> Option<String>,
) -> Option<messwerk_lessons::quantity::ObservedProperty> {
    let class = text("device_class", "dev_cla").filter(|class| !class.is_empty());
    let named = || kinds::property(object(topic), unit).or_else(|| kinds::property(&flat.text("name").unwrap_or_default(), unit));
    match class {
        Some(class) => {
            let property = kinds::of_device_class(&class).or_else(named)?;
            // A dew point has the class "temperature", a gust "wind_speed", pressure at sea level "pressure": the name says more.
            let closer = named().filter(|closer| closer.unit() == property.unit());
            let fits = |property| matches!(messwerk_lessons::unit::to_canonical(unit, property), Ok(Some(_)));
            Some(closer.unwrap_or(property)).filter(|property| fits(*property))
        }
        None => named(),
    }
}

/// A topic with `~` put in.
fn whole(topic: &str, base: &str) -> String {
    match (topic.strip_prefix('~'), topic.strip_suffix('~')) {
        (Some(rest), _) => format!("{base}{rest}"),
        (None, Some(rest)) => format!("{rest}{base}"),
        (None, None) => topic.to_owned(),
    }
}
