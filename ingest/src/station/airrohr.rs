//! airRohr (luftdaten, sensor.community) and hackAIR: particles and the air around them, as openSenseMap accepts them.
//!
//! `sensordatavalues` is a list of names and texts; the name's first part is the sensor, which is the channel, because a box may have
//! several thermometers. Pressure is in Pa. P1 is PM10 and P2 is PM2.5 (sensors-software's firmware, "airrohr-firmware").

use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason;

use super::collect::{Collector, Place};
use super::json::{Scalar, leaves};
use super::{Message, NoteKind, Report};
use crate::codec::shown;

pub(super) fn luftdaten(message: &Message<'_>) -> Report {
    let flat = match leaves(message.body) {
        Ok(flat) => flat,
        Err(report) => return *report,
    };
    let mut collector = Collector::new(message.received);
    let (mut kind, mut value) = (None, None);
    let mut entries = 0;
    let mut at = "";
    for (path, leaf) in &flat.leaves {
        let Some((index, key)) = path.strip_prefix("sensordatavalues.").and_then(|rest| rest.split_once('.')) else {
            match path.as_str() {
                "esp8266id" | "esp32id" | "sensor" | "id" => collector.dropped(),
                _ => collector.not_kept(path),
            }
            continue;
        };
        if index != at {
            (at, kind, value) = (index, None, None);
        }
        match key {
            "value_type" => kind = Some(leaf.text()),
            "value" => value = Some(leaf),
            _ => {}
        }
        // In either order.
        if let (Some(name), Some(leaf)) = (&kind, value) {
            entry(name, leaf, &mut collector);
            entries += 1;
            (kind, value) = (None, None);
        }
    }
    if entries == 0 {
        collector.reject(RejectReason::Undecodable, || "no sensordatavalues with value_type and value".to_owned());
    }
    collector.finish()
}

fn entry(name: &str, value: &Scalar, collector: &mut Collector) {
    let (sensor, what) = name.split_once('_').unwrap_or(("", name));
    if sensor == "GPS" {
        return collector.dropped();
    }
    let (property, unit) = match what {
        "P1" => (P::Pm10, "ug/m3"),
        "P2" => (P::Pm2_5, "ug/m3"),
        "temperature" => (P::Temperature, "Cel"),
        "humidity" => (P::RelativeHumidity, "%RH"),
        "pressure" => (P::Pressure, "Pa"),
        "co2_ppm" => (P::CarbonDioxide, "ppm"),
        "noise_LAeq" | "LAeq" => (P::SoundLevel, "dB"),
        // Finer and coarser particles, counts, loudest and quietest, Geiger tubes; the module's own loop and radio.
        "P0" | "P4" | "N05" | "N1" | "N10" | "N25" | "N4" | "TS" | "noise_LA_min" | "noise_LA_max" | "counts_per_minute" | "hv_pulses"
        | "counts" | "sample_time_ms" | "pressure_sealevel" | "ratioP1" | "ratioP2" | "durP1" | "durP2" => return collector.not_kept(name),
        _ if ["samples", "min_micro", "max_micro", "interval", "signal"].contains(&name) => return collector.not_kept(name),
        _ => return collector.unknown(name),
    };
    collector.put(Place { channel: sensor, property, unit }, name, value.value());
}

pub(super) fn hackair(message: &Message<'_>) -> Report {
    let flat = match leaves(message.body) {
        Ok(flat) => flat,
        Err(report) => return *report,
    };
    let mut collector = Collector::new(message.received);
    if !flat.leaves.iter().any(|(path, _)| path.starts_with("reading.")) {
        return Report::reject(RejectReason::Undecodable, "no hackAIR message: it has no `reading`");
    }
    for (path, value) in &flat.leaves {
        match path.as_str() {
            "reading.PM2.5_AirPollutantValue" => put(P::Pm2_5, path, value, &mut collector),
            "reading.PM10_AirPollutantValue" => put(P::Pm10, path, value, &mut collector),
            "error" if value.text() != "0" => {
                let text = format!("the device reports error {}", shown(&value.text()));
                collector.report().note(NoteKind::Quality, 1, &text);
            }
            "battery" | "tamper" | "error" => collector.not_kept(path),
            _ if path.starts_with("location") => collector.dropped(),
            _ => collector.unknown(path),
        }
    }
    collector.finish()
}

fn put(property: P, path: &str, value: &Scalar, collector: &mut Collector) {
    let field = path.strip_prefix("reading.").unwrap_or(path);
    collector.put(Place { channel: "", property, unit: "ug/m3" }, field, value.value());
}
