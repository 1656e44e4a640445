//! The sending side of a connection: acknowledgements after their commit and in order, everything else at once, one
//! write for all that is ready.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::FutureExt;
use messwerk_store::Error;
use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::Publish;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::timeout;

use super::fanout::Message;
use super::intake::Commit;
use super::presence::Line;
use super::stats::Refused;

/// What the reading side hands over. Bounded by the channel; full: the socket is not read.
pub(super) enum Reply {
    /// Goes out as soon as the socket takes it (CONNACK, SUBACK, PINGRESP …).
    Now(Bytes),
    /// Acknowledgements: go out after the commit and after all earlier ones (MQTT-4.6.0-2).
    After(Pending),
    /// From now on messages from here are written too.
    Mail(mpsc::Receiver<Message>),
}

/// Acknowledgements that wait.
pub(super) struct Pending {
    /// `None`: nothing was submitted, only the order counts.
    pub(super) commit: Option<Commit>,
    pub(super) acks: Bytes,
    /// Gives the window back when the commit is done.
    pub(super) window: Option<OwnedSemaphorePermit>,
}

/// Batches that may wait at once; each also holds its part of the window. Full: replies wait in their channel.
const PENDING: usize = 1024;
/// Bytes collected before a write. More would only delay what is ready.
const WRITE: usize = 64 * 1024;

pub(super) struct Writer<W> {
    pub(super) socket: W,
    pub(super) replies: mpsc::Receiver<Reply>,
    pub(super) line: Arc<Line>,
    pub(super) write_time: Duration,
}

/// Writes all of `bytes` and sees them off: what buffers below (a WebSocket) sends only when it is flushed.
pub(super) async fn send(socket: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> std::io::Result<()> {
    socket.write_all(bytes).await?;
    socket.flush().await
}

impl<W: AsyncWrite + Unpin> Writer<W> {
    /// Writes until the reading side is gone and all it submitted is acknowledged, then closes the socket. Hangs up
    /// when a commit fails or the peer takes nothing for `write_time`.
    pub(super) async fn run(mut self) {
        if let Err(reason) = self.write_all().await {
            match reason {
                Some(reason) => self.line.hang_up(reason),
                None => self.line.lost(),
            }
        }
        let _ = timeout(self.write_time, self.socket.shutdown()).await;
    }

    async fn write_all(&mut self) -> Result<(), Option<Refused>> {
        let mut pending = VecDeque::new();
        let mut mail: Option<mpsc::Receiver<Message>> = None;
        let mut out = BytesMut::new();
        let mut open = true;
        while open || !pending.is_empty() {
            tokio::select! {
                biased;
                done = first(&mut pending), if !pending.is_empty() => acknowledge(done, &mut pending, &mut out)?,
                reply = self.replies.recv(), if open && pending.len() < PENDING => match reply {
                    Some(reply) => accept(reply, &mut pending, &mut mail, &mut out),
                    None => open = false,
                },
                message = next(&mut mail), if open && mail.is_some() => match message {
                    Some(message) => encode(message, &mut out),
                    None => mail = None,
                },
            }
            self.collect(&mut pending, &mut mail, &mut out)?;
            if !out.is_empty() {
                match timeout(self.write_time, send(&mut self.socket, &out)).await {
                    Ok(Ok(())) => out.clear(),
                    Ok(Err(_)) => return Err(None),
                    Err(_) => return Err(Some(Refused::StalledReader)),
                }
            }
        }
        Ok(())
    }

    /// Adds whatever else is ready without waiting.
    fn collect(
        &mut self,
        pending: &mut VecDeque<Pending>,
        mail: &mut Option<mpsc::Receiver<Message>>,
        out: &mut BytesMut,
    ) -> Result<(), Option<Refused>> {
        while out.len() < WRITE {
            if pending.len() < PENDING
                && let Ok(reply) = self.replies.try_recv()
            {
                accept(reply, pending, mail, out);
            } else if let Some(done) = first(pending).now_or_never() {
                acknowledge(done, pending, out)?;
            } else if let Some(Ok(message)) = mail.as_mut().map(mpsc::Receiver::try_recv) {
                encode(message, out);
            } else {
                break;
            }
        }
        Ok(())
    }
}

/// Waits for the oldest commit; for ever if nothing is pending.
async fn first(pending: &mut VecDeque<Pending>) -> Result<(), Error> {
    match pending.front_mut() {
        Some(Pending { commit: Some(commit), .. }) => commit.await.map(drop),
        Some(Pending { commit: None, .. }) => Ok(()),
        None => poll_fn(|_| std::task::Poll::Pending).await,
    }
}

async fn next(mail: &mut Option<mpsc::Receiver<Message>>) -> Option<Message> {
    match mail {
        Some(mail) => mail.recv().await,
        None => None,
    }
}

fn acknowledge(done: Result<(), Error>, pending: &mut VecDeque<Pending>, out: &mut BytesMut) -> Result<(), Option<Refused>> {
    if let Err(error) = done {
        tracing::warn!(%error, "closing an MQTT connection without acknowledging: the store did not commit");
        return Err(Some(Refused::StoreError));
    }
    if let Some(Pending { acks, window, .. }) = pending.pop_front() {
        out.extend_from_slice(&acks);
        drop(window);
    }
    Ok(())
}

fn accept(reply: Reply, pending: &mut VecDeque<Pending>, mail: &mut Option<mpsc::Receiver<Message>>, out: &mut BytesMut) {
    match reply {
        Reply::Now(bytes) => out.extend_from_slice(&bytes),
        Reply::After(batch) => pending.push_back(batch),
        Reply::Mail(receiver) => *mail = Some(receiver),
    }
}

/// Fan-out is QoS 0: that is what SUBACK granted.
fn encode(message: Message, out: &mut BytesMut) {
    let mut publish = Publish::from_bytes(&*message.topic, QoS::AtMostOnce, message.payload);
    publish.retain = message.retained;
    if let Err(error) = publish.write(out) {
        tracing::warn!(%error, "a message from the fan-out cannot be encoded");
    }
}
