//! Q1 (30 things, ten minutes at 100 Hz, per second mean, min and max) and the latest values, asked over HTTP.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use futures::future::try_join_all;

use crate::hub::{Hub, Programs};
use crate::load::Phone;
use crate::mqtt;
use crate::peers::duckdb_q1;
use crate::table::Row;

const PHONES: usize = 30;
const READINGS: usize = 60_000;
const TRIES: usize = 9;

/// Best of nine, hot and sealed.
pub(super) async fn measure(programs: &Programs) -> Result<Vec<Row>> {
    let hub = Hub::start(programs).await?;
    let topics = hub.join(PHONES).await?;
    let senders = topics.iter().enumerate().map(|(number, topic)| {
        let mut phone = Phone::new(number as u64);
        let messages: Vec<_> = (0..READINGS / 50).map(|_| phone.message(50)).collect();
        async move { mqtt::flood(hub.mqtt, &format!("q-{number}"), topic, messages.into_iter()).await }
    });
    try_join_all(senders).await?;
    hub.stored((PHONES * READINGS) as u64, Duration::from_secs(300)).await?;
    let q1 = hub.path("aggregates?property=acceleration&window=1s&format=arrow");
    let latest_path = hub.path("latest");
    let hot = best(&hub, &q1).await?;
    let latest = best(&hub, &latest_path).await?;
    hub.seal().await?;
    let sealed = best(&hub, &q1).await?;
    let peer = duckdb_q1(programs, &segment(hub.data.path())?)?.map(|seconds| seconds * 1000.0);
    Ok(vec![
        Row::new("Q1 over hot data, whole answer as Arrow over HTTP, ms", hot).target(5.0).peer("DuckDB on Parquet", peer),
        Row::new("Q1 over sealed data, whole answer as Arrow over HTTP, ms", sealed).target(5.0).peer("DuckDB on Parquet", peer),
        Row::new("latest value of each thing over HTTP, ms", latest).target(1.0).note("the target is time in the server"),
    ])
}

/// The one sealed file of the lesson, which the peer reads too.
fn segment(data: &Path) -> Result<PathBuf> {
    let mut folders = vec![data.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.to_string_lossy();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".parquet") && !name.contains(".1s.") {
                return Ok(path);
            }
        }
    }
    bail!("the lesson is not sealed")
}

/// Best time of a question in ms, the whole answer read.
async fn best(hub: &Hub, path: &str) -> Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..TRIES {
        let since = Instant::now();
        hub.get(path).await?;
        best = best.min(since.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(best)
}
