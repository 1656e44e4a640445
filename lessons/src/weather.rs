//! What a station's readings become over hours, days and years: buckets, roses, and how well two stations agree.
//!
//! Zones are the caller's: it hands in the edges of its days, so that those of 23 and 25 hours are what they are.

mod agree;
mod buckets;
mod rose;

pub use agree::{Agreement, Lag, Pair, agreement, lag, pairs};
pub use buckets::{Bucket, Buckets, Found, Kind, ends};
pub use rose::{CALM, CLASSES, Rose, SECTORS};
