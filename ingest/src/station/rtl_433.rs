//! rtl_433: what a radio receiver hears of everybody's sensors, as JSON events or a topic for each field.
//!
//! Names and units are rtl_433's own (its documentation, "DATA_FORMAT"): the unit is the field's ending. `time` is local and without zone unless
//! the receiver is told otherwise (`-M time:iso:tz`, `unix`), so readings are of their arrival where it does not say and the settings do not.
//! Sensors that are not the station's own are Rejects, named so that one can be taken over; an id is drawn anew with the battery.

use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason;

use super::collect::{Collector, Place};
use super::json::{Flat, Scalar, leaves};
use super::number::{self, Value};
use super::{Context, Message, Report, time};

pub(super) fn decode(message: &Message<'_>, context: &Context) -> Report {
    if message.body.trim_ascii_start().first() == Some(&b'{') {
        return match leaves(message.body) {
            Ok(flat) => event(&flat, message, context),
            Err(report) => *report,
        };
    }
    single(message, context)
}

/// A sensor as it is named: `Nexus-TH 42 ch2`.
fn channel(model: &str, id: &str, channel: &str) -> String {
    let channel = if channel.is_empty() { String::new() } else { format!("ch{channel}") };
    [model, id, &channel].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_own(model: &str, id: &str, context: &Context) -> bool {
    context.own.iter().any(|own| own.model == model && own.id == id)
}

fn foreign(name: &str, measures: &str) -> Report {
    // The name is rtl_433's own word for the device with numbers of the device's; no person has given it.
    let plain = |letter: &char| letter.is_ascii_alphanumeric() || "-_ .,/".contains(*letter);
    let name: String = name.chars().filter(plain).take(60).collect();
    let measures: String = measures.chars().filter(plain).take(60).collect();
    Report::reject(RejectReason::NotOurs, format!("{name} ({measures}) is none of the station's own sensors"))
}

fn event(flat: &Flat, message: &Message<'_>, context: &Context) -> Report {
    let text = |name: &str| flat.text(name).unwrap_or_default().into_owned();
    let (model, id) = (text("model"), text("id"));
    if model.is_empty() {
        return Report::reject(RejectReason::Undecodable, "an event without a model");
    }
    let name = channel(&model, &id, &text("channel"));
    if !is_own(&model, &id, context) {
        let measures: Vec<&str> = flat.leaves.iter().map(|(field, _)| field.as_str()).filter(|field| rule(field).is_some()).collect();
        return foreign(&name, &measures.join(", "));
    }
    let mut collector = Collector::new(message.received);
    if let Some(stamp) = flat.get("time") {
        let read = match stamp {
            Scalar::Integer(seconds) => time::epoch(*seconds as f64),
            Scalar::Number(seconds) => time::epoch(*seconds),
            stamp => {
                let text = stamp.text();
                let unix = || text.trim().parse().ok().filter(|seconds: &f64| *seconds > 1e8).and_then(time::epoch);
                time::with_offset(&text).or_else(unix).or_else(|| {
                    let (civil, zone) = (time::civil(&text)?, context.zone?);
                    collector.local(civil, zone, message.received)
                })
            }
        };
        if !collector.at(read) {
            return collector.finish();
        }
    }
    let is_tyre = text("type") == "TPMS";
    for (field, value) in &flat.leaves {
        match rule(field) {
            Some((extra, property, unit)) if !is_tyre => {
                let name = if extra.is_empty() { name.clone() } else { format!("{name} {extra}") };
                collector.put(Place { channel: &name, property, unit }, field, value.value());
            }
            None if matches!(value, Scalar::Number(_) | Scalar::Integer(_)) && !is_known(field) => collector.unknown(field),
            _ if matches!(field.as_str(), "time" | "model" | "id" | "channel" | "subtype" | "type") => {}
            _ => collector.not_kept(field),
        }
    }
    collector.finish()
}

/// One field on a topic of its own: `.../devices/MODEL[/SUBTYPE][/CHANNEL]/ID/FIELD`.
fn single(message: &Message<'_>, context: &Context) -> Report {
    let after = message.topic.split_once("/devices/").map(|(_, after)| after);
    let levels: Vec<&str> = after.unwrap_or_default().split('/').collect();
    let [model, between @ .., id, field] = levels.as_slice() else {
        return Report::reject(RejectReason::Undecodable, "neither an event in JSON nor a field below devices/");
    };
    let number = between.last().copied().unwrap_or_default();
    let name = channel(model, id, number);
    if !is_own(model, id, context) {
        return foreign(&name, field);
    }
    let mut collector = Collector::new(message.received);
    let value = std::str::from_utf8(message.body).map_or(Value::NoNumber, number::text);
    match rule(field) {
        Some((extra, property, unit)) => {
            let name = if extra.is_empty() { name } else { format!("{name} {extra}") };
            collector.put(Place { channel: &name, property, unit }, field, value);
        }
        None if matches!(*field, "time" | "id" | "channel" | "subtype" | "type") || is_known(field) || value == Value::NoNumber => {
            collector.not_kept(field)
        }
        None => collector.unknown(field),
    }
    collector.finish()
}

/// What a field measures: a second temperature's number, the property and its unit.
fn rule(field: &str) -> Option<(&'static str, P, &'static str)> {
    Some(match field {
        "temperature_C" => ("", P::Temperature, "Cel"),
        "temperature_F" => ("", P::Temperature, "[degF]"),
        "temperature_1_C" => ("1", P::Temperature, "Cel"),
        "temperature_2_C" => ("2", P::Temperature, "Cel"),
        "temperature_1_F" => ("1", P::Temperature, "[degF]"),
        "temperature_2_F" => ("2", P::Temperature, "[degF]"),
        "humidity" => ("", P::RelativeHumidity, "%RH"),
        "humidity_1" => ("1", P::RelativeHumidity, "%RH"),
        "humidity_2" => ("2", P::RelativeHumidity, "%RH"),
        "pressure_hPa" => ("", P::Pressure, "hPa"),
        "wind_avg_m_s" | "wind_speed_m_s" => ("", P::WindSpeed, "m/s"),
        "wind_avg_km_h" | "wind_speed_km_h" => ("", P::WindSpeed, "km/h"),
        "wind_avg_mi_h" => ("", P::WindSpeed, "[mi_i]/h"),
        "wind_max_m_s" | "gust_speed_m_s" => ("", P::WindGust, "m/s"),
        "wind_max_km_h" | "gust_speed_km_h" => ("", P::WindGust, "km/h"),
        "wind_max_mi_h" => ("", P::WindGust, "[mi_i]/h"),
        "wind_dir_deg" => ("", P::WindDirection, "deg"),
        // Since the sensor's battery was put in.
        "rain_mm" => ("", P::RainTotal, "mm"),
        "rain_in" => ("", P::RainTotal, "[in_i]"),
        "rain_rate_mm_h" => ("", P::RainRate, "mm/h"),
        "rain_rate_in_h" => ("", P::RainRate, "[in_i]/h"),
        "light_lux" => ("", P::Illuminance, "lx"),
        "light_klx" => ("", P::Illuminance, "klx"),
        "uvi" | "uv_index" => ("", P::UvIndex, "1"),
        "moisture" => ("", P::SoilMoisture, "%"),
        "co2_ppm" => ("", P::CarbonDioxide, "ppm"),
        "pm2_5_ug_m3" => ("", P::Pm2_5, "ug/m3"),
        "pm10_ug_m3" | "pm10_0_ug_m3" => ("", P::Pm10, "ug/m3"),
        _ => return None,
    })
}

/// Radio, battery, buttons, raw codes, power meters, tyres.
fn is_known(field: &str) -> bool {
    const NAMES: [&str; 25] = [
        "id",
        "channel",
        "battery_ok",
        "battery_mV",
        "battery_V",
        "mod",
        "freq",
        "freq1",
        "freq2",
        "rssi",
        "snr",
        "noise",
        "button",
        "unit",
        "flags",
        "status",
        "code",
        "sequence_num",
        "startup",
        "transmit",
        "uv",
        "alarm",
        "tamper",
        "boost",
        "exception",
    ];
    NAMES.contains(&field)
        || ["power", "energy", "current", "pressure_", "storm", "strike", "supercap", "raw"].iter().any(|start| field.starts_with(start))
}
