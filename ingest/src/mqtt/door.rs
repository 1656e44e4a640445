//! What all sessions share, and the TCP listener.

use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use messwerk_store::Clock;
use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::admission::Admission;
use crate::seats::Seats;

use super::fanout::Fanout;
use super::intake::Intake;
use super::limits::MqttLimits;
use super::presence::{Claim, Line, Owner, Presence};
use super::realm::Realms;
use super::session;
use super::stats::DoorStats;

/// Connections the kernel holds for us until they are accepted: 3,000 phones that log in at the same bell must not
/// meet a full queue (the usual 128 makes them wait for SYN retries of 1 s).
const BACKLOG: i32 = 4096;
/// Connections beyond the cap that are told so at once; further ones are closed without an answer.
const TURNED_AWAY: usize = 512;

/// Everything a session needs from the house.
pub(super) struct Shared {
    pub(super) admission: Arc<dyn Admission>,
    pub(super) intake: Arc<dyn Intake>,
    pub(super) fanout: Arc<dyn Fanout>,
    pub(super) limits: MqttLimits,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) stats: Arc<DoorStats>,
    pub(super) presence: Arc<Presence>,
    pub(super) seats: Arc<Seats>,
    pub(super) realms: Realms,
    pub(super) stop: CancellationToken,
    pub(super) turned_away: Semaphore,
    /// Hashes credentials into owners, with a key of this process.
    hasher: RandomState,
    sessions: TaskTracker,
}

impl Shared {
    /// Takes over a client id; an empty one is nobody else's.
    pub(super) fn claim(&self, owner: Owner, client_id: &str, line: &Arc<Line>) -> Option<Claim> {
        (!client_id.is_empty()).then(|| self.presence.claim(owner, client_id, line))
    }

    /// The owner that credentials stand for.
    pub(super) fn owner(&self, user: &str, password: &[u8]) -> Owner {
        Owner::Login(self.hasher.hash_one((user, password)))
    }
}

/// The MQTT door. Cheap to clone; all clones are the same door.
#[derive(Clone)]
pub struct Door {
    pub(super) shared: Arc<Shared>,
}

impl Door {
    /// A closed door: nobody comes in before [`Self::listen`] or [`Self::serve`].
    pub fn new(
        admission: Arc<dyn Admission>,
        intake: Arc<dyn Intake>,
        fanout: Arc<dyn Fanout>,
        limits: MqttLimits,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let stats = Arc::<DoorStats>::default();
        let counter = Arc::clone(&stats);
        let seats = Seats::new(limits.connections, limits.connections_per_ip, move |open| counter.connected(open));
        Self {
            shared: Arc::new(Shared {
                admission,
                intake,
                fanout,
                clock,
                stats,
                presence: Arc::default(),
                seats,
                realms: Realms::new(limits.topic_bytes),
                limits,
                stop: CancellationToken::new(),
                turned_away: Semaphore::new(TURNED_AWAY),
                hasher: RandomState::new(),
                sessions: TaskTracker::new(),
            }),
        }
    }

    /// The door's counters.
    pub fn stats(&self) -> &Arc<DoorStats> {
        &self.shared.stats
    }

    /// Serves one connection until it ends, over any stream of MQTT bytes (TCP, TLS, a WebSocket through
    /// [`super::websocket`]). On return the peer is gone and everything acknowledged is stored.
    pub async fn serve<S>(&self, stream: S, peer: IpAddr)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.shared.sessions.track_future(session::serve(stream, peer, self.shared.clone())).await;
    }

    /// Accepts connections until `stop` is cancelled, then stops all sessions of this door (also those that other
    /// listeners brought): they read nothing more, send the acknowledgements of what they have submitted, and close.
    /// On return all are gone, so the pipeline may be closed.
    pub async fn listen(&self, listener: TcpListener, stop: CancellationToken) {
        loop {
            let accepted = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let door = self.clone();
                    tokio::spawn(async move {
                        prepare(&stream);
                        door.serve(stream, peer.ip()).await;
                    });
                }
                Err(error) => {
                    // Out of file descriptors, usually: accepting at once would spin. Open sessions go on.
                    tracing::warn!(%error, "cannot accept an MQTT connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(listener);
        self.stop().await;
    }

    /// Stops all sessions as [`Self::listen`] does. New ones end before their CONNACK.
    pub async fn stop(&self) {
        self.shared.stop.cancel();
        self.shared.sessions.close();
        self.shared.sessions.wait().await;
    }
}

/// Binds a listener with a backlog for a whole school; port 0 takes a free one.
pub fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Small packets leave at once, and a peer that vanished without a word is found after a minute and three probes. A
/// failure costs only that. [`Door::listen`] does it itself; for listeners that hand their streams to [`Door::serve`].
pub fn prepare(stream: &TcpStream) {
    let keepalive = TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(15));
    let socket = SockRef::from(stream);
    if let Err(error) = socket.set_tcp_nodelay(true).and_then(|()| socket.set_tcp_keepalive(&keepalive)) {
        tracing::debug!(%error, "socket options");
    }
}
