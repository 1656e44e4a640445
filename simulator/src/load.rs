//! Load: as many connections as wanted, paced or flat out, from a generator that stays cheap.
//!
//! One connection is one task on raw sockets; packets are encoded once and patched in place, so that a measurement on one
//! machine measures the hub and not this program. [`LoadReport`] says what the generator itself took.

mod connection;
mod cpu;
mod packets;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use hdrhistogram::Histogram;
use serde::Serialize;
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::api::Hub;
pub use crate::class::Stop;
use connection::{Course, Tally, Target};
use packets::Bodies;
pub use packets::Shape;

/// Things that join at the same time.
const JOINING: usize = 32;

/// Things of one lesson; a hub takes 250 unless it is told otherwise.
const IN_A_LESSON: usize = 200;

/// How long to wait for the last acknowledgements.
const DRAIN: Duration = Duration::from_secs(10);

/// What to load a hub with.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// The hub's address; its Things are joined through the API.
    pub hub: Option<String>,
    /// A teacher's token, to make the lessons.
    pub token: Option<String>,
    /// Joins this lesson instead of making as many as the connections need.
    pub code: Option<String>,
    /// Another broker to load instead (`HOST:PORT`), without joining.
    pub mqtt: Option<String>,
    /// Topic of connection `{n}` at such a broker.
    pub topic: String,
    /// How many connections.
    pub connections: usize,
    /// Connections that are opened beforehand and say nothing.
    pub silent: usize,
    /// Packets per second and connection; `None` is as fast as acknowledgements come.
    pub rate: Option<f64>,
    /// Readings per packet.
    pub batch: usize,
    /// Spelling of a packet.
    pub shape: Shape,
    /// MQTT quality of service.
    pub qos: u8,
    /// Packets a connection may have unacknowledged.
    pub window: usize,
    /// How long to send, s.
    pub seconds: f64,
    /// Only logs in, all connections at once.
    pub login_storm: bool,
    /// Addresses beyond loopback are allowed.
    pub own_hub: bool,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            hub: None,
            token: None,
            code: None,
            mqtt: None,
            topic: "load/{n}".to_owned(),
            connections: 30,
            silent: 0,
            rate: None,
            batch: 50,
            shape: Shape::Binary,
            qos: 1,
            window: 20,
            seconds: 10.0,
            login_storm: false,
            own_hub: false,
        }
    }
}

/// What a load came to. A sample is one scalar: a reading of the accelerometer has three.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct LoadReport {
    /// Connections that logged in.
    pub connections: usize,
    /// Connections that did not, or broke off.
    pub failed: usize,
    /// Why the first of them failed.
    pub failure: Option<String>,
    /// From the first login to the last CONNACK, s.
    pub login_seconds: f64,
    /// From opening the TCP connection to its CONNACK.
    pub connack_ms: Option<Quantiles>,
    /// From the first packet to the last acknowledgement, s.
    pub seconds: f64,
    /// Packets written.
    pub packets: u64,
    /// Readings written.
    pub readings: u64,
    /// Readings acknowledged (with QoS 0: those before the last PINGRESP).
    pub acknowledged: u64,
    /// Acknowledged readings per second.
    pub readings_per_second: f64,
    /// PUBLISH to PUBACK or PUBCOMP; `None` with QoS 0.
    pub puback_ms: Option<Quantiles>,
    /// CPU time of this process from the first login on, s.
    pub own_cpu_seconds: f64,
    /// The same per million samples written.
    pub own_cpu_per_million_samples: Option<f64>,
}

/// Median, 99th percentile and largest of a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quantiles {
    /// Median.
    pub p50: f64,
    /// 99th percentile.
    pub p99: f64,
    /// Largest.
    pub max: f64,
}

/// Loads a hub until the time is over or `stop` is asked for.
///
/// # Errors
/// An address that is not loopback, options that fit no load, a hub that refuses the joining, or a target where not one
/// connection succeeds. Single failures stand in the report.
pub async fn run(options: LoadOptions, stop: Stop) -> Result<LoadReport> {
    ensure!(options.connections > 0, "at least one connection");
    ensure!((1..=1000).contains(&options.batch), "1 to 1,000 readings a packet");
    ensure!(options.qos <= 2, "QoS is 0, 1 or 2");
    ensure!((1..=10_000).contains(&options.window), "a window of 1 to 10,000 packets");
    ensure!(options.rate.is_none_or(|rate| rate > 0.0 && rate <= 1e6), "a rate is above 0 packets per second");
    let targets = targets(&options).await?;
    let mut silent = Vec::with_capacity(options.silent);
    for _ in 0..options.silent {
        silent.push(TcpStream::connect(targets[0].address).await.context("a silent connection")?);
    }

    let course = Arc::new(Course {
        bodies: Bodies::new(options.shape, options.batch)?,
        qos: options.qos,
        window: options.window,
        pause: options.rate.map(|rate| Duration::from_secs_f64(1.0 / rate)),
        length: if options.login_storm { Duration::ZERO } else { Duration::from_secs_f64(options.seconds) },
        drain: DRAIN,
        // Everybody has logged in (or failed) before the first packet: logins and packets are measured apart.
        ready: Barrier::new(options.connections),
    });
    let (cpu, began) = (cpu::seconds()?, Instant::now());
    let mut tasks = JoinSet::new();
    for (number, target) in targets.into_iter().enumerate() {
        tasks.spawn(connection::run(number, options.connections, target, course.clone(), began, stop.clone()));
    }
    let mut tally = Tally::new()?;
    while let Some(one) = tasks.join_next().await {
        tally.add(one?)?;
    }
    let report = report(&tally, &options, cpu::seconds()? - cpu);
    ensure!(report.connections > 0, "not one connection succeeded: {}", report.failure.as_deref().unwrap_or("unknown"));
    Ok(report)
}

/// Where each connection goes.
async fn targets(options: &LoadOptions) -> Result<Vec<Target>> {
    if let Some(mqtt) = &options.mqtt {
        let address = resolve(mqtt, options.own_hub).await?;
        let topic = |number: usize| options.topic.replace("{n}", &number.to_string());
        return Ok((0..options.connections).map(|number| Target { address, topic: topic(number) }).collect());
    }
    let Some(base) = &options.hub else { bail!("where to: --hub URL or --mqtt HOST:PORT") };
    let host = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or(host);
    resolve(&if host.contains(':') { host.to_owned() } else { format!("{host}:80") }, options.own_hub).await?;
    let hub = Hub::new(base, options.token.clone())?;
    let mut codes: Vec<String> = options.code.iter().cloned().collect();
    if codes.is_empty() {
        for _ in 0..options.connections.div_ceil(IN_A_LESSON) {
            codes.push(hub.create_lesson("rest").await?.code);
        }
    }
    let (hub, codes) = (&hub, &codes);
    stream::iter(0..options.connections)
        .map(|number| async move {
            // All in the one lesson that was named, or a class's worth in each.
            let seat = hub.join(codes.get(number / IN_A_LESSON).unwrap_or(&codes[0])).await?;
            let address = resolve(&seat.mqtt.address, options.own_hub).await?;
            // The topic is complete as it is, and its stream is the one the packets hold.
            Ok(Target { address, topic: seat.mqtt.topic })
        })
        .buffered(JOINING)
        .try_collect()
        .await
}

/// Loading somebody else's machine is an attack: only loopback unless its owner says so.
async fn resolve(address: &str, own_hub: bool) -> Result<SocketAddr> {
    let address = lookup_host(address).await.with_context(|| format!("{address:?} is no address"))?.next();
    let address = address.context("the address has no host")?;
    ensure!(own_hub || address.ip().is_loopback(), "{address} is not this machine: add --i-own-this-hub if you may load it");
    Ok(address)
}

fn report(tally: &Tally, options: &LoadOptions, cpu: f64) -> LoadReport {
    let readings = tally.packets * options.batch as u64;
    let acknowledged = tally.acknowledged * options.batch as u64;
    let seconds = tally.seconds.as_secs_f64();
    LoadReport {
        connections: tally.connections,
        failed: tally.failed,
        failure: tally.failure.clone(),
        login_seconds: tally.login.as_secs_f64(),
        connack_ms: quantiles(&tally.connack),
        seconds,
        packets: tally.packets,
        readings,
        acknowledged,
        readings_per_second: if seconds > 0.0 { acknowledged as f64 / seconds } else { 0.0 },
        puback_ms: quantiles(&tally.puback),
        own_cpu_seconds: cpu,
        own_cpu_per_million_samples: (readings > 0).then(|| cpu / (3.0 * readings as f64) * 1e6),
    }
}

/// In ms, of a histogram in µs.
fn quantiles(histogram: &Histogram<u64>) -> Option<Quantiles> {
    let ms = |us: u64| us as f64 / 1e3;
    let at = |quantile| ms(histogram.value_at_quantile(quantile));
    (!histogram.is_empty()).then(|| Quantiles { p50: at(0.5), p99: at(0.99), max: ms(histogram.max()) })
}

impl fmt::Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quantiles = |of: &Quantiles| format!("p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms", of.p50, of.p99, of.max);
        write!(f, "{} connections in {:.2} s ({} failed)", self.connections, self.login_seconds, self.failed)?;
        if let Some(failure) = &self.failure {
            write!(f, ", first failure: {failure}")?;
        }
        if let Some(connack) = &self.connack_ms {
            write!(f, "\nCONNACK: {}", quantiles(connack))?;
        }
        if self.packets > 0 {
            write!(f, "\n{} readings in {} packets, {} acknowledged", self.readings, self.packets, self.acknowledged)?;
            write!(f, "\n{:.0} readings/s for {:.2} s", self.readings_per_second, self.seconds)?;
        }
        if let Some(puback) = &self.puback_ms {
            write!(f, "\nPUBACK:  {}", quantiles(puback))?;
        }
        write!(f, "\nown CPU: {:.2} s", self.own_cpu_seconds)?;
        if let Some(per_million) = self.own_cpu_per_million_samples {
            write!(f, ", {per_million:.3} s per million samples")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
