//! The bell rings: 3,000 phones log in at once while 100 connections say nothing. Beside mosquitto.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::future::join_all;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::hub::{Hub, Programs};
use crate::mqtt;
use crate::peers::Mosquitto;
use crate::table::Row;

const LOGINS: usize = 3_000;
const SILENT: usize = 100;
const PATIENCE: Duration = Duration::from_secs(30);

/// Seconds until the last CONNACK.
pub(super) async fn measure(programs: &Programs) -> Result<Vec<Row>> {
    let hub = Hub::start(programs).await?;
    let ours = storm(hub.mqtt).await?;
    drop(hub);
    let peer = match Mosquitto::start()? {
        Some(broker) => Some(storm(broker.address).await?),
        None => None,
    };
    Ok(vec![
        Row::new("3,000 logins at once with 100 silent connections, s", ours.seconds)
            .target(1.0)
            .peer("mosquitto", peer.as_ref().map(|peer| peer.seconds))
            .note(format!("failed: {}, mosquitto: {}", ours.failed, peer.map_or_else(|| "–".to_owned(), |peer| peer.failed.to_string()))),
    ])
}

struct Storm {
    seconds: f64,
    failed: usize,
}

async fn storm(address: SocketAddr) -> Result<Storm> {
    let silent: Vec<TcpStream> = join_all((0..SILENT).map(|_| TcpStream::connect(address)))
        .await
        .into_iter()
        .collect::<Result<_, _>>()
        .context("even silent connections are refused: is the limit of open files (ulimit -n) below 4000?")?;
    let since = Instant::now();
    let logins =
        (0..LOGINS).map(|number| tokio::spawn(async move { timeout(PATIENCE, mqtt::connect(address, &format!("login-{number}"))).await }));
    let answers = join_all(logins).await;
    let seconds = since.elapsed().as_secs_f64();
    let failed = answers.iter().filter(|answer| !matches!(answer, Ok(Ok(Ok(_))))).count();
    drop(silent);
    Ok(Storm { seconds, failed })
}
