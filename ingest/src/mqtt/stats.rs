//! What the door counts: every refusal by reason, connections, traffic.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

macro_rules! refused {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// Why the door refused something. The names are the reasons in `/metrics`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Refused {
            $($(#[$doc])* $variant,)*
        }

        impl Refused {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The reason in snake case, as in metrics and log.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

refused! {
    /// No complete CONNECT within the limit.
    ConnectTimeout = "connect_timeout",
    /// One connection too many, in all or from one address: CONNACK 3.
    TooManyConnections = "too_many_connections",
    /// The bytes are not MQTT 3.1.1, or not at this point: closed.
    Malformed = "malformed",
    /// A packet larger than the limit: closed before it is read.
    Oversized = "oversized",
    /// A packet for which memory was set aside did not arrive in time: closed.
    PacketTimeout = "packet_timeout",
    /// A protocol level other than 4: CONNACK 1, or MQTT 5's 0x84.
    ProtocolVersion = "protocol_version",
    /// An empty client id that asks for a session, or an over-long one: CONNACK 2.
    ClientId = "client_id",
    /// User name or password wrong: CONNACK 4.
    BadCredentials = "bad_credentials",
    /// The hub cannot answer now: CONNACK 3, or closed.
    Unavailable = "unavailable",
    /// A login that the protocol cannot serve: CONNACK 5.
    NotAuthorised = "not_authorised",
    /// A publish with a token that nobody has: closed.
    UnknownToken = "unknown_token",
    /// A publish to the token of another Thing than the connection's: closed.
    ForeignToken = "foreign_token",
    /// A publish outside what this connection may write: closed.
    TopicNotAllowed = "topic_not_allowed",
    /// A subscription outside what this connection may read, `$share`, or one too many: SUBACK 0x80.
    Subscription = "subscription",
    /// A retain flag in a place that keeps nothing: the message is taken, the flag is not.
    Retain = "retain",
    /// A will that its owner may not publish: accepted, never published.
    Will = "will",
    /// Nothing was heard for one and a half keep-alives: closed.
    KeepAlive = "keep_alive",
    /// The peer did not take what was sent within the limit: closed.
    StalledReader = "stalled_reader",
    /// A newer connection of the same Thing and client id came: closed.
    TakenOver = "taken_over",
    /// The store could not commit: closed without acknowledgement.
    StoreError = "store_error",
    /// A message for a subscriber whose queue is full: dropped.
    SlowSubscriber = "slow_subscriber",
}

/// The door's counters; shared, never reset.
#[derive(Debug, Default)]
pub struct DoorStats {
    refused: [AtomicU64; Refused::ALL.len()],
    connections: AtomicU64,
    accepted: AtomicU64,
    publishes: AtomicU64,
    payload_bytes: AtomicU64,
    subscriptions: AtomicU64,
}

impl DoorStats {
    /// Counts one refusal.
    pub fn refuse(&self, reason: Refused) {
        self.refused[reason as usize].fetch_add(1, Relaxed);
    }

    /// Refusals of one reason so far.
    pub fn refused(&self, reason: Refused) -> u64 {
        self.refused[reason as usize].load(Relaxed)
    }

    /// All reasons by name with their counts, also those still at zero.
    pub fn by_reason(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        Refused::ALL.iter().map(|&reason| (reason.name(), self.refused(reason)))
    }

    /// Connections open now, logged in or not.
    pub fn connections(&self) -> u64 {
        self.connections.load(Relaxed)
    }

    /// CONNECTs answered with CONNACK 0 so far.
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Relaxed)
    }

    /// Publishes handed to the pipeline so far, and the bytes of their payloads.
    pub fn published(&self) -> (u64, u64) {
        (self.publishes.load(Relaxed), self.payload_bytes.load(Relaxed))
    }

    /// Connections with at least one subscription now.
    pub fn subscribers(&self) -> u64 {
        self.subscriptions.load(Relaxed)
    }

    pub(super) fn accept(&self) {
        self.accepted.fetch_add(1, Relaxed);
    }

    pub(super) fn publish(&self, packets: usize, bytes: usize) {
        self.publishes.fetch_add(packets as u64, Relaxed);
        self.payload_bytes.fetch_add(bytes as u64, Relaxed);
    }

    pub(super) fn connected(&self, open: usize) {
        self.connections.store(open as u64, Relaxed);
    }

    pub(super) fn subscribed(&self, more: bool) {
        if more {
            self.subscriptions.fetch_add(1, Relaxed)
        } else {
            self.subscriptions.fetch_sub(1, Relaxed)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_counted_by_its_own_name() {
        let stats = DoorStats::default();
        for (times, &reason) in Refused::ALL.iter().enumerate() {
            for _ in 0..times {
                stats.refuse(reason);
            }
        }
        let counts: std::collections::BTreeMap<_, _> = stats.by_reason().collect();
        assert_eq!(counts.len(), Refused::ALL.len());
        for (times, reason) in Refused::ALL.iter().enumerate() {
            assert_eq!(counts[reason.name()], times as u64, "{reason:?}");
        }
    }
}
