//! What a running simulation tells the person who watches it.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

/// Counters all phones share. Readings count once, however often they travel.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    sent: AtomicU64,
    acknowledged: AtomicU64,
    refused: AtomicU64,
    reconnects: AtomicU64,
    finished: AtomicU64,
    /// The status of the first refusal.
    refusal: Mutex<Option<String>>,
}

impl Progress {
    pub(crate) fn sent(&self, readings: u64) {
        self.sent.fetch_add(readings, Relaxed);
    }

    pub(crate) fn acknowledged(&self, readings: u64) {
        self.acknowledged.fetch_add(readings, Relaxed);
    }

    /// The hub refused readings for good with an HTTP status.
    pub(crate) fn refused(&self, readings: u64, status: &str) {
        self.refused.fetch_add(readings, Relaxed);
        if let Ok(mut refusal) = self.refusal.lock() {
            refusal.get_or_insert_with(|| status.to_owned());
        }
    }

    /// A connection was opened, `again` if an earlier one broke or failed.
    pub(crate) fn connected(&self, again: bool) {
        self.reconnects.fetch_add(u64::from(again), Relaxed);
    }

    /// A phone is through.
    pub(crate) fn finished(&self) {
        self.finished.fetch_add(1, Relaxed);
    }

    /// Readings the hub refused for good.
    pub(crate) fn refusals(&self) -> u64 {
        self.refused.load(Relaxed)
    }

    fn line(&self, things: usize, since: Duration) -> String {
        let refused = match self.refusals() {
            0 => String::new(),
            refused => {
                let status = self.refusal.lock().ok().and_then(|status| status.clone()).unwrap_or_default();
                format!(", {refused} refused ({status})")
            }
        };
        let again = match self.reconnects.load(Relaxed) {
            0 => String::new(),
            again => format!(", {again} reconnects"),
        };
        let (sent, acknowledged) = (self.sent.load(Relaxed), self.acknowledged.load(Relaxed));
        format!(
            "{:>4.0} s  {things} phones ({} finished)  {sent} readings sent, {acknowledged} acknowledged{refused}{again}",
            since.as_secs_f64(),
            self.finished.load(Relaxed)
        )
    }

    /// Writes a line to stderr until dropped: four times a second over itself on a terminal, otherwise every 5 s.
    pub(crate) async fn show(&self, things: usize) {
        let terminal = std::io::stderr().is_terminal();
        let (since, mut tick) = (Instant::now(), interval(Duration::from_millis(if terminal { 250 } else { 5000 })));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tick.tick().await;
        loop {
            tick.tick().await;
            let line = self.line(things, since.elapsed());
            // A closed stderr is no reason to stop measuring.
            let _ = if terminal { write!(std::io::stderr(), "\r\x1b[2K{line}") } else { writeln!(std::io::stderr(), "{line}") };
        }
    }
}

/// Ends the line that [`Progress::show`] writes over itself.
pub(crate) fn end_line() {
    if std::io::stderr().is_terminal() {
        let _ = writeln!(std::io::stderr());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_named_only_when_there_is_some() {
        let progress = Progress::default();
        progress.sent(10);
        progress.acknowledged(7);
        progress.connected(false);
        let line = progress.line(30, Duration::from_secs(3));
        assert_eq!(line, "   3 s  30 phones (0 finished)  10 readings sent, 7 acknowledged");
        progress.connected(true);
        progress.refused(2, "401");
        progress.refused(1, "403");
        assert!(progress.line(30, Duration::ZERO).ends_with("7 acknowledged, 3 refused (401), 1 reconnects"));
    }
}
