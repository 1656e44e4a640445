//! The seam between sessions and the pipeline: sessions know only this.

use async_trait::async_trait;
use futures::future::BoxFuture;
use messwerk_lessons::id::ThingId;
use messwerk_store::Error;

use crate::pipeline::{Outcome, Packet, Pipeline, Room};

/// Resolves when the packets of one [`Intake::submit`] are durable, with one outcome per packet in order.
pub type Commit = BoxFuture<'static, Result<Vec<Outcome>, Error>>;

/// Where publishes go. The hub gives the [`Pipeline`]; tests give a double whose commits they control.
#[async_trait]
pub trait Intake: Send + Sync + 'static {
    /// Room for a packet of so many bytes that is about to be read, of a Thing if the connection has one (a teacher's and a
    /// realm's have none); waits while there is none.
    async fn room(&self, thing: Option<ThingId>, bytes: usize) -> Room;

    /// Takes packets of one connection in order, with the room that was made for them if it was; waits while it cannot
    /// take more. On return they are queued, not durable.
    async fn submit(&self, packets: Vec<Packet>, room: Option<Room>) -> Result<Commit, Error>;
}

#[async_trait]
impl Intake for Pipeline {
    async fn room(&self, thing: Option<ThingId>, bytes: usize) -> Room {
        Pipeline::room(self, thing, bytes).await
    }

    async fn submit(&self, packets: Vec<Packet>, room: Option<Room>) -> Result<Commit, Error> {
        let ticket = Pipeline::submit(self, packets, room).await?;
        Ok(Box::pin(ticket.committed()))
    }
}
