//! A client that writes bytes and reads packets, and packets that may be wrong.

use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{
    ConnAck, ConnectReturnCode, Packet as V4, Publish, Subscribe, SubscribeFilter, SubscribeReasonCode, Unsubscribe,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// Every wait in these tests ends here; it is never waited out when they pass.
pub(in crate::mqtt) const PATIENCE: Duration = Duration::from_secs(20);

/// A client that writes bytes and reads packets.
pub(in crate::mqtt) struct Client<S> {
    pub(in crate::mqtt) stream: S,
    buffer: BytesMut,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub(in crate::mqtt) fn new(stream: S) -> Self {
        Self { stream, buffer: BytesMut::new() }
    }

    /// Writes; a peer that has closed already is the test's business when it reads.
    pub(in crate::mqtt) async fn send(&mut self, bytes: &[u8]) {
        let _ = timeout(PATIENCE, self.stream.write_all(bytes)).await.expect("written in time");
    }

    pub(in crate::mqtt) async fn packet(&mut self, packet: V4) {
        let mut bytes = BytesMut::new();
        packet.write(&mut bytes, usize::MAX).unwrap();
        self.send(&bytes).await;
    }

    pub(in crate::mqtt) async fn publish(&mut self, topic: &str, qos: QoS, pkid: u16, payload: &[u8]) {
        self.packet(publish(topic, qos, pkid, payload)).await;
    }

    /// Subscribes at QoS 1; the return codes.
    pub(in crate::mqtt) async fn subscribe(&mut self, filters: &[&str]) -> Vec<u8> {
        let filters = filters.iter().map(|filter| SubscribeFilter::new((*filter).to_owned(), QoS::AtLeastOnce));
        self.subscribe_all(Subscribe::new_many(filters)).await
    }

    pub(in crate::mqtt) async fn subscribe_at(&mut self, filter: &str, qos: QoS) -> Vec<u8> {
        self.subscribe_all(Subscribe::new(filter, qos)).await
    }

    async fn subscribe_all(&mut self, mut subscribe: Subscribe) -> Vec<u8> {
        subscribe.pkid = 11;
        self.packet(V4::Subscribe(subscribe)).await;
        match self.next().await {
            Some(V4::SubAck(ack)) if ack.pkid == 11 => ack.return_codes.into_iter().map(code).collect(),
            other => panic!("no SUBACK but {other:?}"),
        }
    }

    pub(in crate::mqtt) async fn unsubscribe(&mut self, filter: &str) {
        let mut unsubscribe = Unsubscribe::new(filter);
        unsubscribe.pkid = 12;
        self.packet(V4::Unsubscribe(unsubscribe)).await;
        match self.next().await {
            Some(V4::UnsubAck(ack)) => assert_eq!(ack.pkid, 12),
            other => panic!("no UNSUBACK but {other:?}"),
        }
    }

    /// The next packet; `None` when the peer closes.
    pub(in crate::mqtt) async fn next(&mut self) -> Option<V4> {
        timeout(PATIENCE, async {
            loop {
                match V4::read(&mut self.buffer, usize::MAX) {
                    Ok(packet) => return Some(packet),
                    Err(rumqttc::mqttbytes::Error::InsufficientBytes(_)) => {}
                    Err(error) => panic!("the door wrote what is no packet: {error}"),
                }
                if !matches!(self.stream.read_buf(&mut self.buffer).await, Ok(1..)) {
                    return None;
                }
            }
        })
        .await
        .expect("an answer in time")
    }

    /// Everything until the peer closes.
    pub(in crate::mqtt) async fn rest(&mut self) -> Vec<u8> {
        let mut rest = self.buffer.split().to_vec();
        let _ = timeout(PATIENCE, self.stream.read_to_end(&mut rest)).await.expect("closed in time");
        rest
    }

    /// The topic and payload of the next packet, a PUBLISH.
    pub(in crate::mqtt) async fn message(&mut self) -> (String, String, bool) {
        match self.next().await {
            Some(V4::Publish(publish)) => (publish.topic, String::from_utf8_lossy(&publish.payload).into_owned(), publish.retain),
            other => panic!("no PUBLISH but {other:?}"),
        }
    }

    /// Publishes with the retain flag and waits for the PUBACK or PUBREC, or that it was taken.
    pub(in crate::mqtt) async fn retain(&mut self, topic: &str, qos: QoS, payload: &[u8]) {
        let mut bytes = encoded(&publish(topic, qos, if qos == QoS::AtMostOnce { 0 } else { 77 }, payload));
        bytes[0] |= 1;
        self.send(&bytes).await;
        match qos {
            QoS::AtMostOnce => self.ping().await,
            _ => assert!(self.next().await.is_some()),
        }
    }

    /// Says goodbye and waits until the other side has closed.
    pub(in crate::mqtt) async fn leave(&mut self) {
        self.send(&[0xe0, 0]).await;
        assert_eq!(self.next().await, None);
    }

    /// A PINGREQ comes back: everything before it was taken, and the connection is open.
    pub(in crate::mqtt) async fn ping(&mut self) {
        self.send(&[0xc0, 0]).await;
        assert_eq!(self.next().await, Some(V4::PingResp));
    }
}

fn code(code: SubscribeReasonCode) -> u8 {
    match code {
        SubscribeReasonCode::Success(qos) => qos as u8,
        SubscribeReasonCode::Failure => 0x80,
    }
}

pub(in crate::mqtt) fn publish(topic: &str, qos: QoS, pkid: u16, payload: &[u8]) -> V4 {
    let mut publish = Publish::from_bytes(topic, qos, Bytes::copy_from_slice(payload));
    publish.pkid = pkid;
    V4::Publish(publish)
}

pub(in crate::mqtt) fn encoded(packet: &V4) -> Vec<u8> {
    let mut bytes = BytesMut::new();
    packet.write(&mut bytes, usize::MAX).unwrap();
    bytes.to_vec()
}

pub(in crate::mqtt) fn puback(pkid: u16) -> V4 {
    V4::PubAck(rumqttc::mqttbytes::v4::PubAck::new(pkid))
}

pub(in crate::mqtt) fn accepted() -> V4 {
    V4::ConnAck(ConnAck::new(ConnectReturnCode::Success, false))
}

pub(in crate::mqtt) fn refusal(code: ConnectReturnCode) -> V4 {
    V4::ConnAck(ConnAck::new(code, false))
}

/// A CONNECT under construction, byte by byte, so that it can be wrong.
#[derive(Clone)]
pub(in crate::mqtt) struct RawConnect {
    pub(in crate::mqtt) name: Vec<u8>,
    pub(in crate::mqtt) level: u8,
    pub(in crate::mqtt) flags: u8,
    pub(in crate::mqtt) keep_alive: u16,
    pub(in crate::mqtt) fields: Vec<Vec<u8>>,
    pub(in crate::mqtt) tail: Vec<u8>,
}

pub(in crate::mqtt) fn connect(client_id: &str) -> RawConnect {
    let fields = vec![client_id.as_bytes().to_vec()];
    RawConnect { name: b"MQTT".to_vec(), level: 4, flags: 2, keep_alive: 60, fields, tail: Vec::new() }
}

impl RawConnect {
    pub(in crate::mqtt) fn flags(mut self, flags: u8) -> Self {
        self.flags = flags;
        self
    }

    pub(in crate::mqtt) fn keep_alive(mut self, seconds: u16) -> Self {
        self.keep_alive = seconds;
        self
    }

    pub(in crate::mqtt) fn field(mut self, field: &[u8]) -> Self {
        self.fields.push(field.to_vec());
        self
    }

    pub(in crate::mqtt) fn will(mut self, topic: &str, message: &[u8]) -> Self {
        self.flags |= 4;
        self.field(topic.as_bytes()).field(message)
    }

    /// Both empty: no login at all.
    pub(in crate::mqtt) fn login(mut self, user: &str, password: &str) -> Self {
        if user.is_empty() && password.is_empty() {
            return self;
        }
        self.flags |= 0xc0;
        self.field(user.as_bytes()).field(password.as_bytes())
    }

    pub(in crate::mqtt) fn bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        body.put_u16(self.name.len() as u16);
        body.put_slice(&self.name);
        body.put_u8(self.level);
        body.put_u8(self.flags);
        body.put_u16(self.keep_alive);
        for field in &self.fields {
            body.put_u16(field.len() as u16);
            body.put_slice(field);
        }
        body.put_slice(&self.tail);
        framed(0x10, &body)
    }
}

/// A packet with its fixed header.
pub(in crate::mqtt) fn framed(first: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![first];
    let mut length = body.len();
    loop {
        let byte = (length & 0x7f) as u8;
        length >>= 7;
        packet.push(if length > 0 { byte | 0x80 } else { byte });
        if length == 0 {
            break;
        }
    }
    packet.extend_from_slice(body);
    packet
}
