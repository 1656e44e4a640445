//! Ten years of 10-minute values of twenty stations: the year chart, all years, a wind rose's worth of reading, over HTTP.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use serde_json::Value;

use crate::hub::{Hub, Programs};
use crate::peers::duckdb_years;
use crate::table::Row;

const STATIONS: usize = 20;
/// Readings of a station: 3,650 days.
const READINGS: i64 = 3_650 * 144;
/// Seconds between them, and of the first, 2016-01-01T00:00:00Z.
const STEP: i64 = 600;
const FIRST: i64 = 1_451_606_400;
/// Readings of a message, which may have 64 KiB.
const MESSAGE: i64 = 1_200;
/// The year of the chart: 2024 in Berlin.
const YEAR: (i64, i64) = (1_704_063_600, 1_735_686_000);
const TRIES: usize = 9;

/// A year's course, a day's course, and a little of chance.
fn temperature(station: usize, number: i64) -> f64 {
    let days = number as f64 / 144.0;
    let turn = std::f64::consts::TAU;
    let noise = f64::from((number as u32).wrapping_mul(2_654_435_761) >> 22) / 512.0 - 1.0;
    9.0 + station as f64 / 10.0 - 10.0 * (days / 365.25 * turn).cos() - 4.0 * (days * turn).cos() + noise
}

fn message(station: usize, from: i64) -> String {
    let mut pack = format!(r#"[{{"bt":{FIRST},"bu":"Cel""#);
    for number in from..(from + MESSAGE).min(READINGS) {
        let open = if number == from { "," } else { ",{" };
        // Writing into a string does not fail.
        let _ = write!(pack, r#"{open}"n":"temperature","t":{},"v":{:.1}}}"#, number * STEP, temperature(station, number));
    }
    pack + "]"
}

/// Best of nine.
pub(super) async fn measure(programs: &Programs) -> Result<Vec<Row>> {
    let hub = Hub::start(programs).await?;
    let mut stations = vec![];
    for number in 0..STATIONS {
        stations.push(hub.station(&format!("station {number}")).await?);
    }
    let hub_ref = &hub;
    for four in stations.chunks(4).enumerate() {
        let send = four.1.iter().enumerate().map(|(place, (_, key))| async move {
            let mut from = 0;
            while from < READINGS {
                hub_ref.send(key, message(four.0 * 4 + place, from)).await?;
                from += MESSAGE;
            }
            anyhow::Ok(())
        });
        try_join_all(send).await?;
    }
    hub.stored(STATIONS as u64 * READINGS as u64, Duration::from_secs(300)).await?;
    let (id, _) = stations.get(STATIONS / 2).context("no station")?;
    let series = |more: &str| format!("/api/v1/stations/{id}/series?property=temperature{more}");
    let (year, all) = (series("&by=day&from=2024-01-01&to=2025-01-01"), series("&by=month"));
    let answer: Value = serde_json::from_slice(&hub.get(&year).await?)?;
    let counts: Vec<u64> = answer["count"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    ensure!(counts.len() == 366 && counts.iter().all(|count| (138..=150).contains(count)), "a year of 366 days: {counts:?}");
    let hot = hub.metric("messwerk_hot_rows").await?;
    let ours = (best(&hub, &year).await?, best(&hub, &all).await?);
    let files = files(hub.data.path(), id)?;
    let peer = if files.is_empty() { None } else { duckdb_years(programs, &files, YEAR)? };
    let note = format!(
        "{STATIONS} stations, {} readings; {} Parquet files of this one, {hot} rows not yet sealed",
        STATIONS as i64 * READINGS,
        files.len()
    );
    Ok(vec![
        Row::new("a station's year by days over HTTP, ms", ours.0)
            .target(300.0)
            .peer("DuckDB on Parquet", peer.map(|peer| peer.0 * 1e3))
            .note(&note),
        Row::new("a station's ten years by months over HTTP, ms", ours.1).peer("DuckDB on Parquet", peer.map(|peer| peer.1 * 1e3)),
    ])
}

/// The sealed files of a station, which the peer reads too.
fn files(data: &Path, id: &str) -> Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (BTreeSet::new(), vec![data.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".parquet") && !name.contains(".1s.") && name.contains(id) {
                found.insert(path);
            }
        }
    }
    Ok(found.into_iter().collect())
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
