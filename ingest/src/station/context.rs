//! What a station's settings say and its messages do not.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use messwerk_lessons::quantity::ObservedProperty;
use serde::{Deserialize, Serialize};

use super::{Channel, Mapping};

/// A station's settings as far as decoding needs them; they can be stored as they are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// The zone of times that are sent without one (rtl_433, Tasmota, a mapping). Without it they are not used: readings are of
    /// their arrival.
    pub zone: Option<Tz>,
    /// rtl_433: the sensors that are the station's own. A receiver hears the neighbours' too, so nothing else is taken.
    pub own: Vec<OwnSensor>,
    /// ESPHome: what discovery messages said, by state topic.
    pub learned: BTreeMap<String, Learned>,
    /// openSenseMap and SensorThings: what their opaque sensor ids stand for.
    pub sensors: BTreeMap<String, Learned>,
    /// What the fields of a device are that follows no format.
    pub mapping: Option<Mapping>,
}

/// A sensor of one's own among all that a receiver hears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSensor {
    /// rtl_433's name of the device: `Nexus-TH`.
    pub model: String,
    /// Its id as text. Many draw another one when their battery is changed.
    pub id: String,
}

/// What a topic or an id stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// Where.
    pub channel: Channel,
    /// What.
    pub property: ObservedProperty,
    /// In which unit values come, as a symbol of the hub's.
    pub unit: String,
}
