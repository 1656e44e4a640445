//! Bodies of HTTP posts, as a plain function: the hub's route hands over what it read and builds its answer.

use std::sync::Arc;

use bytes::Bytes;
use messwerk_lessons::Micros;
use messwerk_store::Error;

use crate::admission::ThingAccess;
use crate::pipeline::{Outcome, Packet, Pipeline};

/// Why a body is not acknowledged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// More bytes than a packet may have: status 413.
    #[error("a body has at most {limit} bytes; send smaller batches")]
    TooLarge {
        /// The most bytes it may have.
        limit: usize,
    },
    /// The store took nothing; the sender keeps its data.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Stores a body and returns what became of it, after the commit: the caller may answer 2xx, even if all of it was
/// rejected (the Rejects are durable, and the sender would send the same again).
///
/// The content type is not asked for: phyphox writes `application/json; utf-8`, curl calls everything a form, and the
/// shape of the bytes is certain.
pub async fn submit_body(pipeline: &Pipeline, access: Arc<ThingAccess>, body: Bytes, received: Micros) -> Result<Outcome, BodyError> {
    let limit = pipeline.limits().packet_bytes;
    if body.len() > limit {
        return Err(BodyError::TooLarge { limit });
    }
    let packet = Packet { access, stream: String::new(), payload: body, received };
    let outcomes = pipeline.submit(vec![packet]).await?.committed().await?;
    Ok(outcomes.into_iter().next().unwrap_or_default())
}
