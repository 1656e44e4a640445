//! Subscriptions: the catalogues that the operator named, asked once an hour.
//!
//! One that fails is asked less and less often, but several times a day, so that a withdrawal is known within a day of the other
//! hub's return. What a catalogue lists is fetched once; what it withdraws goes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use messwerk_lessons::Micros;
use messwerk_store::Catalogue;
use messwerk_store::catalogue::Subscription;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::catalog::{self, Catalog, Entry};
use super::config::{SubscriptionConfig, is_subscribed};
use super::fetch::{self, Answer, FetchError};
use super::import::{self, ImportError, Taken, Way};
use super::signed::{self, sha256};
use super::templates;
use crate::state::Hub;

const MINUTE: Micros = 60_000_000;
/// Between two looks at what is in order.
const HOUR: Micros = 60 * MINUTE;
/// The longest wait after failures: a withdrawal is to be known within a day.
const LONGEST: Micros = 8 * HOUR;
/// New Releases of one look; the others come with the next.
const AT_ONCE: usize = 500;
/// Files in a row that do not come: the line or the space is not well, and the next look tries again.
const ENOUGH: usize = 5;
/// How long one look goes on beginning files: others' withdrawals wait behind it.
const LONG: Duration = Duration::from_secs(120);

/// What a look brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, utoipa::ToSchema)]
pub struct Brought {
    /// Releases that are new here.
    pub new: usize,
    /// Releases that went, because they were withdrawn.
    pub withdrawn: usize,
}

/// Why a catalogue is not believed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PullError {
    /// It did not come.
    #[error("{0}")]
    Fetch(#[from] FetchError),
    /// It came and is none.
    #[error("its answer is no catalogue ({0}); check the address: it ends in catalog.json")]
    NoCatalog(String),
    /// Of a newer hub.
    #[error("its catalogue has format {0}, and this hub reads format {known}; update this hub", known = catalog::FORMAT)]
    Format(u32),
    /// Another hub than the one meant.
    #[error(
        "it is signed with the key {0}, not with the one that sharing.subscribe names: it is another hub, or that hub's key is new. Ask its \
         operator"
    )]
    Key(String),
    /// The store.
    #[error("it could not be kept: {0}")]
    Store(#[from] messwerk_store::Error),
}

/// When a subscription is to be asked next.
pub fn due(state: &Subscription) -> Micros {
    let wait = if state.failures == 0 { HOUR } else { (HOUR << state.failures.saturating_sub(1).min(8)).min(LONGEST) };
    // A clock that was set back does not end the asking: the hub's caller compares with now.
    state.asked.map_or(0, |asked| asked.saturating_add(wait))
}

/// Asks a subscription, one of `all`, now and notes what came of it. `Err` only if even that could not be noted. Blocks.
pub fn ask(
    catalogue: &Catalogue,
    subscription: &SubscriptionConfig,
    all: &[SubscriptionConfig],
    now: Micros,
    stopping: &CancellationToken,
) -> Result<Result<Brought, PullError>, PullError> {
    let before = catalogue.subscription(&subscription.url)?.unwrap_or_default();
    let mut state = Subscription { url: subscription.url.clone(), asked: Some(now), ..before };
    let asked = look(catalogue, (subscription, all), &mut state, now, stopping);
    match &asked {
        Ok(_) => (state.answered, state.failures) = (Some(now), 0),
        Err(error) => {
            state.failures = state.failures.saturating_add(1);
            state.error = Some(error.to_string());
        }
    }
    catalogue.set_subscription(&state)?;
    Ok(asked)
}

/// Fetches the catalogue and what of it is new.
fn look(
    catalogue: &Catalogue,
    (from, all): (&SubscriptionConfig, &[SubscriptionConfig]),
    state: &mut Subscription,
    now: Micros,
    stopping: &CancellationToken,
) -> Result<Brought, PullError> {
    let until = Instant::now() + LONG;
    // A hub of before noted no templates: the list is read once more, though it has not changed.
    let known_as = state.etag.as_deref().filter(|_| state.offers.is_some());
    let (body, etag, base) = match fetch::get(&from.url, known_as, catalog::LARGEST)? {
        Answer::NotModified => return Ok(Brought::default()),
        Answer::Fetched { body, etag, url } => (body, etag, url),
    };
    let list: Catalog = read(&body)?;
    if list.hub.key != from.key {
        return Err(PullError::Key(list.hub.key.chars().filter(|c| c.is_ascii_graphic()).take(80).collect()));
    }
    let mut brought = Brought::default();
    let mut wrong: Option<String> = None;
    let sources = catalogue.sources()?;
    // First what goes: a Release that is listed and withdrawn is withdrawn.
    for buried in &list.withdrawn {
        let Some(tombstone) = buried.tombstone(&from.key, now) else {
            wrong.get_or_insert_with(|| "a withdrawal in it is not signed with its key and was passed over".to_owned());
            continue;
        };
        let here = catalogue.foreign_release(&tombstone.release)?.is_some_and(|release| release.key == tombstone.key);
        // What nobody here knows of may be withdrawn by the thousand.
        let known = is_subscribed(all, &tombstone.key) || sources.iter().any(|one| one.key == tombstone.key);
        if !here && !known {
            continue;
        }
        if catalogue.bury(&tombstone)? && here {
            brought.withdrawn += 1;
        }
    }
    let mut seen = BTreeSet::new();
    let mut whole = true;
    let (mut tried, mut failed) = (0, 0);
    for entry in list.releases.iter().filter(|entry| seen.insert(entry.id.as_str())) {
        let key = entry.key.as_deref().unwrap_or(&from.key);
        if known(catalogue, entry, key)? {
            continue;
        }
        // Others wait for their turn, and so does whoever stops the hub.
        if tried >= AT_ONCE || failed >= ENOUGH || until < Instant::now() || stopping.is_cancelled() {
            whole = false;
            break;
        }
        tried += 1;
        let named = is_subscribed(all, key);
        let way = Way::Catalog { url: &from.url, key, named };
        match one(catalogue, entry, (&from.url, &base), way, now) {
            Ok(Taken::New { .. }) => (brought.new, failed) = (brought.new + 1, 0),
            Ok(Taken::Known(_)) => {}
            Err(error) => {
                whole &= !error.passes();
                failed += usize::from(matches!(error, OneError::Fetch(_)));
                wrong.get_or_insert_with(|| format!("release {} of it was not taken: {error}", shown(&entry.id)));
            }
        }
    }
    if brought.withdrawn > 0 {
        // What was deleted is overwritten in the file, but stands in SQLite's own log until that is cut off.
        catalogue.tidy()?;
    }
    let (offers, passed_over) = templates::noted(list.templates, &from.key, |url| below(&base, url));
    if passed_over {
        wrong.get_or_insert_with(|| "templates in it that are not signed with its key, or beyond 500, were passed over".to_owned());
    }
    state.offers = serde_json::to_string(&offers).ok();
    state.error = wrong;
    // What did not come now is asked for again, though the list has not changed.
    state.etag = etag.filter(|_| whole);
    Ok(brought)
}

fn read(body: &[u8]) -> Result<Catalog, PullError> {
    #[derive(serde::Deserialize)]
    struct Format {
        format: u32,
    }
    let Format { format } = serde_json::from_slice(body).map_err(|error| PullError::NoCatalog(error.to_string()))?;
    if format != catalog::FORMAT {
        return Err(PullError::Format(format));
    }
    serde_json::from_slice(body).map_err(|error| PullError::NoCatalog(error.to_string()))
}

/// Whether there is nothing to fetch: it is here as listed, or withdrawn.
fn known(catalogue: &Catalogue, entry: &Entry, key: &str) -> Result<bool, PullError> {
    if catalogue.is_withdrawn(&entry.id, key)? {
        return Ok(true);
    }
    let here = match catalogue.foreign_release(&entry.id)? {
        Some(foreign) => Some(foreign.file),
        None => catalogue.release(&entry.id)?.map(|own| own.file),
    };
    Ok(here.is_some_and(|file| sha256(&file) == entry.sha256))
}

/// Why one Release did not come.
#[derive(Debug, thiserror::Error)]
enum OneError {
    #[error("{0}")]
    Fetch(#[from] FetchError),
    #[error("its address in the catalogue is none below the catalogue's own")]
    Place,
    #[error("its file is not the one that the catalogue names (SHA-256 or size); it may just be changing")]
    OtherFile,
    #[error("{0}")]
    Import(#[from] ImportError),
}

impl OneError {
    /// Whether it may come the next time, though the list stays as it is.
    fn passes(&self) -> bool {
        matches!(self, Self::Fetch(_) | Self::OtherFile | Self::Import(ImportError::Store(_) | ImportError::Full))
    }
}

/// Fetches an entry of the catalogue that the operator named as `from` and that was in the end at `base`.
fn one(catalogue: &Catalogue, entry: &Entry, (from, base): (&str, &str), way: Way<'_>, now: Micros) -> Result<Taken, OneError> {
    let url = below(base, &entry.url).ok_or(OneError::Place)?;
    if entry.bytes > signed::LARGEST as u64 {
        return Err(ImportError::TooLarge.into());
    }
    let Answer::Fetched { body, .. } = fetch::file(from, &url, signed::LARGEST as u64)? else { return Err(OneError::OtherFile) };
    if body.len() as u64 != entry.bytes || sha256(&body) != entry.sha256 {
        return Err(OneError::OtherFile);
    }
    Ok(import::take(catalogue, now, &body, way)?)
}

/// The address of a file below the catalogue's folder: a relative path of plain names, nothing that leads elsewhere.
fn below(base: &str, path: &str) -> Option<String> {
    let plain = |part: &str| {
        let letters = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        !part.is_empty() && letters && !part.bytes().all(|byte| byte == b'.')
    };
    let base = base.split(['?', '#']).next()?;
    let folder = &base[..=base.rfind('/')?];
    (path.len() <= 200 && path.split('/').all(plain)).then(|| format!("{folder}{path}"))
}

/// A stranger's id in a sentence.
fn shown(id: &str) -> String {
    id.chars().filter(char::is_ascii_graphic).take(22).collect()
}

/// What a look brought from each subscription: its address, and what came or what is wrong.
pub type Looks = Vec<(String, Result<Brought, String>)>;

/// Asks all subscriptions, or those that are due, one after the other, until `stopping`. Blocks.
pub fn ask_all(catalogue: &Catalogue, all: &[SubscriptionConfig], now: Micros, only_due: bool, stopping: &CancellationToken) -> Looks {
    let mut looks = vec![];
    for subscription in all {
        if stopping.is_cancelled() {
            break;
        }
        let due = match catalogue.subscription(&subscription.url) {
            // One that was asked in the future was asked by a wrong clock.
            Ok(Some(state)) => due(&state) <= now || state.asked.is_some_and(|asked| asked > now),
            _ => true,
        };
        if only_due && !due {
            continue;
        }
        let asked = ask(catalogue, subscription, all, now, stopping).unwrap_or_else(Err).map_err(|error| error.to_string());
        match &asked {
            Ok(Brought { new, withdrawn }) => tracing::info!(url = %subscription.url, new, withdrawn, "asked for releases"),
            Err(error) => tracing::warn!(url = %subscription.url, "asked for releases: {error}"),
        }
        looks.push((subscription.url.clone(), asked));
    }
    looks
}

/// Asks now, for somebody who waits. Whoever asks meanwhile waits for the same look's end and then looks himself.
pub async fn now(hub: &Hub, only_due: bool) -> Looks {
    let _turn = hub.sharing.pulling.lock().await;
    let (sharing, store, at, stopping) = (Arc::clone(&hub.sharing), Arc::clone(&hub.store), hub.clock.now(), hub.stopping.clone());
    let work = move || {
        let looks = ask_all(store.catalogue(), &sharing.config.subscribe, at, only_due, &stopping);
        // What is passed on, or is not any more, is in the next catalogue.
        sharing.shelf.changed();
        looks
    };
    tokio::task::spawn_blocking(work).await.unwrap_or_default()
}

/// Asks what is due, every minute, until the hub stops; returns at once if there is nothing to ask.
pub async fn run(hub: Hub) {
    let named: Vec<String> = hub.sharing.config.subscribe.iter().map(|subscription| subscription.url.clone()).collect();
    let (store, none) = (Arc::clone(&hub.store), named.is_empty());
    let kept = tokio::task::spawn_blocking(move || store.catalogue().keep_subscriptions(&named)).await;
    if let Ok(Err(error)) = kept {
        tracing::warn!("subscriptions of before are not forgotten: {error}");
    }
    if none {
        return;
    }
    let mut ticks = tokio::time::interval(Duration::from_secs(60));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = hub.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        // A hub that stops does not wait for a slow line: what was not asked is due at its next start.
        tokio::select! {
            () = hub.stopping.cancelled() => return,
            _ = now(&hub, true) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_a_catalogue_stay_below_it() {
        let base = "https://hub.example.org/a/catalog.json?x=/y";
        let good = below(base, "catalog/releases/AAAA-_.release");
        assert_eq!(good.as_deref(), Some("https://hub.example.org/a/catalog/releases/AAAA-_.release"));
        for bad in ["../x", "/x", "//10.0.0.1/x", "https://evil.example/x", "a/./b", "a//b", "", "a?b", "a%2e", "a\\b", &"x".repeat(201)] {
            assert_eq!(below(base, bad), None, "{bad}");
        }
    }

    #[test]
    fn a_failing_one_is_asked_less_often_but_every_day() {
        let state = |failures| Subscription { asked: Some(0), failures, ..Subscription::default() };
        let hours: Vec<_> = [0, 1, 2, 3, 4, 5, 1000].map(|failures| due(&state(failures)) / HOUR).into();
        assert_eq!(hours, [1, 1, 2, 4, 8, 8, 8]);
        assert_eq!(due(&Subscription::default()), 0, "never asked is due");
    }
}
