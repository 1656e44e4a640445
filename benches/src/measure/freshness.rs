//! From a phone's publish to the moment a question sees it, and to the frame on a board, with ten boards watching.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{ROUNDS, least, quantile};
use crate::hub::{Hub, Programs};
use crate::mqtt;
use crate::table::Row;

const TRIES: usize = 200;
const WATCHERS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(5);

/// The 99th percentiles.
pub(super) async fn measure(programs: &Programs) -> Result<Vec<Row>> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(round(programs).await?);
    }
    let row = |what: &str, target, pick: fn(&Round) -> &Quantiles| {
        let at = |part: fn(&Quantiles) -> f64| least(rounds.iter().map(|round| part(pick(round)))).unwrap_or(f64::NAN);
        let note = format!("p50 {:.0}, p90 {:.0}", at(|times| times.p50), at(|times| times.p90));
        Row::new(format!("publish to {what}, p99, ms"), at(|times| times.p99)).target(target).note(note)
    };
    let watched = format!("frame on a board with {WATCHERS} watchers");
    Ok(vec![row("visible in a question", 40.0, |round| &round.visible), row(&watched, 120.0, |round| &round.drawn)])
}

struct Round {
    visible: Quantiles,
    drawn: Quantiles,
}

/// In ms.
struct Quantiles {
    p50: f64,
    p90: f64,
    p99: f64,
}

impl Quantiles {
    fn of(mut times: Vec<Duration>) -> Self {
        let mut at = |part| quantile(&mut times, part);
        Self { p50: at(0.5), p90: at(0.9), p99: at(0.99) }
    }
}

async fn round(programs: &Programs) -> Result<Round> {
    let hub = Hub::start(programs).await?;
    let topic = hub.join(1).await?.pop().context("no Thing")?;
    let (sender, mut frames) = mpsc::channel(1024);
    let mut boards = Vec::new();
    for _ in 0..WATCHERS {
        boards.push(hub.watch("acceleration", sender.clone()).await?);
    }
    let mut phone = mqtt::connect(hub.mqtt, "fresh").await?;
    let (mut visible, mut drawn) = (Vec::new(), Vec::new());
    for number in 0..TRIES {
        while frames.try_recv().is_ok() {}
        // Whole numbers, so that the value's text in an answer is the number's.
        let value = number + 100;
        let payload = format!(r#"{{"t":{},"x":{value},"y":0,"z":0}}"#, number as f64 * 0.1);
        let since = Instant::now();
        phone.write_all(&mqtt::publish(&topic, payload.as_bytes(), Some(number as u16 + 1))).await?;
        until_visible(&hub, value, since).await?;
        visible.push(since.elapsed());
        let frame = timeout(PATIENCE, frames.recv()).await.context("no frame came")?.context("the boards are gone")?;
        drawn.push(frame.saturating_duration_since(since));
        let mut puback = [0; 4];
        phone.read_exact(&mut puback).await?;
        // Not a multiple of the boards' tick, so that the tick's phase is sampled evenly.
        tokio::time::sleep(Duration::from_millis(137)).await;
    }
    boards.iter().for_each(tokio::task::JoinHandle::abort);
    Ok(Round { visible: Quantiles::of(visible), drawn: Quantiles::of(drawn) })
}

async fn until_visible(hub: &Hub, value: usize, since: Instant) -> Result<()> {
    let path = hub.path("observations?format=csv");
    let cell = format!(",{value},0,0,");
    loop {
        let text = String::from_utf8(hub.get(&path).await?)?;
        if text.contains(&cell) {
            return Ok(());
        }
        if since.elapsed() > PATIENCE {
            bail!("reading {value} did not become visible");
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
