//! What the web port counts.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Why the web port refused something before a route could.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebRefused {
    /// One connection too many, in all or from one address: 503.
    TooManyConnections,
    /// A TLS handshake that failed or did not come to an end in time: closed.
    Handshake,
    /// A TLS hello to a hub without a certificate: closed at once.
    NoTls,
    /// A request whose head did not come in time: closed.
    HeadTimeout,
    /// No HTTP: 400 or 431, closed.
    Malformed,
    /// A body that did not come in time: 408.
    BodyTimeout,
    /// A body larger than it may be: 413.
    BodyTooLarge,
    /// A body that broke off or is wrongly framed: 400.
    BodyBroken,
    /// Readings for which there was no memory in time: 503.
    Busy,
}

impl WebRefused {
    /// Every reason, in the order of the counters.
    pub const ALL: [Self; 9] = [
        Self::TooManyConnections,
        Self::Handshake,
        Self::NoTls,
        Self::HeadTimeout,
        Self::Malformed,
        Self::BodyTimeout,
        Self::BodyTooLarge,
        Self::BodyBroken,
        Self::Busy,
    ];

    /// The reason in snake case, as in metrics and log.
    pub fn name(self) -> &'static str {
        match self {
            Self::TooManyConnections => "too_many_connections",
            Self::Handshake => "handshake",
            Self::NoTls => "no_tls",
            Self::HeadTimeout => "head_timeout",
            Self::Malformed => "malformed",
            Self::BodyTimeout => "body_timeout",
            Self::BodyTooLarge => "body_too_large",
            Self::BodyBroken => "body_broken",
            Self::Busy => "busy",
        }
    }
}

/// The port's counters; shared, never reset.
#[derive(Debug, Default)]
pub struct WebStats {
    refused: [AtomicU64; WebRefused::ALL.len()],
    connections: AtomicU64,
}

impl WebStats {
    /// Counts one refusal.
    pub fn refuse(&self, reason: WebRefused) {
        self.refused[reason as usize].fetch_add(1, Relaxed);
    }

    /// Refusals of one reason so far.
    pub fn refused(&self, reason: WebRefused) -> u64 {
        self.refused[reason as usize].load(Relaxed)
    }

    /// All reasons by name with their counts, also those still at zero.
    pub fn by_reason(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        WebRefused::ALL.into_iter().map(|reason| (reason.name(), self.refused(reason)))
    }

    /// Connections open now, WebSockets among them.
    pub fn connections(&self) -> u64 {
        self.connections.load(Relaxed)
    }

    pub(super) fn connected(&self, open: usize) {
        self.connections.store(open as u64, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_counted_by_its_own_name() {
        let stats = WebStats::default();
        for (times, reason) in WebRefused::ALL.into_iter().enumerate() {
            (0..times).for_each(|_| stats.refuse(reason));
        }
        let counts: std::collections::BTreeMap<_, _> = stats.by_reason().collect();
        assert_eq!(counts.len(), WebRefused::ALL.len());
        for (times, reason) in WebRefused::ALL.into_iter().enumerate() {
            assert_eq!(counts[reason.name()], times as u64, "{reason:?}");
        }
    }
}
