//! A whole school: 900 phones, each two messages of 50 readings a second with QoS 1. Beside mosquitto, which stores nothing.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::future::try_join_all;

use super::{ROUNDS, least, median, quantile};
use crate::hub::{Hub, Programs};
use crate::load::Phone;
use crate::mqtt;
use crate::peers::Mosquitto;
use crate::process::Process;
use crate::table::Row;

const PHONES: usize = 900;
const PERIOD: Duration = Duration::from_millis(500);
const COURSE: Duration = Duration::from_secs(10);

/// Time to PUBACK and CPU.
pub(super) async fn measure(programs: &Programs) -> Result<Vec<Row>> {
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let hub = Hub::start(programs).await?;
        let topics = hub.join(PHONES).await?;
        ours.push(run(hub.mqtt, &hub.process, &topics).await?);
        drop(hub);
        if let Some(broker) = Mosquitto::start()? {
            peers.push(run(broker.address, &broker.process, &topics).await?);
        }
    }
    let name = "mosquitto, nothing stored";
    let wall = |what: &str, target, pick: fn(&Run) -> f64| {
        let ours = least(ours.iter().map(pick)).unwrap_or(f64::NAN);
        Row::new(format!("900 phones: PUBACK {what}, ms"), ours).target(target).peer(name, least(peers.iter().map(pick)))
    };
    let cores = |runs: &[Run]| median(runs.iter().map(|run| run.cores).collect());
    Ok(vec![
        wall("p50", 5.0, |run| run.p50),
        wall("p99", 25.0, |run| run.p99),
        Row::new("900 phones: cores", cores(&ours).unwrap_or(f64::NAN)).target(0.25).peer(name, cores(&peers)),
    ])
}

struct Run {
    p50: f64,
    p99: f64,
    cores: f64,
}

async fn run(address: SocketAddr, process: &Process, topics: &[String]) -> Result<Run> {
    let (before, since) = (process.cpu()?, Instant::now());
    let end = since + COURSE;
    let phones = topics.iter().enumerate().map(|(number, topic)| async move {
        // Phones do not tick together: their starts are spread over one period.
        tokio::time::sleep(PERIOD.mul_f64(number as f64 / PHONES as f64)).await;
        let mut phone = Phone::new(number as u64);
        mqtt::paced(address, &format!("school-{number}"), topic, || phone.message(50), PERIOD, end).await
    });
    let mut latencies: Vec<Duration> = try_join_all(phones).await?.into_iter().flatten().collect();
    let cores = (process.cpu()? - before) / since.elapsed().as_secs_f64();
    Ok(Run { p50: quantile(&mut latencies, 0.5), p99: quantile(&mut latencies, 0.99), cores })
}
