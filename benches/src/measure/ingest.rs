//! Publish to durable and queryable, 30 connections flat out, one board watching; then sealed. Beside mosquitto → DuckDB.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::future::try_join_all;

use super::{ROUNDS, median};
use crate::hub::{Hub, Programs};
use crate::load::Phone;
use crate::mqtt;
use crate::peers::{DuckDb, Mosquitto};
use crate::process::bytes_below;
use crate::table::Row;

const PHONES: usize = 30;
const PATIENCE: Duration = Duration::from_secs(300);

/// CPU and bytes per sample for so many readings in a message.
pub(super) async fn measure(programs: &Programs, readings: usize) -> Result<Vec<Row>> {
    let messages = if readings == 1 { 20_000 } else { 1_200 };
    let rows = (PHONES * messages * readings) as u64;
    let samples = rows as f64 * 3.0;
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(hub(programs, readings, messages, rows).await?);
        peers.extend(duckdb(programs, readings, messages, rows).await?);
    }
    let million = samples / 1e6;
    let (cpu_target, name) = if readings == 1 { (0.6, "one reading a message") } else { (0.15, "50 readings a message") };
    let of_ours = |pick: fn(&Ours) -> f64| median(ours.iter().map(pick).collect()).unwrap_or(f64::NAN);
    let of_peer = |pick: fn(&Peer) -> f64| median(peers.iter().map(pick).collect());
    let peer = of_peer(|peer| peer.cpu).map(|cpu| cpu / million);
    let speed = samples / of_ours(|ours| ours.seconds) / 1000.0;
    let what = |until: &str| format!("CPU-s per million samples, {name}, until {until}");
    let mut table = vec![
        Row::new(what("durable and queryable"), of_ours(|ours| ours.queryable) / million)
            .target(cpu_target)
            .peer("mosquitto + DuckDB", peer)
            .note(format!("{speed:.0} thousand samples/s, peak {:.0} MiB", of_ours(|ours| ours.peak))),
        Row::new(what("sealed into one file"), of_ours(|ours| ours.cpu) / million).peer("mosquitto + DuckDB", peer),
    ];
    if readings > 1 {
        table.push(
            Row::new("bytes per sample on disk, sealed", of_ours(|ours| ours.bytes) / samples)
                .target(1.85)
                .peer("DuckDB", of_peer(|peer| peer.bytes).map(|bytes| bytes / samples)),
        );
    }
    Ok(table)
}

struct Ours {
    /// Until everything is sealed in one file.
    cpu: f64,
    /// Of it until everything is durable and in answers.
    queryable: f64,
    seconds: f64,
    peak: f64,
    bytes: f64,
}

async fn hub(programs: &Programs, readings: usize, messages: usize, rows: u64) -> Result<Ours> {
    let hub = Hub::start(programs).await?;
    let topics = hub.join(PHONES).await?;
    let (frames, mut seen) = tokio::sync::mpsc::channel(1);
    let board = hub.watch("acceleration", frames).await?;
    let drain = tokio::spawn(async move { while seen.recv().await.is_some() {} });
    let payloads = payloads(readings, messages);
    let (before, since) = (hub.process.cpu()?, Instant::now());
    flood(hub.mqtt, &topics, payloads).await?;
    hub.stored(rows, PATIENCE).await?;
    let seconds = since.elapsed().as_secs_f64();
    let queryable = hub.process.cpu()? - before;
    hub.seal().await?;
    let cpu = hub.process.cpu()? - before;
    let bytes = bytes_below(hub.data.path(), ".parquet") as f64;
    let peak = hub.process.peak_mib()?;
    board.abort();
    drain.abort();
    Ok(Ours { cpu, queryable, seconds, peak, bytes })
}

struct Peer {
    cpu: f64,
    bytes: f64,
}

async fn duckdb(programs: &Programs, readings: usize, messages: usize, rows: u64) -> Result<Option<Peer>> {
    let Some(broker) = Mosquitto::start()? else { return Ok(None) };
    let Some(pipeline) = DuckDb::start(programs, broker.address, rows)? else { return Ok(None) };
    let topics: Vec<String> = (0..PHONES).map(|phone| format!("in/{phone}/acc")).collect();
    let payloads = payloads(readings, messages);
    let before = broker.process.cpu()?;
    flood(broker.address, &topics, payloads).await?;
    let stored = tokio::task::spawn_blocking(|| pipeline.finish()).await??;
    Ok(Some(Peer { cpu: stored.cpu + broker.process.cpu()? - before, bytes: stored.bytes }))
}

/// All messages of all phones, made before the clock starts: making them would slow the sender below "flat out".
fn payloads(readings: usize, messages: usize) -> Vec<Vec<Vec<u8>>> {
    (0..PHONES as u64).map(Phone::new).map(|mut phone| (0..messages).map(|_| phone.message(readings)).collect()).collect()
}

async fn flood(address: SocketAddr, topics: &[String], payloads: Vec<Vec<Vec<u8>>>) -> Result<()> {
    let senders = topics.iter().zip(payloads).enumerate().map(|(phone, (topic, messages))| async move {
        mqtt::flood(address, &format!("bench-{phone}"), topic, messages.into_iter()).await
    });
    try_join_all(senders).await?;
    Ok(())
}
