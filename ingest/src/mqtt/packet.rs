//! Bytes to packets. rumqttc's codec reads them; what it lets pass against the norm is refused here first.
//!
//! The codec ignores reserved flags, takes packets only a server sends, over-long acknowledgements, empty UNSUBSCRIBEs
//! and packet id 0, and does not look at topics. CONNECT is not its business at all: it reads passwords as text.

use bytes::BytesMut;
use rumqttc::mqttbytes::v4::Packet;
use rumqttc::mqttbytes::{self, QoS};

use messwerk_lessons::topic;

use super::stats::Refused;

/// The first byte of a packet with its remaining length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// Packet type, 1 to 14.
    pub(super) kind: u8,
    /// Low four bits.
    pub(super) flags: u8,
    /// Bytes of the fixed header, 2 to 5.
    pub(super) length: usize,
    /// Bytes after it.
    pub(super) remaining: usize,
}

/// The packet types that a client sends, by number.
pub(super) mod kind {
    pub(in crate::mqtt) const CONNECT: u8 = 1;
    pub(in crate::mqtt) const PUBLISH: u8 = 3;
    pub(super) const PUBACK: u8 = 4;
    pub(super) const PUBREC: u8 = 5;
    pub(super) const PUBREL: u8 = 6;
    pub(super) const PUBCOMP: u8 = 7;
    pub(super) const SUBSCRIBE: u8 = 8;
    pub(super) const UNSUBSCRIBE: u8 = 10;
    pub(super) const PINGREQ: u8 = 12;
    pub(super) const DISCONNECT: u8 = 14;
}

/// The header at the start of `bytes`, `None` while it is incomplete. Type, flags and the lengths that a type fixes
/// are checked, so that nothing is buffered for a packet that is refused anyway.
pub(super) fn header(bytes: &[u8], most: usize) -> Result<Option<Header>, Refused> {
    let Some((&first, rest)) = bytes.split_first() else { return Ok(None) };
    let (kind, flags) = (first >> 4, first & 0x0f);
    let flags_are_valid = match kind {
        kind::PUBLISH => flags & 0b0110 != 0b0110 && flags & 0b1110 != 0b1000,
        kind::PUBREL | kind::SUBSCRIBE | kind::UNSUBSCRIBE => flags == 0b0010,
        kind::CONNECT | kind::PUBACK | kind::PUBREC | kind::PUBCOMP | kind::PINGREQ | kind::DISCONNECT => flags == 0,
        _ => false,
    };
    if !flags_are_valid {
        return Err(Refused::Malformed);
    }
    let mut remaining = 0;
    for (index, byte) in rest.iter().take(4).enumerate() {
        remaining |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let fits = match kind {
                kind::PUBACK | kind::PUBREC | kind::PUBREL | kind::PUBCOMP => remaining == 2,
                kind::PINGREQ | kind::DISCONNECT => remaining == 0,
                _ => true,
            };
            return match (fits, remaining > most) {
                (false, _) => Err(Refused::Malformed),
                (true, true) => Err(Refused::Oversized),
                (true, false) => Ok(Some(Header { kind, flags, length: index + 2, remaining })),
            };
        }
    }
    if rest.len() < 4 { Ok(None) } else { Err(Refused::Malformed) }
}

/// The topic of a PUBLISH that has begun, as soon as it is there. One of more than `most` bytes is refused unread.
pub(super) fn topic(bytes: &[u8], header: Header, most: usize) -> Result<Option<&str>, Refused> {
    let Some((length, rest)) = bytes.get(header.length..).and_then(<[u8]>::split_first_chunk) else { return Ok(None) };
    let length = usize::from(u16::from_be_bytes(*length));
    if length > most {
        return Err(Refused::TopicNotAllowed);
    }
    let Some(topic) = rest.get(..length) else { return Ok(None) };
    let topic = std::str::from_utf8(topic).map_err(|_| Refused::Malformed)?;
    topic::check_name(topic).map_err(|_| Refused::Malformed)?;
    Ok(Some(topic))
}

/// Takes the next packet of a connected client from `buffer`; `None` while it is incomplete. Topics and filters are
/// valid in what is returned, packet ids are not 0, and a second CONNECT is refused.
pub(super) fn next(buffer: &mut BytesMut, most: usize) -> Result<Option<Packet>, Refused> {
    let Some(header) = header(buffer, most)? else { return Ok(None) };
    if buffer.len() < header.length + header.remaining {
        return Ok(None);
    }
    match header.kind {
        kind::CONNECT => return Err(Refused::Malformed),
        kind::SUBSCRIBE => subscribe_options(&buffer[header.length..header.length + header.remaining])?,
        _ => {}
    }
    let packet = Packet::read(buffer, most).map_err(|_| Refused::Malformed)?;
    let valid = match &packet {
        Packet::Publish(publish) => (publish.qos == QoS::AtMostOnce || publish.pkid != 0) && topic::check_name(&publish.topic).is_ok(),
        Packet::Subscribe(subscribe) => {
            subscribe.pkid != 0 && subscribe.filters.iter().all(|filter| topic::check_filter(&filter.path).is_ok())
        }
        Packet::Unsubscribe(unsubscribe) => {
            unsubscribe.pkid != 0
                && !unsubscribe.topics.is_empty()
                && unsubscribe.topics.iter().all(|filter| topic::check_filter(filter).is_ok())
        }
        Packet::PubAck(mqttbytes::v4::PubAck { pkid })
        | Packet::PubRec(mqttbytes::v4::PubRec { pkid })
        | Packet::PubRel(mqttbytes::v4::PubRel { pkid })
        | Packet::PubComp(mqttbytes::v4::PubComp { pkid }) => *pkid != 0,
        _ => true,
    };
    if valid { Ok(Some(packet)) } else { Err(Refused::Malformed) }
}

/// The upper six bits of each requested QoS are reserved; the codec masks them.
fn subscribe_options(body: &[u8]) -> Result<(), Refused> {
    let mut rest = body.get(2..).ok_or(Refused::Malformed)?;
    while let [high, low, tail @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        match tail.get(length..) {
            Some([0..=2, next @ ..]) => rest = next,
            _ => return Err(Refused::Malformed),
        }
    }
    if rest.is_empty() { Ok(()) } else { Err(Refused::Malformed) }
}

#[cfg(test)]
mod tests;
