//! MQTT over WebSocket on the web port: the same sessions as over TCP, for clients in a browser.

use std::net::SocketAddr;

use axum::extract::ws::Message;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use messwerk_ingest::mqtt::websocket::bytes_of_messages;

use crate::api::extract::Upgrade;
use crate::api::problem::Problem;
use crate::state::Hub;

/// Bytes read from a WebSocket at once, as from a TCP socket.
const BUFFER: usize = 8 * 1024;

/// Upgrades to MQTT 3.1.1; the subprotocol is `mqtt`.
#[utoipa::path(get, path = "/mqtt", responses((status = 101, description = "WebSocket, subprotocol mqtt, MQTT 3.1.1"), (status = 400, body = Problem)))]
pub async fn upgrade(State(hub): State<Hub>, ConnectInfo(peer): ConnectInfo<SocketAddr>, upgrade: Upgrade) -> Result<Response, Problem> {
    // The default buffers, 128 KiB each way and connection, are for senders of files.
    let upgrade = upgrade.limited(hub.packet_bytes + 1024, BUFFER).protocols(["mqtt"]);
    // [MQTT-6.0.0-3]: the client offers `mqtt`; a client that does not speaks something else.
    if upgrade.selected_protocol().is_none() {
        return Err(Problem::bad_request("This address speaks MQTT 3.1.1 over WebSocket: offer the subprotocol `mqtt`."));
    }
    Ok(upgrade.on_upgrade(move |socket| async move {
        let (sink, stream) = socket.split();
        let sink = sink.sink_map_err(std::io::Error::other).with(|bytes: Bytes| std::future::ready(Ok(Message::Binary(bytes))));
        // [MQTT-6.0.0-1]: MQTT travels in binary messages; anything else ends the connection.
        let stream = stream.filter_map(|message| {
            std::future::ready(match message {
                Ok(Message::Binary(bytes)) => Some(Ok(bytes)),
                Ok(Message::Ping(_) | Message::Pong(_)) => None,
                Ok(Message::Close(_)) => Some(Err(std::io::ErrorKind::ConnectionAborted.into())),
                Ok(Message::Text(_)) => Some(Err(std::io::ErrorKind::InvalidData.into())),
                Err(error) => Some(Err(std::io::Error::other(error))),
            })
        });
        hub.door.serve(bytes_of_messages(stream, sink), peer.ip()).await;
    }))
}
