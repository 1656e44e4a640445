//! One connection through the relay: two directions, each a reader that says when its bytes arrive and a writer that waits
//! for it.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::Relay;
use super::weather::{Direction, Rate, Weather, cut};

/// Bytes read at once: little, so that a rate is felt evenly.
const PIECE: usize = 2 * 1024;
/// Pieces on their way in one direction; beyond them the sender is not read, and its TCP waits. 128 KiB as an access point
/// has; a second of 1 Mbit/s.
const ON_THE_WAY: usize = 64;

/// Bytes and when they arrive; no bytes are the end.
struct Parcel {
    due: Instant,
    bytes: Bytes,
}

pub(super) struct Line<'a> {
    relay: &'a Relay,
    number: u64,
    opened: Instant,
}

impl<'a> Line<'a> {
    pub(super) fn new(relay: &'a Relay, number: u64) -> Self {
        Self { relay, number, opened: Instant::now() }
    }

    /// Carries until both sides have ended, one breaks off, or the connection is cut.
    pub(super) async fn carry(self, mut phone: TcpStream, mut hub: TcpStream) {
        for stream in [&phone, &hub] {
            // Costs time on small packets if it fails, and nothing else.
            let _ = stream.set_nodelay(true);
        }
        let cut = cut(&self.relay.options, self.number).map(|age| self.opened + age);
        let ended = {
            let (from_phone, to_phone) = phone.split();
            let (from_hub, to_hub) = hub.split();
            let both =
                async { tokio::try_join!(self.pipe(from_phone, to_hub, Direction::Up), self.pipe(from_hub, to_phone, Direction::Down)) };
            tokio::select! {
                ended = both => ended.is_ok(),
                () = until(cut) => {
                    self.relay.counts.cuts.fetch_add(1, Relaxed);
                    false
                }
            }
        };
        if !ended {
            // Reset, not closed: whoever sits behind it must not take it for an end that was meant.
            for stream in [&phone, &hub] {
                let _ = stream.set_zero_linger();
            }
        }
    }

    /// One direction to its end; the end is passed on after the last byte, while the other direction may go on.
    async fn pipe(&self, from: ReadHalf<'_>, to: WriteHalf<'_>, direction: Direction) -> io::Result<()> {
        let (sender, parcels) = mpsc::channel(ON_THE_WAY);
        let delivered = &self.relay.counts.bytes[direction as usize];
        tokio::try_join!(self.read(from, sender, direction), write(to, parcels, delivered))?;
        Ok(())
    }

    async fn read(&self, mut from: ReadHalf<'_>, parcels: mpsc::Sender<Parcel>, direction: Direction) -> io::Result<()> {
        let mut weather = Weather::new(&self.relay.options, self.number, direction);
        let rate = match &self.relay.shared {
            Some(shared) => Arc::clone(&shared[direction as usize]),
            None => Arc::new(Mutex::new(Rate::new(self.relay.options.rate))),
        };
        loop {
            let mut bytes = BytesMut::with_capacity(PIECE);
            let read = from.read_buf(&mut bytes).await?;
            let now = self.relay.begun.elapsed();
            let through = rate.lock().unwrap_or_else(PoisonError::into_inner).take(now, read);
            let opened = self.opened - self.relay.begun;
            let (arrives, held) = weather.arrival(through.saturating_sub(opened));
            self.relay.counts.stalls.fetch_add(held, Relaxed);
            let parcel = Parcel { due: self.opened + arrives, bytes: bytes.freeze() };
            // The other end is gone: `write` says so.
            if parcels.send(parcel).await.is_err() || read == 0 {
                return Ok(());
            }
        }
    }
}

async fn write(mut to: WriteHalf<'_>, mut parcels: mpsc::Receiver<Parcel>, delivered: &AtomicU64) -> io::Result<()> {
    while let Some(Parcel { due, bytes }) = parcels.recv().await {
        sleep_until(due).await;
        if bytes.is_empty() {
            return to.shutdown().await;
        }
        to.write_all(&bytes).await?;
        delivered.fetch_add(bytes.len() as u64, Relaxed);
    }
    Ok(())
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending::<()>().await,
    }
}
