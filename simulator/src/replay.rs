//! A recorded experiment, sent again as its phone did.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use messwerk_lessons::quantity::ObservedProperty;

use crate::api::{Hub, Seat, Stored};
use crate::class::Stop;
use crate::delivery::{Carrier, HttpCarrier, MqttCarrier, Pace, Receipt, Run};
use crate::dice::{Purpose, dice};
use crate::export::{self, Export, Message};
use crate::faults::{Faults, Mischief};
use crate::mqtt::Credentials;
use crate::payload::{Encoding, Transport};
use crate::phone::{Account, Device, Feed, Ledger, Messages, Packing, Supply};
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
    /// By MQTT or HTTP (`Mixed` is MQTT: there is one phone). Payloads alone go by HTTP: they do not say by which topic they came.
    pub transport: Transport,
    /// How readings are spelled; recorded messages travel as they are.
    pub encoding: Encoding,
    /// MQTT quality of service.
    pub qos: u8,
    /// Experiment time between two packets, ms; recorded messages have times of their own, payloads alone have not.
    pub batch_ms: u64,
    /// What the pupil enters.
    pub inputs: BTreeMap<String, f64>,
    /// Streams to be sent as another one: older experiments call acceleration without gravity "Acceleration".
    pub rename: Vec<(ObservedProperty, ObservedProperty)>,
    /// Counters on stderr while it runs.
    pub show_progress: bool,
}

/// Joins as one phone, enters the inputs, sends the file's runs one after the other and reports. Of recorded messages the
/// report counts messages, as nobody here knows what is in them; by HTTP the hub's answers tell how many readings it took.
///
/// # Errors
/// A file without readings, a hub that cannot be reached or refuses the code, the connection or the inputs: before anything
/// is sent. A hub that is gone at the end is no error: it stands in the [`Report`].
pub async fn run(options: ReplayOptions, stop: Stop) -> Result<Report> {
    ensure!(options.speed > 0.0 && options.speed.is_finite(), "the speed is above 0");
    ensure!(options.batch_ms > 0, "a packet takes at least 1 ms");
    let by_http = options.transport == Transport::Http;
    ensure!(!(by_http && options.encoding == Encoding::Csv), "phyphox sends CSV by MQTT only: use --transport mqtt");
    let export = rename(export::read(&options.file)?, &options.rename)?;
    let by_http = by_http || matches!(export, Export::Payloads(_));
    let hub = Hub::new(&options.hub, options.token.clone())?;
    let seat = hub.join(&options.code).await?;
    hub.set_inputs(&seat, &options.inputs).await?;

    let device = Device::new(0, 0, 0.0, 0.0);
    let mut carrier = carrier(&options, &seat, &device, by_http)?;
    let batch = i64::try_from(options.batch_ms.saturating_mul(1000))?;
    let packing = Packing { encoding: options.encoding, batch, keep: false, by_http };
    let progress = Progress::default();
    let mut sent = Sent::default();
    let work = async {
        sent.send(&mut carrier, supplies(export, packing, &device), options.speed, &stop, &progress).await;
        carrier.close().await;
    };
    if options.show_progress {
        tokio::select! { () = work => {}, () = progress.show(1) => {} }
        end_line();
    } else {
        work.await;
    }
    let lesson = options.lesson.as_deref().or(seat.lesson.as_deref());
    Ok(report(sent, &hub, &seat.thing, lesson, progress.refusals()).await)
}

fn carrier(options: &ReplayOptions, seat: &Seat, device: &Device, by_http: bool) -> Result<Carrier> {
    let mischief = Mischief::new(Faults::default(), dice(0, 0, Purpose::Faults));
    if by_http {
        return Ok(Carrier::Http(Box::new(HttpCarrier::new(seat.ingest_url.clone(), mischief)?)));
    }
    let credentials = Credentials { client_id: device.client_id.clone(), login: None };
    let mqtt = MqttCarrier::new(seat.mqtt.address.clone(), &seat.mqtt.topic, credentials, options.qos, mischief)?;
    Ok(Carrier::Mqtt(Box::new(mqtt)))
}

/// What became of the file's runs.
#[derive(Debug, Default)]
struct Sent {
    accounts: Vec<Account>,
    /// Messages sent and acknowledged; `None` for a file of readings.
    messages: Option<(u64, u64)>,
    /// What the hub said it did with them, if they went by HTTP.
    receipt: Option<Receipt>,
    resent: u64,
    failed: Failed,
}

impl Sent {
    async fn send(&mut self, carrier: &mut Carrier, runs: Vec<(Supply, Ledger)>, speed: f64, stop: &Stop, progress: &Progress) {
        for (number, (supply, ledger)) in runs.into_iter().enumerate() {
            if number > 0 {
                // A pause a hub takes for the end of a run.
                tokio::time::sleep(Duration::from_secs_f64(2.0 / speed)).await;
            }
            let messages = matches!(supply, Supply::Messages(_));
            let pace = Pace { started: Instant::now(), speed };
            let mut run = Run::new(supply, ledger, pace, stop.clone(), progress);
            let outcome = carrier.run(&mut run).await;
            self.resent += run.ledger.resent;
            self.accounts.extend(run.ledger.close(true));
            if messages {
                self.messages = Some(run.ledger.counts());
                self.receipt = matches!(carrier, Carrier::Http(_)).then_some(run.receipt);
            }
            if let Err(error) = outcome {
                self.failed = Failed { phones: 1, reason: Some(format!("{error:#}")) };
                break;
            }
        }
    }
}

/// Asks the hub what it has and holds it against what was sent.
async fn report(sent: Sent, hub: &Hub, thing: &str, lesson: Option<&str>, refusals: u64) -> Report {
    let mut report = Report { things: 1, resent: sent.resent, failed: sent.failed, ..Default::default() };
    let stored = hub.stored_if_told(lesson).await.unwrap_or_else(|error| {
        report.not_answered(&error);
        None
    });
    match sent.messages {
        Some(counts) => report.add_messages(counts, sent.receipt, stored.as_ref().map(|stored| readings_of(thing, stored))),
        None => report.add_phone(thing, &sent.accounts, stored.as_ref()),
    }
    report.rejected += refusals;
    // A hub that did not answer one question is not asked the next: each may take a minute.
    if let Some(lesson) = lesson.filter(|_| hub.has_token() && report.error.is_none()) {
        report.outcomes = hub.outcomes(lesson).await.map(|outcomes| outcomes.class).unwrap_or_default();
    }
    report.error = report.failure();
    report
}

fn readings_of(thing: &str, stored: &Stored) -> u64 {
    stored.iter().filter(|((owner, _), _)| owner == thing).map(|(_, prints)| prints.len() as u64).sum()
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
        Export::Messages(messages) => vec![of_messages(messages)],
        Export::Payloads(payloads) => {
            let at = |line: u32| f64::from(line) * packing.batch as f64 / 1e6;
            let message = |(payload, line)| Message { at: at(line), stream: String::new(), payload };
            vec![of_messages(payloads.into_iter().zip(0..).map(message).collect())]
        }
    }
}

fn of_messages(messages: Vec<Message>) -> (Supply, Ledger) {
    let ledger = Ledger::of_messages(messages.len());
    (Supply::Messages(Messages::new(messages)), ledger)
}

impl Messages {
    fn new(messages: Vec<Message>) -> Self {
        Self { messages: messages.into(), taken: 0 }
    }
}

#[cfg(test)]
mod tests;
