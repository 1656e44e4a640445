//! Bodies of HTTP posts, as a plain function: the hub's route hands over what it read and builds its answer.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use messwerk_lessons::Micros;
use messwerk_store::Error;
use tokio::time::timeout;

use crate::admission::ThingAccess;
use crate::pipeline::{Outcome, Packet, Pipeline, Room};

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
    /// The store had no room in time and took nothing: status 503 with Retry-After.
    #[error("the hub's memory is full; send the same again in a moment")]
    Busy,
    /// The store took nothing; the sender keeps its data.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Stores a body and returns what became of it, after the commit: the caller may answer 2xx, even if all of it was
/// rejected (the Rejects are durable, and the sender would send the same again). `room` is what [`Pipeline::room`] gave
/// before the body was read; the store is waited for at most `patience`, the commit as long as it takes.
///
/// The content type is not asked for: phyphox writes `application/json; utf-8`, curl calls everything a form, and the
/// shape of the bytes is certain.
pub async fn submit_body(
    pipeline: &Pipeline,
    access: Arc<ThingAccess>,
    body: Bytes,
    received: Micros,
    (room, patience): (Option<Room>, Duration),
) -> Result<Outcome, BodyError> {
    let limit = pipeline.limits().packet_bytes;
    if body.len() > limit {
        return Err(BodyError::TooLarge { limit });
    }
    let packet = Packet { access, stream: Arc::default(), payload: body, received, content_type: Arc::default() };
    submit_packet(pipeline, packet, (room, patience)).await
}

/// The same with what else a station's request says.
pub async fn submit_packet(pipeline: &Pipeline, packet: Packet, (room, patience): (Option<Room>, Duration)) -> Result<Outcome, BodyError> {
    let ticket = timeout(patience, pipeline.submit(vec![packet], room)).await.map_err(|_| BodyError::Busy)??;
    let outcomes = ticket.committed().await?;
    Ok(outcomes.into_iter().next().unwrap_or_default())
}
