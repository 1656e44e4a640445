//! Messwerk's own batches in the binary spelling (the JSON spelling is read by [`super::columns`]).

use messwerk_lessons::observation::SenderClock;
use messwerk_lessons::reject::RejectReason;
use messwerk_lessons::wire::Batch;

use super::{Clock, Decoded, Record, Times};

pub(super) fn decode(payload: &[u8]) -> Decoded {
    let batch = match Batch::from_bytes(payload) {
        Ok(batch) => batch,
        Err(error) => return Decoded::reject(RejectReason::Undecodable, format!("{error}; docs/wire.md describes the format")),
    };
    let clock = match batch.clock() {
        SenderClock::Unknown | SenderClock::Absolute => Clock::Unknown,
        SenderClock::Offset { offset, uncertainty } => Clock::Offset(offset, uncertainty),
    };
    let (property, key) = (batch.property(), Some(batch.key()));
    let (times, values) = batch.into_columns();
    Decoded { records: vec![Record { property, times: Times::Micros(times), values, key }], clock, ..Decoded::default() }
}
