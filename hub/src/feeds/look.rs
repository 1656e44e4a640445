//! Feeds are asked: what is due, one after the other, and what one said is remembered.
//!
//! A feed that fails is asked less and less often, up to a day, never two at the same moment (each look is put off by a part that its name
//! decides), and never before the time that a service names (`Retry-After`).

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, Instant};

use messwerk_ingest::opendata::MAX_FILE;
use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::sky::{self as model, SkyError};
use messwerk_store::catalogue::{Feed, Station};
use serde::{Deserialize, Serialize};
use tokio::time::MissedTickBehavior;

use super::config::{FeedConfig, FeedKind};
use super::jobs::{Arrived, submit};
use super::load::{self, LoadError, Loaded, Manner, Seen};
use super::targets::{Target, What, listed, targets};
use crate::access::waiting;
use crate::api::problem::Problem;
use crate::release::fetch::FetchError;
use crate::sky;
use crate::state::Hub;
use crate::station::settings::Settings;

const MINUTE: Micros = 60_000_000;
/// The longest wait after failures.
const LONGEST: Micros = 24 * 60 * MINUTE;
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

/// What is remembered of a feed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedState {
    /// When it was asked last, hub time.
    pub asked: Option<Micros>,
    /// That look was not finished: it goes on, or the hub was stopped.
    pub begun: bool,
    /// When it answered last.
    pub answered: Option<Micros>,
    /// When it last had something new.
    pub news: Option<Micros>,
    /// Looks in a row that failed.
    pub failures: u32,
    /// The service named this time; it is not asked before.
    pub not_before: Option<Micros>,
    /// Why the last look failed, with what to do.
    pub error: Option<String>,
    /// Files that came so far.
    pub files: u64,
    /// What each address had, by the address.
    pub seen: BTreeMap<String, Seen>,
}

impl FeedState {
    /// As it was kept.
    pub fn of(feed: Option<&Feed>) -> Self {
        feed.and_then(|feed| serde_json::from_str(&feed.state).ok()).unwrap_or_default()
    }

    /// When it is to be asked next.
    pub fn due(&self, feed: &FeedConfig) -> Micros {
        let Some(asked) = self.asked else { return 0 };
        // What a stop cut off is asked for as soon as the service allows.
        let every = Micros::from(if self.begun { feed.soonest() } else { feed.every() }) * MINUTE;
        // One address of several that fails for good does not keep the news of the others back for a day.
        let doubled = self.failures.min(if self.answered == self.asked { 1 } else { 8 });
        let wait = if doubled == 0 { every } else { (every << doubled).min(LONGEST.max(every)) };
        // Up to a tenth later, by the name: the feeds of a hub, and the hubs of a town, do not ask in the same second.
        let spread = feed.name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let wait = wait + wait / 10 * Micros::from(spread % 64) / 64;
        asked.saturating_add(wait).max(self.not_before.unwrap_or(0))
    }

    /// Whether it is to be asked.
    fn is_due(&self, feed: &FeedConfig, now: Micros) -> bool {
        // One that was asked in the future was asked by a wrong clock.
        self.due(feed) <= now || self.asked.is_some_and(|asked| asked > now)
    }

    /// When it may be asked by hand.
    pub fn allowed(&self, feed: &FeedConfig) -> Micros {
        let least = self.asked.map_or(0, |asked| asked.saturating_add(Micros::from(feed.least()) * MINUTE));
        least.max(self.not_before.unwrap_or(0))
    }
}

/// Why a feed is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its time has come.
    Due,
    /// A teacher wants it now.
    Wanted,
}

/// Why a look failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LookError {
    /// It did not come.
    #[error("{0}")]
    Load(#[from] LoadError),
    /// It came and is none.
    #[error("{0}")]
    File(String),
    /// Elements that cannot be read.
    #[error("its answer has no elements of satellites: {0}")]
    Sky(#[from] SkyError),
    /// The store.
    #[error("it could not be kept: {0}")]
    Store(#[from] messwerk_store::Error),
}

impl LookError {
    /// Whether the other addresses are not asked, either: nobody is there, or wants it, or here is no room for what comes.
    fn ends(&self) -> bool {
        matches!(
            self,
            Self::Store(_) | Self::Load(LoadError::Later { .. } | LoadError::Disk(_) | LoadError::Fetch(FetchError::Unreachable(_)))
        )
    }
}

impl From<Problem> for LookError {
    fn from(problem: Problem) -> Self {
        Self::File(problem.detail)
    }
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
    (state.asked, state.begun) = (Some(now), true);
    let mut look = Look { hub, feed, state, station, now, files: 0, answered: false };
    // Before the first question: a hub that is started again and again does not ask each time.
    look.note()?;
    let looked = look.all().await;
    if looked.is_err() && hub.stopping.is_cancelled() {
        // That is no fault of the service: what was noted so far says that this look was not finished.
        return Ok(());
    }
    let (state, files) = (&mut look.state, look.files);
    state.begun = false;
    if looked.is_ok() || look.answered {
        state.answered = Some(now);
    }
    match &looked {
        Ok(()) => {
            (state.failures, state.error, state.not_before) = (0, None, None);
            tracing::info!(feed = %feed.name, files, "asked a feed");
        }
        Err(error) => {
            state.failures = state.failures.saturating_add(1);
            state.error = Some(error.to_string());
            if let LookError::Load(LoadError::Later { wait: Some(wait), .. }) = error {
                let wait = Micros::try_from(wait.as_micros()).unwrap_or(LONGEST).min(7 * LONGEST);
                state.not_before = Some(now.saturating_add(wait));
            }
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
        let (file, bytes, found) = match fetched(self.hub, self.feed, target.url.clone(), seen, most).await? {
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

    /// Takes a file into the feed's station; fails unless all of it was read.
    async fn take(&mut self, file: File, bytes: u64, sensor: Option<String>) -> Result<LessonId, LookError> {
        let of = self.own_station()?;
        let log = of.log;
        let place = self.hub.feeds.jobs.wait_for_place().await.ok_or_else(|| LookError::File("the hub stops".to_owned()))?;
        let arrived = Arrived { file, bytes, source: self.feed.name.clone(), sensor, station: None };
        let (_, job) = submit(self.hub, of, place, arrived).await?;
        job.await.map_err(|error| LookError::File(error.to_string()))?.done().map_err(LookError::File)?;
        Ok(log)
    }

    /// The feed's station, which is made with its first file.
    fn own_station(&mut self) -> Result<Station, LookError> {
        let catalogue = self.hub.store.catalogue();
        if let Some(station) = self.station.map(|log| catalogue.station(log)).transpose()?.flatten() {
            return Ok(station);
        }
        let settings = Settings { note: self.feed.kind.source().to_owned(), ..Settings::named(&self.feed.name) };
        // Nobody is told its key: nobody pushes to it.
        let (log, _) = waiting(|| self.hub.stations.add(&settings))?;
        self.station = Some(log);
        // What was seen went into a station that is no more.
        self.state.seen.clear();
        // Noted at once: a hub that stops now does not make a second one.
        self.note()?;
        catalogue.station(log)?.ok_or_else(|| LookError::File("its station was erased meanwhile".to_owned()))
    }
}

/// Loads an address on a thread that may wait.
async fn fetched(hub: &Hub, feed: &FeedConfig, url: String, seen: Seen, most: u64) -> Result<Loaded, LookError> {
    let (feeds, stop, named) = (Arc::clone(&hub.feeds), hub.stopping.clone(), feed.base());
    let work = move || {
        let contact = &feeds.config.contact;
        let told = if contact.is_empty() { String::new() } else { format!(" ({contact})") };
        let caller = format!("messwerk/{}{told}", env!("CARGO_PKG_VERSION"));
        let proxy = Some(feeds.config.proxy.as_str()).filter(|proxy| !proxy.is_empty());
        let mut before = feeds.resume(&url);
        let loaded = load::load((&named, &url), &seen, most, &mut before, Manner { caller: &caller, proxy }, &stop);
        if let Some(partial) = before {
            feeds.keep(url, partial);
        }
        loaded
    };
    let loaded = tokio::task::spawn_blocking(work).await.map_err(|error| LookError::File(error.to_string()))?;
    Ok(loaded?)
}

async fn bytes_of(file: File) -> Result<Vec<u8>, LookError> {
    let read = tokio::task::spawn_blocking(move || load::bytes(file)).await;
    Ok(read.map_err(|error| LookError::File(error.to_string()))??)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_feed_is_asked_less_often_and_not_before_it_wants() {
        let feed: FeedConfig = toml::from_str("name = \"A\"\nkind = \"dwd-poi\"\nstation = \"1\"").unwrap();
        let state = |failures| FeedState { asked: Some(0), failures, ..FeedState::default() };
        let minutes = |failures| state(failures).due(&feed) / MINUTE;
        assert!((60..=66).contains(&minutes(0)), "{}", minutes(0));
        assert!((120..=132).contains(&minutes(1)) && (240..=264).contains(&minutes(2)), "{}", minutes(1));
        assert!((1440..=1584).contains(&minutes(8)) && minutes(1000) == minutes(8));
        let later = FeedState { not_before: Some(500 * MINUTE), ..state(1) };
        assert_eq!((later.due(&feed), later.allowed(&feed)), (500 * MINUTE, 500 * MINUTE));
        let partly = FeedState { answered: Some(0), ..state(8) };
        assert_eq!(partly.due(&feed), state(1).due(&feed), "what answers in part is asked half as often");
        let cut = FeedState { begun: true, ..state(0) };
        assert!((30..=33).contains(&(cut.due(&feed) / MINUTE)), "what a stop cut off comes soon");
        assert_eq!(FeedState::default().due(&feed), 0, "never asked is due");
        assert_eq!(state(0).allowed(&feed), MINUTE);
    }
}
