//! What is remembered of a feed, and when it is asked next.

use std::collections::BTreeMap;

use messwerk_lessons::Micros;
use messwerk_store::catalogue::Feed;
use serde::{Deserialize, Serialize};

use super::config::FeedConfig;
use super::load::Seen;
use super::trouble::{NO_RULES, ROBOTS};

pub(super) const MINUTE: Micros = 60_000_000;
/// The longest wait after failures, and the longest that a service's `Crawl-delay` makes.
pub(super) const LONGEST: Micros = 24 * 60 * MINUTE;

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
    /// The same in one word that never changes.
    pub code: Option<String>,
    /// What a sentence about it names: a status, a host.
    pub about: BTreeMap<String, String>,
    /// The pause that the service wants between two questions (`Crawl-delay`), µs.
    pub pause: Micros,
    /// So long the next look waits for it: a pause for each address of the last one, a day at most, µs.
    pub rest: Micros,
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
        let every = (Micros::from(if self.begun { feed.soonest() } else { feed.every() }) * MINUTE).max(self.rest);
        // One address of several that fails for good does not keep the news of the others back for a day.
        let doubled = self.failures.min(if self.answered == self.asked { 1 } else { 8 });
        let wait = if doubled == 0 { every } else { (every << doubled).min(LONGEST.max(every)) };
        // Up to a tenth later, by the name: the feeds of a hub, and the hubs of a town, do not ask in the same second.
        let spread = feed.name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let wait = wait + wait / 10 * Micros::from(spread % 64) / 64;
        asked.saturating_add(wait).max(self.not_before.unwrap_or(0))
    }

    /// Whether it is to be asked.
    pub(super) fn is_due(&self, feed: &FeedConfig, now: Micros) -> bool {
        // One that was asked in the future was asked by a wrong clock.
        self.due(feed) <= now || self.asked.is_some_and(|asked| asked > now)
    }

    /// When it may be asked by hand. Where rules forbid it, they are looked at again then: somebody may have changed them.
    pub fn allowed(&self, feed: &FeedConfig) -> Micros {
        let least = (Micros::from(feed.least()) * MINUTE).max(self.pause.min(LONGEST));
        let least = self.asked.map_or(0, |asked| asked.saturating_add(least));
        let forbidden = self.code.as_deref() == Some(ROBOTS);
        least.max(self.not_before.filter(|_| !forbidden).unwrap_or(0))
    }

    /// Whether it was its service's rules that kept it from being asked.
    pub(super) fn ruled_out(&self) -> bool {
        self.code.as_deref().is_some_and(|code| [ROBOTS, NO_RULES].contains(&code))
    }
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
        let slow = FeedState { pause: 30 * MINUTE, rest: 8 * 30 * MINUTE, ..state(0) };
        assert!((240..=264).contains(&(slow.due(&feed) / MINUTE)), "what the service wants between two questions, for each of eight");
        assert_eq!(slow.allowed(&feed), 30 * MINUTE);
        let forbidden = FeedState { code: Some(ROBOTS.to_owned()), not_before: Some(LONGEST), ..state(1) };
        assert_eq!((forbidden.due(&feed), forbidden.allowed(&feed)), (LONGEST, MINUTE), "by hand the rules are looked at again");
    }
}
