//! Chapter 6: MQTT over WebSocket messages. The handshake is the web server's.

use std::io;
use std::net::{IpAddr, Ipv4Addr};

use bytes::{Bytes, BytesMut};
use futures::channel::mpsc;
use futures::{SinkExt, StreamExt};
use rumqttc::mqttbytes::QoS;

use super::super::harness::*;
use crate::mqtt::websocket::bytes_of_messages;

/// Sends messages to a session and collects the bytes of its answers until it closes.
async fn exchange(messages: Vec<io::Result<Bytes>>) -> Vec<u8> {
    let house = house().await;
    let (outgoing, answers) = mpsc::channel(16);
    let outgoing = outgoing.sink_map_err(io::Error::other);
    let stream = bytes_of_messages(futures::stream::iter(messages), outgoing);
    house.door.serve(stream, IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
    answers.map(|message| message.to_vec()).concat().await
}

fn conversation() -> Vec<u8> {
    [connect("c").bytes(), encoded(&publish(&topic(1), QoS::AtLeastOnce, 1, b"x")), vec![0xc0, 0], vec![0xe0, 0]].concat()
}

/// [MQTT-6.0.0-1] A message that is not binary closes the connection: the web server hands it over as an error.
#[tokio::test]
async fn text_messages() {
    let text = io::Error::new(io::ErrorKind::InvalidData, "a text message");
    let answers = exchange(vec![Ok(connect("c").bytes().into()), Err(text), Ok(Bytes::from_static(&[0xc0, 0]))]).await;
    assert_eq!(answers, [0x20, 2, 0, 0]);
}

/// [MQTT-6.0.0-2] Packets are split over messages and share them as they come.
#[tokio::test]
async fn packets_and_messages_do_not_agree() {
    let bytes = conversation();
    for size in [1, 2, 3, 7, 16, bytes.len()] {
        let messages = bytes.chunks(size).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
        let mut answers = exchange(messages).await;
        // The PINGRESP may overtake the PUBACK, which waits for its commit.
        let acks = answers.split_off(4);
        assert_eq!(answers, [0x20, 2, 0, 0], "{size}");
        assert!(acks == [0x40, 2, 0, 1, 0xd0, 0] || acks == [0xd0, 0, 0x40, 2, 0, 1], "{size} {acks:02x?}");
    }
    let empty = vec![Ok(Bytes::new()), Ok(BytesMut::from(&bytes[..]).freeze()), Ok(Bytes::new())];
    assert_eq!(exchange(empty).await.len(), 10);
}
