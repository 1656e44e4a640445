//! Open data comes in: files that teachers hand in, and feeds that the operator named.
//!
//! ```text
//! POST /api/v1/stations/{id}/files ─▶ nameless file ─▶ job (one at a time) ─▶ parts ─▶ pipeline ─▶ store
//! [[feeds]] ─▶ look (polite, resumed) ─▶ nameless file ─┘        │ progress, what was rejected and why, in the catalogue
//! ```
//!
//! Absences: nothing is fetched that the operator did not name; nothing is sent but the question; nothing of a damaged zip is stored; no
//! file is kept once it was read.

pub mod config;
pub mod demo;
pub mod jobs;
pub mod load;
pub mod look;
pub mod tally;
pub mod targets;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use config::{FeedConfig, FeedKind, OpenDataConfig};
pub use jobs::Jobs;

use self::load::Partial;

/// Downloads that are kept to be gone on with, 64 MiB each at most.
const PARTIAL: usize = 4;

/// What the routes share of it.
#[derive(Debug)]
pub struct Feeds {
    /// The feeds that the operator named.
    pub named: Vec<FeedConfig>,
    /// How they are asked.
    pub config: OpenDataConfig,
    /// Files on their way in.
    pub jobs: Jobs,
    /// Feeds are asked one at a time.
    asking: tokio::sync::Mutex<()>,
    /// Downloads that broke off, by address.
    partial: Mutex<HashMap<String, Partial>>,
}

impl Feeds {
    /// Of a configuration.
    pub fn new(named: Vec<FeedConfig>, config: OpenDataConfig) -> Self {
        Self { named, config, jobs: Jobs::default(), asking: Default::default(), partial: Mutex::default() }
    }

    fn partial(&self) -> MutexGuard<'_, HashMap<String, Partial>> {
        self.partial.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what came of a download, to go on with it at the next look. Of many the others begin again.
    fn keep(&self, url: String, partial: Partial) {
        let mut kept = self.partial();
        if kept.len() < PARTIAL {
            kept.insert(url, partial);
        }
    }

    /// The hosts that are asked.
    pub fn hosts(&self) -> Vec<String> {
        self.named.iter().filter_map(|feed| feed.host()).collect()
    }
}
