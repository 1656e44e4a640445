//! The lean MQTT 3.1.1 sender of the measurements: it must cost less than what it measures.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Bytes written at once when a phone sends flat out.
const CHUNK: usize = 32 * 1024;

fn packet(first: u8, body: &[u8], out: &mut Vec<u8>) {
    out.push(first);
    let mut length = body.len();
    loop {
        let digit = (length & 127) as u8;
        length >>= 7;
        out.push(if length > 0 { digit | 128 } else { digit });
        if length == 0 {
            break;
        }
    }
    out.extend_from_slice(body);
}

fn text(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(value.len() as u16).to_be_bytes());
    out.extend_from_slice(value);
}

/// A PUBLISH packet; with QoS 1 when it has an id.
pub fn publish(topic: &str, payload: &[u8], id: Option<u16>) -> Vec<u8> {
    let mut body = Vec::with_capacity(topic.len() + payload.len() + 4);
    text(topic.as_bytes(), &mut body);
    body.extend(id.map(u16::to_be_bytes).into_iter().flatten());
    body.extend_from_slice(payload);
    let mut out = Vec::with_capacity(body.len() + 5);
    packet(if id.is_some() { 0x32 } else { 0x30 }, &body, &mut out);
    out
}

/// Connects and waits for CONNACK.
pub async fn connect(address: SocketAddr, client: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut body = Vec::new();
    text(b"MQTT", &mut body);
    body.extend_from_slice(&[4, 2, 0, 60]);
    text(client.as_bytes(), &mut body);
    let mut out = Vec::new();
    packet(0x10, &body, &mut out);
    stream.write_all(&out).await?;
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await?;
    ensure!(answer == [0x20, 2, 0, 0], "CONNECT was answered {answer:?}");
    Ok(stream)
}

/// Sends all messages with QoS 0 as fast as they are taken, many in a write.
pub async fn flood(address: SocketAddr, client: &str, topic: &str, messages: impl Iterator<Item = Vec<u8>>) -> Result<()> {
    let mut stream = connect(address, client).await?;
    let mut buffer = Vec::with_capacity(CHUNK + 4096);
    for message in messages {
        buffer.extend_from_slice(&publish(topic, &message, None));
        if buffer.len() >= CHUNK {
            stream.write_all(&buffer).await?;
            buffer.clear();
        }
    }
    buffer.extend_from_slice(&[0xE0, 0]);
    stream.write_all(&buffer).await?;
    // The other side closes when it has read everything.
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.ok();
    Ok(())
}

/// Sends a message every `period` with QoS 1 until `end`; the time from the write to each PUBACK.
pub async fn paced(
    address: SocketAddr,
    client: &str,
    topic: &str,
    mut message: impl FnMut() -> Vec<u8>,
    period: Duration,
    end: Instant,
) -> Result<Vec<Duration>> {
    let (mut reader, mut writer) = connect(address, client).await?.into_split();
    let mut waiting: VecDeque<Instant> = VecDeque::new();
    let mut latencies = Vec::new();
    let mut id = 0u16;
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut answer = [0; 4];
    let mut have = 0;
    while Instant::now() < end || !waiting.is_empty() {
        tokio::select! {
            _ = ticks.tick(), if Instant::now() < end => {
                id = id.checked_add(1).unwrap_or(1);
                waiting.push_back(Instant::now());
                writer.write_all(&publish(topic, &message(), Some(id))).await?;
            }
            read = reader.read(&mut answer[have..]) => {
                have += read?;
                if have == 0 {
                    bail!("the connection was closed");
                }
                if have == 4 {
                    ensure!(answer[0] == 0x40, "expected PUBACK, got {answer:?}");
                    latencies.extend(waiting.pop_front().map(|since| since.elapsed()));
                    have = 0;
                }
            }
        }
    }
    Ok(latencies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_as_the_standard_has_them() {
        assert_eq!(publish("a/b", b"hi", None), [0x30, 7, 0, 3, b'a', b'/', b'b', b'h', b'i']);
        assert_eq!(publish("a", b"", Some(10)), [0x32, 5, 0, 1, b'a', 0, 10]);
        assert_eq!(publish("a", &[0; 200], None)[..3], [0x30, 0xCB, 1]);
    }
}
