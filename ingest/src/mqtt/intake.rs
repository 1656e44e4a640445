//! The seam between sessions and the pipeline: sessions know only this.

use async_trait::async_trait;
use futures::future::BoxFuture;
use messwerk_store::Error;

use crate::pipeline::{Outcome, Packet, Pipeline};

/// Resolves when the packets of one [`Intake::submit`] are durable, with one outcome per packet in order.
pub type Commit = BoxFuture<'static, Result<Vec<Outcome>, Error>>;

/// Where publishes go. The hub gives the [`Pipeline`]; tests give a double whose commits they control.
#[async_trait]
pub trait Intake: Send + Sync + 'static {
    /// Takes packets of one connection in order; waits while it cannot take more. On return they are queued, not
    /// durable.
    async fn submit(&self, packets: Vec<Packet>) -> Result<Commit, Error>;
}

#[async_trait]
impl Intake for Pipeline {
    async fn submit(&self, packets: Vec<Packet>) -> Result<Commit, Error> {
        let ticket = Pipeline::submit(self, packets).await?;
        Ok(Box::pin(ticket.committed()))
    }
}
