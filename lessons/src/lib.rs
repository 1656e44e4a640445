//! The words of the field, without I/O: what a Thing measures, what a lesson asks, and how readings become an Outcome.
//!
//! Every other room knows this one; this one knows none of them: no tokio, no arrow, no files, no clock. It compiles to
//! wasm, and whatever it computes has the same bits there as on the server (all transcendental functions come from
//! `libm`, never from `std`).

pub mod analysis;
#[cfg(feature = "bundles")]
pub mod bundle;
pub mod compare;
#[cfg(feature = "exports")]
pub mod export;
pub mod frame;
pub mod id;
pub mod observation;
pub mod outcome;
pub mod physics;
pub mod quantity;
pub mod reject;
pub mod release;
pub mod sky;
pub mod template;
pub mod topic;
pub mod unit;
pub mod weather;
pub mod wire;

/// A point in time or a span, in microseconds. Points count from 1970-01-01T00:00:00 UTC (hub time) or from the
/// sender's own zero (raw time); the name of a field says which.
pub type Micros = i64;
