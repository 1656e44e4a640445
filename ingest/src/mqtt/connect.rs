//! CONNECT, read byte by byte against chapter 3.1, and its answers.

use bytes::{Buf, Bytes, BytesMut};
use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{ConnAck, ConnectReturnCode, LastWill};

use messwerk_lessons::topic;

use super::packet::{Header, header, kind};
use super::stats::Refused;

/// A valid CONNECT of MQTT 3.1.1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Connect {
    /// As sent; empty if the client leaves the choice to us.
    pub(super) client_id: String,
    pub(super) clean_session: bool,
    /// Seconds; 0 is off.
    pub(super) keep_alive: u16,
    pub(super) will: Option<LastWill>,
    /// Empty is none: phyphox on iOS sends both empty.
    pub(super) user: String,
    pub(super) password: Bytes,
}

/// What a first packet that is no valid CONNECT gets before the connection is closed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reason: Refused,
    /// `None` where the norm allows no answer.
    pub(super) answer: Option<Bytes>,
}

impl From<Refused> for Refusal {
    fn from(reason: Refused) -> Self {
        Self { reason, answer: None }
    }
}

/// CONNACK of MQTT 5 with reason 0x84 "unsupported protocol version": flags, reason, no properties.
const UNSUPPORTED_VERSION_5: &[u8] = &[0x20, 3, 0, 0x84, 0];

/// A CONNACK as bytes.
pub(super) fn connack(code: ConnectReturnCode, session_present: bool) -> Bytes {
    let mut bytes = BytesMut::with_capacity(4);
    // Writing four bytes into memory cannot fail.
    let _ = ConnAck::new(code, session_present).write(&mut bytes);
    bytes.freeze()
}

fn refuse(reason: Refused, code: ConnectReturnCode) -> Refusal {
    Refusal { reason, answer: Some(connack(code, false)) }
}

/// Takes a CONNECT from `buffer`; `None` while it is incomplete.
pub(super) fn next(buffer: &mut BytesMut, most: usize, longest_id: usize) -> Result<Option<Connect>, Refusal> {
    let Some(Header { kind, length, remaining, .. }) = header(buffer, most)? else { return Ok(None) };
    if kind != kind::CONNECT {
        return Err(Refused::Malformed.into());
    }
    if buffer.len() < length + remaining {
        return Ok(None);
    }
    buffer.advance(length);
    let connect = read(buffer.split_to(remaining).freeze())?;
    if connect.client_id.len() > longest_id || (connect.client_id.is_empty() && !connect.clean_session) {
        return Err(refuse(Refused::ClientId, ConnectReturnCode::BadClientId));
    }
    Ok(Some(connect))
}

fn read(mut body: Bytes) -> Result<Connect, Refusal> {
    let protocol = binary(&mut body)?;
    let level = byte(&mut body)?;
    match (&protocol[..], level) {
        (b"MQTT", 4) => {}
        (b"MQTT", 5) => {
            return Err(Refusal { reason: Refused::ProtocolVersion, answer: Some(Bytes::from_static(UNSUPPORTED_VERSION_5)) });
        }
        (b"MQTT" | b"MQIsdp", _) => return Err(refuse(Refused::ProtocolVersion, ConnectReturnCode::RefusedProtocolVersion)),
        _ => return Err(Refused::Malformed.into()),
    }
    let flags = byte(&mut body)?;
    let flag = |bit: u8| flags & (1 << bit) != 0;
    let (reserved, clean_session, will, will_qos, retain, password, user) =
        (flag(0), flag(1), flag(2), (flags >> 3) & 3, flag(5), flag(6), flag(7));
    if reserved || will_qos == 3 || (!will && (will_qos != 0 || retain)) || (password && !user) {
        return Err(Refused::Malformed.into());
    }
    let keep_alive = u16::from_be_bytes([byte(&mut body)?, byte(&mut body)?]);
    let client_id = text(&mut body)?;
    let will = if will {
        let qos = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce][usize::from(will_qos)];
        Some(LastWill { topic: text(&mut body)?, message: binary(&mut body)?, qos, retain })
    } else {
        None
    };
    if will.as_ref().is_some_and(|will| topic::check_name(&will.topic).is_err()) {
        return Err(Refused::Malformed.into());
    }
    let user = if user { text(&mut body)? } else { String::new() };
    let password = if password { binary(&mut body)? } else { Bytes::new() };
    if !body.is_empty() {
        return Err(Refused::Malformed.into());
    }
    Ok(Connect { client_id, clean_session, keep_alive, will, user, password })
}

fn byte(body: &mut Bytes) -> Result<u8, Refused> {
    body.try_get_u8().map_err(|_| Refused::Malformed)
}

fn binary(body: &mut Bytes) -> Result<Bytes, Refused> {
    let length = usize::from(body.try_get_u16().map_err(|_| Refused::Malformed)?);
    if body.len() < length { Err(Refused::Malformed) } else { Ok(body.split_to(length)) }
}

fn text(body: &mut Bytes) -> Result<String, Refused> {
    let text = String::from_utf8(binary(body)?.into()).map_err(|_| Refused::Malformed)?;
    if text.contains('\0') { Err(Refused::Malformed) } else { Ok(text) }
}

#[cfg(test)]
mod tests;
