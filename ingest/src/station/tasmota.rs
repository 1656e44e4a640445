//! Tasmota: `tele/<device>/SENSOR`, an object for each of a device's sensors (Tasmota's documentation, "MQTT" and "Supported Modules").
//!
//! `Time` is local and says no zone, so readings are of their arrival unless the station's settings name one. Units are the device's
//! settings, told beside the values (`TempUnit`, `PressureUnit`, `SpeedUnit`); Celsius and hPa are its defaults.

use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason;
use messwerk_lessons::unit::symbol;

use super::collect::{Collector, Place};
use super::json::{Flat, Scalar, leaves};
use super::{Context, Message, Report, time};

pub(super) fn decode(message: &Message<'_>, context: &Context) -> Report {
    let kind = message.topic.rsplit('/').next().unwrap_or_default();
    if kind == "LWT" {
        let online = match message.body.trim_ascii() {
            b"Online" => Some(true),
            b"Offline" => Some(false),
            _ => None,
        };
        return Report { online, ..Report::default() };
    }
    let flat = match leaves(message.body) {
        Ok(flat) => flat,
        Err(report) => return *report,
    };
    let device = device(message.topic);
    let mut collector = Collector::new(message.received);
    // The answer to a question (`Status 10`) wraps the same.
    let inner = |path: &str| flat.text(path).or_else(|| flat.text(&format!("StatusSNS.{path}"))).map(|text| text.into_owned());
    let units = Units {
        temperature: match inner("TempUnit").as_deref() {
            None | Some("C") => Some("Cel".to_owned()),
            Some("F") => Some("[degF]".to_owned()),
            Some(_) => None,
        },
        pressure: inner("PressureUnit").map_or_else(|| Some("hPa".to_owned()), |unit| symbol(&unit)),
        speed: inner("SpeedUnit").map_or_else(|| Some("m/s".to_owned()), |unit| symbol(&unit)),
    };
    if let Some(text) = inner("Time") {
        let read = time::with_offset(&text).or_else(|| {
            let (civil, zone) = (time::civil(&text)?, context.zone?);
            collector.local(civil, zone, message.received)
        });
        if !collector.at(read) {
            return collector.finish();
        }
    }
    readings(&flat, &device, &units, &mut collector);
    collector.finish()
}

/// The units that a message names; `None` for one that is none.
struct Units {
    temperature: Option<String>,
    pressure: Option<String>,
    speed: Option<String>,
}

/// `wemos1` of `tele/wemos1/SENSOR` and of `wemos1/tele/SENSOR`.
fn device(topic: &str) -> String {
    let levels: Vec<&str> = topic.split('/').filter(|level| !["tele", "stat", "SENSOR", "STATUS8", "STATUS10"].contains(level)).collect();
    levels.join("/")
}

fn readings(flat: &Flat, device: &str, units: &Units, collector: &mut Collector) {
    for (path, value) in &flat.leaves {
        let path = path.strip_prefix("StatusSNS.").unwrap_or(path);
        let Some((sensor, field)) = path.split_once('.') else {
            match path {
                "Time" | "TempUnit" | "PressureUnit" | "SpeedUnit" => {}
                _ => collector.not_kept(path),
            }
            continue;
        };
        let of = |unit: &str| Some(unit.to_owned());
        let (property, unit) = match field {
            "Temperature" => (P::Temperature, units.temperature.clone()),
            "DewPoint" => (P::DewPoint, units.temperature.clone()),
            "Humidity" => (P::RelativeHumidity, of("%RH")),
            "Pressure" => (P::Pressure, units.pressure.clone()),
            "SeaPressure" => (P::SeaLevelPressure, units.pressure.clone()),
            "Illuminance" => (P::Illuminance, of("lx")),
            "CarbonDioxide" => (P::CarbonDioxide, of("ppm")),
            "PM2.5" => (P::Pm2_5, of("ug/m3")),
            "PM10" => (P::Pm10, of("ug/m3")),
            "UvIndex" => (P::UvIndex, of("1")),
            "Moisture" => (P::SoilMoisture, of("%")),
            "Voltage" => (P::Voltage, of("V")),
            "Current" => (P::ElectricCurrent, of("A")),
            "WindDirection" => (P::WindDirection, of("deg")),
            "WindSpeed" => (P::WindSpeed, units.speed.clone()),
            "Id" | "ID" | "Address" => {
                collector.dropped();
                continue;
            }
            _ if matches!(value, Scalar::Number(_) | Scalar::Integer(_)) && !is_known(sensor, field) => {
                collector.unknown(path);
                continue;
            }
            _ => {
                collector.not_kept(path);
                continue;
            }
        };
        match unit {
            Some(unit) => {
                let channel = format!("{device} {sensor}");
                collector.put(Place { channel: &channel, property, unit: &unit }, path, value.value());
            }
            None => collector
                .reject(RejectReason::UnknownUnit, || format!("{}: the message names a unit that is none", crate::codec::shown(path))),
        }
    }
}

/// Numbers that the hub has no property for.
fn is_known(sensor: &str, field: &str) -> bool {
    const FIELDS: [&str; 10] = ["eCO2", "TVOC", "Gas", "UvLevel", "UvPower", "PM1", "Distance", "Power", "Factor", "Model"];
    matches!(sensor, "ENERGY" | "ANALOG" | "COUNTER" | "ESP32" | "Wifi")
        || FIELDS.contains(&field)
        || field.starts_with("CF")
        || field.starts_with("PB")
}
