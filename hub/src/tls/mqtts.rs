//! The MQTT door's port with TLS: handshakes here, sessions as over TCP.

use std::net::SocketAddr;
use std::time::Duration;

use messwerk_ingest::mqtt::{self, Door};
use messwerk_ingest::seats::Seats;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Time for a handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Handshakes at once, in all and from one address. One takes less than a millisecond of a core, whoever is turned away comes again; the
/// sessions after them are counted by the door.
const AT_ONCE: usize = 512;

/// Accepts connections for `door` until `stop` is cancelled. On return all handshakes have ended; the sessions are the door's.
pub async fn listen(listener: TcpListener, door: Door, acceptor: TlsAcceptor, stop: CancellationToken) {
    let seats = Seats::new(AT_ONCE, AT_ONCE / 2, |_| {});
    let handshakes = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(seat) = seats.enter(peer.ip()) else { continue };
                let (door, acceptor, stop) = (door.clone(), acceptor.clone(), stop.clone());
                handshakes.spawn(async move {
                    let _seat = seat;
                    shake(stream, peer, door, acceptor, stop).await;
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept an MQTT connection with TLS");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    handshakes.close();
    handshakes.wait().await;
}

async fn shake(stream: TcpStream, peer: SocketAddr, door: Door, acceptor: TlsAcceptor, stop: CancellationToken) {
    mqtt::prepare(&stream);
    let shaken = tokio::select! {
        shaken = timeout(HANDSHAKE, acceptor.accept(stream)) => shaken,
        () = stop.cancelled() => return,
    };
    match shaken {
        Ok(Ok(stream)) => {
            // On its own: the seat here was the handshake's, the door has its own.
            tokio::spawn(async move { door.serve(stream, peer.ip()).await });
        }
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake on the MQTT port failed"),
        Err(_) => tracing::debug!("a TLS handshake on the MQTT port took too long"),
    }
}
