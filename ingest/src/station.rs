//! What weather stations, sensors and gateways push: bytes to readings, one pure function for all formats.
//!
//! A station is a container with one Thing for every place it measures at, called a [`Channel`] here: the main, outdoor one
//! has no name, others are "indoor", "soil1" or "Nexus-TH 42 ch2". [`decode`] names channels and never Things: whose readings they
//! are follows from the credential behind which they arrived, so whatever a payload says of itself (PASSKEY, ID, deviceId) is
//! left out unread.
//!
//! Nothing here does I/O, keeps state or fails. What cannot be used is a Reject beside the readings, what is known but no
//! property of the hub's is a [`Note`]. Values are in the canonical unit; [`Sent`] keeps what the device called them. A time is the
//! device's only where it says which: UTC, or an offset, or a zone in the station's settings.

mod airrohr;
pub(crate) mod collect;
mod context;
mod ecowitt;
mod esphome;
mod format;
mod guess;
pub(crate) mod json;
pub(crate) mod kinds;
mod mapping;
pub(crate) mod number;
mod opensensemap;
mod query;
mod report;
mod rtl_433;
mod secret;
mod senml;
mod sensorthings;
mod tasmota;
pub(crate) mod time;
mod weewx;
mod wunderground;
mod zigbee2mqtt;

pub use context::{Context, Learned, OwnSensor};
pub use format::Format;
pub use guess::guess;
pub use mapping::{Found, Mapped, Mapping, TimeField, TimeKind, fields};
pub use report::{Channel, Note, NoteKind, Reading, Report, Sent};
pub use secret::{is_secret, is_secret_in_form};

use messwerk_lessons::Micros;

/// Readings, rejected and unused values of one message at most; openSenseMap takes 2,500 values a request, everything else
/// is far below it.
pub const MAX_VALUES: usize = 10_000;

/// One message as it arrived.
#[derive(Debug, Clone, Copy, Default)]
pub struct Message<'a> {
    /// The MQTT topic; over HTTP what follows the station's address (`boxes/ID/data`, `v1.1/Datastreams(7)/Observations`).
    pub topic: &'a str,
    /// The query behind `?`, undecoded. Never logged: passwords travel in it.
    pub query: &'a str,
    /// The content type over HTTP; senders get it wrong, so it only decides where bytes cannot.
    pub content_type: &'a str,
    /// The body or payload.
    pub body: &'a [u8],
    /// Hub time of its arrival.
    pub received: Micros,
}

/// Decodes one message of a format, with what the station's settings say.
pub fn decode(format: Format, message: &Message<'_>, context: &Context) -> Report {
    match format {
        Format::Ecowitt | Format::Ambient => ecowitt::decode(message),
        Format::Wunderground => wunderground::decode(message),
        Format::OpenSenseMap => opensensemap::decode(message, context),
        Format::Luftdaten => airrohr::luftdaten(message),
        Format::Hackair => airrohr::hackair(message),
        Format::SbxBytes => opensensemap::decode_binary(message, context, false),
        Format::SbxBytesTs => opensensemap::decode_binary(message, context, true),
        Format::Weewx => weewx::decode(message),
        Format::Rtl433 => rtl_433::decode(message, context),
        Format::Tasmota => tasmota::decode(message, context),
        Format::Esphome => esphome::decode(message, context),
        Format::Zigbee2Mqtt => zigbee2mqtt::decode(message),
        Format::SensorThings => sensorthings::decode(message, context),
        Format::Senml => senml::decode(message),
        Format::Mapping => mapping::decode(message, context),
    }
}

#[cfg(test)]
mod tests;
