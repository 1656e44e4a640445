//! Sends as a device does: over HTTP request by request, over MQTT on one connection.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, Method};
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS};
use serde::Serialize;
use tokio::time::timeout;

use super::{Device, EVERY, Message, Station, Truth, at};
use crate::climate::Climate;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is simulated.
#[derive(Debug, Clone)]
pub struct StationOptions {
    /// The make.
    pub device: Device,
    /// The hub's address.
    pub hub: String,
    /// Its MQTT door, `host:port`; only devices that publish need it.
    pub mqtt: String,
    /// The station's key; without one `token` makes a station.
    pub key: Option<String>,
    /// A teacher's token.
    pub token: Option<String>,
    /// How often it sends.
    pub count: u32,
    /// Seconds between two sendings; 0: at once, and its clock goes ten minutes each time.
    pub every: f64,
    /// The time of the first, µs since 1970.
    pub from: i64,
    /// Chance.
    pub seed: u64,
}

/// What was sent.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The station's id, if it was made here.
    pub station: Option<String>,
    /// Its key, likewise.
    pub key: Option<String>,
    /// Messages that were acknowledged.
    pub acknowledged: u32,
    /// Messages that were not, with why the first was not.
    pub refused: u32,
    /// Why.
    pub error: Option<String>,
    /// What of each sending should be stored now.
    pub truth: Vec<Truth>,
}

/// Simulates a station.
pub async fn run(options: StationOptions) -> Result<Report> {
    let client = Client::builder().timeout(PATIENCE).build()?;
    let mut report = Report::default();
    let key = match (&options.key, &options.token) {
        (Some(key), _) => key.clone(),
        (None, Some(token)) => {
            let settings = options.device.settings(&format!("{} (simulated)", options.device.format()));
            let answer = client.post(format!("{}/api/v1/stations", options.hub)).bearer_auth(token).json(&settings).send().await?;
            let status = answer.status();
            let made: serde_json::Value = answer.json().await?;
            ensure!(status.is_success(), "the hub makes no station: {status} {made}");
            report.station = made["id"].as_str().map(str::to_owned);
            let key = made["key"].as_str().context("the hub told no key")?.to_owned();
            report.key = Some(key.clone());
            key
        }
        (None, None) => anyhow::bail!("--key of a station, or --token of a teacher to make one"),
    };
    let mut broker = None;
    let mut station = Station::new(options.device);
    let weather = Climate::new(options.seed, options.from);
    for (index, now) in weather.take(options.count as usize).enumerate() {
        let time = if options.every > 0.0 {
            options.from + (options.every * 1e6 * index as f64) as i64
        } else {
            options.from + EVERY * index as i64
        };
        let (messages, truths) = station.send(&at(now, time));
        for message in messages {
            let sent = match message {
                Message::Http { .. } => post(&client, &options.hub, &key, message).await,
                Message::Mqtt { topic, payload, retain } => {
                    if broker.is_none() {
                        broker = Some(connect(&options.mqtt, &key)?);
                    }
                    let (client, events) = broker.as_mut().context("a connection was just made")?;
                    publish(client, events, &topic, payload, retain).await
                }
            };
            match sent {
                Ok(()) => report.acknowledged += 1,
                Err(error) => {
                    report.refused += 1;
                    report.error.get_or_insert_with(|| format!("{error:#}").replace(&key, "KEY"));
                }
            }
        }
        report.truth.extend(truths);
        if options.every > 0.0 {
            tokio::time::sleep(Duration::from_secs_f64(options.every)).await;
        }
    }
    Ok(report)
}

async fn post(client: &Client, hub: &str, key: &str, message: Message) -> Result<()> {
    let Message::Http { method, path, authorization, content_type, body } = message else { return Ok(()) };
    let mut request = client.request(Method::from_bytes(method.as_bytes())?, format!("{hub}{}", path.replace("{key}", key))).body(body);
    if !authorization.is_empty() {
        request = request.header("authorization", authorization.replace("{key}", key));
    }
    if !content_type.is_empty() {
        request = request.header("content-type", content_type);
    }
    let answer = request.send().await?;
    let status = answer.status();
    ensure!(status.is_success(), "{status}: {}", answer.text().await.unwrap_or_default());
    Ok(())
}

fn connect(address: &str, key: &str) -> Result<(AsyncClient, EventLoop)> {
    let (host, port) = address.rsplit_once(':').with_context(|| format!("--mqtt {address}: write host:port"))?;
    let mut options = MqttOptions::new("simulated-station", host, port.parse()?);
    options.set_credentials("station", key);
    Ok(AsyncClient::new(options, 16))
}

/// Publishes and waits until the hub says that it has it.
async fn publish(client: &AsyncClient, events: &mut EventLoop, topic: &str, payload: String, retain: bool) -> Result<()> {
    client.publish(topic, QoS::AtLeastOnce, retain, payload).await?;
    let answered = async {
        loop {
            if let Event::Incoming(Packet::PubAck(_)) = events.poll().await? {
                return Ok::<(), anyhow::Error>(());
            }
        }
    };
    timeout(PATIENCE, answered).await.context("no acknowledgement within 30 s")?
}
