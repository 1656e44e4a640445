//! The web port's connections: how many, from where, and how long they may take to say what they want.
//!
//! A request's head and body have their times, an answer has none: exports and WebSockets (`/mqtt`, live views) last as
//! long as they last. When the hub stops, nobody who dawdles holds it up. Every refusal is counted by reason and answered
//! where HTTP allows it.
//!
//! HTTP and HTTPS share the port: the first byte tells which it is. Without a certificate a TLS hello is closed at once,
//! because phyphox tries https first and waits for its failure before it tries http. Every request carries [`Secure`].

pub mod body;
mod exchange;
pub mod plain;
mod socket;
mod stats;
mod wire;

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use messwerk_ingest::seats::Seats;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use self::exchange::{Exchange, Received};
use self::socket::Socket;
pub use self::stats::{WebRefused, WebStats};
use self::wire::{HELLO, Wire};

/// Bytes of a connection's read buffer, and so of a request's head. Beyond them the answer is 431. A browser's head has
/// less than 4 KiB; hyper's own limit, 400 KiB, times 4,096 connections would be more than the whole memory budget.
const BUFFER: usize = 32 * 1024;
/// Connections beyond the cap that are told so at once; further ones are closed without an answer.
const TURNED_AWAY: usize = 256;
/// Time for a connection that is turned away to send its request.
const TURN_AWAY: Duration = Duration::from_secs(2);
/// What it is told.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 5\r\n\
    Connection: close\r\nContent-Length: 126\r\n\r\n\
    {\"title\":\"Too many connections\",\"status\":503,\"detail\":\"The hub serves as many connections as it may. Try again in a moment.\"}\n";

/// Whether a request came over TLS; a request extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Secure(pub bool);

/// Limits of the web port.
#[derive(Debug, Clone)]
pub struct WebLimits {
    /// Connections in all, WebSockets among them. One more is answered 503.
    pub connections: usize,
    /// Connections from one address. One more is answered 503.
    pub connections_per_address: usize,
    /// Time for a TLS handshake, from its first byte. Default 10 s: on a bad network it is three round trips and a lost
    /// segment or two. Then closed.
    pub handshake_time: Duration,
    /// Time for a request's head, and for the next one on an idle connection. Default 20 s: a phone that posts every ten
    /// seconds keeps its connection. Then closed.
    pub head_time: Duration,
    /// Time for a request's body, 64 KiB at most. Default 20 s. Then answered 408.
    pub body_time: Duration,
    /// Time a body of readings waits for its Thing's turn, its rate and memory. Default 15 s. Then answered 503.
    pub patience: Duration,
}

impl Default for WebLimits {
    fn default() -> Self {
        Self {
            connections: 4_096,
            connections_per_address: 2_048,
            handshake_time: Duration::from_secs(10),
            head_time: Duration::from_secs(20),
            body_time: Duration::from_secs(20),
            patience: Duration::from_secs(15),
        }
    }
}

/// What the connections of one port share.
struct Port {
    app: Router,
    limits: WebLimits,
    stats: Arc<WebStats>,
    seats: Arc<Seats>,
    tls: Option<TlsAcceptor>,
    turned_away: Semaphore,
    stop: CancellationToken,
}

/// Serves `app` until `stop` is cancelled, then lets requests that are being answered end. Who is still sending one, or does
/// not read its answer, is cut after two seconds, an answer after five. On return all connections but upgraded ones are gone.
/// With `tls` the port serves HTTPS beside HTTP.
pub async fn listen(
    listener: TcpListener,
    app: Router,
    limits: WebLimits,
    stats: Arc<WebStats>,
    tls: Option<TlsAcceptor>,
    stop: CancellationToken,
) {
    let counter = Arc::clone(&stats);
    let seats = Seats::new(limits.connections, limits.connections_per_address, move |open| counter.connected(open));
    let port = Arc::new(Port { app, limits, stats, seats, tls, turned_away: Semaphore::new(TURNED_AWAY), stop });
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = port.stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                connections.spawn(Arc::clone(&port).serve(stream, peer));
            }
            Err(error) => {
                // Out of file descriptors, usually: accepting at once would spin. Open connections go on.
                tracing::warn!(%error, "cannot accept a connection on the web port");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

impl Port {
    async fn serve(self: Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        let Some(seat) = self.seats.enter(peer.ip()) else {
            self.stats.refuse(WebRefused::TooManyConnections);
            return self.turn_away(stream).await;
        };
        // Costs a few milliseconds for each small answer if it fails, and nothing else.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "socket options");
        }
        let Some(wire) = self.open(stream).await else { return };
        let secure = Secure(wire.secure());
        let exchange = Arc::new(Exchange::default());
        let socket = Socket::new(wire, seat, Arc::clone(&exchange));
        let service = service_fn(|request: Request<Incoming>| {
            let exchange = Arc::clone(&exchange);
            let mut request = request.map(|body| Body::new(Received::new(body, Arc::clone(&exchange))));
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(secure);
            let answer = self.app.clone().oneshot(request);
            async move {
                let answer = answer.await;
                exchange.answer();
                answer
            }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.limits.head_time).max_buf_size(BUFFER);
        let mut connection = pin!(http.serve_connection(TokioIo::new(socket), service).with_upgrades());
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                let Some(ended) = exchange.part(connection.as_mut()).await else {
                    tracing::debug!("the hub stops: a connection that did not come to an end is cut");
                    return;
                };
                ended
            }
        };
        match ended {
            // An idle connection that is closed has been refused nothing.
            Err(error) if error.is_timeout() && exchange.mid_request() => self.stats.refuse(WebRefused::HeadTimeout),
            Err(error) if error.is_parse() => self.stats.refuse(WebRefused::Malformed),
            _ => {}
        }
    }

    /// Waits for the first byte and, if it is TLS, for the end of the handshake; `None` if the connection is over.
    async fn open(&self, stream: TcpStream) -> Option<Wire> {
        let opened = async {
            // Who says nothing has been refused nothing.
            let first = timeout(self.limits.head_time, first_byte(&stream)).await.ok()??;
            match (&self.tls, first) {
                (Some(tls), HELLO) => match timeout(self.limits.handshake_time, tls.accept(stream)).await {
                    Ok(Ok(stream)) => Some(Wire::Tls(Box::new(stream))),
                    failed => {
                        self.stats.refuse(WebRefused::Handshake);
                        if let Ok(Err(error)) = failed {
                            tracing::debug!(%error, "a TLS handshake failed");
                        }
                        None
                    }
                },
                (None, HELLO) => {
                    self.stats.refuse(WebRefused::NoTls);
                    // Read first: to close over unread bytes is a reset, which some clients answer with another attempt.
                    let _ = stream.try_read(&mut [0; 4096]);
                    None
                }
                _ => Some(Wire::Plain(stream)),
            }
        };
        tokio::select! {
            opened = opened => opened,
            () = self.stop.cancelled() => None,
        }
    }

    /// Answers after the request's head: an answer before it would be lost in the reset that unread bytes cause.
    async fn turn_away(&self, mut stream: TcpStream) {
        let Ok(_permit) = self.turned_away.try_acquire() else { return };
        let answer = async {
            // Nobody shakes hands to say no: a browser that speaks TLS sees a closed connection.
            if first_byte(&stream).await == Some(HELLO) {
                return Ok(());
            }
            let mut head = Vec::with_capacity(1024);
            while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < BUFFER {
                if stream.read_buf(&mut head).await? == 0 {
                    break;
                }
            }
            stream.write_all(FULL).await?;
            stream.shutdown().await
        };
        if let Ok(Err(error)) = timeout(TURN_AWAY, answer).await {
            tracing::debug!(%error, "a connection that was turned away did not listen");
        }
    }
}

/// A connection's first byte, left where it is; `None` if it ended before.
async fn first_byte(stream: &TcpStream) -> Option<u8> {
    let mut first = [0];
    match stream.peek(&mut first).await {
        Ok(1..) => Some(first[0]),
        _ => None,
    }
}
