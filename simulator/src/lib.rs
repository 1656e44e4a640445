//! Simulated classes, replays of real recordings, and load: what a hub sees of phones, and a report that says whether it
//! kept what it acknowledged.
//!
//! This room knows the field ([`messwerk_lessons`]) and speaks MQTT and HTTP as a device would; it never looks into the
//! hub. A run is a pure function of its options and its seed up to the moment the network has a say: which readings,
//! which faults, which client ids.
//!
//! [`class`] makes up a class with known truth, [`replay`] sends a recorded experiment, [`load`] opens thousands of
//! connections, [`station`] is a weather station of any make under a simulated sky ([`climate`]), [`relay`] is bad Wi-Fi between phones and a hub. All are functions, so that the hub's tests and the benches
//! call them without a process.

mod api;
pub mod class;
pub mod climate;
mod delivery;
mod dice;
pub mod export;
pub mod faults;
pub mod load;
mod mqtt;
pub mod payload;
mod phone;
mod progress;
mod recording;
pub mod relay;
pub mod replay;
pub mod report;
mod run_time;
pub mod station;

pub use recording::{Recording, Stream};

#[cfg(test)]
mod fake_hub;
