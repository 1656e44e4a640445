//! A recorded experiment, sent again as its phone did.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use messwerk_lessons::quantity::ObservedProperty;

use crate::api::Hub;
use crate::class::Stop;
use crate::delivery::{Carrier, HttpCarrier, MqttCarrier, Pace, Run};
use crate::dice::{Purpose, dice};
use crate::export::{self, Export, Message};
use crate::faults::{Faults, Mischief};
use crate::mqtt::Credentials;
use crate::payload::{Encoding, Transport};
use crate::phone::{Device, Feed, Ledger, Messages, Packing, Supply};
use crate::progress::{Progress, end_line};
use crate::recording::{Recording, Stream};
use crate::report::{Failed, Report};

/// What is replayed, and where to.
#[derive(Debug, Clone)]
pub struct ReplayOptions {
    /// An export, a saved state or recorded messages.
    pub file: PathBuf,
    /// The hub's address.
    pub hub: String,
    /// The lesson's join code.
    pub code: String,
    /// A teacher's token, to ask what was stored.
    pub token: Option<String>,
    /// The lesson's id, for the same.
    pub lesson: Option<String>,
    /// Experiment seconds per second.
    pub speed: f64,
    /// By MQTT or HTTP (`Mixed` is MQTT: there is one phone).
    pub transport: Transport,
    /// How readings are spelled; recorded messages travel as they are.
    pub encoding: Encoding,
    /// MQTT quality of service.
    pub qos: u8,
    /// Experiment time between two packets, ms.
    pub batch_ms: u64,
    /// What the pupil enters.
    pub inputs: BTreeMap<String, f64>,
    /// Streams to be sent as another one: older experiments call acceleration without gravity "Acceleration".
    pub rename: Vec<(ObservedProperty, ObservedProperty)>,
    /// Counters on stderr while it runs.
    pub show_progress: bool,
}

/// Joins as one phone, enters the inputs, sends the file's runs one after the other and reports. Of recorded messages the
/// report counts messages, as nobody here knows what is in them.
///
/// # Errors
/// A file without readings, a hub that cannot be reached or refuses the code, the connection or the inputs.
pub async fn run(options: ReplayOptions, stop: Stop) -> Result<Report> {
    ensure!(options.speed > 0.0 && options.speed.is_finite(), "the speed is above 0");
    ensure!(options.batch_ms > 0, "a packet takes at least 1 ms");
    let by_http = options.transport == Transport::Http;
    ensure!(!(by_http && options.encoding == Encoding::Csv), "phyphox sends CSV by MQTT only: use --transport mqtt");
    let export = rename(export::read(&options.file)?, &options.rename)?;
    let hub = Hub::new(&options.hub, options.token.clone())?;
    let seat = hub.join(&options.code).await?;
    hub.set_inputs(&seat, &options.inputs).await?;

    let device = Device::new(0, 0, 0.0, 0.0);
    let mischief = Mischief::new(Faults::default(), dice(0, 0, Purpose::Faults));
    let mut carrier = if by_http {
        Carrier::Http(Box::new(HttpCarrier::new(seat.ingest_url.clone(), mischief)?))
    } else {
        let credentials = Credentials { client_id: device.client_id.clone(), login: None };
        Carrier::Mqtt(Box::new(MqttCarrier::new(seat.mqtt.address.clone(), &seat.mqtt.topic, credentials, options.qos, mischief)?))
    };
    let batch = i64::try_from(options.batch_ms.saturating_mul(1000))?;
    let packing = Packing { encoding: options.encoding, batch, keep: false, by_http };
    let progress = Progress::default();
    let mut report = Report { things: 1, ..Default::default() };
    let mut accounts = Vec::new();
    let work = async {
        for (number, (supply, ledger)) in supplies(export, packing, &device).into_iter().enumerate() {
            if number > 0 {
                // A pause a hub takes for the end of a run.
                tokio::time::sleep(Duration::from_secs_f64(2.0 / options.speed)).await;
            }
            let pace = Pace { started: Instant::now(), speed: options.speed };
            let mut run = Run::new(supply, ledger, pace, stop.clone(), &progress);
            let outcome = carrier.run(&mut run).await;
            report.resent += run.ledger.resent;
            let closed = run.ledger.close(true);
            if closed.is_empty() {
                let (sent, acknowledged) = run.ledger.counts();
                report.sent += sent;
                report.acknowledged += acknowledged;
            }
            accounts.extend(closed);
            if let Err(error) = outcome {
                report.failed = Failed { phones: 1, reason: Some(format!("{error:#}")) };
                break;
            }
        }
        carrier.close().await;
    };
    if options.show_progress {
        tokio::select! { () = work => {}, () = progress.show(1) => {} }
        end_line();
    } else {
        work.await;
    }
    let lesson = options.lesson.clone().or(seat.lesson.clone()).filter(|_| hub.has_token());
    let stored = match &lesson {
        Some(lesson) => Some(hub.stored(lesson).await?),
        None => None,
    };
    report.add_phone(&seat.thing, &accounts, stored.as_ref());
    report.rejected += progress.refusals();
    if let Some(lesson) = lesson {
        report.outcomes = hub.outcomes(&lesson).await.map(|outcomes| outcomes.class).unwrap_or_default();
    }
    Ok(report)
}

fn rename(export: Export, rename: &[(ObservedProperty, ObservedProperty)]) -> Result<Export> {
    let Export::Readings(mut readings) = export else { return Ok(export) };
    for recording in &mut readings.recordings {
        for stream in &mut recording.streams {
            if let Some((_, to)) = rename.iter().find(|(from, _)| *from == stream.property()) {
                *stream = Stream::new(*to, stream.time().to_vec(), stream.values().clone())?;
            }
        }
    }
    Ok(Export::Readings(readings))
}

fn supplies(export: Export, packing: Packing, device: &Device) -> Vec<(Supply, Ledger)> {
    match export {
        Export::Readings(readings) => {
            let runs = readings.recordings.into_iter().map(Arc::new).zip(0..);
            runs.map(|(recording, run): (Arc<Recording>, u64)| {
                (Supply::Readings(Feed::new(recording.clone(), packing, device, run)), Ledger::new(recording))
            })
            .collect()
        }
        Export::Messages(messages) => {
            let ledger = Ledger::of_messages(messages.len());
            vec![(Supply::Messages(Messages::new(messages)), ledger)]
        }
    }
}

impl Messages {
    fn new(messages: Vec<Message>) -> Self {
        Self { messages: messages.into(), taken: 0 }
    }
}

#[cfg(test)]
mod tests;
