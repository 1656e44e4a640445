//! One weather station of each make: what it sends of the weather around it, with the quirks of its format, and what a hub should make
//! of that.
//!
//! Formats as docs/stations.md lists them. Each device is a function of its weather and of what it has counted (rain); nothing here
//! opens a connection.

mod http;
mod mqtt;
mod send;

use messwerk_lessons::Micros;
use serde::Serialize;
use serde_json::Value;

use crate::climate::{STEP, Weather, civil};

pub use send::{Report, StationOptions, run};

/// A make of station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Device {
    /// Ecowitt console: a form, imperial.
    Ecowitt,
    /// Ambient Weather console: a query, imperial.
    Ambient,
    /// Weather Underground's protocol: a query with the password in it; every third time is `now`, a sensor fails with -9999.
    Wunderground,
    /// senseBox with JSON.
    Opensensemap,
    /// senseBox with CSV.
    OpensensemapCsv,
    /// airRohr: texts, pressure in Pa.
    Luftdaten,
    /// hackAIR.
    Hackair,
    /// senseBox, binary.
    SbxBytes,
    /// senseBox, binary with times.
    SbxBytesTs,
    /// WeeWX over MQTT: every value a text, units in the names, rain in cm.
    Weewx,
    /// rtl_433: local time, the neighbour's sensor between one's own, everything twice.
    #[value(name = "rtl_433")]
    Rtl433,
    /// Tasmota: local time without zone, a sensor that says `null`.
    Tasmota,
    /// ESPHome: bare numbers, units in retained discovery messages.
    Esphome,
    /// Zigbee2MQTT: the whole state again with each change.
    Zigbee2mqtt,
    /// OGC SensorThings: Observations one by one.
    Sensorthings,
    /// SenML with base values and relative times.
    Senml,
    /// A device of one's own, with JSON that follows nothing: decimal commas, `---` for nothing.
    Mapping,
}

impl Device {
    /// The hub's name of its format.
    pub fn format(self) -> &'static str {
        match self {
            Self::Ecowitt => "ecowitt",
            Self::Ambient => "ambient",
            Self::Wunderground => "wunderground",
            Self::Opensensemap | Self::OpensensemapCsv => "opensensemap",
            Self::Luftdaten => "luftdaten",
            Self::Hackair => "hackair",
            Self::SbxBytes => "sbx_bytes",
            Self::SbxBytesTs => "sbx_bytes_ts",
            Self::Weewx => "weewx",
            Self::Rtl433 => "rtl_433",
            Self::Tasmota => "tasmota",
            Self::Esphome => "esphome",
            Self::Zigbee2mqtt => "zigbee2mqtt",
            Self::Sensorthings => "sensorthings",
            Self::Senml => "senml",
            Self::Mapping => "mapping",
        }
    }

    /// The settings a hub needs for it (docs/stations.md).
    pub fn settings(self, name: &str) -> Value {
        let mut settings = serde_json::json!({"name": name, "format": self.format()});
        if let Some((topics, context)) = mqtt::settings(self) {
            settings["topics"] = topics;
            settings["context"] = context;
        }
        if let Some(context) = http::context(self) {
            settings["context"] = context;
        }
        settings
    }
}

/// Something that is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Over HTTP. `{key}` in path and authorization is the station's key.
    Http {
        /// `GET` or `POST`.
        method: &'static str,
        /// Path and query.
        path: String,
        /// `Authorization`, empty for none.
        authorization: &'static str,
        /// `Content-Type`, empty for none.
        content_type: &'static str,
        /// The body.
        body: Vec<u8>,
    },
    /// Over MQTT, logged in as `station`.
    Mqtt {
        /// The topic.
        topic: String,
        /// The payload.
        payload: String,
        /// Whether it is retained.
        retain: bool,
    },
}

/// What a hub should have stored of a message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Truth {
    /// The place of measurement.
    pub channel: String,
    /// The property's name.
    pub property: &'static str,
    /// The value in the hub's unit, before the device rounded it.
    pub value: f64,
    /// By how much the device's rounding may be off.
    pub within: f64,
    /// The time in seconds since 1970; `None` where the device does not say it.
    pub time: Option<i64>,
}

/// A device that has counted rain since it was switched on.
#[derive(Debug)]
pub struct Station {
    /// Its make.
    pub device: Device,
    /// Its counters of this year and this day, mm.
    year: f64,
    today: f64,
    day: Option<u32>,
    sent: u32,
}

impl Station {
    /// One that has just been switched on.
    pub fn new(device: Device) -> Self {
        Self { device, year: 0.0, today: 0.0, day: None, sent: 0 }
    }

    /// What it sends of the weather, and what should become of it.
    pub fn send(&mut self, now: &Weather) -> (Vec<Message>, Vec<Truth>) {
        let day = civil(now.time).day;
        // The day's counter begins again at midnight, the year's goes on.
        if self.day.is_some_and(|before| before != day) {
            self.today = 0.0;
        }
        self.day = Some(day);
        self.year += now.rain;
        self.today += now.rain;
        let first = self.sent == 0;
        self.sent += 1;
        http::messages(self, now).unwrap_or_else(|| mqtt::messages(self, now, first))
    }
}

/// A truth of a reading at the weather's time.
fn truth(channel: &str, property: &'static str, value: f64, within: f64, time: Option<Micros>) -> Truth {
    Truth { channel: channel.to_owned(), property, value, within, time: time.map(|time| time / 1_000_000) }
}

/// Degrees Fahrenheit.
fn fahrenheit(celsius: f64) -> f64 {
    celsius * 1.8 + 32.0
}

/// Weather that a device measures now: the climate's, at another time.
pub fn at(weather: Weather, time: Micros) -> Weather {
    Weather { time, ..weather }
}

/// Between two messages when the device counts its own time, µs.
pub const EVERY: Micros = STEP;

#[cfg(test)]
mod tests;
