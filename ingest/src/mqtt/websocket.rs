//! MQTT over WebSocket messages: packets may be split over messages or share one.

use std::io;

use bytes::Bytes;
use futures::{Sink, Stream};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::io::{CopyToBytes, SinkWriter, StreamReader};

/// The bytes of binary messages as one stream for [`super::Door::serve`]. The caller converts: binary messages in
/// (a text message is an error: MQTT-6.0.0-1), `Bytes` out as one binary message each, close and ping are the
/// WebSocket's own affair.
pub fn bytes_of_messages<I, O>(incoming: I, outgoing: O) -> impl AsyncRead + AsyncWrite + Send + Unpin + 'static
where
    I: Stream<Item = io::Result<Bytes>> + Send + Unpin + 'static,
    O: Sink<Bytes, Error = io::Error> + Send + Unpin + 'static,
{
    tokio::io::join(StreamReader::new(incoming), SinkWriter::new(CopyToBytes::new(outgoing)))
}
