//! Which format a payload is probably of.

use super::json::{Flat, flatten};
use super::{Format, Message, mapping, query};

/// The most likely format of a message from a sender that nobody has told about; [`Format::Mapping`] if it has fields and follows no known
/// one, `None` if nothing of it can be read. Only a suggestion: a station's format is set by a person.
pub fn guess(message: &Message<'_>) -> Option<Format> {
    of_place(message).or_else(|| of_body(message)).or_else(|| (!mapping::fields(message).is_empty()).then_some(Format::Mapping))
}

/// By topic, path or content type.
fn of_place(message: &Message<'_>) -> Option<Format> {
    let topic = message.topic;
    if message.content_type.starts_with("application/sbx-bytes") {
        let timed = message.content_type.starts_with("application/sbx-bytes-ts");
        return Some(if timed { Format::SbxBytesTs } else { Format::SbxBytes });
    }
    if message.content_type.starts_with("application/senml") {
        return Some(Format::Senml);
    }
    let levels: Vec<&str> = topic.split('/').collect();
    let last = levels.last().copied().unwrap_or_default();
    Some(match () {
        () if topic.contains("updateweatherstation") => Format::Wunderground,
        () if topic.contains("Datastreams(") || topic.ends_with("CreateObservations") => Format::SensorThings,
        () if message.query.contains("luftdaten=true") => Format::Luftdaten,
        () if message.query.contains("hackair=true") => Format::Hackair,
        () if levels.contains(&"boxes") => Format::OpenSenseMap,
        () if levels.contains(&"zigbee2mqtt") => Format::Zigbee2Mqtt,
        () if levels.contains(&"rtl_433") => Format::Rtl433,
        () if levels.contains(&"tele") => Format::Tasmota,
        () if last == "state" || (last == "config" && message.body.first() == Some(&b'{')) => Format::Esphome,
        () if topic.ends_with("weather/loop") => Format::Weewx,
        () => return None,
    })
}

fn of_body(message: &Message<'_>) -> Option<Format> {
    let body = message.body.trim_ascii();
    match body.first() {
        Some(b'{' | b'[') => of_json(&flatten(body).ok()?, body.first() == Some(&b'[')),
        Some(b'<') => None,
        Some(_) if is_sense_csv(body) => Some(Format::OpenSenseMap),
        _ => of_form(message),
    }
}

/// 24 hexadecimal digits.
fn is_sense_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_sense_csv(body: &[u8]) -> bool {
    body.split(|byte| *byte == b',').next().and_then(|id| std::str::from_utf8(id).ok()).is_some_and(is_sense_id)
}

fn of_json(flat: &Flat, list: bool) -> Option<Format> {
    let has = |path: &str| flat.get(path).is_some();
    let below = |start: &str| flat.leaves.iter().any(|(path, _)| path.starts_with(start));
    let first_key = flat.leaves.first().map(|(path, _)| path.split('.').next().unwrap_or(path))?;
    Some(match () {
        () if list && (below("0.components") || below("0.dataArray")) => Format::SensorThings,
        () if list && has("0.sensor") && has("0.value") => Format::OpenSenseMap,
        () if list && ["0.v", "0.n", "0.bn", "0.u", "0.vs", "0.vb"].iter().any(|path| has(path)) => Format::Senml,
        () if list => return None,
        () if below("sensordatavalues.") => Format::Luftdaten,
        () if below("reading.PM") => Format::Hackair,
        () if has("usUnits") && has("dateTime") => Format::Weewx,
        () if has("model") && (has("id") || has("mic") || has("battery_ok")) => Format::Rtl433,
        () if has("Time") || below("StatusSNS.") => Format::Tasmota,
        () if has("linkquality") || has("last_seen") => Format::Zigbee2Mqtt,
        () if has("result") => Format::SensorThings,
        () if is_sense_id(first_key) || (has("value") && has("createdAt")) => Format::OpenSenseMap,
        () => return None,
    })
}

fn of_form(message: &Message<'_>) -> Option<Format> {
    let fields = query::fields(message);
    let has = |wanted: &str| fields.iter().any(|(name, _)| name == wanted);
    let ambient = fields.iter().any(|(name, value)| name == "stationtype" && value.starts_with("AMB"));
    Some(match () {
        () if ambient => Format::Ambient,
        () if has("action") || (has("ID") && has("PASSWORD")) || has("softwaretype") => Format::Wunderground,
        () if has("PASSKEY") || has("stationtype") || has("baromabsin") => Format::Ecowitt,
        () => return None,
    })
}
