//! One pupil with a phone: joins, enters what was measured by hand, measures, perhaps again and again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use messwerk_lessons::physics;
use messwerk_lessons::template::Template;
use rand::{Rng as _, RngExt as _};
use rand_chacha::ChaCha8Rng;

use crate::api::{Hub, Seat};
use crate::delivery::{Carrier, HttpCarrier, MqttCarrier, Pace, Run};
use crate::dice::{Purpose, dice};
use crate::faults::{Faults, Mischief};
use crate::mqtt::Credentials;
use crate::payload::{Encoding, Transport};
use crate::phone::{Account, Device, Feed, Ledger, Packing, Supply};
use crate::progress::Progress;
use crate::recording::Recording;
use crate::run_time::Stop;

/// Pause between two runs of a pupil who measures again: long enough to be a gap on the board.
const PAUSE_S: std::ops::Range<f64> = 2.0..6.0;

/// What all pupils of a class do alike.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// What the lesson asks for.
    pub(super) template: Option<Template>,
    pub(super) seconds: f64,
    pub(super) speed: f64,
    pub(super) seed: u64,
    pub(super) qos: u8,
    pub(super) transport: Transport,
    pub(super) packing: Packing,
    pub(super) faults: Faults,
    pub(super) stagger: f64,
    pub(super) forever: bool,
    pub(super) stay: bool,
}

/// A pupil who has joined.
pub(super) struct Pupil {
    pub(super) number: usize,
    pub(super) phone: physics::Phone,
    pub(super) seat: Seat,
    pub(super) hub: Hub,
    pub(super) plan: Arc<Plan>,
    pub(super) progress: Arc<Progress>,
}

/// What a pupil's phone did.
pub(super) struct Finished {
    /// Its place in the class, from 0.
    pub(super) number: usize,
    pub(super) seat: Seat,
    pub(super) accounts: Vec<Account>,
    pub(super) resent: u64,
    /// Why it could not finish.
    pub(super) trouble: Option<String>,
    /// Its connection, if it stays.
    pub(super) carrier: Option<Carrier>,
}

impl Pupil {
    /// Measures from `began` (plus the pupil's own delay) to the end of the plan.
    pub(super) async fn measure(self, began: Instant, stop: Stop) -> Finished {
        let mut finished =
            Finished { number: self.number, seat: self.seat.clone(), accounts: Vec::new(), resent: 0, trouble: None, carrier: None };
        if let Err(error) = self.try_measure(began, stop, &mut finished).await {
            finished.trouble = Some(format!("{error:#}"));
        }
        self.progress.finished();
        finished
    }

    async fn try_measure(&self, began: Instant, mut stop: Stop, finished: &mut Finished) -> Result<()> {
        let plan = &self.plan;
        let device = Device::new(plan.seed, self.number, plan.faults.skew, plan.faults.collide);
        let mut carrier = self.carrier(&device)?;
        let mut readings = dice(plan.seed, self.number, Purpose::Readings);
        let delay = Duration::from_secs_f64(device.stagger * plan.stagger / plan.speed);
        let mut start = began + delay;
        for run in 0.. {
            tokio::select! {
                () = tokio::time::sleep_until(start.into()) => {}
                () = stop.asked() => break,
            }
            let recording = Arc::new(self.record(&device, readings.next_u64()).await?);
            if run == 0 {
                self.hub.set_inputs(&self.seat, &recording.inputs).await?;
            }
            let packing = Packing { by_http: matches!(carrier, Carrier::Http(_)), ..self.packing(&carrier) };
            let feed = Supply::Readings(Feed::new(recording.clone(), packing, &device, run));
            let pace = Pace { started: Instant::now(), speed: plan.speed };
            let mut one = Run::new(feed, Ledger::new(recording), pace, stop.clone(), &self.progress);
            let outcome = carrier.run(&mut one).await;
            finished.resent += one.ledger.resent;
            finished.accounts.extend(one.ledger.close(!plan.forever));
            outcome?;
            if !plan.forever || stop.is_asked() {
                break;
            }
            start = Instant::now() + Duration::from_secs_f64(pause(&mut readings) / plan.speed);
        }
        if plan.stay {
            finished.carrier = Some(carrier);
        } else {
            carrier.close().await;
        }
        Ok(())
    }

    /// phyphox has no CSV by HTTP, so everything else keeps its spelling.
    fn packing(&self, carrier: &Carrier) -> Packing {
        match (carrier, self.plan.packing.encoding) {
            (Carrier::Http(_), Encoding::Csv) => Packing { encoding: Encoding::Phyphox, ..self.plan.packing },
            _ => self.plan.packing,
        }
    }

    fn carrier(&self, device: &Device) -> Result<Carrier> {
        let plan = &self.plan;
        let mischief = Mischief::new(plan.faults, dice(plan.seed, self.number, Purpose::Faults));
        if !plan.transport.is_mqtt(self.number) {
            return Ok(Carrier::Http(Box::new(HttpCarrier::new(self.seat.ingest_url.clone(), mischief)?)));
        }
        let credentials = Credentials { client_id: device.client_id.clone(), login: None };
        let mqtt = MqttCarrier::new(self.seat.mqtt.address.clone(), &self.seat.mqtt.topic, credentials, plan.qos, mischief)?;
        Ok(Carrier::Mqtt(Box::new(mqtt)))
    }

    /// The physics takes milliseconds per phone: off the threads that move packets.
    async fn record(&self, device: &Device, seed: u64) -> Result<Recording> {
        let (phone, seconds) = (self.phone.clone(), self.plan.seconds);
        let run = tokio::task::spawn_blocking(move || phone.record(seconds, seed)).await?;
        let mut recording = Recording::try_from(run)?;
        // A phone sends no faster than the lesson asks for.
        for stream in &mut recording.streams {
            if let Some(sensor) = self.plan.template.as_ref().and_then(|template| template.sensor(stream.property())) {
                *stream = stream.at_most(sensor.max_hz)?;
            }
        }
        device.drifted(&mut recording)?;
        Ok(recording)
    }
}

fn pause(rng: &mut ChaCha8Rng) -> f64 {
    rng.random_range(PAUSE_S)
}
