//! Open data comes in: files that teachers hand in, and feeds that the operator named.
//!
//! ```text
//! POST /api/v1/stations/{id}/files ─▶ nameless file ─▶ job (one at a time) ─▶ parts ─▶ pipeline ─▶ store
//! [[feeds]] ─▶ look (polite, resumed) ─▶ nameless file ─┘        │ progress, what was rejected and why, in the catalogue
//! ```
//!
//! Absences: nothing is fetched that the operator did not name or that the service's rules forbid; nothing is sent but the question; nothing of a damaged zip is stored; no
//! file is kept once it was read.

pub mod config;
pub mod demo;
pub mod jobs;
pub mod load;
pub mod look;
pub mod robots;
pub mod state;
pub mod tally;
pub mod targets;
pub mod trouble;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use config::{FeedConfig, FeedKind, OpenDataConfig};
pub use jobs::Jobs;

use self::load::Partial;
use self::robots::Rules;

/// Downloads that are kept to be gone on with, 64 MiB each at most.
const PARTIAL: usize = 4;
/// How long: what a service has is another file by then, or it has another address.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// A download that broke off.
#[derive(Debug)]
struct Kept {
    url: String,
    since: Instant,
    partial: Partial,
}

/// What the routes share of it.
#[derive(Debug)]
pub struct Feeds {
    /// The feeds that the operator named.
    pub named: Vec<FeedConfig>,
    /// How they are asked.
    pub config: OpenDataConfig,
    /// Files on their way in.
    pub jobs: Jobs,
    /// What the services want of programs.
    pub rules: Rules,
    /// Feeds are asked one at a time.
    asking: tokio::sync::Mutex<()>,
    /// The demonstration is made by one at a time.
    making: tokio::sync::Mutex<()>,
    /// Downloads that broke off, the oldest first.
    partial: Mutex<VecDeque<Kept>>,
}

impl Feeds {
    /// Of a configuration.
    pub fn new(named: Vec<FeedConfig>, config: OpenDataConfig) -> Self {
        let jobs = Jobs::default();
        Self {
            named,
            config,
            jobs,
            rules: Rules::default(),
            asking: Default::default(),
            making: Default::default(),
            partial: Mutex::default(),
        }
    }

    fn partial(&self) -> MutexGuard<'_, VecDeque<Kept>> {
        self.partial.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what came of a download, to go on with it at the next look. Of many the oldest begin again.
    fn keep(&self, url: String, partial: Partial) {
        let mut kept = self.partial();
        kept.retain(|one| one.url != url);
        while kept.len() >= PARTIAL {
            kept.pop_front();
        }
        kept.push_back(Kept { url, since: Instant::now(), partial });
    }

    /// What was kept of a download.
    fn resume(&self, url: &str) -> Option<Partial> {
        let mut kept = self.partial();
        let at = kept.iter().position(|one| one.url == url)?;
        kept.remove(at).map(|one| one.partial)
    }

    /// Lets go of what nobody went on with: its address may never be asked again.
    fn forget_stale(&self) {
        self.partial().retain(|one| one.since.elapsed() < STALE);
    }

    /// The hosts that are asked.
    pub fn hosts(&self) -> Vec<String> {
        self.named.iter().filter_map(|feed| feed.host()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_downloads_are_kept() {
        let feeds = Feeds::new(vec![], OpenDataConfig::default());
        for number in 0..6 {
            feeds.keep(number.to_string(), Partial::empty().unwrap());
        }
        let kept = |feeds: &Feeds| feeds.partial().iter().map(|one| one.url.clone()).collect::<Vec<_>>();
        assert_eq!(kept(&feeds), ["2", "3", "4", "5"]);
        feeds.keep("3".to_owned(), Partial::empty().unwrap());
        assert_eq!(kept(&feeds), ["2", "4", "5", "3"], "once only, and it is the newest");
        assert!(feeds.resume("4").is_some() && feeds.resume("4").is_none() && feeds.resume("0").is_none());
        feeds.forget_stale();
        assert_eq!(kept(&feeds), ["2", "5", "3"]);
        if let (Some(one), Some(since)) = (feeds.partial().front_mut(), Instant::now().checked_sub(STALE)) {
            one.since = since;
        }
        feeds.forget_stale();
        assert_eq!(kept(&feeds), ["5", "3"], "what is a day old goes");
    }
}
