//! The formats that stations push.

use serde::{Deserialize, Serialize};

/// How a station speaks. The name in snake case is that of the API and of a station's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Format {
    /// Ecowitt's "customized" upload: a form, imperial units.
    #[serde(rename = "ecowitt")]
    Ecowitt,
    /// Ambient Weather's custom server: the same names in a query.
    #[serde(rename = "ambient")]
    Ambient,
    /// Weather Underground's upload protocol, also as AcuRite's hub and the metric HP1001 speak it.
    #[serde(rename = "wunderground")]
    Wunderground,
    /// openSenseMap: one value, JSON lists and objects, CSV.
    #[serde(rename = "opensensemap")]
    OpenSenseMap,
    /// luftdaten / sensor.community (airRohr).
    #[serde(rename = "luftdaten")]
    Luftdaten,
    /// hackAIR.
    #[serde(rename = "hackair")]
    Hackair,
    /// openSenseMap's binary format: 12 bytes sensor, 4 bytes value.
    #[serde(rename = "sbx_bytes")]
    SbxBytes,
    /// The same with 4 bytes of time.
    #[serde(rename = "sbx_bytes_ts")]
    SbxBytesTs,
    /// WeeWX with its MQTT extension.
    #[serde(rename = "weewx")]
    Weewx,
    /// rtl_433's JSON events.
    #[serde(rename = "rtl_433")]
    Rtl433,
    /// Tasmota's telemetry.
    #[serde(rename = "tasmota")]
    Tasmota,
    /// ESPHome's state topics, with units from its discovery messages.
    #[serde(rename = "esphome")]
    Esphome,
    /// Zigbee2MQTT.
    #[serde(rename = "zigbee2mqtt")]
    Zigbee2Mqtt,
    /// OGC SensorThings: Observations and CreateObservations.
    #[serde(rename = "sensorthings")]
    SensorThings,
    /// SenML (RFC 8428).
    #[serde(rename = "senml")]
    Senml,
    /// Whatever it is: fields by a [`Mapping`](super::Mapping) that somebody clicked together.
    #[serde(rename = "mapping")]
    Mapping,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 16] = [
        Self::Ecowitt,
        Self::Ambient,
        Self::Wunderground,
        Self::OpenSenseMap,
        Self::Luftdaten,
        Self::Hackair,
        Self::SbxBytes,
        Self::SbxBytesTs,
        Self::Weewx,
        Self::Rtl433,
        Self::Tasmota,
        Self::Esphome,
        Self::Zigbee2Mqtt,
        Self::SensorThings,
        Self::Senml,
        Self::Mapping,
    ];

    /// The name in the API: `rtl_433`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ecowitt => "ecowitt",
            Self::Ambient => "ambient",
            Self::Wunderground => "wunderground",
            Self::OpenSenseMap => "opensensemap",
            Self::Luftdaten => "luftdaten",
            Self::Hackair => "hackair",
            Self::SbxBytes => "sbx_bytes",
            Self::SbxBytesTs => "sbx_bytes_ts",
            Self::Weewx => "weewx",
            Self::Rtl433 => "rtl_433",
            Self::Tasmota => "tasmota",
            Self::Esphome => "esphome",
            Self::Zigbee2Mqtt => "zigbee2mqtt",
            Self::SensorThings => "sensorthings",
            Self::Senml => "senml",
            Self::Mapping => "mapping",
        }
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_to_one() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
            assert_eq!(serde_json::to_value(format).unwrap(), format.name());
        }
        assert_eq!(Format::from_name("fax"), None);
    }
}
