//! Feeds are asked: what is due, one after the other, and what one said is remembered.
//!
//! A feed that fails is asked less and less often, up to a day, never two at the same moment (each look is put off by a part that its name
//! decides), and never before the time that a service names (`Retry-After`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use messwerk_ingest::opendata::MAX_FILE;
use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::sky::{self as model, SkyError};
use messwerk_store::catalogue::{Feed, Station};
use serde::{Deserialize, Serialize};
use tokio::time::MissedTickBehavior;

use super::config::FeedConfig;
use super::jobs::{Arrived, submit};
use super::load::{self, LoadError, Loaded, Manner, Seen};
use super::targets::{What, listed, targets};
use crate::access::waiting;
use crate::api::problem::Problem;
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
/// Addresses that are remembered of a feed.
const SEEN: usize = 200;

/// What is remembered of a feed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedState {
    /// When it was asked last, hub time.
    pub asked: Option<Micros>,
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
        let every = Micros::from(feed.every()) * MINUTE;
        let wait = if self.failures == 0 { every } else { (every << self.failures.min(8)).min(LONGEST.max(every)) };
        // Up to a tenth later, by the name: the feeds of a hub, and the hubs of a town, do not ask in the same second.
        let spread = feed.name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let wait = wait + wait / 10 * Micros::from(spread % 64) / 64;
        asked.saturating_add(wait).max(self.not_before.unwrap_or(0))
    }

    /// When it may be asked by hand.
    pub fn allowed(&self, feed: &FeedConfig) -> Micros {
        let least = self.asked.map_or(0, |asked| asked.saturating_add(Micros::from(feed.least()) * MINUTE));
        least.max(self.not_before.unwrap_or(0))
    }
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
        for index in 0..hub.feeds.named.len() {
            let Some(feed) = hub.feeds.named.get(index) else { continue };
            let state = FeedState::of(hub.store.catalogue().feed(&feed.name).ok().flatten().as_ref());
            let now = hub.clock.now();
            // One that was asked in the future was asked by a wrong clock.
            if state.due(feed) <= now || state.asked.is_some_and(|asked| asked > now) {
                tokio::select! {
                    () = hub.stopping.cancelled() => return,
                    _ = ask(&hub, feed) => {}
                }
            }
        }
    }
}

/// Asks a feed now and notes what came of it. Whoever asks meanwhile waits for his turn.
pub async fn ask(hub: &Hub, feed: &FeedConfig) -> Result<FeedState, Problem> {
    let _turn = hub.feeds.asking.lock().await;
    let kept = hub.store.catalogue().feed(&feed.name)?;
    let mut state = FeedState::of(kept.as_ref());
    let mut station = kept.and_then(|feed| feed.station);
    let now = hub.clock.now();
    state.asked = Some(now);
    let looked = look(hub, feed, &mut state, &mut station, now).await;
    match &looked {
        Ok(files) => {
            (state.answered, state.failures, state.error, state.not_before) = (Some(now), 0, None, None);
            tracing::info!(feed = %feed.name, files, "asked a feed");
        }
        Err(error) => {
            state.failures = state.failures.saturating_add(1);
            state.error = Some(error.to_string());
            if let LookError::Load(LoadError::Later { wait: Some(wait), .. }) = error {
                let wait = Micros::try_from(wait.as_micros()).unwrap_or(LONGEST).min(7 * LONGEST);
                state.not_before = Some(now.saturating_add(wait));
            }
            tracing::warn!(feed = %feed.name, "asked a feed: {error}");
        }
    }
    while state.seen.len() > SEEN {
        state.seen.pop_first();
    }
    let written = serde_json::to_string(&state).unwrap_or_default();
    waiting(|| hub.store.catalogue().set_feed(&Feed { name: feed.name.clone(), station, state: written }))?;
    Ok(state)
}

/// Asks all addresses of a feed; how many files came.
async fn look(hub: &Hub, feed: &FeedConfig, state: &mut FeedState, station: &mut Option<LessonId>, now: Micros) -> Result<u64, LookError> {
    let mut files = 0;
    let mut waiting: Vec<_> = targets(feed, now, &sensors(hub, *station)?);
    waiting.reverse();
    let mut asked = 0;
    let mut missing = None;
    while let Some(target) = waiting.pop() {
        asked += 1;
        let seen = state.seen.get(&target.url).cloned().unwrap_or_default();
        let most = match target.what {
            What::Listing => LISTING,
            What::Elements => ELEMENTS,
            What::File | What::Sensor(_) => MAX_FILE,
        };
        let (file, bytes, found) = match fetched(hub, feed, target.url.clone(), seen, most).await {
            Ok(Loaded::NotModified) => continue,
            Ok(Loaded::New(file, bytes, found)) => (file, bytes, found),
            // A station does not measure everything; one that measures nothing is a mistake.
            Err(LookError::Load(LoadError::Fetch(error @ crate::release::fetch::FetchError::Status(404)))) => {
                missing = Some(error);
                asked -= 1;
                continue;
            }
            Err(error) => return Err(error),
        };
        match &target.what {
            What::Listing => {
                let page = String::from_utf8_lossy(&bytes_of(file).await?).into_owned();
                waiting.extend(listed(&page, &feed.station, &target.url));
                continue;
            }
            What::Elements => {
                elements(hub, feed, bytes_of(file).await?, now)?;
            }
            What::File | What::Sensor(_) => {
                let sensor = if let What::Sensor(id) = &target.what { Some(id.clone()) } else { None };
                let of = own_station(hub, feed, station)?;
                let log = of.log;
                let place = hub.feeds.jobs.wait_for_place().await.ok_or_else(|| LookError::File("the hub stops".to_owned()))?;
                let arrived = Arrived { file, bytes, source: feed.name.clone(), sensor, station: None };
                let (_, job) = submit(hub, of, place, arrived).await?;
                let tally = job.await.map_err(|error| LookError::File(error.to_string()))?;
                if let Some(error) = tally.error {
                    return Err(LookError::File(error));
                }
                if matches!(target.what, What::File) {
                    let known: Vec<String> = waiting.iter().map(|target| target.url.clone()).collect();
                    let more = targets(feed, now, &sensors(hub, Some(log))?);
                    let new = more.into_iter().filter(|one| matches!(one.what, What::Sensor(_)) && !known.contains(&one.url));
                    waiting.extend(new);
                }
            }
        }
        files += 1;
        (state.files, state.news) = (state.files + 1, Some(now));
        state.seen.insert(target.url, found);
    }
    match missing {
        Some(error) if asked == 0 => Err(LookError::Load(error.into())),
        _ => Ok(files),
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
        let mut before = feeds.partial().remove(&url);
        let loaded = load::load((&named, &url), &seen, most, &mut before, Manner { caller: &caller, proxy }, &stop);
        if let Some(partial) = before {
            feeds.keep(url, partial);
        }
        loaded
    };
    let loaded = tokio::task::spawn_blocking(work).await.map_err(|error| LookError::File(error.to_string()))?;
    Ok(loaded?)
}

async fn bytes_of(file: std::fs::File) -> Result<Vec<u8>, LookError> {
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

/// The feed's station, which is made with its first file.
fn own_station(hub: &Hub, feed: &FeedConfig, known: &mut Option<LessonId>) -> Result<Station, LookError> {
    let catalogue = hub.store.catalogue();
    if let Some(station) = known.map(|log| catalogue.station(log)).transpose()?.flatten() {
        return Ok(station);
    }
    let settings = Settings { note: feed.kind.source().to_owned(), ..Settings::named(&feed.name) };
    // Nobody is told its key: nobody pushes to it.
    let (log, _) = waiting(|| hub.stations.add(&settings))?;
    *known = Some(log);
    // Noted at once: a hub that stops now does not make a second one.
    let state = catalogue.feed(&feed.name)?.map(|feed| feed.state).unwrap_or_default();
    waiting(|| catalogue.set_feed(&Feed { name: feed.name.clone(), station: Some(log), state }))?;
    catalogue.station(log)?.ok_or_else(|| LookError::File("its station was erased meanwhile".to_owned()))
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
        assert_eq!(FeedState::default().due(&feed), 0, "never asked is due");
        assert_eq!(state(0).allowed(&feed), MINUTE);
    }
}
