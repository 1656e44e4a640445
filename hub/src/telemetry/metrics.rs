//! `/metrics`: Prometheus' text format, written from counters that the rooms keep themselves.

use std::fmt::{Display, Write};

use crate::state::Hub;

struct Text(String);

impl Text {
    fn family(&mut self, kind: &str, name: &str, help: &str, rows: impl IntoIterator<Item = (String, f64)>) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.0, "# HELP messwerk_{name} {help}\n# TYPE messwerk_{name} {kind}");
        for (labels, value) in rows {
            let _ = writeln!(self.0, "messwerk_{name}{labels} {value}");
        }
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Into<f64>) {
        self.family("gauge", name, help, [(String::new(), value.into())]);
    }

    fn counter(&mut self, name: &str, help: &str, value: impl Into<f64>) {
        self.family("counter", name, help, [(String::new(), value.into())]);
    }
}

fn label(name: &str, value: impl Display) -> String {
    format!("{{{name}=\"{value}\"}}")
}

/// All metrics of the hub. Counts are exact up to 2^53.
pub fn render(hub: &Hub) -> String {
    let mut text = Text(String::with_capacity(4096));
    let stats = hub.store.stats();
    text.counter("commits_total", "Group commits that are on disk.", stats.commits as f64);
    text.gauge("memory_bytes", "Bytes of rows, indexes and queues in memory.", stats.memory_bytes as f64);
    text.gauge("memory_budget_bytes", "Bytes the store may hold in memory before senders wait.", stats.memory_limit as f64);
    text.gauge("hot_rows", "Rows not yet sealed into Parquet.", stats.hot_rows as f64);
    text.gauge("segments", "Sealed Parquet files.", stats.segments as f64);
    text.gauge("segment_rows", "Observations in them.", stats.segment_rows as f64);
    text.gauge("segment_bytes", "Bytes of them.", stats.segment_bytes as f64);
    text.gauge("last_commit_seconds", "How long the last group commit took.", stats.last_commit.as_secs_f64());
    text.counter("seals_total", "Seals since the start.", stats.seals as f64);
    text.gauge("problems", "What an administrator should know; /readyz names each and its fix.", hub.problems().len() as f64);
    let read_only = if hub.store.read_only() { 1.0 } else { 0.0 };
    text.gauge("read_only", "1 while the disk takes nothing more and nothing is acknowledged; /readyz says what to do.", read_only);
    text.gauge("wal_bytes", "Bytes of write-ahead log not yet replaced by segments.", stats.wal_bytes as f64);
    text.gauge("index_bytes", "Of the memory: what tells resent readings from new ones.", stats.index_bytes as f64);
    text.gauge("queue_bytes", "Of the memory: readings waiting for their commit.", stats.queue_bytes as f64);
    text.gauge("wal_torn_bytes", "Bytes of an unfinished commit cut off the log at the start.", stats.torn_wal_bytes as f64);
    text.gauge("wal_damaged_bytes", "Bytes of the log that could not be read at the start.", stats.damaged_wal_bytes as f64);
    text.counter(
        "flush_failures_total",
        "Writes the disk refused; then nothing is acknowledged until a restart.",
        stats.flush_failures as f64,
    );
    let refusals = hub.joining.by_reason().map(|(reason, count)| (label("reason", reason), count as f64));
    text.family("counter", "join_refusals_total", "Who did not join a lesson, by reason.", refusals);
    text.gauge("mqtt_connections", "MQTT connections now.", hub.door.stats().connections() as f64);
    let refusals = hub.door.stats().by_reason().map(|(reason, count)| (label("reason", reason), count as f64));
    text.family("counter", "mqtt_refusals_total", "What the MQTT door refused, by reason.", refusals);
    let in_flight = hub.pipeline.in_flight();
    text.gauge("in_flight_bytes", "Memory of packets on their way to the store.", in_flight.used() as f64);
    text.gauge("in_flight_budget_bytes", "What they may take before sockets are not read any more.", in_flight.limit() as f64);
    text.counter("in_flight_waits_total", "Packets that had to wait for memory before they were read.", in_flight.waits() as f64);
    text.counter(
        "identifiers_dropped_total",
        "Members of packets that say who the sender is, left out unread.",
        hub.pipeline.dropped() as f64,
    );
    text.gauge("http_connections", "Connections of the web port now, WebSockets among them.", hub.web.connections() as f64);
    let refusals = hub.web.by_reason().map(|(reason, count)| (label("reason", reason), count as f64));
    text.family("counter", "http_refusals_total", "What the web port refused before a route could, by reason.", refusals);
    text.0
}
