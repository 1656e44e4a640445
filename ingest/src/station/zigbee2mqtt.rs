//! Zigbee2MQTT: `zigbee2mqtt/<friendly name>` with an object of everything a device exposes (its documentation, "MQTT topics and
//! messages" and "Exposes").
//!
//! The whole state comes again with every change of any part. `last_seen` is the time where the gateway is set to send it (ISO 8601 or
//! milliseconds); it is off by default, and readings are of their arrival then. `voltage` is a battery's in mV or a socket's in V
//! without saying which, and is not kept.

use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason;

use super::collect::{Collector, Place};
use super::json::{Scalar, leaves};
use super::{Message, Report, time};

pub(super) fn decode(message: &Message<'_>) -> Report {
    let mut name = message.topic.split_once('/').map_or("", |(_, name)| name);
    if let Some(device) = name.strip_suffix("/availability") {
        return availability(device, message.body);
    }
    if name.starts_with("bridge/") || name.ends_with("/set") || name.ends_with("/get") {
        let mut report = Report::default();
        report.note(super::NoteKind::NotKept, 1, "messages of the gateway itself");
        return report;
    }
    name = name.trim_matches('/');
    let flat = match leaves(message.body) {
        Ok(flat) => flat,
        Err(report) => return *report,
    };
    let mut collector = Collector::new(message.received);
    if flat.left > 0 {
        collector.reject(RejectReason::TooLarge, || format!("{} values too many or too deep", flat.left));
    }
    if let Some(seen) = flat.get("last_seen") {
        let read = match seen {
            Scalar::Text(text) => time::with_offset(text),
            Scalar::Integer(millis) => time::epoch(*millis as f64 / 1e3),
            Scalar::Number(millis) => time::epoch(millis / 1e3),
            _ => None,
        };
        // A local time without zone says less than the arrival.
        if !collector.at(read) {
            return collector.finish();
        }
    }
    let has_lux = flat.get("illuminance_lux").is_some();
    for (path, value) in &flat.leaves {
        let (property, unit) = match path.as_str() {
            "last_seen" => continue,
            "temperature" | "soil_temperature" => (P::Temperature, "Cel"),
            "humidity" => (P::RelativeHumidity, "%RH"),
            "pressure" => (P::Pressure, "hPa"),
            // Up to version 1 `illuminance` is a raw value where there are both.
            "illuminance_lux" => (P::Illuminance, "lx"),
            "illuminance" if !has_lux => (P::Illuminance, "lx"),
            "soil_moisture" => (P::SoilMoisture, "%"),
            "dew_point" => (P::DewPoint, "Cel"),
            "co2" => (P::CarbonDioxide, "ppm"),
            "pm25" => (P::Pm2_5, "ug/m3"),
            "pm10" => (P::Pm10, "ug/m3"),
            "noise" => (P::SoundLevel, "dB"),
            "wind_speed" => (P::WindSpeed, "m/s"),
            "wind_direction" => (P::WindDirection, "deg"),
            "uv_index" => (P::UvIndex, "1"),
            "current" => (P::ElectricCurrent, "A"),
            "ieee_address" | "device.ieeeAddr" | "device.friendlyName" => {
                collector.dropped();
                continue;
            }
            _ if matches!(value, Scalar::Number(_) | Scalar::Integer(_)) && !is_known(path) => {
                collector.unknown(path);
                continue;
            }
            _ => {
                collector.not_kept(path);
                continue;
            }
        };
        collector.put(Place { channel: name, property, unit }, path, value.value());
    }
    collector.finish()
}

fn availability(device: &str, body: &[u8]) -> Report {
    let text = leaves(body).ok().and_then(|flat| flat.text("state").map(|state| state.into_owned()));
    let text = text.unwrap_or_else(|| String::from_utf8_lossy(body).trim().to_owned());
    let online = match text.as_str() {
        "online" => Some(true),
        "offline" => Some(false),
        _ => None,
    };
    let mut report = Report { online, ..Report::default() };
    report.channel = Some(super::Channel::new(device));
    report
}

/// Numbers that the hub has no property for.
fn is_known(name: &str) -> bool {
    const NAMES: [&str; 17] = [
        "battery",
        "voltage",
        "linkquality",
        "power",
        "energy",
        "consumption",
        "illuminance",
        "brightness",
        "color_temp",
        "device_temperature",
        "power_outage_count",
        "voc",
        "voc_index",
        "formaldehyd",
        "eco2",
        "position",
        "trigger_count",
    ];
    NAMES.contains(&name) || name.starts_with("update") || name.ends_with("_calibration") || name.ends_with("_precision")
}
