//! The experiment file that makes the phyphox app measure for a lesson: sensors, where to send, and what comes back.
//!
//! Only constructs that both apps read, in versions a few years old (format 1.12, phyphox 1.1.8). Known traps, each found in
//! the apps' sources or documents:
//! - The apps clear a buffer after sending by `keep="false"` since format 1.17, by `clear="true"` before, and iOS before
//!   that not at all. Both are written; what is sent is a buffer of some seconds, so that an app that never clears repeats
//!   those, which the hub recognises by their times, and stays below the size of a packet.
//! - A buffer that is cleared cannot be drawn. The sensor fills a third set of buffers; `rangefilter` without limits copies
//!   all columns of a sensor in one step, so that no reading is cut in two.
//! - iOS takes a `null` in an answer for an error and shows it each time. The hub's answer has lists, empty where there is
//!   no result ([`Lists`](crate::api::ingest::Lists)).
//! - Before format 1.14 a rate is a limit: the next reading at least 1/rate after the last. A sensor of 100 Hz that is a
//!   microsecond early would be halved, so a tenth more is asked for.
//!
//! The file asks for no identifier: who sends is in the address.

pub mod filing;
mod plan;
mod write;

use messwerk_lessons::template::Template;
use serde::Deserialize;

use plan::Plan;

/// `[phyphox]` of messwerk.toml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PhyphoxConfig {
    /// Whether files send by plain MQTT. Results then do not come back to the phone.
    pub mqtt: bool,
}

/// Where an experiment sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The address under which the file was fetched, without a path: `http://192.168.1.5:8080`.
    pub origin: String,
    /// The Thing's token, or the one it will have.
    pub token: String,
    /// `host:port` of the MQTT door, if readings go there.
    pub mqtt: Option<String>,
}

/// Whether the app can measure for a template: one of its sensors may come from phyphox and is one both apps have.
pub fn offers(template: &Template) -> bool {
    !Plan::of(template).streams.is_empty()
}

/// The file for a template; `None` if the app cannot measure for it.
pub fn experiment(template: &Template, destination: &Destination) -> Option<String> {
    let plan = Plan::of(template);
    if plan.streams.is_empty() { None } else { write::experiment(template, &plan, destination).ok() }
}

#[cfg(test)]
mod tests;
