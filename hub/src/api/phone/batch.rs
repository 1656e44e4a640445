//! A batch's way: to the pipeline, to its commit, to its answer.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use messwerk_ingest::admission::{Admission, Refusal};
use messwerk_ingest::pipeline::{Outcome, Packet};
use messwerk_lessons::Micros;
use messwerk_lessons::wire::Batch;
use messwerk_store::Error;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::api::ingest::reason;
use crate::state::Hub;

/// Bytes that hold a batch's name.
const NAMED: usize = 20;

/// The number of a batch, from its first bytes: what its answer names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name {
    property: u8,
    boot: u64,
    seq: u32,
}

impl Name {
    /// Reads it; `None` if this is no batch of ours.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() < NAMED || !Batch::is_binary(bytes) {
            return None;
        }
        let boot = bytes.get(8..16)?.try_into().ok().map(u64::from_le_bytes)?;
        let seq = bytes.get(16..20)?.try_into().ok().map(u32::from_le_bytes)?;
        Some(Self { property: bytes[3], boot, seq })
    }

    fn says(self, mut message: Value) -> String {
        message["boot"] = json!(format!("{:016x}", self.boot));
        message["property"] = json!(self.property);
        message["seq"] = json!(self.seq);
        message.to_string()
    }

    fn ack(self, outcome: Outcome) -> Answer {
        let Outcome { receipt, rejected, rejects, idle, .. } = outcome;
        let reasons: Vec<_> = rejects.into_iter().map(reason).collect();
        Answer::Text(self.says(json!({
            "type": "ack",
            "stored": receipt.stored,
            "duplicates": receipt.duplicates,
            "idle": idle,
            "thinned": receipt.thinned,
            "rejected": rejected,
            "reasons": reasons,
            "run": receipt.run,
        })))
    }

    fn nack(self, code: &str, retry: Duration, detail: &str) -> Answer {
        let retry = u64::try_from(retry.as_millis()).unwrap_or(u64::MAX);
        Answer::Text(self.says(json!({"type": "nack", "retry_ms": retry, "code": code, "detail": detail})))
    }

    /// What is answered when the store takes nothing.
    fn failed(self, error: &Error) -> Answer {
        match error {
            Error::NotFound(_) => Answer::Unknown,
            Error::ReadOnly(_) => self.nack("disk_full", Duration::from_secs(5), "The hub's disk takes nothing more. Keep the data."),
            Error::Closed => self.nack("stopping", Duration::from_secs(2), "The hub is stopping. Keep the data."),
            _ => self.nack("not_now", Duration::from_secs(1), "The hub cannot take it now. Keep the data and send it again."),
        }
    }
}

/// What a phone is told of a batch.
pub(super) enum Answer {
    /// This.
    Text(String),
    /// That nobody knows its token any more.
    Unknown,
}

/// Where a batch got to.
pub(super) enum Submitted {
    /// The store has it, and this is its answer after the commit.
    Queued(BoxFuture<'static, Answer>),
    /// It got nowhere.
    Answered(Answer),
}

/// Gives a batch to the pipeline when there is room and its Thing's turn has come.
pub(super) async fn submit(hub: Hub, token: Arc<str>, name: Name, bytes: Bytes, received: Micros) -> Submitted {
    let busy =
        || Submitted::Answered(name.nack("busy", Duration::from_secs(1), "The hub has no memory free. Keep the data and send it again."));
    // Asked for each batch: the lesson may have ended, the Thing been removed.
    let access = match hub.access.thing(&token).await {
        Ok(access) => access,
        Err(Refusal::Unavailable) => {
            return Submitted::Answered(name.nack("unavailable", Duration::from_secs(2), "The hub cannot answer now. Keep the data."));
        }
        Err(_) => return Submitted::Answered(Answer::Unknown),
    };
    let patience = hub.web_limits.patience;
    let Ok(room) = timeout(patience, hub.pipeline.room_for_arrived(access.thing, 1, bytes.len())).await else { return busy() };
    let packet = Packet { access: Arc::clone(&access), stream: Arc::default(), payload: bytes, received, content_type: Arc::default() };
    match timeout(patience, hub.pipeline.submit(vec![packet], Some(room))).await {
        Err(_) => busy(),
        Ok(Err(error)) => Submitted::Answered(name.failed(&error)),
        Ok(Ok(ticket)) => Submitted::Queued(Box::pin(async move {
            match ticket.committed().await {
                Ok(outcomes) => name.ack(outcomes.into_iter().next().unwrap_or_default()),
                Err(error) => name.failed(&error),
            }
        })),
    }
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::observation::{BatchKey, SenderClock};
    use messwerk_lessons::quantity::ObservedProperty;
    use messwerk_lessons::wire::Values;

    use super::*;

    #[test]
    fn a_batch_is_named_by_its_first_bytes() {
        let key = BatchKey { boot: 0xa1b2, sequence: 12 };
        let batch = Batch::new(ObservedProperty::Pressure, key, SenderClock::Unknown, vec![5], [vec![1.0], vec![], vec![]]).unwrap();
        let bytes = batch.to_bytes(Values::Float);
        let name = Name::read(&bytes).unwrap();
        assert_eq!(name, Name { property: ObservedProperty::Pressure.code(), boot: 0xa1b2, seq: 12 });
        let Answer::Text(text) = name.nack("busy", Duration::from_secs(1), "again") else { panic!("a text") };
        let told: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&told["boot"], &told["seq"], &told["retry_ms"]), (&json!("000000000000a1b2"), &json!(12), &json!(1000)));
        for bad in [&bytes[..19], b"MW", b"", &[0; 40]] {
            assert_eq!(Name::read(bad), None);
        }
    }
}
