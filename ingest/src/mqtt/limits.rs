//! Every limit of the door with its default and what happens beyond it.

use std::time::Duration;

/// Limits of MQTT sessions. Nothing here is unbounded; each field says what happens when it is full.
#[derive(Debug, Clone)]
pub struct MqttLimits {
    /// Bytes of one packet's payload. Default 64 KiB, as the pipeline's. A larger packet closes the connection before
    /// it is read.
    pub packet_bytes: usize,
    /// Bytes of a CONNECT. Default 8 KiB: client id, will, user name and password. A larger one closes the connection.
    pub connect_bytes: usize,
    /// Bytes of a client id. Default 256. A longer one is answered with CONNACK 2.
    pub client_id_bytes: usize,
    /// Bytes of a topic or filter. Default 1,024. A longer one closes the connection or is answered with SUBACK 0x80.
    pub topic_bytes: usize,
    /// Time for TCP accept to complete CONNECT. Default 10 s. Then closed.
    pub connect_time: Duration,
    /// Longest silence of a client that switched its keep-alive off. Default 1 h. Then closed; TCP's own keep-alive
    /// finds dead peers within two minutes.
    pub silence: Duration,
    /// Time for a peer to take what is sent to it. Default 20 s. Then closed.
    pub write_time: Duration,
    /// Time for a packet too large for the read buffer to arrive, once memory was set aside for it. Default 20 s: 64 KiB
    /// at 26 kbit/s. Then closed.
    pub packet_time: Duration,
    /// Connections in all. Default 10,000. One more is answered with CONNACK 3.
    pub connections: usize,
    /// Connections from one address. Default 5,000: a school stands behind one address. One more is answered with
    /// CONNACK 3.
    pub connections_per_ip: usize,
    /// Bytes published by one connection that wait for their commit, each packet counted with 256 bytes of
    /// bookkeeping. Default 256 KiB: 1,000 small packets a commit of 5 ms. Full: its socket is not read.
    pub window_bytes: usize,
    /// How long a token's answer is believed. Default 1 s: after that the next publish asks again, so that a lesson
    /// that ends or pauses is noticed within it.
    pub recheck: Duration,
    /// Messages queued for one subscriber. Default 256. Full: the newest is dropped and counted.
    pub mail: usize,
    /// Filters of one connection. Default 32. One more is answered with SUBACK 0x80.
    pub filters: usize,
    /// Time to finish acknowledgements when the hub stops. Default 5 s. Then closed without them.
    pub drain_time: Duration,
}

impl Default for MqttLimits {
    fn default() -> Self {
        Self {
            packet_bytes: 64 * 1024,
            connect_bytes: 8 * 1024,
            client_id_bytes: 256,
            topic_bytes: 1024,
            connect_time: Duration::from_secs(10),
            silence: Duration::from_secs(3600),
            write_time: Duration::from_secs(20),
            packet_time: Duration::from_secs(20),
            connections: 10_000,
            connections_per_ip: 5_000,
            window_bytes: 256 * 1024,
            recheck: Duration::from_secs(1),
            mail: 256,
            filters: 32,
            drain_time: Duration::from_secs(5),
        }
    }
}

impl MqttLimits {
    /// The largest remaining length that is read: a full payload under the longest topic.
    pub(super) fn remaining(&self) -> usize {
        self.packet_bytes + self.topic_bytes + 4
    }
}
