//! A class: N phones in one lesson with known truth, from joining to the report.

mod pupil;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use messwerk_lessons::Micros;
use messwerk_lessons::physics::{self, Truth, class, class_with};
use messwerk_lessons::template::{self, Template};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::api::{Hub, Outcomes, Stored};
use crate::faults::Faults;
use crate::payload::{Encoding, Transport};
use crate::phone::Packing;
use crate::progress::{Progress, end_line};
use crate::report::{Failed, Report, Told};
pub use crate::run_time::{Stop, Stopper, stopper};
use pupil::{Finished, Plan, Pupil};

/// Phones that join at the same time: a class types its code within seconds, not within one.
const JOINING: usize = 16;

/// How long to wait for the hub to show everything it acknowledged, and for the class's results to be complete.
const SETTLE: Duration = Duration::from_secs(10);

/// What a class does.
#[derive(Debug, Clone)]
pub struct ClassOptions {
    /// The hub's address, `http://HOST:PORT`.
    pub hub: String,
    /// A teacher's token: makes the lesson and asks for what was stored.
    pub token: Option<String>,
    /// The lesson's template.
    pub template: String,
    /// It itself, where it is not one of the library: see [`ClassOptions::of_shelf`].
    pub shelf: Option<Arc<Template>>,
    /// The physics that stands in for the class; without it the one that the template names, or is named like the template.
    pub scenario: Option<String>,
    /// What the first of every five groups does wrong.
    pub mistake: Option<String>,
    /// Joins this lesson instead of making one.
    pub code: Option<String>,
    /// The lesson of `code`, so that its data can be asked for.
    pub lesson: Option<String>,
    /// How many phones.
    pub things: usize,
    /// Experiment time of a run, s.
    pub seconds: f64,
    /// Experiment seconds per second.
    pub speed: f64,
    /// How readings travel.
    pub transport: Transport,
    /// How readings are spelled.
    pub encoding: Encoding,
    /// Everything random follows from it.
    pub seed: u64,
    /// What the class looks for: another truth is another planet, or another spring.
    pub truth: Truth,
    /// MQTT quality of service.
    pub qos: u8,
    /// Experiment time between two packets of a phone, ms.
    pub batch_ms: u64,
    /// Phones repeat their buffer with each packet, as phyphox does with `keep=true`; needs a phyphox encoding.
    pub keep: bool,
    /// What goes wrong.
    pub faults: Faults,
    /// The phones begin within so many seconds.
    pub stagger: f64,
    /// Phones pause and measure again until stopped.
    pub forever: bool,
    /// Phones stay connected after the last run until stopped.
    pub stay: bool,
    /// Counters on stderr while it runs.
    pub show_progress: bool,
}

impl Default for ClassOptions {
    fn default() -> Self {
        Self {
            hub: "http://127.0.0.1:8080".to_owned(),
            token: None,
            template: "pendulum".to_owned(),
            shelf: None,
            scenario: None,
            mistake: None,
            code: None,
            lesson: None,
            things: 30,
            seconds: 20.0,
            speed: 1.0,
            transport: Transport::Mqtt,
            encoding: Encoding::Json,
            seed: 1,
            truth: Truth::default(),
            qos: 1,
            batch_ms: 200,
            keep: false,
            faults: Faults::default(),
            stagger: 1.0,
            forever: false,
            stay: false,
            show_progress: false,
        }
    }
}

impl ClassOptions {
    /// Asks the hub for a template that is not one of the library: a school's own says by itself what is asked and which physics
    /// stands in for it. Without a teacher's token nobody may ask, and nothing changes.
    ///
    /// # Errors
    /// The hub cannot be reached, knows no such template, or has one that this simulator cannot read.
    pub async fn of_shelf(mut self) -> Result<Self> {
        if self.token.is_some() && self.code.is_none() && template::builtin(&self.template).is_none() {
            let bundle = Hub::new(&self.hub, self.token.clone())?.template(&self.template).await?;
            self.shelf = Some(Arc::new(bundle.template().with_context(|| format!("the hub's template {:?}", self.template))?));
        }
        Ok(self)
    }

    /// The template, if it is known.
    fn plan(&self) -> Option<&Template> {
        self.shelf.as_deref().or_else(|| template::builtin(&self.template))
    }

    /// Whose physics stands in for the class.
    fn physics(&self) -> String {
        let told = self.plan().and_then(|template| template.simulation.as_ref()).map(|simulation| simulation.scenario.as_str());
        self.scenario.as_deref().or(told).unwrap_or(&self.template).to_owned()
    }

    /// How long a run of a class takes if nobody says otherwise, s.
    pub fn usual_seconds(&self) -> f64 {
        physics::seconds(&self.physics()).unwrap_or(20.0)
    }

    /// What the class looks for, by the template's steps, as far as it is known.
    pub fn known_truth(&self) -> BTreeMap<String, f64> {
        let scenario = self.physics();
        let mut truth: BTreeMap<_, _> = physics::truth(&scenario).into_iter().map(|(step, value)| (step.to_owned(), value)).collect();
        match scenario.as_str() {
            "pendulum" if self.truth != Truth::default() => _ = truth.insert("g".to_owned(), self.truth.g),
            "spring" if self.truth != Truth::default() => _ = truth.insert("k".to_owned(), self.truth.k),
            _ => {}
        }
        truth
    }
}

/// Where a class takes place; printed before it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The join code.
    pub code: String,
    /// The lesson's id, if known.
    pub lesson: Option<String>,
    /// The board's address, if known.
    pub board_url: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.board_url {
            Some(board) => write!(f, "lesson {} with code {}, board: {board}", self.lesson.as_deref().unwrap_or("?"), self.code),
            None => write!(f, "joining with code {}", self.code),
        }
    }
}

/// Runs a class to its end (or to `stop`) and returns what came of it. `started` is told of the lesson before the first
/// phone joins.
///
/// # Errors
/// Options that fit no class, a hub that cannot be reached or refuses the lesson or the joining: before anything is sent.
/// Trouble of single phones, losses and a hub that is gone at the end are no errors: they stand in the [`Report`].
pub async fn run(options: ClassOptions, mut stop: Stop, started: impl FnOnce(&Place)) -> Result<Report> {
    let phones = check(&options)?;
    let hub = Hub::new(&options.hub, options.token.clone())?;
    let place = find_place(&options, &hub).await?;
    started(&place);

    let mut joining = stream::iter(phones.into_iter().enumerate())
        .map(|(number, phone)| {
            let (hub, place) = (&hub, &place);
            async move { Ok::<_, anyhow::Error>((number, phone, hub.join(&place.code).await?)) }
        })
        .buffer_unordered(JOINING)
        .try_collect::<Vec<_>>()
        .await?;
    joining.sort_by_key(|(number, ..)| *number);
    let lesson = place.lesson.clone().or_else(|| joining.first().and_then(|(.., seat)| seat.lesson.clone()));

    let progress = Arc::new(Progress::default());
    let plan = Arc::new(plan(&options));
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (number, phone, seat) in joining {
        let pupil = Pupil { number, phone, seat, hub: hub.clone(), plan: plan.clone(), progress: progress.clone() };
        tasks.spawn(pupil.measure(began, stop.clone()));
    }
    let show = async { if options.show_progress { progress.show(options.things).await } else { std::future::pending().await } };
    let mut finished = Vec::with_capacity(options.things);
    let gather = async {
        while let Some(one) = tasks.join_next().await {
            finished.push(one.context("a phone's task broke off")?);
        }
        Ok::<_, anyhow::Error>(())
    };
    tokio::select! {
        gathered = gather => gathered?,
        () = show => {}
    }
    if options.show_progress {
        end_line();
    }
    let report = settle(&options, &hub, lesson.as_deref(), &finished, &progress).await;
    if options.stay {
        let carriers = finished.into_iter().filter_map(|phone| phone.carrier);
        let staying = carriers.map(|mut carrier| {
            let stop = stop.clone();
            async move {
                carrier.stay(stop).await;
                carrier
            }
        });
        let carriers = futures::future::join_all(staying).await;
        stop.asked().await;
        futures::future::join_all(carriers.into_iter().map(|carrier| carrier.close())).await;
    }
    Ok(report)
}

/// The phones of the class.
fn check(options: &ClassOptions) -> Result<Vec<messwerk_lessons::physics::Phone>> {
    ensure!(options.things > 0, "a class has at least one phone");
    ensure!(options.seconds > 0.0 && options.seconds.is_finite(), "a run takes more than 0 seconds");
    ensure!(options.speed > 0.0 && options.speed.is_finite(), "the speed is above 0");
    ensure!(options.stagger >= 0.0 && options.stagger.is_finite(), "phones do not begin before the beginning");
    ensure!(options.batch_ms > 0, "a packet takes at least 1 ms");
    ensure!(options.qos <= 2, "QoS is 0, 1 or 2");
    let phyphox = matches!(options.encoding, Encoding::Phyphox | Encoding::Csv);
    ensure!(!options.keep || phyphox, "only phyphox repeats its buffer: use --encoding phyphox or csv with --keep");
    ensure!(
        options.encoding != Encoding::Csv || options.transport == Transport::Mqtt,
        "phyphox sends CSV by MQTT only: use --transport mqtt"
    );
    ensure!(options.token.is_some() || options.code.is_some(), "set MESSWERK_TOKEN to a teacher's token, or join with --code");
    let scenario = options.physics();
    let names = || physics::scenarios().collect::<Vec<_>>().join(", ");
    let Some(mistake) = &options.mistake else {
        let phones = class(&scenario, options.things, options.truth, options.seed);
        return phones
            .with_context(|| format!("no physics for the template {:?}; name one with --scenario: {}", options.template, names()));
    };
    let known = physics::mistakes(&scenario).join(", ");
    class_with(&scenario, Some(mistake), options.things, options.seed)
        .with_context(|| format!("in {scenario:?} nobody makes the mistake {mistake:?}; there are: {known}"))
}

async fn find_place(options: &ClassOptions, hub: &Hub) -> Result<Place> {
    Ok(match &options.code {
        Some(code) => {
            let board_url = options.lesson.as_ref().map(|lesson| format!("{}/b/{lesson}", hub.base()));
            Place { code: code.clone(), lesson: options.lesson.clone(), board_url }
        }
        None => {
            let lesson = hub.create_lesson(&options.template).await?;
            let place = |template: &Template| template.sensors.iter().any(|sensor| sensor.quantity.is_location());
            if options.plan().is_some_and(place) {
                hub.allow_location(&lesson.id).await?;
            }
            Place { code: lesson.code, lesson: Some(lesson.id), board_url: Some(lesson.board_url) }
        }
    })
}

fn plan(options: &ClassOptions) -> Plan {
    Plan {
        template: options.plan().cloned(),
        seconds: options.seconds,
        speed: options.speed,
        seed: options.seed,
        qos: options.qos,
        transport: options.transport,
        packing: Packing {
            encoding: options.encoding,
            batch: Micros::try_from(options.batch_ms.saturating_mul(1000)).unwrap_or(Micros::MAX),
            keep: options.keep,
            by_http: false,
        },
        faults: options.faults,
        stagger: options.stagger,
        forever: options.forever,
        stay: options.stay,
    }
}

/// Asks the hub until it shows what it acknowledged and the class's results, at most for a while.
async fn settle(options: &ClassOptions, hub: &Hub, lesson: Option<&str>, finished: &[Finished], progress: &Progress) -> Report {
    let began = Instant::now();
    let mut report = loop {
        let report = match hub.stored_if_told(lesson).await {
            Ok(stored) => compare(finished, stored.as_ref()),
            Err(error) => {
                let mut report = compare(finished, None);
                report.not_answered(&error);
                report
            }
        };
        if report.lost == 0 || began.elapsed() > SETTLE {
            break report;
        }
        sleep(SETTLE / 20).await;
    };
    report.things = options.things;
    report.rejected += progress.refusals();
    report.truth = options.known_truth();
    // A hub that did not answer one question is not asked the next: each may take a minute.
    if let Some(lesson) = lesson.filter(|_| report.error.is_none()) {
        report.outcomes = outcomes(hub, lesson, &report).await.map(|outcomes| outcomes.class).unwrap_or_default();
        if options.mistake.is_some() {
            report.hints = hints(hub, lesson, finished).await.unwrap_or_default();
        }
    }
    report.error = report.failure();
    report
}

/// What the hub tells each group: those that made the mistake, and any other that is told something.
async fn hints(hub: &Hub, lesson: &str, finished: &[Finished]) -> Result<Vec<Told>> {
    let ask = |phone: &Finished| {
        let (number, seat) = (phone.number, phone.seat.clone());
        async move {
            let told = Told { mistaken: physics::errs(number), hints: hub.hints(lesson, &seat).await?, thing: seat.thing };
            Ok::<_, anyhow::Error>((number, told))
        }
    };
    let mut told: Vec<_> = stream::iter(finished.iter().map(ask).collect::<Vec<_>>()).buffer_unordered(JOINING).try_collect().await?;
    told.retain(|(_, told)| told.mistaken || !told.hints.is_empty());
    told.sort_by_key(|(number, _)| *number);
    Ok(told.into_iter().map(|(_, told)| told).collect())
}

async fn outcomes(hub: &Hub, lesson: &str, report: &Report) -> Result<Outcomes> {
    let began = Instant::now();
    loop {
        let outcomes = hub.outcomes(lesson).await?;
        let complete = report.truth.keys().all(|name| outcomes.class.get(name).is_some_and(|class| class.n >= report.things as u64));
        if complete || began.elapsed() > SETTLE / 2 {
            return Ok(outcomes);
        }
        sleep(SETTLE / 40).await;
    }
}

fn compare(finished: &[Finished], stored: Option<&Stored>) -> Report {
    let mut report = Report { stored: stored.map(|_| 0), ..Default::default() };
    for phone in finished {
        report.add_phone(&phone.seat.thing, &phone.accounts, stored);
        report.resent += phone.resent;
        if let Some(error) = &phone.trouble {
            let first = Failed { phones: 0, reason: Some(error.clone()) };
            let failed = if report.failed.phones == 0 { first } else { std::mem::take(&mut report.failed) };
            report.failed = Failed { phones: failed.phones + 1, ..failed };
        }
    }
    report
}

#[cfg(test)]
mod tests;
