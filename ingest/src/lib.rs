//! The door: MQTT sessions and HTTP bodies come in, codecs and normalisation turn them into readings and Rejects, and
//! the pipeline acknowledges after the store's commit.
//!
//! Nothing here knows axum, DataFusion or configuration files; nothing outside knows rumqttd.

pub mod admission;
pub mod body;
pub mod codec;
pub mod desk;
pub mod gate;
pub mod mqtt;
pub mod normalise;
pub mod opendata;
pub mod pipeline;
pub mod seats;
pub mod station;
