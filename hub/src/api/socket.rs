//! What the hub's WebSockets have in common: a peer that takes nothing is gone, and each close says why in a word.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use tokio::time::timeout;

/// A browser that takes nothing for this long is gone.
const STALLED: Duration = Duration::from_secs(30);
/// Time for a browser to take a close.
const FAREWELL: Duration = Duration::from_secs(5);

/// The lesson was erased.
pub const ERASED: u16 = 4404;

/// Sends a message; false if nobody takes it.
pub async fn send(socket: &mut WebSocket, message: Message) -> bool {
    matches!(timeout(STALLED, socket.send(message)).await, Ok(Ok(())))
}

/// How long a peer may still send after it was told that what it sends is bad.
const STILL: Duration = Duration::from_secs(2);

/// Closes a peer that sends what it must not, and takes what it still sends for a moment: closed at once, with bytes of its
/// that nobody read, the connection would be reset before the peer has read why.
pub async fn refuse(socket: &mut WebSocket, code: u16, reason: &'static str) {
    close(socket, code, reason).await;
    let rest = async { while let Some(Ok(_)) = socket.recv().await {} };
    let _ = timeout(STILL, rest).await;
}

/// Closes with a code and a word.
pub async fn close(socket: &mut WebSocket, code: u16, reason: &'static str) {
    let goodbye = CloseFrame { code, reason: reason.into() };
    let _ = timeout(FAREWELL, socket.send(Message::Close(Some(goodbye)))).await;
}
