//! How far a connection's exchange has come, and how long a stopping hub waits for it.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, interval};

/// Time that a stopping hub gives a request whose head or body is not complete.
const RECEIVING: Duration = Duration::from_secs(2);
/// Time that it gives an answer of which nothing can be written: nobody reads it.
const STUCK: Duration = Duration::from_secs(2);
/// Time that it gives an answer in all: an export may go on for minutes.
const ANSWERING: Duration = Duration::from_secs(5);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(100);

/// Where an exchange is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// A request's head or body is not complete.
    Receiving,
    /// It is complete and is being answered by a route.
    Thinking,
    /// The answer has begun.
    Answering,
}

/// What socket, request and answer of one connection tell of themselves.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    unanswered: AtomicBool,
    received: AtomicBool,
    answering: AtomicBool,
    written: AtomicU64,
}

impl Exchange {
    /// Something was read from the socket.
    pub(super) fn heard(&self) {
        self.unanswered.store(true, Relaxed);
    }

    /// So many bytes were written to it.
    pub(super) fn wrote(&self, bytes: usize) {
        self.unanswered.store(false, Relaxed);
        self.written.fetch_add(bytes as u64, Relaxed);
    }

    /// A request's head is complete; `whole` if that is all of it.
    pub(super) fn begin(&self, whole: bool) {
        self.received.store(whole, Relaxed);
        self.answering.store(false, Relaxed);
    }

    /// The answer's head is there.
    pub(super) fn answer(&self) {
        self.answering.store(true, Relaxed);
    }

    /// Whether something was heard since the last answer: tells an idle connection from one that has begun to speak.
    pub(super) fn mid_request(&self) -> bool {
        self.unanswered.load(Relaxed)
    }

    fn phase(&self) -> Phase {
        match (self.answering.load(Relaxed), self.received.load(Relaxed)) {
            (true, _) => Phase::Answering,
            (false, true) => Phase::Thinking,
            (false, false) => Phase::Receiving,
        }
    }

    /// Waits for the end of this exchange's connection, as long as a stopping hub may; `None` if it has to be cut.
    pub(super) async fn part<T>(&self, connection: impl Future<Output = T>) -> Option<T> {
        let mut connection = pin!(connection);
        let mut look = interval(LOOK);
        let mut parting = Parting::new(Instant::now());
        loop {
            tokio::select! {
                ended = connection.as_mut() => return Some(ended),
                _ = look.tick() => {
                    if parting.over(self.phase(), self.written.load(Relaxed), Instant::now()) {
                        return None;
                    }
                }
            }
        }
    }
}

/// What a stopping hub has seen of a connection.
struct Parting {
    since: Instant,
    written: u64,
    progress: Instant,
}

impl Parting {
    fn new(now: Instant) -> Self {
        Self { since: now, written: 0, progress: now }
    }

    /// Whether it has had its time.
    fn over(&mut self, phase: Phase, written: u64, now: Instant) -> bool {
        if written != self.written {
            (self.written, self.progress) = (written, now);
        }
        match phase {
            Phase::Receiving => now - self.since >= RECEIVING,
            // What was sent whole is being committed: that has its own end, and the answer's time begins after it.
            Phase::Thinking => {
                (self.since, self.progress) = (now, now);
                false
            }
            Phase::Answering => now - self.progress >= STUCK || now - self.since >= ANSWERING,
        }
    }
}

/// A request's body, which tells the exchange when it is complete.
pub(super) struct Received {
    body: Incoming,
    exchange: Arc<Exchange>,
}

impl Received {
    pub(super) fn new(body: Incoming, exchange: Arc<Exchange>) -> Self {
        exchange.begin(body.is_end_stream());
        Self { body, exchange }
    }
}

impl Body for Received {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if frame.is_none() || self.body.is_end_stream() {
            self.exchange.received.store(true, Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_does_not_come_to_an_end_is_cut() {
        let start = Instant::now();
        // Looks at (milliseconds after the stop, phase, bytes written so far); the last one says whether it is over.
        let check = |looks: &[(u64, Phase, u64)], expected: bool| {
            let mut parting = Parting::new(start);
            let mut over = false;
            for &(milliseconds, phase, written) in looks {
                assert!(!over, "already before {milliseconds} ms: {looks:?}");
                over = parting.over(phase, written, start + Duration::from_millis(milliseconds));
            }
            assert_eq!(over, expected, "{looks:?}");
        };
        use Phase::{Answering, Receiving, Thinking};
        check(&[(0, Receiving, 0), (1900, Receiving, 0)], false);
        check(&[(0, Receiving, 0), (2000, Receiving, 0)], true);
        check(&[(0, Thinking, 0), (9000, Thinking, 0)], false);
        check(&[(0, Thinking, 0), (9000, Thinking, 0), (9100, Answering, 0), (10_900, Answering, 0)], false);
        check(&[(0, Answering, 70), (1900, Answering, 70)], false);
        check(&[(0, Answering, 70), (2000, Answering, 70)], true);
        check(&[(0, Answering, 70), (1900, Answering, 71), (3800, Answering, 71)], false);
        check(&[(0, Answering, 70), (1900, Answering, 71), (3800, Answering, 72), (5000, Answering, 73)], true);
        check(&[(0, Receiving, 0), (1900, Thinking, 0), (3000, Answering, 70)], false);
    }

    #[test]
    fn an_exchange_is_received_then_answered() {
        let exchange = Exchange::default();
        assert_eq!((exchange.phase(), exchange.mid_request()), (Phase::Receiving, false));
        exchange.heard();
        exchange.begin(false);
        assert_eq!((exchange.phase(), exchange.mid_request()), (Phase::Receiving, true));
        exchange.begin(true);
        assert_eq!(exchange.phase(), Phase::Thinking);
        exchange.answer();
        exchange.wrote(70);
        assert_eq!((exchange.phase(), exchange.mid_request()), (Phase::Answering, false));
        exchange.begin(false);
        assert_eq!(exchange.phase(), Phase::Receiving, "the next request on the same connection");
    }
}
