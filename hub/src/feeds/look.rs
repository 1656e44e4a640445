//! Feeds are asked: what is due, one after the other, and what one said is remembered.
//!
//! A feed that fails is asked less and less often, up to a day, never two at the same moment (each look is put off by a part that its name
//! decides), never before the time that a service names (`Retry-After`), and only as its rules allow ([`robots`](super::robots)).

use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, Instant};

use messwerk_ingest::opendata::MAX_FILE;
use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::sky as model;
use messwerk_store::catalogue::{Feed, Station};
use tokio::time::MissedTickBehavior;

use super::config::{FeedConfig, FeedKind};
use super::jobs::{Arrived, recognised, submit};
use super::load::{self, LoadError, Loaded, Manner, Seen};
use super::robots::TOKEN;
use super::state::{FeedState, LONGEST};
use super::targets::{Target, What, listed, targets};
use super::trouble::LookError;
use crate::access::waiting;
use crate::api::problem::Problem;
use crate::release::fetch::FetchError;
use crate::sky;
use crate::state::Hub;
use crate::station::settings::Settings;

/// How often the hub looks what is due.
const TICK: Duration = Duration::from_secs(15);
/// Bytes of a listing: the DWD's of all 10-minute files of a product has 1 MB.
const LISTING: u64 = 8 << 20;
/// Bytes of elements: CelesTrak's group of all active satellites has 6 MB, and the sky takes one.
const ELEMENTS: u64 = 1 << 20;
/// How long a look in which something failed begins anything more: each address of a line that stalls takes minutes, and others wait.
const TROUBLED: Duration = Duration::from_secs(30 * 60);
/// Addresses that are remembered of a feed.
const SEEN: usize = 200;

/// Why a feed is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its time has come.
    Due,
    /// A teacher wants it now.
    Wanted,
}

/// Asks what is due until the hub stops; returns at once if there is nothing to ask.
pub async fn run(hub: Hub) {
    if hub.feeds.named.is_empty() {
        return;
    }
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = hub.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        hub.feeds.forget_stale();
        for index in 0..hub.feeds.named.len() {
            let Some(feed) = hub.feeds.named.get(index) else { continue };
            let state = FeedState::of(hub.store.catalogue().feed(&feed.name).ok().flatten().as_ref());
            if state.is_due(feed, hub.clock.now()) {
                tokio::select! {
                    () = hub.stopping.cancelled() => return,
                    _ = ask(&hub, feed, Why::Due) => {}
                }
            }
        }
    }
}

/// Asks a feed, unless it is too early as soon as it is its turn, and notes what came of it.
pub async fn ask(hub: &Hub, feed: &FeedConfig, why: Why) -> Result<(), Problem> {
    let _turn = hub.feeds.asking.lock().await;
    // As it is now: it may have been asked while this waited for its turn.
    let kept = hub.store.catalogue().feed(&feed.name)?;
    let mut state = FeedState::of(kept.as_ref());
    let station = kept.and_then(|feed| feed.station);
    let now = hub.clock.now();
    match (why, state.allowed(feed).saturating_sub(now)) {
        (Why::Due, _) if !state.is_due(feed, now) => return Ok(()),
        (Why::Wanted, wait @ 1..) => {
            let wait = Duration::from_micros(wait.unsigned_abs());
            return Err(Problem::too_many("This service was asked a moment ago, or asks us to come later.", wait));
        }
        _ => {}
    }
    // Its station was erased, so everything is new again. Elements have no station.
    if station.is_none() && feed.kind != FeedKind::CelesTrak {
        state.seen.clear();
    }
    if why == Why::Wanted && state.ruled_out() {
        hub.feeds.rules.look_again(&feed.base());
    }
    (state.asked, state.begun, state.pause) = (Some(now), true, 0);
    let mut look = Look { hub, feed, state, station, now, files: 0, questions: 0, answered: false };
    // Before the first question: a hub that is started again and again does not ask each time.
    look.note()?;
    look.place()?;
    let looked = look.all().await;
    if looked.is_err() && hub.stopping.is_cancelled() {
        // That is no fault of the service: what was noted so far says that this look was not finished.
        return Ok(());
    }
    let (state, files) = (&mut look.state, look.files);
    state.begun = false;
    state.rest = state.pause.saturating_mul(look.questions).min(LONGEST);
    if looked.is_ok() || look.answered {
        state.answered = Some(now);
    }
    match &looked {
        Ok(()) => {
            (state.failures, state.error, state.code, state.not_before) = (0, None, None, None);
            state.about.clear();
            tracing::info!(feed = %feed.name, files, "asked a feed");
        }
        Err(error) => {
            state.failures = state.failures.saturating_add(1);
            state.error = Some(error.to_string());
            let (code, about) = error.told();
            (state.code, state.about) = (Some(code), about);
            // Of several addresses one may be forbidden; the others are asked as ever.
            let wait = error.wait().filter(|_| error.ends() || !look.answered);
            state.not_before = wait.map(|wait| now.saturating_add(Micros::try_from(wait.as_micros()).unwrap_or(LONGEST).min(7 * LONGEST)));
            tracing::warn!(feed = %feed.name, files, "asked a feed: {error}");
        }
    }
    Ok(look.note()?)
}

/// A look at a feed.
struct Look<'a> {
    hub: &'a Hub,
    feed: &'a FeedConfig,
    state: FeedState,
    station: Option<LessonId>,
    now: Micros,
    /// Files that came.
    files: u64,
    /// Addresses that were asked.
    questions: Micros,
    /// Whether anything came, or is known to be the newest.
    answered: bool,
}

impl Look<'_> {
    /// Keeps the state as it is now.
    fn note(&mut self) -> Result<(), messwerk_store::Error> {
        while self.state.seen.len() > SEEN {
            self.state.seen.pop_first();
        }
        let state = serde_json::to_string(&self.state).unwrap_or_default();
        let feed = Feed { name: self.feed.name.clone(), station: self.station, state };
        waiting(|| self.hub.store.catalogue().set_feed(&feed))
    }

    /// Asks all addresses. One that fails is told at the end, when the others were asked.
    async fn all(&mut self) -> Result<(), LookError> {
        let began = Instant::now();
        let mut left = targets(self.feed, self.now, &sensors(self.hub, self.station)?);
        left.reverse();
        let (mut first, mut missing, mut there) = (None, None, false);
        while let Some(target) = left.pop() {
            match self.one(target, &mut left).await {
                Ok(()) => there = true,
                // A station does not measure everything; one that measures nothing is a mistake.
                Err(error @ LookError::Load(LoadError::Fetch(FetchError::Status(404)))) => missing = Some(error),
                // What ends a look says more than what failed before, and may name a time.
                Err(error) if error.ends() || self.hub.stopping.is_cancelled() => return Err(error),
                Err(error) => {
                    first.get_or_insert(error);
                }
            }
            if first.is_some() && began.elapsed() > TROUBLED {
                break;
            }
        }
        match first.or(missing.filter(|_| !there)) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Asks one address; what a list names is put with those that are `left`.
    async fn one(&mut self, target: Target, left: &mut Vec<Target>) -> Result<(), LookError> {
        let seen = self.state.seen.get(&target.url).cloned().unwrap_or_default();
        let most = match target.what {
            What::Listing => LISTING,
            What::Elements => ELEMENTS,
            What::File | What::Sensor(_) => MAX_FILE,
        };
        let loaded = fetched(self.hub, self.feed, target.url.clone(), seen, most).await;
        let pause = Micros::try_from(self.hub.feeds.rules.pause(&target.url).as_micros()).unwrap_or(LONGEST);
        (self.questions, self.state.pause) = (self.questions + 1, self.state.pause.max(pause));
        let (file, bytes, found) = match loaded? {
            Loaded::NotModified => {
                self.answered = true;
                return Ok(());
            }
            Loaded::New(file, bytes, found) => (file, bytes, found),
        };
        match target.what {
            What::Listing => {
                let page = String::from_utf8_lossy(&bytes_of(file).await?).into_owned();
                left.extend(listed(&page, &self.feed.station, &target.url));
                return Ok(());
            }
            What::Elements => elements(self.hub, self.feed, bytes_of(file).await?, self.now)?,
            What::File => {
                let log = self.take(file, bytes, None).await?;
                // A box tells its sensors.
                let known: Vec<String> = left.iter().map(|target| target.url.clone()).collect();
                let more = targets(self.feed, self.now, &sensors(self.hub, Some(log))?);
                left.extend(more.into_iter().filter(|one| matches!(one.what, What::Sensor(_)) && !known.contains(&one.url)));
            }
            What::Sensor(id) => {
                self.take(file, bytes, Some(id)).await?;
            }
        }
        (self.files, self.answered) = (self.files + 1, true);
        (self.state.files, self.state.news) = (self.state.files + 1, Some(self.now));
        self.state.seen.insert(target.url, found);
        // At once: a hub that stops now does not fetch it again.
        Ok(self.note()?)
    }

    /// Takes a file into the feed's station; fails unless all of it was read. What is no file of data makes no station.
    async fn take(&mut self, mut file: File, bytes: u64, sensor: Option<String>) -> Result<LessonId, LookError> {
        let file = tokio::task::spawn_blocking(move || recognised(&mut file).map(|_| file)).await??;
        let of = self.own_station()?;
        let log = of.log;
        let place = self.hub.feeds.jobs.wait_for_place().await.ok_or_else(LookError::stopped)?;
        let arrived = Arrived { file, bytes, source: self.feed.name.clone(), sensor, station: None };
        let (_, job) = submit(self.hub, of, place, arrived).await?;
        job.await?.done()?;
        Ok(log)
    }

    /// Gives the feed's station the place that the operator named since, unless it has one.
    fn place(&self) -> Result<(), messwerk_store::Error> {
        let catalogue = self.hub.store.catalogue();
        let Some(station) = self.station.map(|log| catalogue.station(log)).transpose()?.flatten() else { return Ok(()) };
        let Some(settings) = Settings::read(&station.settings) else { return Ok(()) };
        let placed = self.feed.placed(settings.clone());
        if placed == settings { Ok(()) } else { waiting(|| catalogue.set_station(station.log, &placed.written(), self.now)) }
    }

    /// The feed's station, which is made with its first file.
    fn own_station(&mut self) -> Result<Station, LookError> {
        let catalogue = self.hub.store.catalogue();
        if let Some(station) = self.station.map(|log| catalogue.station(log)).transpose()?.flatten() {
            return Ok(station);
        }
        let settings = Settings { note: self.feed.kind.source().to_owned(), ..Settings::named(&self.feed.name) };
        let settings = self.feed.placed(settings);
        // Nobody is told its key: nobody pushes to it.
        let (log, _) = waiting(|| self.hub.stations.add(&settings))?;
        self.station = Some(log);
        // What was seen went into a station that is no more.
        self.state.seen.clear();
        // Noted at once: a hub that stops now does not make a second one.
        self.note()?;
        catalogue.station(log)?.ok_or_else(|| Problem::conflict("The station was erased meanwhile.").coded("station_erased").into())
    }
}

/// Loads an address on a thread that may wait.
async fn fetched(hub: &Hub, feed: &FeedConfig, url: String, seen: Seen, most: u64) -> Result<Loaded, LookError> {
    let (feeds, stop, named) = (Arc::clone(&hub.feeds), hub.stopping.clone(), feed.base());
    let work = move || {
        let contact = &feeds.config.contact;
        let told = if contact.is_empty() { String::new() } else { format!(" ({contact})") };
        let caller = format!("{TOKEN}/{}{told}", env!("CARGO_PKG_VERSION"));
        let proxy = Some(feeds.config.proxy.as_str()).filter(|proxy| !proxy.is_empty());
        let mut before = feeds.resume(&url);
        let loaded = load::load((&named, &url), &seen, most, &mut before, Manner { caller: &caller, proxy, rules: &feeds.rules }, &stop);
        if let Some(partial) = before {
            feeds.keep(url, partial);
        }
        loaded
    };
    let loaded = tokio::task::spawn_blocking(work).await?;
    Ok(loaded?)
}

async fn bytes_of(file: File) -> Result<Vec<u8>, LookError> {
    let read = tokio::task::spawn_blocking(move || load::bytes(file)).await;
    Ok(read??)
}

/// What is known of a box's sensors.
fn sensors(hub: &Hub, station: Option<LessonId>) -> Result<Vec<String>, LookError> {
    let Some(log) = station else { return Ok(vec![]) };
    let station = hub.store.catalogue().station(log)?;
    let settings = station.and_then(|station| Settings::read(&station.settings));
    Ok(settings.map(|settings| settings.context.sensors.into_keys().take(50).collect()).unwrap_or_default())
}

/// Elements of satellites go where a teacher's go.
fn elements(hub: &Hub, feed: &FeedConfig, bytes: Vec<u8>, now: Micros) -> Result<(), LookError> {
    let found = model::read(&bytes)?;
    found.iter().try_for_each(|one| model::Orbit::new(one.clone()).map(|_| ()))?;
    let source = feed.host().unwrap_or_default();
    let sets: Vec<_> = found.iter().map(|one| sky::kept(one, &source, now)).collect();
    waiting(|| hub.store.catalogue().put_elements(&sets))?;
    Ok(())
}
